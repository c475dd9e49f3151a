"""Live power of the home on the neighbours' map: only if its owner wants it."""

from dataclasses import replace
from pathlib import Path

from homeassistant.core import HomeAssistant, State
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    mock_restore_cache,
)
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.commonwatt.demo.settings import DemoSettings
from custom_components.commonwatt.engine.model.period import Instant
from custom_components.commonwatt.engine.model.social import LivePower
from custom_components.commonwatt.engine.node import Node
from custom_components.commonwatt.view.now import homes_section, now_section
from tests.glue.demos import add_demo, demo_of, no_waiting, until_stopped
from tests.glue.homes import add_home
from tests.glue.test_live_view import ask, entry, snapshot

__all__ = ["entry"]

pytestmark = pytest.mark.usefixtures("socket_enabled")

SWITCH = "switch.demo_show_live_power_to_neighbours"


@pytest.fixture(autouse=True)
def _real_storage(hass: HomeAssistant, tmp_path: Path) -> None:
    """Give every test a configuration folder of its own, on a real disk."""
    hass.config.config_dir = str(tmp_path)


def shown(hass: HomeAssistant) -> str:
    """Return what the switch shows."""
    state = hass.states.get(SWITCH)
    assert state is not None
    return state.state


async def test_switch_and_panel_say_the_same(
    hass: HomeAssistant, entry: MockConfigEntry, hass_ws_client: WebSocketGenerator
) -> None:
    client = await hass_ws_client(hass)
    now = (await snapshot(client))["now"]
    assert isinstance(now, dict)
    assert not now["power_shown"]
    assert shown(hass) == "off"

    assert (await ask(client, "privacy/show_power", shown=True))["success"]
    await hass.async_block_till_done()
    assert shown(hass) == "on"

    await hass.services.async_call(
        "switch", "turn_off", {"entity_id": SWITCH}, blocking=True
    )
    assert shown(hass) == "off"
    status = demo_of(entry).feed.status
    assert status is not None
    assert not status.is_power_shown


async def test_what_the_owner_chose_survives_a_restart(hass: HomeAssistant) -> None:
    mock_restore_cache(hass, [State(SWITCH, "on")])
    with no_waiting():
        demo = await add_demo(hass, DemoSettings(speed=900, stop_after_periods=1))
        await until_stopped(hass, demo)

    assert shown(hass) == "on"
    status = demo_of(demo).feed.status
    assert status is not None
    # Its node has told the others what the meter shows.
    assert status.live_powers_w.keys() == {demo_of(demo).feed.party}


async def test_the_map_shows_the_power_of_those_that_show_it(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    demo = demo_of(entry)
    me, neighbour, private = demo.neighbours()[:3]

    def hear(node: Node, now: Instant) -> None:
        node.showing.take(neighbour.party, LivePower(power_w=-4_200), now)

    await entry.runtime_data.ask(hear)
    await hass.async_block_till_done()
    # As in a real community: of its own accord the home knows its own power only.
    known = (me, replace(neighbour, power_w=None), replace(private, power_w=None))
    entry.runtime_data.neighbours = lambda: known

    homes = homes_section(entry.runtime_data)
    powers = [home["power_w"] for home in homes if isinstance(home, dict)]
    assert powers == [me.power_w, -4_200, None]


async def test_the_panel_knows_where_a_home_stands(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    alone = await add_home(hass, [])

    assert now_section(alone.runtime_data)["standing"] == "alone"
    assert now_section(entry.runtime_data)["standing"] is None
