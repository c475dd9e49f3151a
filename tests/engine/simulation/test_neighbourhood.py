"""A neighbourhood on a simulated clock: reproducible, conserving, open to one home."""

from collections.abc import Callable
from itertools import pairwise

import pytest

from custom_components.commonwatt.drivers.journal import MemoryJournal
from custom_components.commonwatt.engine.ledger.journal import EntryKind, JournalEntry
from custom_components.commonwatt.engine.model.party import PartyId
from custom_components.commonwatt.engine.model.period import (
    DAY_MS,
    HOUR_MS,
    MINUTE_MS,
    PERIOD_MS,
    DeliveryPeriod,
    Instant,
    after,
)
from custom_components.commonwatt.engine.node import (
    Node,
    Outgoing,
    PeriodSettled,
    TradeMatched,
)
from custom_components.commonwatt.engine.peer import Phase
from custom_components.commonwatt.engine.simulation.community import (
    found_community,
    street_of,
    tariff_of,
)
from custom_components.commonwatt.engine.simulation.homes import (
    NO_COMMANDS,
    BatteryCommand,
    HomeCommands,
)
from custom_components.commonwatt.engine.simulation.invariants import Inspector
from custom_components.commonwatt.engine.simulation.neighbourhood import (
    Neighbourhood,
    NeighbourhoodSpec,
    PeriodSummary,
)
from custom_components.commonwatt.engine.simulation.reality import image_of

STARTED_AT = Instant(20_000 * DAY_MS + 8 * HOUR_MS)
INSIDE = NeighbourhoodSpec(outside=None)


def lived(neighbourhood: Neighbourhood, *, periods: int) -> list[PeriodSummary]:
    """Let some periods pass and return what they came to."""
    start = neighbourhood.now
    summaries: list[PeriodSummary] = []
    for number in range(1, periods + 1):
        neighbourhood.advance(after(start, number * PERIOD_MS))
        summaries.extend(neighbourhood.drain().summaries)
    return summaries


