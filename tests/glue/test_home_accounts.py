"""The accounts of a real home: a week of settlements to the Wh and nano."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from homeassistant.components.recorder import get_instance
from homeassistant.components.recorder.statistics import statistics_during_period
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from homeassistant.util.json import JsonValueType
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)

from custom_components.commonwatt.accounts.energy_book import HOURS_KEPT, EnergyBook
from custom_components.commonwatt.accounts.flows import Flow, used_amounts
from custom_components.commonwatt.accounts.home import FLOWS
from custom_components.commonwatt.accounts.statistics import statistic_id
from custom_components.commonwatt.engine.ledger.settlement import (
    PartySummary,
    Settlement,
)
from custom_components.commonwatt.engine.model.origin import EnergySource
from custom_components.commonwatt.engine.model.party import PartyId
from custom_components.commonwatt.engine.model.period import (
    PERIODS_PER_HOUR,
    DeliveryPeriod,
)
from custom_components.commonwatt.engine.node import (
    MixPart,
    PeriodCorrected,
    PeriodSettled,
    Supplier,
)
from tests.glue.statuses import NEIGHBOUR, PERIOD, STATUS, STRANGER
from tests.glue.test_scores import add_sharing_home, data_of, summary

pytestmark = pytest.mark.usefixtures("recorder_mock")

WEEK = 7 * 96
FIRST = DeliveryPeriod(PERIOD.number // PERIODS_PER_HOUR * PERIODS_PER_HOUR)


@pytest.fixture(autouse=True)
def _real_storage(hass: HomeAssistant, tmp_path: Path) -> None:
    """Give every test a configuration folder of its own, on a real disk."""
    hass.config.config_dir = str(tmp_path)


def part(home: PartyId, number: int) -> PartySummary:
    """Return what one period of a week brought: odd amounts, some given, some taken."""
    bought_wh, sold_wh = number * 37 % 411, number * 53 % 173
    import_wh, export_wh = bought_wh + number * 11 % 97, sold_wh + number * 7 % 61
    retailer_import_wh, retailer_export_wh = import_wh - bought_wh, export_wh - sold_wh
    return replace(
        summary(home, 0),
        bought_wh=bought_wh,
        sold_wh=sold_wh,
        import_wh=import_wh,
        export_wh=export_wh,
        retailer_import_wh=retailer_import_wh,
        retailer_export_wh=retailer_export_wh,
        earned_nano=number * 1_234_567 % 99_991_001 - 50_000_003,
        retailer_nano=retailer_import_wh * 250_000 - retailer_export_wh * 80_000,
    )


def settled(home: PartyId, number: int) -> Settlement:
    return Settlement(
        period=FIRST.next(number),
        community=(),
        bills=(),
        parties=(part(home, number), summary(NEIGHBOUR, 0)),
        deliveries=(),
    )


def a_week(home: PartyId) -> Iterator[Settlement]:
    """Yield the settlements of a week."""
    return (settled(home, number) for number in range(WEEK))


async def live(
    hass: HomeAssistant, entry: MockConfigEntry, settlements: list[Settlement]
) -> None:
    """Let the node settle periods."""
    events = [PeriodSettled(period=one.period, settlement=one) for one in settlements]
    data_of(entry).market.publish(STATUS, events)
    await hass.async_block_till_done()


async def sums(hass: HomeAssistant, entry: MockConfigEntry) -> Mapping[Flow, float]:
    """Return the totals of all statistics of the home."""
    await async_wait_recording_done(hass)
    ids = {flow: statistic_id(entry.entry_id, flow) for flow in FLOWS}
    found = await get_instance(hass).async_add_executor_job(
        statistics_during_period,
        hass,
        dt_util.utc_from_timestamp(0),
        None,
        set(ids.values()),
        "hour",
        None,
        {"state", "sum"},
    )
    assert set(found) == set(ids.values())
    return {flow: found[key][-1]["sum"] or 0 for flow, key in ids.items()}


async def test_a_week_equals_what_was_settled_across_a_restart_and_a_correction(
    hass: HomeAssistant,
) -> None:
    entry = await add_sharing_home(hass)
    home = data_of(entry).market.party
    week = list(a_week(home))
    await live(hass, entry, week[: WEEK // 2])
    assert await hass.config_entries.async_reload(entry.entry_id)
    for start in range(WEEK // 2, WEEK, 96):
        await live(hass, entry, week[start : start + 96])
    late = settled(home, WEEK - 3)
    truth = replace(late.parties[0], bought_wh=late.parties[0].bought_wh + 5)
    changed = replace(late, parties=(truth, late.parties[1]))
    corrected = PeriodCorrected(period=late.period, difference=changed)
    data_of(entry).market.publish(STATUS, [corrected])
    await hass.async_block_till_done()
    shown = await sums(hass, entry)

    parts = [part(home, number) for number in range(WEEK)]
    bought_wh = sum(one.bought_wh for one in parts) + 5
    assert round(shown[Flow.NEIGHBOURS_BOUGHT] * 1000) == bought_wh
    for flow, wh in (
        (Flow.NEIGHBOURS_SOLD, sum(one.sold_wh for one in parts)),
        (Flow.RETAILER_IMPORT, sum(one.retailer_import_wh or 0 for one in parts)),
        (Flow.RETAILER_EXPORT, sum(one.retailer_export_wh or 0 for one in parts)),
    ):
        assert round(shown[flow] * 1000) == wh
    earned = shown[Flow.NEIGHBOURS_EARNINGS] - shown[Flow.NEIGHBOURS_COST]
    paid = shown[Flow.RETAILER_COST] - shown[Flow.RETAILER_COMPENSATION]
    assert round(earned * 1e9) == sum(one.earned_nano for one in parts)
    assert round(paid * 1e9) == sum(one.retailer_nano or 0 for one in parts)
    await hass.config_entries.async_unload(entry.entry_id)


def test_use_is_told_by_its_source_and_its_carbon() -> None:
    amounts = used_amounts(
        MixPart(supplier=supplier, source=source, energy_wh=wh, carbon_mg=mg)
        for supplier, source, wh, mg in (
            (Supplier.OWN, EnergySource.SOLAR, 300, 13_500),
            (Supplier.NEIGHBOUR, EnergySource.SOLAR, 200, 9_000),
            (Supplier.NEIGHBOUR, EnergySource.WIND, 100, 1_200),
            (Supplier.GRID, EnergySource.GRID, 50, 12_000),
        )
    )

    assert amounts[Flow.USED_SOLAR] == 500
    assert amounts[Flow.USED_WIND] == 100
    assert amounts[Flow.USED_GRID] == 50
    assert amounts[Flow.USED_HYDRO] == 0
    assert amounts[Flow.CARBON] == 35_700


@pytest.mark.parametrize(
    "kept", [{}, {"before": None}, {"before": "x", "folded": {}, "periods": {}}]
)
def test_a_book_nobody_can_read_is_begun_anew(kept: dict[str, str | None]) -> None:
    book = EnergyBook.resume(FLOWS, {**kept})

    assert book.as_data() == EnergyBook(FLOWS).as_data()


async def test_a_home_alone_has_no_statistics_of_neighbours(
    hass: HomeAssistant,
) -> None:
    entry = await add_sharing_home(hass)
    home = data_of(entry).market.party
    alone = replace(settled(home, 0), parties=(part(home, 0),))
    await live(hass, entry, [alone])
    await async_wait_recording_done(hass)
    found = await get_instance(hass).async_add_executor_job(
        statistics_during_period,
        hass,
        dt_util.utc_from_timestamp(0),
        None,
        {statistic_id(entry.entry_id, Flow.NEIGHBOURS_BOUGHT)},
        "hour",
        None,
        {"sum"},
    )

    assert not found
    await hass.config_entries.async_unload(entry.entry_id)


async def test_a_node_that_has_stopped_leaves_only_the_origin_unknown(
    hass: HomeAssistant,
) -> None:
    entry = await add_sharing_home(hass)
    data = data_of(entry)

    async def stopped[Answer](question: object) -> Answer:
        assert question is not None
        raise RuntimeError("a pump that stands still asks nobody")

    data.ask = stopped
    await live(hass, entry, [settled(data.market.party, 1)])
    shown = await sums(hass, entry)

    assert round(shown[Flow.NEIGHBOURS_BOUGHT] * 1000) == 37
    assert shown[Flow.USED_SOLAR] == 0
    await hass.config_entries.async_unload(entry.entry_id)


async def test_what_others_settled_without_the_home_is_not_its_business(
    hass: HomeAssistant,
) -> None:
    entry = await add_sharing_home(hass)
    others = (summary(NEIGHBOUR, 5), summary(STRANGER, 5))
    without = replace(settled(NEIGHBOUR, 1), parties=others)
    own = settled(data_of(entry).market.party, 2)

    await live(hass, entry, [without, own])

    shown = await sums(hass, entry)
    assert round(shown[Flow.NEIGHBOURS_BOUGHT] * 1000) == 74
    await hass.config_entries.async_unload(entry.entry_id)


def test_an_hour_that_is_closed_changes_no_more() -> None:
    book, sold = EnergyBook(FLOWS), Flow.NEIGHBOURS_SOLD
    book.book(FIRST, {sold: 7})
    assert book.take_rows()[sold][-1].total == 7
    assert book.take_rows() == {}
    later = FIRST.next(PERIODS_PER_HOUR * (HOURS_KEPT + 2))
    book.book(later, {sold: 5})
    assert book.take_rows()[sold][-1].total == 12

    book.book(FIRST, {sold: 70})

    assert book.take_rows() == {}


@pytest.mark.parametrize("periods", [[], {"1": {"neighbours_sold": "7"}}])
def test_amounts_are_whole_and_have_names(periods: JsonValueType) -> None:
    data: JsonValueType = {"before": 1, "folded": {}, "periods": periods}

    assert EnergyBook.resume(FLOWS, data).as_data() == EnergyBook(FLOWS).as_data()
