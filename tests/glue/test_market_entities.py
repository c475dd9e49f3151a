"""What a home sees of its market: sensors and the event of a trade."""

from dataclasses import replace

from homeassistant.components.sensor import ATTR_LAST_RESET, SensorStateClass
from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN, EntityCategory
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import device_registry as dr, entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
)

from custom_components.commonwatt.const import DOMAIN
from custom_components.commonwatt.data import CommonWattData
from custom_components.commonwatt.engine.devices import DeviceId, PowerSetpoint
from custom_components.commonwatt.engine.model.origin import EnergySource
from custom_components.commonwatt.engine.node import OriginShare, Supplier
from custom_components.commonwatt.engine.peer import Fault
from custom_components.commonwatt.node_diagnostics import node_diagnostics
from tests.glue.homes import add_home
from tests.glue.statuses import HOME, NEIGHBOUR, STATUS, STRANGER, UNKNOWN, matched


def feed_of(entry: MockConfigEntry) -> CommonWattData:
    """Return what a loaded entry holds."""
    data = entry.runtime_data
    assert isinstance(data, CommonWattData)
    return data


@pytest.fixture
async def entry(hass: HomeAssistant) -> MockConfigEntry:
    """Return a home whose node we speak for."""
    await hass.config.async_set_time_zone("Europe/Paris")
    hass.config.currency = "EUR"
    entry = await add_home(hass)
    feed_of(entry).market.party = HOME
    return entry


def state_of(hass: HomeAssistant, entity_id: str) -> State:
    """Return the state of an entity that exists."""
    state = hass.states.get(entity_id)
    assert state is not None, entity_id
    return state


@pytest.mark.parametrize(
    ("entity_id", "value", "unit", "state_class"),
    [
        ("sensor.home_clearing_price", 0.1523, "EUR/kWh", "measurement"),
        ("sensor.home_power_exchanged_with_neighbours", 1600, "W", "measurement"),
        ("sensor.home_energy_bought_locally", 12.34, "kWh", "total_increasing"),
        ("sensor.home_energy_sold_locally", 5.67, "kWh", "total_increasing"),
        ("sensor.home_saved_today", 1.23, "EUR", "total"),
        ("sensor.home_local_share", 62.5, "%", "measurement"),
        ("sensor.home_self_sufficiency", 87.1, "%", "measurement"),
        ("sensor.home_members_online", 11, None, "measurement"),
        ("sensor.home_community_pool", 1.5, "kWh", "measurement"),
        ("sensor.home_settled_delivery_periods", 44, None, "total_increasing"),
        ("sensor.home_open_delivery_periods", 2, None, "measurement"),
    ],
)
async def test_a_sensor_shows_its_part_of_the_status(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    entity_id: str,
    value: float,
    unit: str | None,
    state_class: str,
) -> None:
    feed_of(entry).market.publish(STATUS)

    state = state_of(hass, entity_id)
    assert float(state.state) == pytest.approx(value)
    assert state.attributes.get("unit_of_measurement") == unit
    assert state.attributes["state_class"] == state_class


@pytest.mark.parametrize(
    "entity_id",
    [
        "sensor.home_clearing_price",
        "sensor.home_power_exchanged_with_neighbours",
        "sensor.home_local_share",
        "sensor.home_self_sufficiency",
        "sensor.home_saved_today",
        "sensor.home_from_own_sources_today",
        "sensor.home_from_neighbours_today",
        "sensor.home_from_the_grid_today",
        "sensor.home_carbon_of_today_s_use",
        "sensor.home_carbon_intensity_of_today_s_use",
    ],
)
async def test_what_is_unknown_is_not_zero(
    hass: HomeAssistant, entry: MockConfigEntry, entity_id: str
) -> None:
    feed_of(entry).market.publish(UNKNOWN)

    assert state_of(hass, entity_id).state == STATE_UNKNOWN


