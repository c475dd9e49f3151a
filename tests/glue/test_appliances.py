"""Appliances that may wait: their form, their entities, their place in the plan."""

from datetime import timedelta

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    SOURCE_USER,
    ConfigSubentryData,
    SubentryFlowResult,
)
from homeassistant.const import STATE_OFF, STATE_ON
from homeassistant.core import HomeAssistant, State
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.commonwatt.engine.devices import DeviceKind
from custom_components.commonwatt.engine.model.period import instant_from_datetime
from custom_components.commonwatt.planning.appliances import (
    SUBENTRY_APPLIANCE,
    ApplianceSettings,
)
from tests.glue.forms import suggested as suggested_by
from tests.glue.homes import add_home, adopted, settle

NIGHT = "2026-03-26T20:30:00+00:00"
WASHER = {
    "run": "contiguous",
    "profile_w": [2000, 200],
    "minutes": 30,
    "earliest": "22:00:00",
    "done_by": "06:00:00",
}
PUMP = {
    "run": "interruptible",
    "profile_w": [600],
    "minutes": 120,
    "earliest": "08:00:00",
    "done_by": "20:00:00",
}
ENTERED = {
    "name": "Washer",
    "run": "contiguous",
    "power_w": 1000,
    "minutes": 50,
    "earliest": "22:00:00",
    "done_by": "06:00:00",
}


def appliance(data: dict[str, object], title: str) -> ConfigSubentryData:
    """Return an appliance as its subentry keeps it."""
    return ConfigSubentryData(
        data=data, subentry_type=SUBENTRY_APPLIANCE, title=title, unique_id=None
    )


async def add_home_with(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, *appliances: ConfigSubentryData
) -> MockConfigEntry:
    """Add a home with a meter, and let it plan."""
    freezer.move_to(NIGHT)
    hass.states.async_set("sensor.grid", "400", {"unit_of_measurement": "W"})
    meter = adopted(DeviceKind.METER, {"power": "sensor.grid"})
    entry = await add_home(hass, [meter, *appliances])
    await later(hass, freezer, 11)
    return entry


async def later(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, seconds: float
) -> None:
    """Let time pass, and everything that was due."""
    freezer.tick(timedelta(seconds=seconds))
    async_fire_time_changed(hass)
    await settle(hass)


def state_of(hass: HomeAssistant, entity_id: str) -> State:
    """Return the state of an entity that exists."""
    state = hass.states.get(entity_id)
    assert state is not None, entity_id
    return state


async def open_form(hass: HomeAssistant, entry: MockConfigEntry) -> SubentryFlowResult:
    """Start to add an appliance."""
    form = await hass.config_entries.subentries.async_init(
        (entry.entry_id, SUBENTRY_APPLIANCE), context={"source": SOURCE_USER}
    )
    assert form["type"] is FlowResultType.FORM
    return form


async def send(
    hass: HomeAssistant, form: SubentryFlowResult, values: dict[str, object]
) -> SubentryFlowResult:
    """Send a form of an appliance."""
    sent = await hass.config_entries.subentries.async_configure(form["flow_id"], values)
    await settle(hass)
    return sent


@pytest.mark.parametrize(
    ("changed", "profile_w", "minutes"),
    [
        ({}, [1000, 1000, 1000, 333], 50),
        ({"profile_w": "2000, 150; 1800"}, [2000, 150, 1800], 45),
        ({"run": "interruptible"}, [1000], 50),
    ],
)
async def test_an_appliance_is_added_as_it_was_entered(
    hass: HomeAssistant,
    changed: dict[str, object],
    profile_w: list[int],
    minutes: int,
) -> None:
    entry = await add_home(hass)

    added = await send(hass, await open_form(hass, entry), {**ENTERED, **changed})

    assert added["type"] is FlowResultType.CREATE_ENTRY
    (subentry,) = entry.get_subentries_of_type(SUBENTRY_APPLIANCE)
    assert subentry.title == "Washer"
    assert subentry.data["profile_w"] == profile_w
    assert subentry.data["minutes"] == minutes


@pytest.mark.parametrize(
    ("changed", "errors"),
    [
        ({"name": " "}, {"name": "name_invalid"}),
        ({"profile_w": "much"}, {"profile_w": "profile_invalid"}),
        ({"profile_w": "0, 0"}, {"profile_w": "profile_invalid"}),
        ({"profile_w": "-5, 100"}, {"profile_w": "profile_invalid"}),
        (
            {"profile_w": "100", "run": "interruptible"},
            {"profile_w": "profile_not_interruptible"},
        ),
        (
            {"earliest": "10:00:00", "done_by": "10:30:00"},
            {"base": "window_too_short"},
        ),
    ],
)
async def test_what_cannot_be_is_refused_and_can_be_mended(
    hass: HomeAssistant, changed: dict[str, object], errors: dict[str, str]
) -> None:
    entry = await add_home(hass)

    refused = await send(hass, await open_form(hass, entry), {**ENTERED, **changed})
    assert refused["type"] is FlowResultType.FORM
    assert refused["errors"] == errors

    added = await send(hass, refused, ENTERED)
    assert added["type"] is FlowResultType.CREATE_ENTRY


