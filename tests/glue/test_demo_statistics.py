"""Statistics of simulated time: at their own time, equal to the journal, valid."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from homeassistant.components.energy.data import async_get_manager
from homeassistant.components.recorder import Recorder, get_instance
from homeassistant.components.recorder.statistics import (
    get_metadata,
    statistics_during_period,
)
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.commonwatt.accounts import statistics
from custom_components.commonwatt.accounts.flows import Flow
from custom_components.commonwatt.const import DOMAIN
from custom_components.commonwatt.demo.accounts import FLOWS, PLACE
from custom_components.commonwatt.demo.settings import DemoSettings
from custom_components.commonwatt.drivers.journal import SQLiteJournal
from custom_components.commonwatt.engine.ledger.journal import EntryKind
from custom_components.commonwatt.engine.model.party import PartyId
from custom_components.commonwatt.engine.model.period import Instant
from custom_components.commonwatt.engine.model.posting import AccountKind, Unit
from custom_components.commonwatt.engine.node import read_transactions
from custom_components.commonwatt.engine.simulation.homes import Counters
from custom_components.commonwatt.home import wall_clock
from custom_components.commonwatt.journal_file import journal_path
from tests.glue.demos import add_demo, demo_of, no_waiting, until_stopped

pytestmark = pytest.mark.usefixtures("recorder_mock", "socket_enabled")

statistic_id = partial(statistics.statistic_id, PLACE)

type Rows = Mapping[Flow, list[Mapping[str, float]]]


@pytest.fixture(autouse=True)
def _real_storage(hass: HomeAssistant, tmp_path: Path) -> None:
    """Give every test a configuration folder of its own, on a real disk."""
    hass.config.config_dir = str(tmp_path)


async def run(hass: HomeAssistant, periods: int = 5) -> MockConfigEntry:
    """Run a demo to its end, with everything written."""
    with no_waiting():
        settings = DemoSettings(speed=900, stop_after_periods=periods)
        entry = await add_demo(hass, settings)
        await until_stopped(hass, entry)
    await async_wait_recording_done(hass)
    return entry


async def rows_of(hass: HomeAssistant) -> Rows:
    """Return the hourly rows of all statistics of the demo."""
    found = await get_instance(hass).async_add_executor_job(
        statistics_during_period,
        hass,
        dt_util.utc_from_timestamp(0),
        None,
        {statistic_id(flow) for flow in FLOWS},
        "hour",
        None,
        {"state", "sum"},
    )
    return {
        flow: [
            {"start": row["start"], "state": row["state"] or 0, "sum": row["sum"] or 0}
            for row in found[statistic_id(flow)]
        ]
        for flow in FLOWS
    }


def last_sum(rows: Rows, flow: Flow) -> float:
    """Return the total of a flow, in kWh or currency."""
    return rows[flow][-1]["sum"]


def journaled(path: Path, party: PartyId) -> dict[str, int]:
    """Add up what the journal says about one member."""
    journal = SQLiteJournal.open(path, now=wall_clock()).journal
    totals = {"retailer_wh": 0, "party_wh": 0, "community_nano": 0, "bill_nano": 0}
    for entry in journal.entries():
        if entry.kind is not EntryKind.SETTLED:
            continue
        for transaction in read_transactions(entry.body):
            for posting in transaction.postings:
                if posting.account.party != party:
                    continue
                kind, unit = posting.account.kind, posting.unit
                if kind is AccountKind.RETAILER and unit is Unit.WH:
                    totals["retailer_wh"] += posting.amount
                if kind is AccountKind.PARTY and unit is Unit.WH:
                    totals["party_wh"] += posting.amount
                if kind is AccountKind.PARTY and unit is Unit.NANO:
                    bill = transaction.reason == "retailer"
                    key = "bill_nano" if bill else "community_nano"
                    totals[key] += posting.amount
    journal.close()
    return totals


async def test_statistics_say_what_the_journal_says(hass: HomeAssistant) -> None:
    entry = await run(hass)
    party = demo_of(entry).feed.party
    rows = await rows_of(hass)
    assert await hass.config_entries.async_unload(entry.entry_id)
    path = journal_path(hass, entry.entry_id)
    truth = await hass.async_add_executor_job(journaled, path, party)

    net_retailer = last_sum(rows, Flow.RETAILER_IMPORT) - last_sum(
        rows, Flow.RETAILER_EXPORT
    )
    net_neighbours = last_sum(rows, Flow.NEIGHBOURS_BOUGHT) - last_sum(
        rows, Flow.NEIGHBOURS_SOLD
    )
    earned = last_sum(rows, Flow.NEIGHBOURS_EARNINGS) - last_sum(
        rows, Flow.NEIGHBOURS_COST
    )
    paid = last_sum(rows, Flow.RETAILER_COST) - last_sum(
        rows, Flow.RETAILER_COMPENSATION
    )
    assert net_retailer * 1000 == pytest.approx(-truth["retailer_wh"])
    assert (net_retailer + net_neighbours) * 1000 == pytest.approx(truth["party_wh"])
    assert earned * 1e9 == pytest.approx(truth["community_nano"])
    assert paid * 1e9 == pytest.approx(-truth["bill_nano"])
    assert truth["community_nano"] != 0
    assert truth["bill_nano"] != 0


async def test_statistics_say_what_the_meters_of_the_home_counted(
    hass: HomeAssistant,
) -> None:
    counters: dict[Instant, Counters] = {}
    with no_waiting():
        entry = await add_demo(hass, DemoSettings(speed=900, stop_after_periods=5))
        demo = demo_of(entry)
        demo.async_listen(
            lambda: counters.update({demo.now: demo.homes[0].state.counters})
        )
        await until_stopped(hass, entry)
    await async_wait_recording_done(hass)
    rows = await rows_of(hass)
    assert demo.feed.status is not None
    last = demo.feed.status.last_settled
    assert last is not None
    before, after = counters[last.next(-4).start], counters[last.end]

    bought_wh = last_sum(rows, Flow.NEIGHBOURS_BOUGHT) * 1000
    sold_wh = last_sum(rows, Flow.NEIGHBOURS_SOLD) * 1000
    import_wh = last_sum(rows, Flow.RETAILER_IMPORT) * 1000
    export_wh = last_sum(rows, Flow.RETAILER_EXPORT) * 1000
    # What the car takes at work is imported, too: there, but by the same party.
    home_wh = after.import_wh - before.import_wh
    work_wh = after.guest_wh - before.guest_wh
    assert import_wh + bought_wh == pytest.approx(home_wh + work_wh, abs=2)
    assert export_wh + sold_wh == pytest.approx(
        after.export_wh - before.export_wh, abs=2
    )
    # The inverter counts on the side of modules and cells: losses are in between.
    solar_wh = last_sum(rows, Flow.SOLAR) * 1000
    assert solar_wh == pytest.approx(after.pv_wh - before.pv_wh, rel=0.05)
    charged_wh = last_sum(rows, Flow.BATTERY_CHARGED) * 1000
    taken_wh = after.battery_charged_wh - before.battery_charged_wh
    assert charged_wh == pytest.approx(taken_wh, rel=0.05)
    assert min(solar_wh, charged_wh, sold_wh, import_wh) > 0
    await hass.config_entries.async_unload(entry.entry_id)


async def test_hours_have_their_own_time_and_only_grow(hass: HomeAssistant) -> None:
    entry = await run(hass)
    demo = demo_of(entry)
    rows = await rows_of(hass)

    for flow in FLOWS:
        starts = [row["start"] for row in rows[flow]]
        sums = [row["sum"] for row in rows[flow]]
        assert len(starts) == 2
        assert starts[1] - starts[0] == 3600
        assert starts[-1] * 1000 < demo.now
        assert dt_util.utcnow().timestamp() - starts[0] > 86_400
        assert sums == sorted(sums)
        assert sums[0] == pytest.approx(rows[flow][0]["state"])
        assert sums[1] - sums[0] == pytest.approx(rows[flow][1]["state"])
    await hass.config_entries.async_unload(entry.entry_id)


async def test_an_earlier_run_is_cleared_first(hass: HomeAssistant) -> None:
    entry = await run(hass)
    long = await rows_of(hass)
    await hass.config_entries.async_unload(entry.entry_id)
    await hass.config_entries.async_remove(entry.entry_id)

    entry = await run(hass, periods=3)
    short = await rows_of(hass)

    assert len(short[Flow.SOLAR]) < len(long[Flow.SOLAR])
    assert short[Flow.SOLAR][0]["sum"] <= long[Flow.SOLAR][0]["sum"]
    await hass.config_entries.async_unload(entry.entry_id)


async def test_the_energy_dashboard_accepts_retailer_and_neighbours_as_two_grids(
    hass: HomeAssistant, hass_ws_client: WebSocketGenerator
) -> None:
    assert await async_setup_component(hass, "energy", {})
    entry = await run(hass)
    client = await hass_ws_client(hass)
    ids = {flow: statistic_id(flow) for flow in FLOWS}
    grid = {
        "type": "grid",
        "entity_energy_price": None,
        "number_energy_price": None,
        "entity_energy_price_export": None,
        "number_energy_price_export": None,
        "cost_adjustment_day": 0,
    }
    await client.send_json_auto_id(
        {
            "type": "energy/save_prefs",
            "energy_sources": [
                {
                    **grid,
                    "stat_energy_from": ids[Flow.RETAILER_IMPORT],
                    "stat_energy_to": ids[Flow.RETAILER_EXPORT],
                    "stat_cost": ids[Flow.RETAILER_COST],
                    "stat_compensation": ids[Flow.RETAILER_COMPENSATION],
                },
                {
                    **grid,
                    "name": "Neighbours",
                    "stat_energy_from": ids[Flow.NEIGHBOURS_BOUGHT],
                    "stat_energy_to": ids[Flow.NEIGHBOURS_SOLD],
                    "stat_cost": ids[Flow.NEIGHBOURS_COST],
                    "stat_compensation": ids[Flow.NEIGHBOURS_EARNINGS],
                },
                {
                    "type": "solar",
                    "stat_energy_from": ids[Flow.SOLAR],
                    "config_entry_solar_forecast": None,
                },
                {
                    "type": "battery",
                    "stat_energy_from": ids[Flow.BATTERY_DISCHARGED],
                    "stat_energy_to": ids[Flow.BATTERY_CHARGED],
                },
            ],
            "device_consumption": [{"stat_consumption": ids[Flow.CHARGER]}],
        }
    )
    saved = await client.receive_json()
    assert saved["success"], saved
    assert (await async_get_manager(hass)).data is not None

    await client.send_json_auto_id({"type": "energy/validate"})
    verdict = await client.receive_json()

    assert verdict["success"]
    assert verdict["result"]["energy_sources"] == [[], [], [], []]
    assert verdict["result"]["device_consumption"] == [[]]
    await hass.config_entries.async_unload(entry.entry_id)


async def test_names_and_units_are_for_people(
    hass: HomeAssistant, recorder_mock: Recorder
) -> None:
    hass.config.language = "fr"
    entry = await run(hass, periods=1)

    metadata = await recorder_mock.async_add_executor_job(
        lambda: get_metadata(hass, statistic_source=DOMAIN)
    )

    assert len(metadata) == len(FLOWS)
    solar = metadata[statistic_id(Flow.SOLAR)][1]
    cost = metadata[statistic_id(Flow.NEIGHBOURS_COST)][1]
    assert solar["name"] == "Démo : solaire"
    assert solar["unit_of_measurement"] == "kWh"
    assert cost["unit_of_measurement"] == hass.config.currency
    await hass.config_entries.async_unload(entry.entry_id)
