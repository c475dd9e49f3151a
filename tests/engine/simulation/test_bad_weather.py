"""The simulator of faults: it replays, it survives, and it notices what is wrong."""

from dataclasses import replace
import json
import os
import subprocess
import sys

import pytest

from custom_components.commonwatt.engine.ledger.journal import EntryKind, JournalEntry
from custom_components.commonwatt.engine.model.clearing import (
    ClearingResult,
    Fill,
    Trade,
    ZonePrice,
)
from custom_components.commonwatt.engine.model.order import Side
from custom_components.commonwatt.engine.model.party import (
    FaultModel,
    PartyId,
    PrivacyMode,
)
from custom_components.commonwatt.engine.model.period import (
    DeliveryPeriod,
    Instant,
    after,
)
from custom_components.commonwatt.engine.node import Effects, Outgoing, PeriodFinal
from custom_components.commonwatt.engine.peer import Fault
from custom_components.commonwatt.engine.simulation.events import EventQueue
from custom_components.commonwatt.engine.simulation.faults import (
    WEATHERS,
    FaultLevel,
    Trial,
    TrialReport,
    TrialSpec,
    Weather,
    Wrong,
)
from custom_components.commonwatt.engine.simulation.faults.disk import Disk
from custom_components.commonwatt.engine.simulation.faults.founding import (
    found,
    liars_of,
)
from custom_components.commonwatt.engine.simulation.faults.liar import Trick
from custom_components.commonwatt.engine.simulation.faults.post import Letter, Post
from custom_components.commonwatt.engine.simulation.faults.seal import Seal
from custom_components.commonwatt.engine.simulation.faults.trial import STARTED_AT
from custom_components.commonwatt.engine.simulation.faults.watch import Watch
from custom_components.commonwatt.engine.simulation.homes.dice import Dice
from custom_components.commonwatt.engine.wire.messages import OrderCommitment
from custom_components.commonwatt.engine.wire.verifier import MemoVerifier
from tools._engine import ROOT
from tools.simulate import main

CLEAR = WEATHERS[FaultLevel.NONE]
EVERY_TIME = 1_000_000
PERIOD = DeliveryPeriod.containing(STARTED_AT)


def lived(
    weather: Weather,
    *,
    seed: int = 1,
    homes: int = 4,
    privacy: PrivacyMode = PrivacyMode.OPEN,
    fault_model: FaultModel = FaultModel.BYZANTINE,
) -> TrialReport:
    """Let a small community live through half an hour of weather."""
    spec = TrialSpec(
        seed=seed,
        weather=weather,
        homes=homes,
        periods=2,
        privacy=privacy,
        fault_model=fault_model,
    )
    return Trial(spec).run()


def test_in_clear_weather_every_period_is_final_at_once() -> None:
    report = lived(CLEAR)

    assert report.breaches == ()
    assert report.periods_final == 3
    assert report.periods_void == report.liars == 0
    assert report.recovered_within_periods == 1


def test_a_trial_of_the_same_seed_is_the_same_to_the_last_byte() -> None:
    first, second, other = (
        lived(WEATHERS[FaultLevel.LOW], seed=seed) for seed in (3, 3, 4)
    )

    assert first == second
    assert first.digest != other.digest


