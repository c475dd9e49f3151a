"""Statements, tables and the day's digest: readable, exact, safe to open."""

from dataclasses import replace
from html.parser import HTMLParser
from typing import override

from hypothesis import given, strategies as st
import pytest

from custom_components.commonwatt.engine.ledger.balances import balances
from custom_components.commonwatt.engine.ledger.batch import (
    day_of,
    day_records,
    settlement_digest,
)
from custom_components.commonwatt.engine.ledger.billing import (
    avoided_micro_per_kwh,
    remaining_micro_per_kwh,
)
from custom_components.commonwatt.engine.ledger.capability import capped_book
from custom_components.commonwatt.engine.ledger.coefficients import coefficients_csv
from custom_components.commonwatt.engine.ledger.merkle import (
    is_included,
    merkle_root,
    prove,
)
from custom_components.commonwatt.engine.ledger.origin import (
    GRID,
    UNKNOWN,
    anonymous,
    produced,
)
from custom_components.commonwatt.engine.ledger.rules import SettlementRules
from custom_components.commonwatt.engine.ledger.settlement import correction
from custom_components.commonwatt.engine.ledger.statement import (
    CENT_NANO,
    round_together,
    state,
    statement_csv,
)
from custom_components.commonwatt.engine.ledger.statement_page import (
    ENGLISH,
    FRENCH,
    Words,
    statement_html,
)
from custom_components.commonwatt.engine.ledger.tables import csv_text
from custom_components.commonwatt.engine.model.capability import Capability
from custom_components.commonwatt.engine.model.order import Side
from custom_components.commonwatt.engine.model.party import BillingBasis
from custom_components.commonwatt.engine.model.period import DeliveryPeriod
from custom_components.commonwatt.engine.model.schemes import SCHEMES, SharingScheme
from tests.engine.ledger.neighbours import (
    FEED_IN,
    PERIOD,
    RETAIL,
    TARIFF,
    A,
    B,
    C,
    Evening,
    bid,
    book_of,
    charter_of,
    offer,
)
from tests.engine.ledger.test_certificates import COMMUNITY, certificate
from tests.engine.ledger.test_origin import ROOF

MIDDLE = (RETAIL + FEED_IN) // 2


def evening(basis: BillingBasis = BillingBasis.PRIVATE) -> Evening:
    """Return an evening of a seller, a buyer and one who only looks on."""
    charter = charter_of(A, B, C, basis=basis)
    return Evening(
        charter=charter,
        book=book_of(charter, {A: (offer(400),), B: (bid(400),)}),
        metered={A: (0, 450), B: (450, 0), C: (0, 0)},
        rules=SettlementRules(spread_micro_per_kwh=0),
    )


@given(st.lists(st.integers(-(10**12), 10**12), max_size=8))
def test_lines_add_up_to_the_rounded_total(nano: list[int]) -> None:
    cents = round_together(nano)

    assert sum(cents) == (2 * sum(nano) + CENT_NANO) // (2 * CENT_NANO)
    for amount, rounded in zip(nano, cents, strict=True):
        assert abs(rounded * CENT_NANO - amount) <= CENT_NANO


def test_a_statement_sums_up_a_member() -> None:
    settlement = evening().settle()

    statement = state(B, [settlement], [produced(ROOF, 450), anonymous(GRID, 50, 300)])

    assert (statement.import_wh, statement.bought_wh) == (450, 450)
    assert [(line.reason, line.nano) for line in statement.lines] == [
        ("positions", -400 * MIDDLE),
        ("sharing", -50 * MIDDLE),
    ]
    assert statement.total_cents == -7
    assert statement.saved_cents == 4
    assert statement.origin_ppm == (("grid", 100_000), ("solar", 900_000))
    assert statement.carbon_g == 34


def test_a_correction_replaces_the_facts_and_adds_to_the_money() -> None:
    before = replace(evening(), metered={B: (450, 0), C: (0, 0)}).settle()
    after = evening().settle()

    statement = state(A, [before, correction(before, after)])

    assert (statement.periods, statement.missing) == (1, 0)
    assert statement.export_wh == 450
    assert statement.total_cents == state(A, [after]).total_cents


