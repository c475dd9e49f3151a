"""Adding and changing a home, with every way to get it wrong."""

from typing import Final

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.commonwatt.config_flow import CommonWattConfigFlow
from custom_components.commonwatt.const import CONF_KIND, DOMAIN, EntryKind
from custom_components.commonwatt.settings import HomeSettings
from tests.glue.forms import (
    Form,
    fill_in,
    open_menu,
    reconfigure,
    suggested,
    suggested_in,
)
from tests.glue.homes import add_home

NO_COMPONENTS: Final = {"network": 0, "levies": 0, "vat_percent": 0}
QUICK: Final[Form] = {
    "name": "Mill Lane 3",
    "grid_zone": "community",
    "import_price": 0.2531,
    "feed_in_price": 0.08,
    "components": NO_COMPONENTS,
}


async def open_form(hass: HomeAssistant) -> ConfigFlowResult:
    """Choose the home from the menu."""
    return await open_menu(hass, "home")


async def test_two_prices_are_enough(hass: HomeAssistant) -> None:
    form = await open_form(hass)
    result = await fill_in(hass, form, QUICK)

    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["title"] == "Mill Lane 3"
    tariff = HomeSettings.from_data(result["data"]).tariff
    assert (tariff.energy, tariff.feed_in) == (253_100, 80_000)
    assert result["result"].state.recoverable


async def test_the_form_suggests_the_name_of_the_place(hass: HomeAssistant) -> None:
    hass.config.location_name = "By the river"

    assert suggested(await open_form(hass)) == {"name": "By the river"}


async def test_prices_may_come_from_entities(hass: HomeAssistant) -> None:
    hass.states.async_set("sensor.spot", "91.5", {"unit_of_measurement": "EUR/MWh"})
    hass.states.async_set("sensor.paid", "7.86", {"unit_of_measurement": "ct/kWh"})

    entered = {**QUICK, "import_price": "sensor.spot", "feed_in_price": "sensor.paid"}
    result = await fill_in(hass, await open_form(hass), entered)

    home = result["result"].runtime_data.home
    assert home.tariff().energy_micro_per_kwh == 91_500
    assert home.tariff().feed_in_micro_per_kwh == 78_600


async def test_the_tariff_is_unknown_while_an_entity_is(hass: HomeAssistant) -> None:
    hass.states.async_set("sensor.spot", "91.5", {"unit_of_measurement": "EUR/MWh"})
    entered = {**QUICK, "import_price": "sensor.spot"}
    result = await fill_in(hass, await open_form(hass), entered)
    home = result["result"].runtime_data.home

    hass.states.async_set("sensor.spot", "unavailable")
    assert home.tariff() is None

    hass.states.async_set("sensor.spot", "1e9", {"unit_of_measurement": "EUR/MWh"})
    assert home.tariff() is None


