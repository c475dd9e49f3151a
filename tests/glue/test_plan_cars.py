"""Cars in the plan: by when they leave, and what they were given so far."""

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import STATE_ON
from homeassistant.core import HomeAssistant
import pytest

from custom_components.commonwatt.engine.devices import DeviceKind
from tests.glue.homes import add_home, adopted
from tests.glue.test_plan import MORNING, later, plans_of, show, state_of


async def test_a_car_is_planned_for_its_departure(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    freezer.move_to(MORNING)
    show(hass, "sensor.grid", "400")
    show(hass, "sensor.car", "0")
    hass.states.async_set("binary_sensor.plug", STATE_ON)
    entry = await add_home(
        hass,
        [
            adopted(DeviceKind.METER, {"power": "sensor.grid"}),
            adopted(
                DeviceKind.CHARGER,
                {"power": "sensor.car", "connected": "binary_sensor.plug"},
            ),
        ],
    )

    await hass.services.async_call(
        "time",
        "set_value",
        {"entity_id": "time.charger_departure_of_the_car", "time": "18:30:00"},
        blocking=True,
    )
    await hass.services.async_call(
        "number",
        "set_value",
        {"entity_id": "number.charger_energy_for_the_car", "value": 8},
        blocking=True,
    )

    (wish,) = plans_of(entry).wishes.cars.values()
    assert wish.target_wh == 8_000
    assert wish.departure.isoformat() == "18:30:00"
    assert state_of(hass, "time.charger_departure_of_the_car").state == "18:30:00"


async def test_a_car_that_was_given_its_energy_wants_no_more(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    freezer.move_to(MORNING)
    show(hass, "sensor.grid", "400")
    show(hass, "sensor.car", "0")
    show(hass, "sensor.charged", "100", "kWh")
    hass.states.async_set("binary_sensor.plug", STATE_ON)
    charger = {
        "power": "sensor.car",
        "energy": "sensor.charged",
        "connected": "binary_sensor.plug",
    }
    entry = await add_home(
        hass,
        [
            adopted(DeviceKind.METER, {"power": "sensor.grid"}),
            adopted(DeviceKind.CHARGER, charger),
        ],
    )
    await plans_of(entry).home.async_refresh()
    (device,) = plans_of(entry).home.image().chargers
    plans_of(entry).wishes.car(device).target_wh = 8_000

    plans_of(entry).async_wishes_changed()
    await later(hass, freezer, 11)
    first = plans_of(entry).plan
    for shown in ("108", "108.001", "108.002"):
        show(hass, "sensor.charged", shown, "kWh")
        await later(hass, freezer, 3_600)
    plans_of(entry).async_wishes_changed()
    await later(hass, freezer, 11)
    last = plans_of(entry).plan

    assert first is not None
    assert last is not None
    charged_wh = [
        -sum(
            power_w * step_ms // 3_600_000
            for power_w, step_ms in zip(
                plan.assets[0].power_w, plan.horizon.step_ms, strict=True
            )
        )
        for plan in (first, last)
    ]
    assert charged_wh[0] == pytest.approx(8_000, abs=60)
    assert charged_wh[1] == pytest.approx(0, abs=60)
