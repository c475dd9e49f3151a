"""The Energy dashboard of a real home: set up when its owner says so, counting once."""

from collections.abc import Mapping
from pathlib import Path

from homeassistant.components.energy.data import async_get_manager
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.commonwatt.accounts.dashboard import (
    async_find,
    async_set_up,
    issue_id,
)
from custom_components.commonwatt.const import DOMAIN
from custom_components.commonwatt.engine.devices import DeviceKind
from custom_components.commonwatt.repairs import DashboardFlow, async_create_fix_flow
from tests.glue.homes import add_home, adopted
from tests.glue.test_home_accounts import live, settled
from tests.glue.test_scores import add_sharing_home, data_of

pytestmark = pytest.mark.usefixtures("recorder_mock")

METER = {
    "type": "grid",
    "stat_energy_from": "sensor.meter_import",
    "stat_energy_to": "sensor.meter_export",
    "stat_cost": None,
    "stat_compensation": None,
    "entity_energy_price": None,
    "number_energy_price": None,
    "entity_energy_price_export": None,
    "number_energy_price_export": None,
    "cost_adjustment_day": 0.5,
    "stat_rate": "sensor.meter_power",
}


@pytest.fixture(autouse=True)
def _real_storage(hass: HomeAssistant, tmp_path: Path) -> None:
    """Give every test a configuration folder of its own, on a real disk."""
    hass.config.config_dir = str(tmp_path)


async def with_dashboard(
    hass: HomeAssistant, *grids: Mapping[str, object]
) -> MockConfigEntry:
    """Return a home that trades, and whose owner uses the dashboard."""
    assert await async_setup_component(hass, "energy", {})
    manager = await async_get_manager(hass)
    await manager.async_update(
        {"energy_sources": [*grids], "device_consumption": []}  # type: ignore[list-item]  # as the dashboard saves it
    )
    entry = await add_sharing_home(hass)
    await live(hass, entry, [settled(data_of(entry).market.party, 1)])
    await hass.async_block_till_done()
    return entry


async def fixing(hass: HomeAssistant, issue: ir.IssueEntry) -> DashboardFlow:
    """Begin to fix an issue, as its owner would."""
    flow = await async_create_fix_flow(hass, issue.issue_id, issue.data)
    assert isinstance(flow, DashboardFlow)
    flow.hass, flow.issue_id = hass, issue.issue_id
    return flow


async def test_the_dashboard_is_set_up_when_the_owner_says_so_and_counts_once(
    hass: HomeAssistant, hass_ws_client: WebSocketGenerator
) -> None:
    entry = await with_dashboard(hass, METER)
    issue = ir.async_get(hass).async_get_issue(DOMAIN, issue_id(entry))
    assert issue is not None
    assert issue.is_fixable
    manager = await async_get_manager(hass)
    assert manager.data is not None
    assert [*manager.data["energy_sources"]] == [METER]

    flow = await fixing(hass, issue)
    asked = await flow.async_step_init()
    assert asked["type"] is FlowResultType.MENU
    assert "sensor.meter_import" in str(asked["description_placeholders"])
    done = await flow.async_step_set_up()
    assert done["type"] is FlowResultType.CREATE_ENTRY

    retailer, neighbours = manager.data["energy_sources"]
    assert "sensor.meter_import" not in str([retailer, neighbours])
    assert retailer["type"] == "grid"
    assert retailer["cost_adjustment_day"] == 0.5
    assert retailer["stat_rate"] == "sensor.meter_power"
    assert "stat_rate" not in neighbours
    assert ir.async_get(hass).async_get_issue(DOMAIN, issue_id(entry)) is None

    await async_wait_recording_done(hass)
    client = await hass_ws_client(hass)
    await client.send_json_auto_id({"type": "energy/validate"})
    verdict = await client.receive_json()
    retailer_issues, neighbours_issues = verdict["result"]["energy_sources"]
    assert neighbours_issues == []
    # The power sensor is the owner's, and does not exist in this test.
    affected = {
        entity
        for found in retailer_issues
        for entity, _detail in found["affected_entities"]
    }
    assert affected <= {METER["stat_rate"]}
    await hass.config_entries.async_unload(entry.entry_id)


async def test_the_dashboard_is_left_alone_when_the_owner_says_so(
    hass: HomeAssistant,
) -> None:
    entry = await with_dashboard(hass, METER)
    issue = ir.async_get(hass).async_get_issue(DOMAIN, issue_id(entry))
    assert issue is not None
    flow = await fixing(hass, issue)
    left = await flow.async_step_leave()
    manager = await async_get_manager(hass)

    assert left["reason"] == "dashboard_left"
    assert manager.data is not None
    assert [*manager.data["energy_sources"]] == [METER]
    await hass.config_entries.async_unload(entry.entry_id)


async def test_nobody_guesses_among_several_meters(hass: HomeAssistant) -> None:
    another = {**METER, "stat_energy_from": "sensor.shed", "stat_energy_to": None}
    entry = await with_dashboard(hass, METER, another)
    issue = ir.async_get(hass).async_get_issue(DOMAIN, issue_id(entry))
    assert issue is not None
    flow = await fixing(hass, issue)

    assert (await flow.async_step_init())["reason"] == "dashboard_unclear"
    await hass.config_entries.async_unload(entry.entry_id)


async def test_among_several_meters_the_homes_own_is_found(
    hass: HomeAssistant,
) -> None:
    shed = {**METER, "stat_energy_from": "sensor.shed", "stat_energy_to": None}
    power = {"stat_rate": "sensor.meter_power"}
    own: dict[str, object] = {**METER, "power_config": power}
    del own["stat_rate"]
    assert await async_setup_component(hass, "energy", {})
    manager = await async_get_manager(hass)
    await manager.async_update(
        {"energy_sources": [shed, own], "device_consumption": []}  # type: ignore[list-item]  # as the dashboard saves it
    )
    meter = {"import": "sensor.meter_import", "export": "sensor.meter_export"}
    entry = await add_home(hass, [adopted(DeviceKind.METER, meter)])

    found = await async_find(hass, entry)
    assert found is not None
    assert found.index == 1
    await async_set_up(hass, entry, found)

    assert manager.data is not None
    kept, retailer, neighbours = manager.data["energy_sources"]
    assert [kept] == [shed]
    assert "power_config" in retailer
    assert retailer["power_config"] == power  # type: ignore[typeddict-item]  # a grid's
    assert "power_config" not in neighbours
    await hass.config_entries.async_unload(entry.entry_id)


async def test_who_does_without_a_grid_in_the_dashboard_is_not_asked(
    hass: HomeAssistant,
) -> None:
    entry = await with_dashboard(hass)

    assert ir.async_get(hass).async_get_issue(DOMAIN, issue_id(entry)) is None
    await hass.config_entries.async_unload(entry.entry_id)