async def test_components_add_up_to_the_all_in_price(hass: HomeAssistant) -> None:
    components = {"network": 0.08, "levies": 0.02, "vat_percent": 20}
    entered = {**QUICK, "import_price": 0.10, "components": components}
    result = await fill_in(hass, await open_form(hass), entered)

    tariff = result["result"].runtime_data.home.tariff()
    assert tariff.import_micro_per_kwh == 240_000


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"name": "  "}, {"name": "name_invalid"}),
        ({"name": "x" * 65}, {"name": "name_invalid"}),
        ({"name": "TAKEN"}, {"name": "name_exists"}),
        ({"grid_zone": " "}, {"grid_zone": "zone_missing"}),
        ({"import_price": 0}, {"import_price": "price_missing"}),
        ({"import_price": 1e6}, {"base": "price_out_of_bounds"}),
        ({"feed_in_price": -1e6}, {"base": "price_out_of_bounds"}),
        (
            {"components": {**NO_COMPONENTS, "vat_percent": 101}},
            {"base": "price_out_of_bounds"},
        ),
        ({"import_price": "sensor.none"}, {"import_price": "entity_not_found"}),
        ({"import_price": "sensor.text"}, {"import_price": "entity_without_number"}),
        ({"feed_in_price": "sensor.gone"}, {"feed_in_price": "entity_without_number"}),
        ({"import_price": "sensor.dollars"}, {"import_price": "entity_wrong_unit"}),
        ({"import_price": "sensor.bare"}, {"import_price": "entity_wrong_unit"}),
        (
            {"import_price": "sensor.text", "feed_in_price": "sensor.none"},
            {
                "import_price": "entity_without_number",
                "feed_in_price": "entity_not_found",
            },
        ),
    ],
)
async def test_a_wrong_answer_is_explained_and_nothing_is_lost(
    hass: HomeAssistant, changes: Form, errors: dict[str, str]
) -> None:
    hass.states.async_set("sensor.text", "cheap", {"unit_of_measurement": "EUR/kWh"})
    hass.states.async_set("sensor.gone", "unavailable")
    hass.states.async_set("sensor.dollars", "0.2", {"unit_of_measurement": "USD/kWh"})
    hass.states.async_set("sensor.bare", "0.2")
    await add_home(hass, name="Taken")
    form = await open_form(hass)

    result = await fill_in(hass, form, {**QUICK, **changes})

    assert result["type"] is FlowResultType.FORM
    assert result["errors"] == errors
    shown = {**QUICK, **changes}
    del shown["components"]
    assert suggested(result) == shown

    corrected = await fill_in(hass, result, QUICK)
    assert corrected["type"] is FlowResultType.CREATE_ENTRY


async def test_everything_about_a_home_can_be_changed(hass: HomeAssistant) -> None:
    entry = await add_home(hass)
    form = await reconfigure(hass, entry)
    assert form["step_id"] == "reconfigure_home"
    assert suggested(form) == {
        "name": "Home",
        "grid_zone": "community",
        "import_price": 0.25,
        "feed_in_price": 0.08,
    }

    components = {"network": 0.01, "levies": 0.02, "vat_percent": 5.5}
    changed = {**QUICK, "grid_zone": "feeder 7", "components": components}
    result = await fill_in(hass, form, changed)

    assert result["reason"] == "reconfigure_successful"
    assert (entry.title, entry.unique_id) == ("Mill Lane 3", "home_mill lane 3")
    settings = HomeSettings.from_data(entry.data)
    assert settings.grid_zone == "feeder 7"
    assert settings.tariff.vat_ppm == 55_000
    # The running home uses what was changed.
    assert entry.runtime_data.home.tariff().import_micro_per_kwh == 298_671


async def test_a_changed_home_may_keep_its_name_but_not_take_anothers(
    hass: HomeAssistant,
) -> None:
    await add_home(hass, name="Farm")
    entry = await add_home(hass)
    form = await reconfigure(hass, entry)

    result = await fill_in(hass, form, {**QUICK, "name": "farm"})
    assert result["errors"] == {"name": "name_exists"}

    result = await fill_in(hass, result, {**QUICK, "name": "Home"})
    assert result["reason"] == "reconfigure_successful"


async def test_a_silent_price_does_not_stand_in_the_way_of_another_change(
    hass: HomeAssistant, entity_registry: er.EntityRegistry
) -> None:
    sensor = entity_registry.async_get_or_create(
        "sensor", "test", "spot", suggested_object_id="spot"
    )
    unit = {"unit_of_measurement": "EUR/kWh"}
    hass.states.async_set(sensor.entity_id, "0.3", unit)
    entered = {**QUICK, "import_price": sensor.entity_id}
    result = await fill_in(hass, await open_form(hass), entered)
    entry = result["result"]
    assert HomeSettings.from_data(entry.data).tariff.energy == sensor.id

    # Renamed and silent: the home still knows it, and says its present name.
    entity_registry.async_update_entity(
        sensor.entity_id, new_entity_id="sensor.spot_price"
    )
    hass.states.async_set("sensor.spot_price", "unknown", unit)
    form = await reconfigure(hass, entry)
    assert suggested(form)["import_price"] == "sensor.spot_price"

    entered["import_price"] = "sensor.spot_price"
    result = await fill_in(hass, form, {**entered, "feed_in_price": 0.05})
    assert result["reason"] == "reconfigure_successful"
    assert HomeSettings.from_data(entry.data).tariff.feed_in == 50_000


