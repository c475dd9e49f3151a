"""The panel and the cards' address in Home Assistant's frontend."""

import gzip
import re

from homeassistant.components.frontend import DATA_PANELS, async_panel_exists
from homeassistant.components.lovelace.const import LOVELACE_DATA
from homeassistant.components.lovelace.resources import ResourceStorageCollection
from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.commonwatt.panel import FOLDER, STATIC_ROOT, URL_PATH
from tests.glue.homes import add_home

ADDRESS = re.compile(r"/commonwatt_static/[0-9a-f]{12}/commonwatt\.js")


@pytest.fixture
async def _frontend(hass: HomeAssistant) -> None:
    assert await async_setup_component(hass, "http", {})
    assert await async_setup_component(hass, "frontend", {})
    await hass.async_block_till_done()


def collection(hass: HomeAssistant) -> ResourceStorageCollection:
    """Return the resources of all dashboards."""
    found = hass.data[LOVELACE_DATA].resources
    assert isinstance(found, ResourceStorageCollection)
    return found


async def resources(hass: HomeAssistant) -> list[str]:
    """Return the addresses that dashboards load."""
    await collection(hass).async_get_info()
    return [str(item["url"]) for item in collection(hass).async_items()]


@pytest.mark.usefixtures("_frontend")
async def test_panel_and_cards_come_from_one_address_that_holds_their_digest(
    hass: HomeAssistant, hass_client: ClientSessionGenerator
) -> None:
    await add_home(hass)

    assert async_panel_exists(hass, URL_PATH)
    panel = hass.data[DATA_PANELS][URL_PATH]
    assert panel.sidebar_title == "Neighbourhood"
    assert panel.config is not None
    address = panel.config["_panel_custom"]["module_url"]
    assert ADDRESS.fullmatch(address)
    assert await resources(hass) == [address]

    client = await hass_client()
    answer = await client.get(address, headers={"Accept-Encoding": "gzip"})
    assert answer.status == 200
    assert "max-age" in answer.headers["Cache-Control"]
    assert b"commonwatt-panel" in await answer.read()
    assert answer.headers["Content-Encoding"] == "gzip"


@pytest.mark.usefixtures("_frontend")
async def test_an_address_of_an_older_version_is_replaced(hass: HomeAssistant) -> None:
    old = f"{STATIC_ROOT}/000000000000/commonwatt.js"
    foreign = "/local/other-card.js"
    for url in (old, foreign, old):
        await collection(hass).async_create_item({"res_type": "module", "url": url})

    await add_home(hass)

    found = await resources(hass)
    assert foreign in found
    assert old not in found
    assert len(found) == 2


@pytest.mark.usefixtures("_frontend")
async def test_panel_and_cards_go_with_the_last_home(hass: HomeAssistant) -> None:
    first, second = await add_home(hass, name="A"), await add_home(hass, name="B")

    await hass.config_entries.async_reload(first.entry_id)
    assert async_panel_exists(hass, URL_PATH)
    await hass.config_entries.async_remove(first.entry_id)
    assert async_panel_exists(hass, URL_PATH)
    assert len(await resources(hass)) == 1
    await hass.config_entries.async_remove(second.entry_id)
    assert not async_panel_exists(hass, URL_PATH)
    assert await resources(hass) == []


@pytest.mark.usefixtures("_frontend")
async def test_a_home_that_is_switched_off_has_no_panel(hass: HomeAssistant) -> None:
    entry = await add_home(hass)

    await hass.config_entries.async_set_disabled_by(
        entry.entry_id, ConfigEntryDisabler.USER
    )
    assert not async_panel_exists(hass, URL_PATH)
    await hass.config_entries.async_set_disabled_by(entry.entry_id, None)
    assert async_panel_exists(hass, URL_PATH)


async def test_a_home_without_a_frontend_is_a_home(hass: HomeAssistant) -> None:
    entry: MockConfigEntry = await add_home(hass)

    assert entry.state.value == "loaded"
    assert "frontend" not in hass.config.components
    assert URL_PATH not in hass.data.get(DATA_PANELS, {})


def test_the_built_files_are_one_generation() -> None:
    for file in FOLDER.glob("*.js"):
        twin = gzip.decompress(file.with_name(f"{file.name}.gz").read_bytes())
        assert twin == file.read_bytes()
        assert file.with_name(f"{file.name}.br").exists()
