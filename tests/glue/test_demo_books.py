"""The demo's books: amounts by hour, settlements as flows, counters as energy."""

from dataclasses import replace

from homeassistant.core import HomeAssistant
from hypothesis import given, strategies as st
import pytest

from custom_components.commonwatt.accounts.energy_book import (
    HOURS_KEPT,
    EnergyBook,
    hour_of,
    hour_start,
)
from custom_components.commonwatt.accounts.flows import Flow, settled_amounts
from custom_components.commonwatt.accounts.statistics import statistic_id
from custom_components.commonwatt.demo.accounts import FLOWS, PLACE, Accounts
from custom_components.commonwatt.demo.bookkeeping import CounterBook
from custom_components.commonwatt.engine.devices import (
    BatteryState,
    ChargerState,
    DeviceId,
    InverterState,
    ProcessImage,
)
from custom_components.commonwatt.engine.ledger.settlement import (
    PartySummary,
    ReadingState,
    Settlement,
)
from custom_components.commonwatt.engine.model.party import BillingBasis
from custom_components.commonwatt.engine.model.period import (
    MINUTE_MS,
    PERIODS_PER_HOUR,
    DeliveryPeriod,
    Instant,
    after,
)
from custom_components.commonwatt.engine.model.tariff import Tariff
from custom_components.commonwatt.engine.node import (
    Event,
    PeriodCorrected,
    PeriodSettled,
)
from custom_components.commonwatt.engine.simulation.neighbourhood import Drained
from tests.glue.statuses import HOME, PERIOD

