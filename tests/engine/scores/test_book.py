"""The score book: what it keeps, what it closes, and that it survives a restart."""

from dataclasses import fields, replace
from typing import Final

import pytest

from custom_components.commonwatt.engine.ledger.rules import AgreementKind
from custom_components.commonwatt.engine.model.party import PartyId
from custom_components.commonwatt.engine.model.period import (
    DAY_MS,
    DeliveryPeriod,
    Instant,
)
from custom_components.commonwatt.engine.model.units import PPM
from custom_components.commonwatt.engine.scores.badges import Badge, Career
from custom_components.commonwatt.engine.scores.book import ScoreBook
from custom_components.commonwatt.engine.scores.evidence import (
    Excuse,
    Lapse,
    PeriodEvidence,
)
from custom_components.commonwatt.engine.scores.facts import SeasonFacts
from custom_components.commonwatt.engine.scores.records import (
    CommunityEnergy,
    PeriodRecord,
    record_of,
)
from custom_components.commonwatt.engine.scores.saved import read_saved, saved_bytes
from custom_components.commonwatt.engine.scores.season import Part, season_days
from custom_components.commonwatt.engine.wire.canonical import Value, encode
from tests.engine.scores.test_evidence import (
    ANN,
    BEN,
    CLEO,
    agreed,
    auction,
    settled,
)

MEMBERS: Final = (ANN, BEN, CLEO)
FACTS: Final = SeasonFacts(prosumer=True)
FIRST_DAY: Final = season_days(220)[0]


def at(day: int, quarter: int = 0) -> DeliveryPeriod:
    return DeliveryPeriod(96 * (FIRST_DAY + day) + quarter)


def instant(day: int) -> Instant:
    return Instant((FIRST_DAY + day) * DAY_MS)


def record(day: int, quarter: int = 48, *, delivered_wh: int = 1_000) -> PeriodRecord:
    """Return a period in which Ann sold a kWh to Ben."""
    result = auction(ann=1_000, ben=-1_000)
    settlement = settled(result, ann=delivered_wh, ben=-1_000, cleo=0)
    found = record_of(settlement, result, party=ANN, evening=True)
    evidence = replace(found.evidence, period=at(day, quarter))
    return replace(found, evidence=evidence)


def filled(days: int) -> ScoreBook:
    book = ScoreBook(ANN)
    for day in range(days):
        for quarter in (48, 49, 50, 51):
            book.add(record(day, quarter))
        book.turn(instant(day + 1), FACTS)
    return book


def trust(book: ScoreBook, day: int, party: PartyId = ANN) -> int:
    standing = book.standing(instant(day), FACTS, members=MEMBERS)
    return standing.reputations[party].trust_ppm


def test_a_period_leaves_own_and_common_energy() -> None:
    found = record(0)

    assert found.own.export_wh == found.own.local_wh == found.own.attainable_wh == 1_000
    assert found.own.sold == ((BEN, 1_000),)
    assert found.own.trades == 1
    assert found.community == CommunityEnergy(
        traded_wh=1_000,
        given_wh=0,
        evening_import_wh=0,
        island_periods=1,
        import_wh=1_000,
        evening_all_wh=1_000,
    )


def test_gifts_are_kept_apart() -> None:
    present = agreed(AgreementKind.GIFT, 700)
    settlement = settled(None, present, ann=700, ben=-900, cleo=0)
    giver = record_of(settlement, None, party=ANN, evening=True)
    taker = record_of(settlement, None, party=BEN, evening=False)

    assert giver.own.given == ((BEN, 700),)
    assert taker.own.taken == ((ANN, 700),)
    assert giver.community.given_wh == 700
    assert giver.community.evening_import_wh == 200
    assert taker.community.evening_import_wh == 0


def test_without_a_reading_a_period_has_no_own_energy() -> None:
    settlement = settled(None, ben=-900, cleo=0)
    found = record_of(settlement, None, party=ANN, evening=False)

    assert found.own.import_wh == found.own.export_wh == 0
    assert found.community.island_periods == 0


