"""Readings, tariffs, results and postings keep their own rules."""

import pytest

from custom_components.commonwatt.engine.model.clearing import (
    ClearingResult,
    Fill,
    Trade,
    ZonePrice,
)
from custom_components.commonwatt.engine.model.order import Side
from custom_components.commonwatt.engine.model.party import PartyId
from custom_components.commonwatt.engine.model.period import DeliveryPeriod
from custom_components.commonwatt.engine.model.posting import (
    Account,
    AccountKind,
    Posting,
    Transaction,
    Unit,
)
from custom_components.commonwatt.engine.model.reading import MeterReading
from custom_components.commonwatt.engine.model.tariff import Tariff
from custom_components.commonwatt.engine.model.zone import ZoneId

PERIOD = DeliveryPeriod(2_000_000)
ALICE, BOB = PartyId("a" * 40), PartyId("b" * 40)
LANE = ZoneId("lane")

TRADE = Trade(
    seller=ALICE,
    buyer=BOB,
    energy_wh=500,
    seller_price_micro_per_kwh=100_000,
    buyer_price_micro_per_kwh=120_000,
)
RESULT = ClearingResult(
    period=PERIOD,
    prices=(ZonePrice(zone=LANE, price_micro_per_kwh=100_000, traded_wh=500),),
    flows=(),
    fills=(
        Fill(party=ALICE, side=Side.SELL, limit_micro_per_kwh=90_000, energy_wh=500),
        Fill(party=BOB, side=Side.BUY, limit_micro_per_kwh=150_000, energy_wh=500),
    ),
    trades=(TRADE,),
)


def test_what_the_buyer_pays_beyond_the_sellers_receipt_is_the_fee() -> None:
    assert TRADE.paid_nano == 60_000_000
    assert TRADE.received_nano == 50_000_000


def test_a_result_knows_positions_and_prices() -> None:
    assert RESULT.energy_wh == 500
    assert RESULT.position_wh(ALICE) == 500
    assert RESULT.position_wh(BOB) == -500
    assert RESULT.price_micro_per_kwh(LANE) == 100_000
    with pytest.raises(ValueError, match="no price for zone elsewhere"):
        RESULT.price_micro_per_kwh(ZoneId("elsewhere"))


def test_a_meter_counts_both_ways() -> None:
    reading = MeterReading(party=ALICE, period=PERIOD, import_wh=30, export_wh=100)
    assert reading.net_export_wh == 70
    with pytest.raises(ValueError, match="-1 Wh is out of bounds"):
        MeterReading(party=ALICE, period=PERIOD, import_wh=-1, export_wh=0)


def test_value_added_tax_is_on_every_component() -> None:
    tariff = Tariff(
        energy_micro_per_kwh=100_000,
        network_micro_per_kwh=60_000,
        levies_micro_per_kwh=40_001,
        vat_ppm=200_000,
        feed_in_micro_per_kwh=80_000,
    )
    assert tariff.import_micro_per_kwh == 240_001


@pytest.mark.parametrize(
    ("energy", "vat", "complaint"),
    [(1, -1, "tax of -1"), (1, 1_000_001, "tax of"), (1 << 28, 0, "price of")],
)
def test_a_tariff_out_of_bounds_is_refused(
    energy: int, vat: int, complaint: str
) -> None:
    with pytest.raises(ValueError, match=complaint):
        Tariff(energy_micro_per_kwh=energy, vat_ppm=vat)


def test_only_personal_accounts_have_a_party() -> None:
    assert Account(kind=AccountKind.PARTY, party=ALICE).party == ALICE
    with pytest.raises(ValueError, match="account fund has no party"):
        Account(kind=AccountKind.FUND, party=ALICE)
    with pytest.raises(ValueError, match="account party needs party"):
        Account(kind=AccountKind.PARTY)


def test_postings_sum_to_zero_in_every_unit() -> None:
    fund = Account(kind=AccountKind.FUND)
    alice = Account(kind=AccountKind.PARTY, party=ALICE)
    legs = (
        Posting(account=alice, unit=Unit.NANO, amount=-5),
        Posting(account=fund, unit=Unit.NANO, amount=5),
    )
    assert Transaction(reason="rent", postings=legs).postings == legs
    with pytest.raises(AssertionError, match="rent: postings in nano sum to -5"):
        Transaction(reason="rent", postings=legs[:1])