async def test_an_appliance_is_changed(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    entry = await add_home_with(hass, freezer, appliance({**WASHER}, "Washer"))
    (known,) = entry.get_subentries_of_type(SUBENTRY_APPLIANCE)
    form = await hass.config_entries.subentries.async_init(
        (entry.entry_id, SUBENTRY_APPLIANCE),
        context={"source": SOURCE_RECONFIGURE, "subentry_id": known.subentry_id},
    )
    assert suggested_by(form)["profile_w"] == "2000, 200"

    refused = await send(hass, form, {**ENTERED, "name": ""})
    assert refused["errors"] == {"name": "name_invalid"}
    changed = await send(hass, refused, {**ENTERED, "name": "Washing machine"})

    assert changed["type"] is FlowResultType.ABORT
    assert changed["reason"] == "reconfigure_successful"
    (now,) = entry.get_subentries_of_type(SUBENTRY_APPLIANCE)
    assert now.title == "Washing machine"
    assert now.data["minutes"] == 50
    form = await hass.config_entries.subentries.async_init(
        (entry.entry_id, SUBENTRY_APPLIANCE),
        context={"source": SOURCE_RECONFIGURE, "subentry_id": known.subentry_id},
    )
    assert "profile_w" not in suggested_by(form)


async def test_a_planned_appliance_has_a_start_and_a_good_time(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    await add_home_with(
        hass, freezer, appliance({**WASHER}, "Washer"), appliance({**PUMP}, "Pump")
    )

    start = dt_util.parse_datetime(state_of(hass, "sensor.washer_planned_start").state)
    assert start is not None
    assert state_of(hass, "binary_sensor.washer_good_time_to_run").state == STATE_OFF
    window = ApplianceSettings.from_data(WASHER).window(
        instant_from_datetime(dt_util.utcnow())
    )
    assert window[0] <= instant_from_datetime(start) < window[1]

    freezer.move_to(start + timedelta(minutes=1))
    async_fire_time_changed(hass)
    await settle(hass)
    assert state_of(hass, "binary_sensor.washer_good_time_to_run").state == STATE_ON


@pytest.mark.parametrize(
    ("data", "name"), [(WASHER, "washer"), (PUMP, "pump")], ids=["washer", "pump"]
)
async def test_a_run_that_was_started_by_hand_is_planned_around(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    data: dict[str, object],
    name: str,
) -> None:
    entry = await add_home_with(hass, freezer, appliance({**data}, name.capitalize()))
    good_time = f"binary_sensor.{name}_good_time_to_run"

    await hass.services.async_call(
        "button", "press", {"entity_id": f"button.{name}_start_now"}, blocking=True
    )
    await later(hass, freezer, 11)
    assert state_of(hass, good_time).state == STATE_ON

    await later(hass, freezer, 3 * 3600)
    await later(hass, freezer, 11)
    assert state_of(hass, good_time).state == STATE_OFF
    (planned,) = entry.runtime_data.plans.appliances
    assert not planned.is_running(entry.runtime_data.plans.now)


@pytest.mark.parametrize(
    ("now", "start", "end"),
    [
        ("2026-03-26T12:00", "2026-03-26T22:00", "2026-03-27T06:00"),
        ("2026-03-26T23:00", "2026-03-26T22:00", "2026-03-27T06:00"),
        ("2026-03-27T05:59", "2026-03-26T22:00", "2026-03-27T06:00"),
        ("2026-03-27T06:00", "2026-03-27T22:00", "2026-03-28T06:00"),
        ("2026-03-28T23:00", "2026-03-28T22:00", "2026-03-29T06:00"),
    ],
)
async def test_a_window_may_go_over_midnight_and_over_a_change_of_clocks(
    hass: HomeAssistant, now: str, start: str, end: str
) -> None:
    await hass.config.async_set_time_zone("Europe/Paris")
    zone = dt_util.get_default_time_zone()

    def at(text: str) -> int:
        moment = dt_util.parse_datetime(text)
        assert moment is not None
        return instant_from_datetime(moment.replace(tzinfo=zone))

    settings = ApplianceSettings.from_data(WASHER)

    assert settings.window(
        instant_from_datetime(
            dt_util.parse_datetime(now, raise_on_error=True).replace(tzinfo=zone)
        )
    ) == (at(start), at(end))
    assert settings.window_minutes == 8 * 60