def test_what_a_street_knows_of_signatures_it_would_find_by_checking(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    weather = WEATHERS[FaultLevel.HIGH]
    known = [lived(weather, seed=seed) for seed in (3, 9)]
    monkeypatch.setattr(MemoVerifier, "know", lambda _self, **_signature: None)

    assert [lived(weather, seed=seed) for seed in (3, 9)] == known


def test_neither_hashes_nor_processes_change_a_trial() -> None:
    lines = [
        subprocess.run(
            [
                *(sys.executable, "-m", "tools.simulate", "--faults", "low"),
                *("--seed", "2", "--homes", "4"),
            ],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": hash_seed},
            capture_output=True,
            text=True,
            check=True,
        ).stderr
        for hash_seed in ("1", "2")
    ]

    assert lines[0] == lines[1]
    assert "the weather clears up" in lines[0]


def test_the_line_of_json_has_what_a_reader_looks_for(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["--faults", "low", "--homes", "4", "--seeds", "1"]) == 0
    line = json.loads(capsys.readouterr().out)

    assert line["seeds"] == 1
    assert line["violations"] == 0
    assert line["periods_final"] == 4
    assert line["periods_void"] == line["periods_forgotten"] == 0
    assert line["recovered_within_periods_max"] == 1


def test_without_anybody_who_hears_anybody_nothing_is_decided_but_later() -> None:
    deaf = Weather(loss_ppm=EVERY_TIME)
    report = lived(deaf)

    assert report.breaches == ()
    assert report.periods_final == report.recovered_within_periods == 1


def test_as_many_liars_as_the_charter_bears_lie() -> None:
    identities = found(1, 7)
    liars = liars_of(identities, Weather(liar_ppm=EVERY_TIME), Dice(1), at=PERIOD)
    plotters = liars_of(identities, Weather(plot_ppm=EVERY_TIME), Dice(1), at=PERIOD)

    assert 1 <= len(liars) <= 2
    assert len(plotters) == 3
    assert all(Trick.TWO_BOOKS in tricks for tricks in plotters.values())


@pytest.mark.parametrize(
    ("seed", "tricks"),
    [
        (2, {Trick.FLOOD, Trick.DOUBLE_ORDER}),
        (3, {Trick.GARBAGE, Trick.USED_SEQUENCE}),
        (4, {Trick.DOUBLE_READING, Trick.DOUBLE_VOTE}),
        (5, {Trick.TWO_BOOKS}),
        (6, {Trick.OMIT_ORDER, Trick.GARBAGE, Trick.WRONG_RESULT}),
        (9, {Trick.FALSE_MEMORY, Trick.REPLAY}),
        (12, {Trick.FORGED_RECEIPT, Trick.SILENCE}),
        (16, {Trick.FORGED_READING}),
        (26, {Trick.DOUBLE_ORDER, Trick.DOUBLE_READING}),
        (33, {Trick.WRONG_RESULT, Trick.LATE_ORDER, Trick.USED_SEQUENCE}),
        (35, {Trick.DOUBLE_VOTE, Trick.GARBAGE}),
        (37, {Trick.DOUBLE_READING, Trick.FORGED_RECEIPT, Trick.OMIT_ORDER}),
    ],
)
def test_a_liar_changes_nothing_for_the_honest(seed: int, tricks: set[Trick]) -> None:
    report = lived(Weather(liar_ppm=EVERY_TIME), seed=seed)

    assert report.liars == 1
    assert report.tale[0].endswith(f"lies: {', '.join(sorted(tricks))}")
    assert report.breaches == ()
    assert report.periods_final == 3


@pytest.mark.parametrize("seed", [4, 5, 6, 8, 12, 16])
def test_a_liar_changes_nothing_for_those_outside_a_committee(seed: int) -> None:
    report = lived(
        Weather(liar_ppm=EVERY_TIME),
        seed=seed,
        homes=8,
        privacy=PrivacyMode.COMMITTEE,
    )

    assert report.liars == 1
    assert report.breaches == ()
    assert report.periods_final == 3


def test_a_community_that_bears_crashes_alone_lives_through_them() -> None:
    weather = replace(
        WEATHERS[FaultLevel.HIGH], plot_ppm=0, crash_ppm=500_000, backup_ppm=0
    )
    report = lived(weather, seed=5, homes=5, fault_model=FaultModel.CRASH)

    assert report.liars == 0
    assert report.breaches == ()
    assert any("loses power" in line for line in report.tale)
    assert report.periods_final > 0


@pytest.mark.parametrize(
    ("homes", "privacy"),
    [(4, PrivacyMode.OPEN), (7, PrivacyMode.OPEN), (9, PrivacyMode.COMMITTEE)],
)
def test_a_plot_is_seen(homes: int, privacy: PrivacyMode) -> None:
    report = lived(Weather(plot_ppm=EVERY_TIME), homes=homes, privacy=privacy)

    assert report.is_plot
    assert report.breaches == ()
    assert report.faults[Fault.CONTRADICTION] >= homes


def test_a_watch_sees_who_signs_two_things() -> None:
    identity = found(1, 4)[0]
    seal = Seal(
        identity.config.party,
        sessions=identity.sessions,
        community=identity.config.community,
    )
    seal.now = STARTED_AT
    watch = Watch()
    for number in (1, 2):
        data = seal.sign(OrderCommitment(period=PERIOD, digest=bytes([number]) * 32))
        entry = JournalEntry(kind=EntryKind.SENT, at=STARTED_AT, body=data)
        watch.inspect(
            seal.party,
            Effects(persist=(entry,), send=(Outgoing(data=data),)),
            on_disk=0,
            now=STARTED_AT,
        )
    unwritten = seal.sign(OrderCommitment(period=PERIOD.next(), digest=bytes(32)))
    watch.inspect(
        seal.party,
        Effects(send=(Outgoing(data=unwritten),)),
        on_disk=2,
        now=STARTED_AT,
    )

    assert [breach.wrong for breach in watch.breaches] == [
        Wrong.SIGNED_TWICE,
        Wrong.NOT_ON_DISK,
    ]


def test_a_watch_compares_parts_with_the_whole() -> None:
    charter = found(1, 2)[0].config.charter
    ann, ben = (member.party for member in charter.members)
    zone = charter.members[0].zone
    whole = ClearingResult(
        period=PERIOD,
        prices=(ZonePrice(zone=zone, price_micro_per_kwh=200_000, traded_wh=100),),
        flows=(),
        fills=tuple(
            Fill(party=party, side=side, limit_micro_per_kwh=200_000, energy_wh=100)
            for party, side in ((ann, Side.SELL), (ben, Side.BUY))
        ),
        trades=(
            Trade(
                seller=ann,
                buyer=ben,
                energy_wh=100,
                seller_price_micro_per_kwh=200_000,
                buyer_price_micro_per_kwh=200_000,
            ),
        ),
    )
    part = replace(whole, fills=whole.fills[:1])

    def wrongs(*held: tuple[PartyId, ClearingResult]) -> list[Wrong]:
        watch = Watch()
        for party, result in held:
            watch.inspect(
                party,
                Effects(report=(PeriodFinal(period=PERIOD, result=result),)),
                on_disk=0,
                now=STARTED_AT,
                sees_all=lambda _period: party == ben,  # noqa: B023  # called at once
            )
        return [breach.wrong for breach in watch.breaches]

    other = replace(part, trades=())
    assert wrongs((ann, part), (ben, whole)) == []
    assert wrongs((ben, whole), (ann, part)) == []
    assert wrongs((ann, other), (ben, whole)) == [Wrong.TWO_RESULTS]
    assert wrongs((ben, whole), (ann, other)) == [Wrong.TWO_RESULTS]


def test_a_watch_counts_what_is_on_disk_though_nobody_lived_to_tell() -> None:
    trial = Trial(TrialSpec(seed=1, weather=CLEAR, homes=4, periods=3))
    trial.run()
    street = trial.street
    member = street.members[0]
    settled = [
        (index, entry)
        for index, entry in enumerate(member.disk.entries)
        if entry.kind is EntryKind.SETTLED
    ]
    watch = Watch()
    for index, entry in settled:
        cut = Effects(persist=(entry,))
        watch.inspect(member.party, cut, on_disk=index, now=entry.at)

    assert len(settled) >= 3
    assert watch.settled(member.party) == street.watch.settled(member.party)
    assert watch.breaches == []


def test_a_disk_keeps_what_was_written_before_it_tore() -> None:
    entries = [
        JournalEntry(kind=EntryKind.SENT, at=STARTED_AT, body=bytes([number]))
        for number in range(50)
    ]
    torn, restored = Disk(entries), Disk(entries[:10])
    torn.tear(Dice(1), STARTED_AT)
    restored.write(entries[10:])
    restored.restore_backup()

    assert torn.entries[-1].kind is EntryKind.SALVAGED
    assert torn.entries[:-1] == tuple(entries[: len(torn) - 1])
    assert 20 <= len(torn) <= 50
    assert restored.entries == tuple(entries[:10])


def test_the_post_loses_doubles_and_garbles_as_the_weather_has_it() -> None:
    heard: dict[str, list[bytes]] = {}
    weathers = {
        "loss": Weather(loss_ppm=EVERY_TIME),
        "double": Weather(double_ppm=EVERY_TIME),
        "garble": Weather(garble_ppm=EVERY_TIME),
    }
    ann, ben = (identity.config.party for identity in found(1, 2))
    for name, weather in weathers.items():
        queue = EventQueue(Instant(0))
        post = Post(queue, weather, seed=1)
        heard[name] = []
        post.join(ann, heard[name].append)
        post.join(ben, heard[name].append)
        post.carry(ann, Letter(data=b"hello"))
        queue.advance(after(Instant(0), 1_000))

    assert heard["loss"] == []
    assert heard["double"] == [b"hello", b"hello"]
    [garbled] = heard["garble"]
    assert len(garbled) == 5
    assert garbled != b"hello"


def test_members_on_two_islands_do_not_hear_each_other() -> None:
    queue, heard = EventQueue(Instant(0)), list[bytes]()
    post = Post(queue, CLEAR, seed=1)
    ann, ben = (identity.config.party for identity in found(1, 2))
    post.join(ben, heard.append)
    post.split({ann: 1})
    post.carry(ann, Letter(data=b"lost"))
    post.clear_up()
    post.carry(ann, Letter(data=b"heard"))
    queue.advance(after(Instant(0), 1_000))

    assert heard == [b"heard"]
    assert post.lost == 1


def test_what_too_many_have_forgotten_stays_open_and_is_counted() -> None:
    weather = Weather(
        loss_ppm=500_000,
        split_ppm=EVERY_TIME,
        crash_ppm=EVERY_TIME,
        torn_ppm=EVERY_TIME,
        away_ms_max=600_000,
    )
    report = lived(weather)

    assert report.breaches == ()
    assert report.periods_forgotten == 2