def test_a_season_fills_up_with_points_and_badges() -> None:
    book = filled(10)
    standing = book.standing(instant(10), FACTS, members=MEMBERS)

    assert standing.score is not None
    assert standing.score.parts_ppm[Part.LOCAL_SHARE] == PPM
    assert standing.progress.level > 0
    assert standing.progress.streak_days == 10
    assert Badge.FIRST_TRADE in standing.badges
    assert Badge.ISLAND_HOUR in standing.badges
    assert standing.career.sold_local_wh == 40_000
    assert standing.reputations[ANN].trust_ppm > standing.reputations[CLEO].trust_ppm


def test_a_badge_is_told_once() -> None:
    book = ScoreBook(ANN)
    book.add(record(0))

    assert book.turn(instant(1), FACTS) == (Badge.FIRST_TRADE,)
    assert book.turn(instant(1), FACTS) == ()
    kept = replace(FACTS, deeds=Career(storms_kept=1))
    assert book.turn(instant(1), kept) == (Badge.STORM_KEEPER,)


def test_badges_come_at_once_and_experience_when_the_day_is_over() -> None:
    book = ScoreBook(ANN)
    book.add(record(0))
    evening = Instant(instant(1) - 1)

    assert book.turn(evening, FACTS) == (Badge.FIRST_TRADE,)
    standing = book.standing(evening, FACTS, members=MEMBERS)
    assert standing.progress.experience_milli == 0
    assert standing.career.trades == 1


def test_a_correction_replaces_its_period() -> None:
    book = filled(3)
    before = trust(book, 4)
    book.add(record(2, delivered_wh=100))
    assert trust(book, 4) < before


def test_what_is_old_stays_as_it_is() -> None:
    book = filled(20)
    before = book.save()
    book.add(record(2, delivered_wh=100))
    assert book.save() == before


def test_old_periods_are_added_up_to_days() -> None:
    saved = filled(20).save()

    assert len(saved.days) == 12
    assert len(saved.periods) == 8 * 4
    assert saved.days[0].own.export_wh == 4_000


def test_excuses_outlive_the_periods_they_were_granted_for() -> None:
    excuse = Excuse(party=ANN, first=at(0), until=at(1))
    book, unexcused = ScoreBook(ANN), ScoreBook(ANN)
    for each in (book, unexcused):
        each.add(record(0, delivered_wh=0))
        each.add(record(1))
    book.turn(instant(20), FACTS, excuses=[excuse])
    unexcused.turn(instant(20), FACTS)

    assert trust(book, 21) > trust(unexcused, 21)


def test_days_without_a_record_break_a_streak() -> None:
    book = filled(12)
    book.add(record(16))
    book.turn(instant(17), FACTS)

    assert book.standing(instant(17), FACTS, members=MEMBERS).progress.streak_days == 4


def test_a_community_adds_up_for_its_missions() -> None:
    book = filled(5)
    found = book.community(FIRST_DAY + 1, FIRST_DAY + 3)

    assert found.traded_wh == 8_000


def test_a_book_survives_a_restart_to_the_last_digit() -> None:
    book = filled(15)
    book.add(
        PeriodRecord(
            evidence=PeriodEvidence(
                period=at(15), pairs=(), lapses={(BEN, Lapse.NOT_REVEALED): 2}
            ),
            own=record(15).own,
            community=CommunityEnergy(),
        )
    )
    again = ScoreBook(ANN, read_saved(saved_bytes(book.save())))

    assert again.save() == book.save()
    assert again.standing(instant(16), FACTS, members=MEMBERS) == book.standing(
        instant(16), FACTS, members=MEMBERS
    )


@pytest.mark.parametrize("data", [b"", b"\x80", b"\x87\x02\x80\x80\x80\x80\x80\xf6"])
def test_what_no_book_has_written_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # any reason will do
        read_saved(data)


def exporting(day: int, energy_wh: dict[PartyId, int]) -> PeriodRecord:
    """Return a period in which homes with panels export."""
    return replace(record(day), exports=tuple(sorted(energy_wh.items())))


def test_a_meter_in_doubt_earns_neither_points_nor_trust() -> None:
    street = {PartyId(f"{n:040x}"): 1_000 * n for n in range(300, 305)}
    believed, doubted = ScoreBook(ANN), ScoreBook(ANN)
    for day in range(10):
        believed.add(exporting(day, {**street, ANN: 300_000}))
        doubted.add(exporting(day, {**street, ANN: 600_000}))
        for book in (believed, doubted):
            book.turn(instant(day + 1), FACTS)

    good = believed.standing(instant(10), FACTS, members=MEMBERS)
    bad = doubted.standing(instant(10), FACTS, members=MEMBERS)
    assert good.score is not None
    assert bad.score is None
    assert bad.reputations[ANN].trust_ppm < good.reputations[ANN].trust_ppm