async def test_zones_of_other_homes_are_offered(hass: HomeAssistant) -> None:
    await fill_in(hass, await open_form(hass), {**QUICK, "grid_zone": "feeder 7"})
    schema = (await open_form(hass))["data_schema"]

    assert schema is not None
    assert schema.schema["grid_zone"].config["options"] == ["community", "feeder 7"]


def test_the_demo_brings_its_own_devices() -> None:
    demo = MockConfigEntry(domain=DOMAIN, data={CONF_KIND: EntryKind.DEMO})

    assert CommonWattConfigFlow.async_get_supported_subentry_types(demo) == {}


NIGHT: Final[Form] = {"since": "22:30:00", "until": "06:30:00", "price": 0.1579}
ROWS: Final[Form] = {"hours": [NIGHT, {**NIGHT, "days": ["sat", "sun"]}]}


async def test_off_peak_hours_have_a_price_of_their_own(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    freezer.move_to("2026-03-26T21:45:00+00:00")
    await hass.config.async_set_time_zone("Europe/Paris")
    entered = {**QUICK, "times": ROWS}
    result = await fill_in(hass, await open_form(hass), entered)

    home = result["result"].runtime_data.home
    assert home.tariff().import_micro_per_kwh == 157_900
    freezer.move_to("2026-03-27T06:00:00+00:00")
    assert home.tariff().import_micro_per_kwh == 253_100
    shown = suggested_in(await reconfigure(hass, result["result"]), "times")
    assert shown == {
        "hours": [{**NIGHT, "days": []}, {**NIGHT, "days": ["sat", "sun"]}]
    }


async def test_entities_for_the_coming_days_are_remembered(hass: HomeAssistant) -> None:
    unit = {"unit_of_measurement": "gCO2eq/kWh"}
    hass.states.async_set("sensor.carbon", "120", unit)
    hass.states.async_set("sensor.marginal", "600", unit)
    foresight = {
        "forecasts": ["sensor.rates"],
        "carbon": "sensor.carbon",
        "carbon_marginal": "sensor.marginal",
    }
    result = await fill_in(
        hass, await open_form(hass), {**QUICK, "foresight": foresight}
    )
    entry = result["result"]
    assert HomeSettings.from_data(entry.data).foresight.carbon == "sensor.carbon"

    hass.states.async_remove("sensor.carbon")
    form = await reconfigure(hass, entry)
    assert suggested_in(form, "foresight") == foresight

    changed = {**QUICK, "foresight": {"carbon": "sensor.carbon"}}
    result = await fill_in(hass, form, changed)
    assert result["reason"] == "reconfigure_successful"
    assert HomeSettings.from_data(entry.data).foresight.prices == ()


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"import_price": "sensor.spot", "times": ROWS}, "hours_beside_entity"),
        ({"times": {"hours": [NIGHT] * 25}}, "hours_too_many"),
        ({"times": {"hours": [{**NIGHT, "price": 1e6}]}}, "price_out_of_bounds"),
        ({"foresight": {"carbon": "sensor.spot"}}, "carbon_unusable"),
        ({"foresight": {"carbon_marginal": "sensor.spot"}}, "carbon_unusable"),
    ],
)
async def test_what_cannot_be_planned_with_is_explained(
    hass: HomeAssistant, changes: Form, error: str
) -> None:
    hass.states.async_set("sensor.spot", "91.5", {"unit_of_measurement": "EUR/MWh"})

    result = await fill_in(hass, await open_form(hass), {**QUICK, **changes})

    assert result["type"] is FlowResultType.FORM
    assert result["errors"] == {"base": error}
    result = await fill_in(hass, result, QUICK)
    assert result["type"] is FlowResultType.CREATE_ENTRY
