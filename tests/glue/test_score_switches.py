"""What the owner lets the home play: off at first, and remembered."""

from pathlib import Path

from homeassistant.components.switch import (
    DOMAIN as SWITCH,
    SERVICE_TURN_OFF,
    SERVICE_TURN_ON,
)
from homeassistant.const import ATTR_ENTITY_ID, STATE_OFF, STATE_ON
from homeassistant.core import HomeAssistant, State
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    mock_restore_cache,
)

from tests.glue.test_appliances import state_of
from tests.glue.test_scores import add_sharing_home, data_of

SWITCHES = ("switch.home_leaderboard", "switch.home_lighter_evenings")


@pytest.fixture(autouse=True)
def _real_storage(hass: HomeAssistant, tmp_path: Path) -> None:
    """Give every test a configuration folder of its own, on a real disk."""
    hass.config.config_dir = str(tmp_path)


def plays(entry: MockConfigEntry) -> tuple[bool, bool]:
    """Tell whether a home is on the leaderboard, and in for lighter evenings."""
    scoring = data_of(entry).scoring
    return scoring.is_shown, scoring.own.joins_evenings


async def test_a_home_plays_when_its_owner_says_so_and_no_longer_than_that(
    hass: HomeAssistant,
) -> None:
    entry = await add_sharing_home(hass)
    assert {state_of(hass, one).state for one in SWITCHES} == {STATE_OFF}

    target = {ATTR_ENTITY_ID: list(SWITCHES)}
    await hass.services.async_call(SWITCH, SERVICE_TURN_ON, target, blocking=True)
    assert {state_of(hass, one).state for one in SWITCHES} == {STATE_ON}
    assert plays(entry) == (True, True)

    await hass.services.async_call(SWITCH, SERVICE_TURN_OFF, target, blocking=True)
    assert {state_of(hass, one).state for one in SWITCHES} == {STATE_OFF}
    assert plays(entry) == (False, False)
    await hass.config_entries.async_unload(entry.entry_id)


async def test_what_the_owner_wanted_survives_a_restart(hass: HomeAssistant) -> None:
    mock_restore_cache(hass, [State(one, STATE_ON) for one in SWITCHES])

    entry = await add_sharing_home(hass)

    assert {state_of(hass, one).state for one in SWITCHES} == {STATE_ON}
    assert plays(entry) == (True, True)
    await hass.config_entries.async_unload(entry.entry_id)