async def test_use_is_told_by_who_supplied_it_and_by_its_carbon(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    own, neighbour, grid = Supplier.OWN, Supplier.NEIGHBOUR, Supplier.GRID
    origin = (
        OriginShare(supplier=own, source=EnergySource.SOLAR, share_ppm=402_000),
        OriginShare(supplier=neighbour, source=EnergySource.SOLAR, share_ppm=98_000),
        OriginShare(supplier=neighbour, source=EnergySource.WIND, share_ppm=200_000),
        OriginShare(supplier=grid, source=EnergySource.GRID, share_ppm=300_000),
    )
    status = replace(
        STATUS,
        origin_today=origin,
        carbon_mg_today=812_400,
        carbon_g_per_kwh_today=97,
    )
    feed_of(entry).market.publish(status)

    for name, percent in (
        ("own_sources", 40.2),
        ("neighbours", 29.8),
        ("the_grid", 30),
    ):
        share = state_of(hass, f"sensor.home_from_{name}_today")
        assert float(share.state) == pytest.approx(percent)
        assert share.attributes["unit_of_measurement"] == "%"
    sources = state_of(hass, "sensor.home_from_neighbours_today").attributes
    assert (sources["solar"], sources["wind"]) == (9.8, 20)
    carbon = state_of(hass, "sensor.home_carbon_of_today_s_use")
    assert float(carbon.state) == pytest.approx(812.4)
    assert carbon.attributes["unit_of_measurement"] == "g"
    assert carbon.attributes["state_class"] is SensorStateClass.TOTAL
    assert carbon.attributes[ATTR_LAST_RESET] == "2025-03-25T23:00:00+00:00"
    intensity = state_of(hass, "sensor.home_carbon_intensity_of_today_s_use")
    assert float(intensity.state) == 97
    assert intensity.attributes["unit_of_measurement"] == "g/kWh"


async def test_savings_start_at_local_midnight_and_name_their_basis(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    feed_of(entry).market.publish(STATUS)

    saved = state_of(hass, "sensor.home_saved_today")
    assert saved.attributes["device_class"] == "monetary"
    assert saved.attributes["state_class"] is SensorStateClass.TOTAL
    assert saved.attributes[ATTR_LAST_RESET] == "2025-03-25T23:00:00+00:00"
    assert saved.attributes["basis"] == "sharing"


async def test_the_round_shows_its_phase_and_which_delivery_it_is_about(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    feed_of(entry).market.publish(STATUS)

    state = state_of(hass, "sensor.home_state_of_the_round")
    assert state.state == "final"
    assert state.state in state.attributes["options"]
    assert state.attributes["delivery_start"] == "2025-03-26T11:15:00+00:00"


@pytest.mark.usefixtures("entry")
async def test_a_home_alone_has_no_price_and_no_errors(
    hass: HomeAssistant, caplog: pytest.LogCaptureFixture
) -> None:
    assert state_of(hass, "sensor.home_members_online").state == "1"
    assert state_of(hass, "sensor.home_clearing_price").state == STATE_UNKNOWN
    assert float(state_of(hass, "sensor.home_saved_today").state) == 0
    assert float(state_of(hass, "sensor.home_energy_bought_locally").state) == 0
    assert not [
        record
        for record in caplog.records
        if record.name.startswith("custom_components.commonwatt")
        and record.levelname in {"WARNING", "ERROR", "CRITICAL"}
    ]


async def test_faults_of_peers_are_counted_without_names(
    hass: HomeAssistant, entry: MockConfigEntry, entity_registry: er.EntityRegistry
) -> None:
    entity_id = "sensor.home_faults_of_peers"
    registered = entity_registry.async_get(entity_id)
    assert registered is not None
    assert registered.disabled_by is er.RegistryEntryDisabler.INTEGRATION
    assert registered.entity_category is EntityCategory.DIAGNOSTIC

    entity_registry.async_update_entity(entity_id, disabled_by=None)
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    faults = {
        (NEIGHBOUR, Fault.REJECTED): 2,
        (STRANGER, Fault.REJECTED): 1,
        (None, Fault.TOO_LATE): 4,
    }
    feed_of(entry).market.publish(replace(STATUS, faults=faults))

    state = state_of(hass, entity_id)
    assert state.state == "7"
    assert state.attributes[Fault.REJECTED.value] == 3
    assert state.attributes[Fault.TOO_LATE.value] == 4
    assert NEIGHBOUR not in str(state.as_dict())


@pytest.mark.parametrize(
    ("seller", "buyer", "event_type", "price"),
    [(NEIGHBOUR, HOME, "bought", 0.12), (HOME, NEIGHBOUR, "sold", 0.10)],
)
async def test_a_trade_fires_an_event_without_names(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    seller: str,
    buyer: str,
    event_type: str,
    price: float,
) -> None:
    seen = async_capture_events(hass, "state_changed")
    assert state_of(hass, "event.home_trade").state == STATE_UNKNOWN

    feed_of(entry).market.publish(STATUS, [matched(seller, buyer)])  # type: ignore[arg-type]  # party ids are texts

    state = state_of(hass, "event.home_trade")
    assert state.state not in {STATE_UNKNOWN, STATE_UNAVAILABLE}
    assert state.attributes["event_type"] == event_type
    assert state.attributes["energy_kwh"] == pytest.approx(0.4)
    assert state.attributes["price_per_kwh"] == pytest.approx(price)
    assert state.attributes["delivery_start"] == "2025-03-26T11:00:00+00:00"
    assert NEIGHBOUR not in str(state.as_dict())
    await hass.async_block_till_done()
    assert any(event.data["entity_id"] == "event.home_trade" for event in seen)


@pytest.mark.parametrize(("seller", "buyer"), [(NEIGHBOUR, STRANGER), (HOME, HOME)])
async def test_what_is_no_trade_with_a_neighbour_fires_nothing(
    hass: HomeAssistant, entry: MockConfigEntry, seller: str, buyer: str
) -> None:
    feed_of(entry).market.publish(STATUS, [matched(seller, buyer)])  # type: ignore[arg-type]  # party ids are texts

    assert state_of(hass, "event.home_trade").state == STATE_UNKNOWN


async def test_all_entities_of_market_and_plan_sit_on_the_hub(
    entry: MockConfigEntry,
    device_registry: dr.DeviceRegistry,
    entity_registry: er.EntityRegistry,
) -> None:
    hub = device_registry.async_get_device_by_identifier(
        (DOMAIN, entry.entry_id), entry.entry_id
    )
    assert hub is not None

    entities = er.async_entries_for_config_entry(entity_registry, entry.entry_id)

    assert {"plan_state", "clearing_price"} <= {e.translation_key for e in entities}
    assert {entity.device_id for entity in entities} == {hub.id}


async def test_nothing_listens_any_more_after_unloading(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    feed = feed_of(entry).market
    assert await hass.config_entries.async_unload(entry.entry_id)

    feed.publish(STATUS, [matched(NEIGHBOUR, HOME)])

    assert state_of(hass, "sensor.home_members_online").state == STATE_UNAVAILABLE
    assert state_of(hass, "event.home_trade").state == STATE_UNAVAILABLE


async def test_diagnostics_count_faults_of_peers_without_naming_them(
    entry: MockConfigEntry,
) -> None:
    faults = {
        (STRANGER, Fault.REJECTED): 2,
        (NEIGHBOUR, Fault.TOO_LATE): 1,
        (None, Fault.REJECTED): 3,
    }
    setpoint = PowerSetpoint(
        device=DeviceId("battery"), power_w=-800, expires_at=STATUS.at
    )
    feed_of(entry).market.publish(replace(STATUS, faults=faults, advice=(setpoint,)))

    status = node_diagnostics(entry)["status"]

    assert isinstance(status, dict)
    assert status["faults"] == {
        "peer 1": {Fault.TOO_LATE.value: 1},
        "peer 2": {Fault.REJECTED.value: 2},
        "unknown": {Fault.REJECTED.value: 3},
    }
    assert status["advice"] == [
        {"device": "battery", "value": -800, "expires_at": STATUS.at}
    ]
    assert NEIGHBOUR not in str(status)
