"""What a home expects its neighbours to ask and pay, as its planner is told."""

from dataclasses import replace

import pytest

from custom_components.commonwatt.engine.ledger.billing import (
    remaining_micro_per_kwh,
)
from custom_components.commonwatt.engine.ledger.rules import SettlementRules
from custom_components.commonwatt.engine.model.clearing import (
    ClearingResult,
    Fill,
    ZonePrice,
)
from custom_components.commonwatt.engine.model.order import Side
from custom_components.commonwatt.engine.model.party import BillingBasis, PartyId
from custom_components.commonwatt.engine.model.period import DeliveryPeriod, Instant
from custom_components.commonwatt.engine.model.schemes import SCHEMES
from custom_components.commonwatt.engine.model.tariff import Tariff
from custom_components.commonwatt.engine.node import NodeConfig, lone_config
from custom_components.commonwatt.engine.node.neighbour_prices import NeighbourPrices
from custom_components.commonwatt.engine.wire.keys import HouseholdKey
from tests.engine.wire.community import secret

NOON = DeliveryPeriod(2_000_000)
MORNING = NOON.next(-8).start
DAY = 96
TARIFF = Tariff(
    energy_micro_per_kwh=150_000,
    network_micro_per_kwh=80_000,
    levies_micro_per_kwh=30_000,
    vat_ppm=200_000,
    feed_in_micro_per_kwh=70_000,
)


def config(basis: BillingBasis) -> NodeConfig:
    alone = lone_config(HouseholdKey(secret("price")), salt_secret=secret("salt"))
    return replace(
        alone,
        charter=replace(
            alone.charter,
            billing_basis=basis,
            settlement=SettlementRules(scheme=SCHEMES["AT"]),
        ),
    )


def result(
    prices: NodeConfig, days_ago: int, price: int, energy_wh: int
) -> ClearingResult:
    zone = prices.charter.fee_tree.root.id
    fills = tuple(
        Fill(
            party=PartyId("11" * 20),
            side=side,
            limit_micro_per_kwh=price,
            energy_wh=energy_wh,
        )
        for side in (Side.BUY, Side.SELL)
        if energy_wh
    )
    return ClearingResult(
        period=NOON.next(-days_ago * DAY),
        prices=(ZonePrice(zone=zone, price_micro_per_kwh=price, traded_wh=energy_wh),),
        flows=(),
        fills=fills,
        trades=(),
    )


def learned(basis: BillingBasis) -> NeighbourPrices:
    rules = config(basis)
    prices = NeighbourPrices(rules)
    for days_ago, price in enumerate((120_000, 130_000, 110_000), start=1):
        prices.note(result(rules, days_ago, price, 800))
    prices.note(None)
    return prices


@pytest.mark.parametrize("basis", list(BillingBasis))
def test_a_kwh_costs_its_price_and_what_the_retailer_still_charges(
    basis: BillingBasis,
) -> None:
    bought, sold = learned(basis).tranches(MORNING, TARIFF)

    still = remaining_micro_per_kwh(TARIFF, basis, SCHEMES["AT"])
    assert (still > 0) == (basis is BillingBasis.SHARING)
    assert (bought.side, sold.side) == (Side.BUY, Side.SELL)
    assert bought.price_micro_per_kwh == 120_000 + still
    assert sold.price_micro_per_kwh == 120_000
    assert bought.energy_wh == sold.energy_wh == 400, "shared with who traded"
    assert bought.period == NOON


def test_where_nothing_is_traded_there_is_nothing_to_count_on() -> None:
    rules = config(BillingBasis.SHARING)
    prices = NeighbourPrices(rules)

    prices.note(result(rules, 1, 120_000, 0))

    assert prices.tranches(MORNING, TARIFF) == ()


def test_a_period_whose_gate_is_closed_is_no_longer_to_be_had() -> None:
    prices = learned(BillingBasis.SHARING)
    closes = config(BillingBasis.SHARING).timing.gate_closure(NOON)

    assert prices.tranches(Instant(closes - 1), TARIFF)
    assert prices.tranches(closes, TARIFF) == ()


def test_after_a_restart_the_market_is_known_again() -> None:
    before = learned(BillingBasis.SHARING)
    after = NeighbourPrices(config(BillingBasis.SHARING))

    after.market.learn(before.market.trades)

    assert after.tranches(MORNING, TARIFF) == before.tranches(MORNING, TARIFF)
