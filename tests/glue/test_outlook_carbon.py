"""Carbon to come: what plans follow, and what is said when nobody knows."""

from datetime import UTC, datetime

from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
)

from custom_components.commonwatt.const import DOMAIN
from custom_components.commonwatt.planning.outlook import OutlookRuntime
from custom_components.commonwatt.settings import (
    ForesightSettings,
)
from tests.glue.test_outlook import (
    hourly,
    in_paris,  # noqa: F401  # a fixture
    quarters,
    settings_with,
    start,
)


async def test_carbon_is_planned_with_the_marginal_series_alone(
    hass: HomeAssistant,
) -> None:
    first = datetime(2026, 3, 26, 8, tzinfo=UTC)
    unit = {"unit_of_measurement": "gCO2eq/kWh"}
    hass.states.async_set(
        "sensor.average", "120", {**unit, "forecast": hourly(120, 130, first=first)}
    )
    hass.states.async_set(
        "sensor.marginal",
        "0.6",
        {
            "unit_of_measurement": "kgCO2/kWh",
            "forecast": hourly(0.6, 0.4, first=first),
        },
    )
    average = ForesightSettings(carbon="sensor.average")
    both = ForesightSettings(carbon="sensor.average", carbon_marginal="sensor.marginal")

    alone = await start(hass, settings_with(250_000, foresight=average))
    assert quarters(alone).carbon_g_per_kwh == (120,) * 4 + (130,) * 4

    second = OutlookRuntime(
        hass,
        MockConfigEntry(domain=DOMAIN),
        settings_with(250_000, foresight=both),
    )
    for source in second.sources.values():
        source.look(datetime(2026, 3, 26, 8, 2, tzinfo=UTC))
    assert quarters(second).carbon_g_per_kwh == (600,) * 4 + (400,) * 4


async def test_without_a_forecast_the_carbon_of_now_is_expected(
    hass: HomeAssistant,
) -> None:
    hass.states.async_set(
        "sensor.average", "120", {"unit_of_measurement": "gCO2eq/kWh"}
    )
    foresight = ForesightSettings(carbon="sensor.average")

    outlook = await start(hass, settings_with(250_000, foresight=foresight))

    assert quarters(outlook).carbon_g_per_kwh == (120,) * 8


async def test_a_silent_carbon_entity_leaves_carbon_unknown(
    hass: HomeAssistant,
) -> None:
    foresight = ForesightSettings(carbon="sensor.average")

    outlook = await start(hass, settings_with(250_000, foresight=foresight))

    assert quarters(outlook).carbon_g_per_kwh == ()