def test_what_a_home_passes_to_and_fro_nets_out_in_a_week() -> None:
    there, back = auction(ann=500, ben=-500), auction(ann=-200, ben=200)
    book = ScoreBook(ANN)
    for quarter, result, net in ((48, there, 500), (80, back, -200)):
        settlement = settled(result, ann=net, ben=-net, cleo=0)
        found = record_of(settlement, result, party=ANN, evening=False)
        evidence = replace(found.evidence, period=at(0, quarter))
        book.add(replace(found, evidence=evidence))
    standing = book.standing(instant(1), FACTS, members=MEMBERS)

    assert standing.score is not None
    assert standing.score.parts_ppm[Part.LOCAL_SHARE] == 300 * PPM // 700


def test_a_meter_whose_best_moment_no_panels_could_give_is_in_doubt() -> None:
    """Its battery hides the week's sum, but not the moment in which it is full."""
    street = {PartyId(f"{n:040x}"): 1_000 * n for n in range(300, 305)}
    believed, doubted = ScoreBook(ANN), ScoreBook(ANN)
    for day in range(10):
        for quarter in range(48, 56):
            best = quarter == 52
            for book, peak in ((believed, 300_000), (doubted, 450_000)):
                exports = {**street, ANN: peak if best else 100_000}
                found = exporting(day, exports)
                evidence = replace(found.evidence, period=at(day, quarter))
                book.add(replace(found, evidence=evidence))
        for book in (believed, doubted):
            book.turn(instant(day + 1), FACTS)

    good = believed.standing(instant(10), FACTS, members=MEMBERS)
    bad = doubted.standing(instant(10), FACTS, members=MEMBERS)
    assert good.score is not None
    assert bad.score is None


def test_a_season_is_compared_with_the_one_before() -> None:
    book = filled(91)
    last = book.standing(Instant(instant(91) - 1), FACTS, members=MEMBERS)
    assert last.improvement == 0, "there was none before"
    assert last.score is not None

    book.add(record(91, delivered_wh=0))
    book.turn(instant(92), FACTS, members=MEMBERS)
    now = book.standing(instant(92), FACTS, members=MEMBERS)
    again = ScoreBook(ANN, read_saved(saved_bytes(book.save())))
    assert now.season == last.season + 1
    assert now.score is not None
    assert now.improvement < 0
    assert again.standing(instant(92), FACTS, members=MEMBERS) == now


def test_experience_counts_the_reputation_all_members_find() -> None:
    with_all, alone = ScoreBook(ANN), ScoreBook(ANN)
    for day in range(30):
        for book in (with_all, alone):
            book.add(record(day, delivered_wh=0))
        with_all.turn(instant(day + 1), FACTS, members=MEMBERS)
        alone.turn(instant(day + 1), FACTS)

    assert with_all.save().progress.experience_milli > 0
    assert alone.save().progress.experience_milli == 0


def test_a_book_of_the_first_version_is_read_and_goes_on() -> None:
    """Written down by hand: a day and a quarter as that version kept them."""
    party = str(ANN)
    own: Value = (500, 700, 300, 400, 2, ((party, 5),), (), (), ())
    community: Value = (9_000, 100, 50, 3)
    data = encode(
        (
            1,
            ((FIRST_DAY, (), (), own, community, ((party, 7),)),),
            ((96 * FIRST_DAY + 100, (), (), own, community, ()),),
            (5_000, 3, 1, 220),
            tuple(range(len(fields(Career)))),
            ("giver",),
            FIRST_DAY + 1,
        ),
        size_max=100_000,
        items_max=100_000,
    )
    saved = read_saved(data)

    assert saved.days[0].own.export_wh == 700
    assert saved.days[0].own.periods == 0, "what it did not know is not known"
    assert saved.days[0].peaks == ()
    assert saved.periods[0].community.island_periods == 3
    assert saved.badges == {Badge.GIVER}
    assert read_saved(saved_bytes(saved)) == saved
    with pytest.raises(ValueError, match="version"):
        read_saved(encode((9, *[()] * 6), size_max=1_000, items_max=1_000))