def test_what_is_missing_is_said_and_not_summed() -> None:
    before = replace(evening(), metered={B: (450, 0)}).settle()

    statement = state(A, [before])

    assert (statement.periods, statement.missing) == (1, 1)
    assert statement.sold_wh == 0
    assert statement.saved_cents is None
    assert statement.lines == ()


def test_the_table_has_everything() -> None:
    statement = state(B, [evening().settle()], [produced(ROOF, 450)])

    rows = dict(
        row.rsplit(",", 1)[0].split(",", 1)
        for row in statement_csv(statement).splitlines()
    )

    assert rows["imported"] == "450"
    assert rows["total"] == "-7"
    assert rows["saved"] == "4"
    assert rows["origin solar"] == "1000000"
    assert rows["carbon"] == "19"
    assert rows["billing basis"] == "private"


def test_the_table_leaves_out_what_is_unknown() -> None:
    unknown = state(A, [replace(evening(), metered={}).settle()])

    assert "saved" not in statement_csv(unknown)
    assert "carbon" not in statement_csv(unknown)


class Page(HTMLParser):
    """Reads a page and insists that every element is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text = ""

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in {"meta", "br"}:
            self.open.append(tag)

    @override
    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    @override
    def handle_data(self, data: str) -> None:
        self.text += data + "\n"


def read(page: str) -> str:
    """Return the text of a page."""
    parser = Page()
    parser.feed(page)
    parser.close()
    assert not parser.open
    return parser.text


def test_the_page_can_be_read() -> None:
    statement = state(
        B, [evening().settle()], [produced(ROOF, 405), anonymous(GRID, 45, 300)]
    )

    text = read(statement_html(statement, name="<Ada>", currency="EUR", w=ENGLISH))

    for words in (
        "<Ada>",
        "0.450 kWh",
        "Trades",
        "\N{MINUS SIGN}0.07 EUR",
        "Saved 0.04 EUR",
        "Sun",
        "90.0 %",
        "0.031 kg",
    ):
        assert words in text


def test_percentages_on_the_page_add_up() -> None:
    thirds = [produced(ROOF, 1), anonymous(GRID, 1, 300), anonymous(UNKNOWN, 1, 300)]
    statement = state(B, [evening().settle()], thirds)

    text = read(statement_html(statement, name="", currency="EUR", w=ENGLISH))

    assert text.count("33.3 %") == 2
    assert text.count("33.4 %") == 1


def test_the_page_speaks_french() -> None:
    statement = state(A, [replace(evening(), metered={}).settle()])

    text = read(statement_html(statement, name="Ada", currency="EUR", w=FRENCH))

    assert "Relevé d'énergie" in text
    assert "1 quarts d'heure sur 1 sont sans relevé." in text
    assert "0,000 kWh" in text
    assert "D'où" not in text


def test_a_page_without_carbon_still_tells_the_origin() -> None:
    statement = state(B, [evening().settle()], [produced(ROOF, 450)])

    page = statement_html(
        replace(statement, carbon_g=None), name="", currency="EUR", w=ENGLISH
    )

    assert "Greenhouse" not in read(page)


@pytest.mark.parametrize("words", [ENGLISH, FRENCH], ids=["en", "fr"])
def test_no_text_is_missing_in_any_language(words: Words) -> None:
    assert words.texts.keys() == ENGLISH.texts.keys()
    assert all(words.texts.values())


def test_tables_are_safe_to_open() -> None:
    text = csv_text([("=1+1", 'a"b', -5), ("a,b", "two\nlines", "plain")])

    assert text == '\'=1+1,"a""b",-5\r\n"a,b","two\nlines",plain\r\n'


def test_coefficients_of_a_producer_add_up_to_one() -> None:
    charter = charter_of(A, B, C)
    settlement = Evening(
        charter=charter,
        book=book_of(charter, {A: (offer(300),), B: (bid(100),), C: (bid(100),)}),
        metered={A: (0, 300), B: (100, 0), C: (100, 0)},
    ).settle()

    rows = [
        row.split(",")
        for row in coefficients_csv([settlement], {A: "FR-001"}).splitlines()
    ]

    assert rows[0][2:] == ["producer", "consumer", "energy_wh", "coefficient_ppm"]
    assert [row[3:] for row in rows[1:]] == [
        ["grid", "100", "333334"],
        [B, "100", "333333"],
        [C, "100", "333333"],
    ]
    assert {row[2] for row in rows[1:]} == {"FR-001"}
    assert rows[1][:2] == ["2024-03-09T16:00:00Z", "2024-03-09T16:15:00Z"]


def test_producers_without_a_reading_have_no_coefficients() -> None:
    settlement = replace(evening(), metered={B: (450, 0)}).settle()

    assert len(coefficients_csv([settlement]).splitlines()) == 1


def test_a_day_can_be_proved_record_by_record() -> None:
    settlement = evening().settle()
    records = day_records(
        COMMUNITY,
        day_of(PERIOD),
        settlements=[settlement],
        closing=balances(settlement.community),
        certificates=[certificate(100), certificate(50)],
    )

    root = merkle_root(records)

    assert len(records) == 1 + len(balances(settlement.community)) + 2
    assert all(
        is_included(record, prove(records, i), root) for i, record in enumerate(records)
    )


def test_the_digest_is_of_the_community_not_of_bills() -> None:
    one = evening(BillingBasis.PRIVATE).settle()
    other = evening(BillingBasis.SHARING).settle()
    failed = replace(evening(), metered={A: (0, 1), B: (450, 0), C: (0, 0)}).settle()

    assert one.bills != other.bills
    assert settlement_digest(one) == settlement_digest(other)
    assert settlement_digest(one) != settlement_digest(failed)


def test_days_begin_at_midnight_utc() -> None:
    midnight = DeliveryPeriod(96 * 20_000)

    assert day_of(midnight) == day_of(midnight.next(95)) == 20_000
    assert day_of(midnight.next(-1)) == 19_999


@pytest.mark.parametrize("name", sorted(SCHEMES))
def test_every_scheme_has_a_source_and_leaves_something_saved(name: str) -> None:
    scheme = SCHEMES[name]

    avoided = avoided_micro_per_kwh(TARIFF, BillingBasis.SHARING, scheme)

    assert scheme.source
    assert TARIFF.energy_micro_per_kwh <= avoided <= RETAIL


def test_what_remains_is_taxed() -> None:
    scheme = SharingScheme(
        name="ours",
        network_remains_ppm=500_000,
        levies_remain_ppm=200_000,
        source="our contract",
    )
    taxed = replace(TARIFF, vat_ppm=200_000)

    remaining = remaining_micro_per_kwh(taxed, BillingBasis.SHARING, scheme)

    assert remaining == (40_000 + 10_000) * 12 // 10


def test_a_remaining_share_is_a_share() -> None:
    with pytest.raises(ValueError, match="remaining"):
        SharingScheme(
            name="", network_remains_ppm=1_000_001, levies_remain_ppm=0, source=""
        )


def test_offers_are_capped_by_capability() -> None:
    charter = charter_of(A, B)
    book = book_of(
        charter,
        {A: (offer(400), offer(400, 100_000), bid(90, 20_000)), B: (bid(900),)},
    )

    capped = capped_book(
        book, [Capability(party=A, export_wh_max=500, import_wh_max=0)]
    )

    first, second = (placed.order for placed in capped.orders)
    assert [(s.side, s.energy_wh) for s in first.steps] == [
        (Side.SELL, 400),
        (Side.SELL, 100),
    ]
    assert second.energy_wh(Side.BUY) == 900
    with pytest.raises(ValueError, match="not negative"):
        Capability(party=A, export_wh_max=-1, import_wh_max=0)
