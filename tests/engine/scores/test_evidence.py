"""Evidence: what settled periods say about those who took part."""

from typing import Final

import pytest

from custom_components.commonwatt.engine.ledger.rules import Agreement, AgreementKind
from custom_components.commonwatt.engine.ledger.settlement import Settlement, settle
from custom_components.commonwatt.engine.market import clear
from custom_components.commonwatt.engine.model.clearing import ClearingResult, Trade
from custom_components.commonwatt.engine.model.order import (
    Order,
    OrderBook,
    PlacedOrder,
    Side,
    Step,
)
from custom_components.commonwatt.engine.model.party import Charter, Member, PartyId
from custom_components.commonwatt.engine.model.period import DeliveryPeriod
from custom_components.commonwatt.engine.model.reading import MeterReading
from custom_components.commonwatt.engine.model.zone import FeeTree, ZoneId
from custom_components.commonwatt.engine.scores.evidence import (
    Excuse,
    Lapse,
    PairEvidence,
    PeriodEvidence,
    day_of,
    evidence_by_day,
    evidence_of,
)

STREET: Final = ZoneId("street")
ANN, BEN, CLEO = (PartyId(f"{n:040x}") for n in (1, 2, 3))
NOON: Final = DeliveryPeriod(96 * 20_000 + 48)
CHARTER: Final = Charter(
    members=tuple(
        Member(party=party, zone=STREET, household_key=b"\2" * 33)
        for party in (ANN, BEN, CLEO)
    ),
    fee_tree=FeeTree.single(STREET),
)


def auction(**wh: int) -> ClearingResult:
    """Clear what parties sell (positive) and buy, all at prices that meet."""
    names = {"ann": ANN, "ben": BEN, "cleo": CLEO}
    orders = tuple(
        PlacedOrder(
            order=Order.of(
                names[name],
                NOON,
                Step(
                    side=Side.SELL if energy_wh > 0 else Side.BUY,
                    price_micro_per_kwh=100_000 if energy_wh > 0 else 200_000,
                    energy_wh=abs(energy_wh),
                ),
            ),
            zone=STREET,
        )
        for name, energy_wh in wh.items()
    )
    return clear(OrderBook(period=NOON, seed=b"s", orders=orders), CHARTER.fee_tree)


def settled(
    result: ClearingResult | None, *agreements: Agreement, **net_wh: int
) -> Settlement:
    names = {"ann": ANN, "ben": BEN, "cleo": CLEO}
    return settle(
        period=NOON,
        charter=CHARTER,
        result=result,
        readings={
            names[name]: MeterReading(
                party=names[name],
                period=NOON,
                import_wh=max(0, -wh),
                export_wh=max(0, wh),
            )
            for name, wh in net_wh.items()
        },
        tariffs={},
        agreements=agreements,
        deadline_passed=True,
    )


def agreed(kind: AgreementKind, energy_wh: int) -> Agreement:
    return Agreement(
        kind=kind,
        trade=Trade(
            seller=ANN,
            buyer=BEN,
            energy_wh=energy_wh,
            seller_price_micro_per_kwh=0,
            buyer_price_micro_per_kwh=0,
        ),
        declared=True,
    )


def failed(evidence: PeriodEvidence) -> dict[tuple[PartyId, PartyId], tuple[int, int]]:
    return {
        (one.party, one.partner): (one.contracted_wh, one.failed_wh)
        for one in evidence.pairs
    }


def test_kept_positions_fail_nothing() -> None:
    result = auction(ann=1_000, ben=-600, cleo=-400)
    found = evidence_of(settled(result, ann=1_000, ben=-600, cleo=-400), result)

    assert failed(found) == {
        (ANN, BEN): (600, 0),
        (ANN, CLEO): (400, 0),
        (BEN, ANN): (600, 0),
        (CLEO, ANN): (400, 0),
    }
    assert found.lapses == {}


def test_what_the_meter_does_not_confirm_has_failed() -> None:
    result = auction(ann=1_000, ben=-600, cleo=-400)
    found = evidence_of(settled(result, ann=500, ben=-600, cleo=-300), result)

    assert failed(found)[ANN, BEN] == (600, 300)
    assert failed(found)[ANN, CLEO] == (400, 200)
    assert failed(found)[CLEO, ANN] == (400, 100)
    assert failed(found)[BEN, ANN] == (600, 0)


def test_a_missing_reading_is_a_lapse_and_proves_nothing_else() -> None:
    result = auction(ann=1_000, ben=-1_000)
    found = evidence_of(settled(result, ben=-1_000, cleo=0), result)

    assert found.lapses == {(ANN, Lapse.NO_READING): 1}
    assert [one.party for one in found.pairs] == [BEN]


def test_contracts_count_for_both_sides() -> None:
    deal = agreed(AgreementKind.CONTRACT, 800)
    found = evidence_of(settled(None, deal, ann=600, ben=-800, cleo=0), None)

    assert failed(found) == {(ANN, BEN): (800, 200), (BEN, ANN): (800, 0)}


def test_gifts_are_no_evidence() -> None:
    present = agreed(AgreementKind.GIFT, 800)
    found = evidence_of(settled(None, present, ann=0, ben=-800, cleo=0), None)

    assert found.pairs == ()


def test_who_does_not_show_an_order_has_lapsed() -> None:
    settlement = settled(None, ann=0, ben=0, cleo=0)
    found = evidence_of(settlement, None, not_revealed=[BEN], bad_messages=[CLEO, CLEO])

    assert found.lapses == {
        (BEN, Lapse.NOT_REVEALED): 1,
        (CLEO, Lapse.BAD_MESSAGE): 2,
    }


def period_evidence(period: DeliveryPeriod, *, failed_wh: int = 0) -> PeriodEvidence:
    pairs = tuple(
        PairEvidence(party=party, partner=CLEO, contracted_wh=500, failed_wh=failed_wh)
        for party in (ANN, BEN)
    )
    return PeriodEvidence(
        period=period, pairs=pairs, lapses={(ANN, Lapse.NO_READING): 1}
    )


def test_periods_add_up_to_days() -> None:
    periods = [period_evidence(NOON.next(n), failed_wh=10) for n in (0, 1, 2, 96)]
    first, second = evidence_by_day(reversed(periods))

    assert (first.day, second.day) == (day_of(NOON), day_of(NOON) + 1)
    assert first.pairs[0] == PairEvidence(
        party=ANN, partner=CLEO, contracted_wh=1_500, failed_wh=30
    )
    assert first.lapses == {(ANN, Lapse.NO_READING): 3}


@pytest.mark.parametrize(("party", "left"), [(ANN, [BEN]), (None, [])])
def test_what_is_excused_does_not_count(
    party: PartyId | None, left: list[PartyId]
) -> None:
    excuse = Excuse(party=party, first=NOON, until=NOON.next(4))
    (day,) = evidence_by_day([period_evidence(NOON.next(3))], [excuse])

    assert [one.party for one in day.pairs] == left
    assert day.lapses == {}

    (late,) = evidence_by_day([period_evidence(NOON.next(4))], [excuse])
    assert len(late.pairs) == 2


def test_a_doubted_meter_speaks_against_its_owner_only() -> None:
    periods = [period_evidence(NOON), period_evidence(NOON.next(), failed_wh=200)]
    (day,) = evidence_by_day(periods, doubted={(ANN, day_of(NOON))})

    assert day.pairs == (
        PairEvidence(party=ANN, partner=CLEO, contracted_wh=200, failed_wh=200),
        PairEvidence(party=BEN, partner=CLEO, contracted_wh=1_000, failed_wh=200),
    )
