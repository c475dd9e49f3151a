"""The forms as a browser gets them: over HTTP, and filled in the way it does."""

from collections.abc import Mapping

from aiohttp import web
from aiohttp.test_utils import TestClient
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.commonwatt.const import DOMAIN
from custom_components.commonwatt.settings import HomeSettings
from tests.glue.homes import settle

FLOW = "/api/config/config_entries/flow"
SUBENTRY_FLOW = "/api/config/config_entries/subentries/flow"

type Browser = TestClient[web.Request, web.Application]
type Answer = dict[str, object]


@pytest.fixture
async def browser(hass: HomeAssistant, hass_client: ClientSessionGenerator) -> Browser:
    """Return a browser that is logged in."""
    assert await async_setup_component(hass, "config", {})
    return await hass_client()


async def post(browser: Browser, path: str, body: Mapping[str, object]) -> Answer:
    """Send JSON and return JSON."""
    response = await browser.post(path, json=body)
    answer: Answer = await response.json()
    assert response.status == 200, answer
    return answer


def fields(form: Answer) -> dict[str, Mapping[str, object]]:
    """Return the fields of a form by name."""
    schema = form["data_schema"]
    assert isinstance(schema, list)
    return {field["name"]: field for field in schema}


async def test_a_home_and_a_device_can_be_added_in_a_browser(
    hass: HomeAssistant, browser: Browser
) -> None:
    hass.states.async_set("sensor.spot", "91", {"unit_of_measurement": "EUR/MWh"})
    menu = await post(browser, FLOW, {"handler": DOMAIN})
    flow = f"{FLOW}/{menu['flow_id']}"
    form = await post(browser, flow, {"next_step_id": "home"})
    assert list(fields(form)) == [
        "name",
        "grid_zone",
        "import_price",
        "feed_in_price",
        "components",
        "times",
        "foresight",
    ]
    price = fields(form)["import_price"]["selector"]
    assert isinstance(price, dict)
    assert list(price["choose"]["choices"]) == ["fixed", "entity"]

    entered = {
        "name": "Home",
        "grid_zone": "feeder 7",
        # So says the frontend which of the choices was made.
        "import_price": {"active_choice": "entity", "entity": "sensor.spot"},
        "feed_in_price": {"active_choice": "fixed", "fixed": 0.08},
        "components": {"network": 0.05, "levies": 0, "vat_percent": 20},
    }
    await post(browser, flow, entered)
    await settle(hass)
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    tariff = HomeSettings.from_data(entry.data).tariff
    assert (tariff.energy, tariff.feed_in) == ("sensor.spot", 80_000)

    hass.states.async_set("sensor.grid", "-300", {"unit_of_measurement": "W"})
    handler = {"handler": [entry.entry_id, "meter"]}
    menu = await post(browser, SUBENTRY_FLOW, handler)
    flow = f"{SUBENTRY_FLOW}/{menu['flow_id']}"
    form = await post(browser, flow, {"next_step_id": "entities"})
    assert list(fields(form)) == ["power", "power_back", "imported", "exported"]
    form = await post(browser, flow, {"power": "sensor.grid"})
    assert form["description_placeholders"] == {"power": "-300 W"}
    await post(browser, flow, {"name": "Mains", "sign": "as_ours"})
    await settle(hass)
    assert [subentry.title for subentry in entry.subentries.values()] == ["Mains"]


@pytest.mark.parametrize("kind", ["meter", "inverter", "battery", "charger"])
async def test_every_form_of_a_device_reaches_the_browser(
    hass: HomeAssistant, browser: Browser, kind: str
) -> None:
    menu = await post(browser, FLOW, {"handler": DOMAIN})
    flow = f"{FLOW}/{menu['flow_id']}"
    await post(browser, flow, {"next_step_id": "home"})
    components = {"network": 0, "levies": 0, "vat_percent": 0}
    prices = {"import_price": 0.25, "feed_in_price": 0, "components": components}
    await post(browser, flow, {"name": "Home", "grid_zone": "community", **prices})
    await settle(hass)
    (entry,) = hass.config_entries.async_entries(DOMAIN)

    for way in ("modbus", "entities"):
        handler = {"handler": [entry.entry_id, kind]}
        menu = await post(browser, SUBENTRY_FLOW, handler)
        flow = f"{SUBENTRY_FLOW}/{menu['flow_id']}"
        form = await post(browser, flow, {"next_step_id": way})
        assert form["step_id"] == way
        assert fields(form)