TARIFF = Tariff(energy_micro_per_kwh=200_000, feed_in_micro_per_kwh=80_000)
FIRST = DeliveryPeriod(PERIOD.number // PERIODS_PER_HOUR * PERIODS_PER_HOUR)

SUMMARY = PartySummary(
    party=HOME,
    reading=ReadingState.METERED,
    basis=BillingBasis.SHARING,
    position_wh=0,
    failed_wh=0,
    bought_wh=300,
    sold_wh=0,
    import_wh=1_000,
    export_wh=200,
    retailer_import_wh=700,
    retailer_export_wh=200,
    earned_nano=-30_000_000,
    retailer_nano=124_000_000,
    cost_nano=154_000_000,
    saved_nano=30_000_000,
)


def totals(book: EnergyBook, flow: Flow) -> list[tuple[int, int, int]]:
    """Take the rows of one flow as hour (from the first), amount and total."""
    rows = book.take_rows().get(flow, [])
    return [(row.hour - hour_of(FIRST), row.amount, row.total) for row in rows]


def test_four_periods_are_an_hour() -> None:
    book = EnergyBook(FLOWS)
    for number in range(6):
        book.book(FIRST.next(number), {Flow.SOLAR: 100 + number})

    assert totals(book, Flow.SOLAR) == [(0, 406, 406), (1, 209, 615)]
    assert hour_start(hour_of(FIRST)) == FIRST.start


def test_only_what_has_changed_is_written_again() -> None:
    book = EnergyBook(FLOWS)
    for number in range(8):
        book.book(FIRST.next(number), {Flow.SOLAR: 100})
    book.take_rows()

    book.book(FIRST.next(8), {Flow.SOLAR: 50})

    assert totals(book, Flow.SOLAR) == [(2, 50, 850)]
    assert book.take_rows() == {}


def test_a_late_correction_rewrites_its_hour_and_all_later_totals() -> None:
    book = EnergyBook(FLOWS)
    for number in range(8):
        book.book(FIRST.next(number), {Flow.SOLAR: 100})
    book.take_rows()

    book.book(FIRST.next(1), {Flow.SOLAR: 130})

    assert totals(book, Flow.SOLAR) == [(0, 430, 430), (1, 400, 830)]


def test_booking_the_same_again_changes_nothing() -> None:
    book = EnergyBook(FLOWS)
    book.book(FIRST, {Flow.SOLAR: 100})
    book.take_rows()

    book.book(FIRST, {Flow.SOLAR: 100})

    assert book.take_rows() == {}


def test_other_flows_of_a_period_stay() -> None:
    book = EnergyBook(FLOWS)
    book.book(FIRST, {Flow.SOLAR: 100})
    book.book(FIRST, {Flow.CHARGER: 7})

    rows = book.take_rows()

    assert rows[Flow.SOLAR][0].total == 100
    assert rows[Flow.CHARGER][0].total == 7


@given(st.lists(st.integers(0, 5_000), min_size=1, max_size=400))
def test_totals_are_kept_for_ever_and_details_are_not(amounts: list[int]) -> None:
    book = EnergyBook(FLOWS)
    written: dict[int, int] = {}
    for number, amount in enumerate(amounts):
        book.book(FIRST.next(number), {Flow.SOLAR: amount})
        if number % 7 == 0:
            written |= {h: t for h, _, t in totals(book, Flow.SOLAR)}
    written |= {h: t for h, _, t in totals(book, Flow.SOLAR)}

    hours = range((len(amounts) + PERIODS_PER_HOUR - 1) // PERIODS_PER_HOUR)
    assert written == {h: sum(amounts[: (h + 1) * PERIODS_PER_HOUR]) for h in hours}
    assert len(book._periods) <= (HOURS_KEPT + 3) * PERIODS_PER_HOUR


def test_what_is_much_too_late_is_left_out() -> None:
    book = EnergyBook(FLOWS)
    late = HOURS_KEPT * PERIODS_PER_HOUR + 8
    book.book(FIRST, {Flow.SOLAR: 100})
    book.book(FIRST.next(late), {Flow.SOLAR: 100})
    book.take_rows()

    book.book(FIRST, {Flow.SOLAR: 999})

    assert book.take_rows() == {}


def test_a_settlement_is_split_between_retailer_and_neighbours() -> None:
    amounts = settled_amounts(SUMMARY, TARIFF)

    assert amounts == {
        Flow.RETAILER_IMPORT: 700,
        Flow.RETAILER_COST: 140_000_000,
        Flow.RETAILER_EXPORT: 200,
        Flow.RETAILER_COMPENSATION: 16_000_000,
        Flow.NEIGHBOURS_BOUGHT: 300,
        Flow.NEIGHBOURS_COST: 30_000_000,
        Flow.NEIGHBOURS_SOLD: 0,
        Flow.NEIGHBOURS_EARNINGS: 0,
    }


def test_earnings_are_not_negative_costs() -> None:
    amounts = settled_amounts(replace(SUMMARY, earned_nano=5), TARIFF)

    assert amounts[Flow.NEIGHBOURS_EARNINGS] == 5
    assert amounts[Flow.NEIGHBOURS_COST] == 0


def test_what_is_not_metered_is_not_booked() -> None:
    unknown = replace(
        SUMMARY,
        retailer_import_wh=None,
        retailer_export_wh=None,
        retailer_nano=None,
    )

    amounts = settled_amounts(unknown, TARIFF)

    assert Flow.RETAILER_IMPORT not in amounts
    assert Flow.RETAILER_EXPORT not in amounts
    assert Flow.RETAILER_COST not in amounts


def test_without_a_bill_energy_is_booked_and_money_is_not() -> None:
    amounts = settled_amounts(replace(SUMMARY, retailer_nano=None), TARIFF)

    assert amounts[Flow.RETAILER_EXPORT] == 200
    assert Flow.RETAILER_COST not in amounts
    assert Flow.RETAILER_COMPENSATION not in amounts


def image(
    at: Instant, wh: int | None, *, measured_at: Instant | None = None
) -> ProcessImage:
    """Return an image in which every counter shows about ``wh``."""
    seen = at if measured_at is None else measured_at
    device = DeviceId("device")
    return ProcessImage(
        taken_at=at,
        inverters={device: InverterState(measured_at=seen, energy_wh=wh)},
        batteries={
            device: BatteryState(measured_at=seen, charged_wh=wh, discharged_wh=None)
        },
        chargers={device: ChargerState(measured_at=seen, energy_wh=wh and 2 * wh)},
    )


def test_counters_become_the_energy_of_the_period_that_ended() -> None:
    book = CounterBook()
    book.read(image(FIRST.start, 1_000))
    book.read(image(FIRST.end, 1_250))

    assert book.take(FIRST) == {
        Flow.SOLAR: 250,
        Flow.BATTERY_CHARGED: 250,
        Flow.CHARGER: 500,
    }
    assert book.take(FIRST) == {}


def test_a_counter_that_was_unknown_gives_its_energy_later() -> None:
    book = CounterBook()
    book.read(image(FIRST.start, 1_000))
    book.read(image(FIRST.end, None))
    book.read(image(FIRST.next().end, 1_500))

    assert book.take(FIRST) == {}
    assert book.take(FIRST.next())[Flow.SOLAR] == 500


@pytest.mark.parametrize(
    "off",
    [
        image(after(FIRST.end, -5 * MINUTE_MS), 1_100),
        image(FIRST.end, 1_100, measured_at=after(FIRST.end, -5 * MINUTE_MS)),
    ],
)
def test_only_what_is_measured_on_a_boundary_counts(off: ProcessImage) -> None:
    book = CounterBook()
    book.read(image(FIRST.start, 1_000))
    book.read(off)

    assert book.take(FIRST).get(Flow.SOLAR) is None


def test_statistics_are_named_after_their_flow() -> None:
    assert (
        statistic_id(PLACE, Flow.RETAILER_IMPORT) == "commonwatt:demo_retailer_import"
    )
    assert len({statistic_id(PLACE, flow) for flow in Flow}) == len(Flow)


def test_a_correction_replaces_what_was_booked(hass: HomeAssistant) -> None:
    accounts = Accounts(
        hass, party=HOME, tariff=TARIFF, names={flow: flow.value for flow in Flow}
    )
    before = settlement(replace(SUMMARY, bought_wh=300, retailer_import_wh=700))
    after_ = settlement(replace(SUMMARY, bought_wh=250, retailer_import_wh=750))
    accounts.async_take(image(FIRST.start, 1_000), drained())
    accounts.async_take(
        image(FIRST.end, 1_250),
        drained(PeriodSettled(period=FIRST, settlement=before)),
    )
    accounts.async_take(None, drained(PeriodCorrected(period=FIRST, difference=after_)))

    rows = accounts._statistics.book.take_rows()

    assert rows[Flow.NEIGHBOURS_BOUGHT][0].total == 250
    assert rows[Flow.RETAILER_IMPORT][0].total == 750
    assert rows[Flow.SOLAR][0].total == 250


def settlement(summary: PartySummary) -> Settlement:
    """Return a settlement of one member."""
    return Settlement(
        period=FIRST, community=(), bills=(), parties=(summary,), deliveries=()
    )


def drained(*events: Event) -> Drained:
    """Return what a node said, and nothing else."""
    return Drained(actuate=(), report=events, summaries=())
