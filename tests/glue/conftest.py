"""What tests inside a Home Assistant share."""

from collections.abc import AsyncIterator
import logging
from pathlib import Path

from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

# Ours first: pytest's Home Assistant plugin brings a custom_components of its own.
import custom_components.commonwatt  # noqa: F401

# isort: split
from tests.glue.communities import unload_all
from tests.glue.homes import add_home

# The plugin asks for every statement of the recorder: thousands of lines, and slow.
logging.getLogger("sqlalchemy.engine").setLevel(logging.WARNING)


@pytest.fixture(autouse=True)
def _our_integration(request: pytest.FixtureRequest) -> None:
    """Let Home Assistant find custom_components/commonwatt in every test here.

    A test that wants a recorder must get it before anything starts Home Assistant.
    """
    if "recorder_mock" in request.fixturenames:
        request.getfixturevalue("recorder_mock")
    request.getfixturevalue("enable_custom_integrations")


@pytest.fixture
async def web_server(hass: HomeAssistant, tmp_path: Path) -> AsyncIterator[None]:
    """Give a test a configuration folder of its own, and a web server."""
    hass.config.config_dir = str(tmp_path)
    assert await async_setup_component(hass, "http", {})
    yield
    await unload_all(hass)


@pytest.fixture
async def home(hass: HomeAssistant) -> MockConfigEntry:
    """Return a home that belongs nowhere yet."""
    return await add_home(hass)