def looked_at(
    neighbourhood: Neighbourhood, *, periods: int, step_ms: int = 5 * MINUTE_MS
) -> list[PeriodSummary]:
    """Do the same, and show the outside home's node its devices on the way."""
    summaries: list[PeriodSummary] = []
    for _ in range(periods * PERIOD_MS // step_ms):
        neighbourhood.advance(after(neighbourhood.now, step_ms))
        neighbourhood.observe(
            image_of(neighbourhood.home_spec, neighbourhood.home_state())
        )
        summaries.extend(neighbourhood.drain().summaries)
    return summaries


def test_the_same_seed_gives_the_same_trades() -> None:
    runs = [
        lived(Neighbourhood(INSIDE, seed=7, started_at=STARTED_AT), periods=10)
        for _ in range(2)
    ]

    assert runs[0] == runs[1]
    assert sum(summary.trades for summary in runs[0]) > 10


def test_how_often_one_looks_changes_nothing() -> None:
    in_one_go = Neighbourhood(INSIDE, seed=7, started_at=STARTED_AT)
    in_small_steps = Neighbourhood(INSIDE, seed=7, started_at=STARTED_AT)
    in_one_go.advance(after(STARTED_AT, 2 * HOUR_MS))
    while in_small_steps.now < in_one_go.now:
        step = after(in_small_steps.now, 37_000)
        in_small_steps.advance(min(step, in_one_go.now))

    assert in_small_steps.drain().summaries == in_one_go.drain().summaries


def test_another_seed_is_another_day() -> None:
    one, other = (
        lived(Neighbourhood(INSIDE, seed=seed, started_at=STARTED_AT), periods=6)
        for seed in (1, 2)
    )

    assert one != other


@pytest.mark.slow
def test_a_day_of_twelve_homes_loses_no_energy_and_no_money() -> None:
    inspector = Inspector()
    neighbourhood = Neighbourhood(
        INSIDE, seed=3, started_at=STARTED_AT, inspector=inspector
    )
    metered_wh = dict.fromkeys((home.party for home in neighbourhood.homes()), 0)
    begun: dict[str, int] = {}
    summaries: list[PeriodSummary] = []
    for number in range(1, 97):
        neighbourhood.advance(after(STARTED_AT, number * PERIOD_MS))
        if number == 1:
            begun = net_import_wh(neighbourhood)
        drained = neighbourhood.drain()
        summaries.extend(drained.summaries)
        for event in drained.report:
            if isinstance(event, PeriodSettled):
                for one in event.settlement.parties:
                    assert one.import_wh is not None
                    assert one.export_wh is not None
                    metered_wh[one.party] += one.import_wh - one.export_wh
    missed = after(STARTED_AT, 96 * PERIOD_MS)
    ended = net_import_wh(neighbourhood)

    assert inspector.violations == []
    assert {summary.phase for summary in summaries} == {Phase.FINAL}
    assert all(summary.money_sum_nano == 0 for summary in summaries)
    assert all(summary.energy_sum_wh == 0 for summary in summaries)
    assert all(summary.missing == () for summary in summaries)
    assert len(summaries) == 94
    last_settled = max(summary.period for summary in summaries)
    assert last_settled.end == after(missed, -PERIOD_MS)
    # What was settled is what the meters counted, but for the last period.
    lacking = {
        home.party: ended[home.party] - begun[home.party] - metered_wh[home.party]
        for home in neighbourhood.homes()
    }
    longest_wh = 30_000 * PERIOD_MS // HOUR_MS
    assert all(abs(energy_wh) <= longest_wh for energy_wh in lacking.values())
    neighbourhood.advance(after(missed, MINUTE_MS))
    for event in neighbourhood.drain().report:
        if isinstance(event, PeriodSettled):
            for one in event.settlement.parties:
                assert one.import_wh is not None
                assert one.export_wh is not None
                assert lacking[one.party] == one.import_wh - one.export_wh


def net_import_wh(neighbourhood: Neighbourhood) -> dict[str, int]:
    """Return what all meters show, the car's charging at work included."""
    return {
        home.party: home.state.counters.import_wh
        + home.state.counters.guest_wh
        - home.state.counters.export_wh
        for home in neighbourhood.homes()
    }


def test_the_outside_home_trades_with_what_is_read_of_it() -> None:
    neighbourhood = Neighbourhood(NeighbourhoodSpec(), seed=1, started_at=STARTED_AT)
    summaries = looked_at(neighbourhood, periods=8)

    assert all(summary.missing == () for summary in summaries)
    assert any(summary.my_position_wh for summary in summaries)
    assert neighbourhood.status(day_started_at=STARTED_AT).settled_periods == 6


def test_an_outside_home_nobody_reads_has_no_reading() -> None:
    neighbourhood = Neighbourhood(NeighbourhoodSpec(), seed=1, started_at=STARTED_AT)
    summaries = lived(neighbourhood, periods=5)

    assert summaries
    assert all(summary.missing == (neighbourhood.party,) for summary in summaries)
    assert all(summary.my_saved_nano is None for summary in summaries)


def test_what_the_outside_home_signs_is_journaled_before_it_is_sent() -> None:
    journal = MemoryJournal()
    sent: list[bytes] = []

    def persist(entries: tuple[JournalEntry, ...]) -> None:
        signed = [entry.body for entry in entries if entry.kind is EntryKind.SENT]
        assert not set(signed) & set(sent)
        journal.append(entries)

    neighbourhood = Neighbourhood(
        NeighbourhoodSpec(), seed=1, started_at=STARTED_AT, persist=persist
    )
    listen_in(neighbourhood, lambda outgoing: sent.append(outgoing.data))
    looked_at(neighbourhood, periods=5)
    kept = {entry.body for entry in journal.entries() if entry.kind is EntryKind.SENT}

    assert len(sent) > 10
    assert set(sent) <= kept


def test_what_cannot_be_journaled_is_not_sent() -> None:
    class DiskFullError(Exception):
        pass

    sent: list[bytes] = []
    journaled: list[JournalEntry] = []

    def persist(entries: tuple[JournalEntry, ...]) -> None:
        if len(journaled) > 20:
            raise DiskFullError
        journaled.extend(entries)

    neighbourhood = Neighbourhood(
        NeighbourhoodSpec(), seed=1, started_at=STARTED_AT, persist=persist
    )
    listen_in(neighbourhood, lambda outgoing: sent.append(outgoing.data))
    with pytest.raises(DiskFullError):
        looked_at(neighbourhood, periods=8)

    assert sent
    assert set(sent) <= {entry.body for entry in journaled}


def listen_in(neighbourhood: Neighbourhood, hear: Callable[[Outgoing], None]) -> None:
    """Hear what the watched home sends."""
    network = neighbourhood._network
    send = network.send

    def listening(sender: PartyId, outgoing: Outgoing) -> None:
        if sender == neighbourhood.party:
            hear(outgoing)
        send(sender, outgoing)

    network.send = listening  # type: ignore[method-assign]  # the ear on the wire


def test_a_journal_from_an_earlier_life_goes_on() -> None:
    journal = MemoryJournal()
    neighbourhood = Neighbourhood(
        NeighbourhoodSpec(), seed=1, started_at=STARTED_AT, persist=journal.append
    )
    looked_at(neighbourhood, periods=6)
    before = neighbourhood.status(day_started_at=STARTED_AT)
    again = Neighbourhood(
        NeighbourhoodSpec(),
        seed=1,
        started_at=neighbourhood.now,
        persist=journal.append,
        entries=list(journal.entries()),
    )
    looked_at(again, periods=5)
    status = again.status(day_started_at=STARTED_AT)

    assert before.settled_periods == 4
    assert status.settled_periods > before.settled_periods
    assert status.bought_wh_total >= before.bought_wh_total


def test_what_is_written_to_the_devices_is_obeyed() -> None:
    neighbourhood = Neighbourhood(NeighbourhoodSpec(), seed=1, started_at=STARTED_AT)
    command = BatteryCommand.setpoint(-1_500)
    neighbourhood.command(HomeCommands(battery=command))
    assert neighbourhood.home_state().battery_w == -1_500

    neighbourhood.advance(after(STARTED_AT, MINUTE_MS))
    assert neighbourhood.home_state().battery_w == -1_500
    neighbourhood.command(NO_COMMANDS)
    assert neighbourhood.home_state().battery_w != -1_500


def test_neighbours_obey_their_own_nodes() -> None:
    neighbourhood = Neighbourhood(INSIDE, seed=1, started_at=STARTED_AT)
    obeyed = 0
    for _ in range(24):
        neighbourhood.advance(after(neighbourhood.now, 10 * MINUTE_MS))
        for setpoint in neighbourhood.drain().actuate:
            obeyed += setpoint.device == "demo_battery"

    assert obeyed > 3


def test_trades_are_reported_to_whom_they_concern() -> None:
    neighbourhood = Neighbourhood(NeighbourhoodSpec(), seed=1, started_at=STARTED_AT)
    trades = []
    for _ in range(24):
        neighbourhood.advance(after(neighbourhood.now, 5 * MINUTE_MS))
        image = image_of(neighbourhood.home_spec, neighbourhood.home_state())
        neighbourhood.observe(image)
        events = neighbourhood.drain().report
        trades += [event.trade for event in events if isinstance(event, TradeMatched)]

    assert trades
    assert all(neighbourhood.party in {t.seller, t.buyer} for t in trades)


def test_a_home_alone_in_its_neighbourhood_is_fine() -> None:
    spec = NeighbourhoodSpec(homes=street_of(1), outside=None)
    summaries = lived(Neighbourhood(spec, seed=1, started_at=STARTED_AT), periods=6)

    assert [summary.phase for summary in summaries] == [Phase.FINAL] * 5
    assert all(summary.trades == 0 for summary in summaries)


def test_a_longer_street_is_the_twelve_again_under_other_names() -> None:
    homes = street_of(30)

    assert len({home.key for home in homes}) == 30
    assert homes[0].key == "home"
    assert homes[12].key == "home_2"
    assert homes[24].key == "home_3"
    assert homes[13].chp == homes[1].chp


def test_every_home_is_shown_at_a_glance() -> None:
    neighbourhood = Neighbourhood(INSIDE, seed=1, started_at=STARTED_AT)
    lived(neighbourhood, periods=4)
    glances = neighbourhood.homes()
    period = DeliveryPeriod.containing(neighbourhood.now)

    assert [glance.key for glance in glances] == [home.key for home in street_of(12)]
    assert all(glance.state.at == neighbourhood.now for glance in glances)
    assert sum(glance.position_wh or 0 for glance in glances) == 0
    assert any(glance.position_wh for glance in glances), period


def test_businesses_pay_less_than_households() -> None:
    prices: dict[str, int] = {
        home.key: tariff_of(home).import_micro_per_kwh for home in street_of(12)
    }

    assert prices["cafe"] == prices["school"] < prices["flat"] == prices["home"]


def test_the_turbine_belongs_to_its_owners() -> None:
    identities = found_community(street_of(12), seed=1, timing=INSIDE.timing)
    rules = identities[0].config.rules
    [turbine] = rules.collective_assets
    shares = {owner.party: owner.share_ppm for owner in turbine.owners}

    assert turbine.party == identities[5].config.party
    assert shares[identities[0].config.party] == 100_000
    assert len(shares) == 11
    assert all(identity.config.rules == rules for identity in identities)


def test_a_turbine_nobody_else_shares_in_stays_its_own() -> None:
    lonely = street_of(12)[5]
    [identity] = found_community((lonely,), seed=1, timing=INSIDE.timing)

    assert identity.config.rules.collective_assets == ()


def test_keys_depend_on_the_seed_and_on_nothing_else() -> None:
    keys = [
        [
            i.config.party
            for i in found_community(street_of(3), seed=s, timing=INSIDE.timing)
        ]
        for s in (1, 1, 2)
    ]

    assert keys[0] == keys[1]
    assert not set(keys[0]) & set(keys[2])


def test_nodes_wake_only_when_there_is_something_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ticks: list[Instant] = []
    tick = Node.tick

    def counting(self: Node, now: Instant) -> None:
        ticks.append(now)
        tick(self, now)

    monkeypatch.setattr(Node, "tick", counting)
    spec = NeighbourhoodSpec(homes=street_of(1), outside=None)
    neighbourhood = Neighbourhood(spec, seed=1, started_at=STARTED_AT)
    neighbourhood.advance(after(STARTED_AT, HOUR_MS))

    assert len(ticks) < 60
    assert all(a <= b for a, b in pairwise(ticks))
