"""Panels beside the neighbours': a fault is told from a cloud."""

from datetime import datetime, timedelta
from typing import Final

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import numpy as np
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)

from custom_components.commonwatt.const import DOMAIN
from custom_components.commonwatt.engine.devices import DeviceKind
from custom_components.commonwatt.engine.model.period import (
    DAY_MS,
    Instant,
    instant_from_datetime,
)
from custom_components.commonwatt.engine.node import Node
from custom_components.commonwatt.forecasting.roof import RoofWatch
from tests.glue.homes import add_home, adopted, settle
from tests.glue.pasts import by_hour, count, utc

NOW: Final = utc(2026, 6, 17, 3)
TODAY: Final = instant_from_datetime(NOW) // DAY_MS
SUNNY: Final = by_hour({hour: 3000 - 500 * abs(11 - hour) for hour in range(6, 17)}, 0)
SENSOR: Final = "binary_sensor.home_panels_behind_the_neighbours"


async def add_panels(hass: HomeAssistant, *, bad_days: int) -> MockConfigEntry:
    """Add a home whose panels gave half in the last days, and let it share."""

    def made(at: datetime) -> float:
        bad = at >= NOW.replace(hour=0) - timedelta(days=bad_days)
        return (SUNNY(at) or 0) * (0.5 if bad else 1.0)

    first = NOW.replace(hour=0) - timedelta(days=30)
    count(hass, "sensor.made", made, first=first, end=NOW)
    await async_wait_recording_done(hass)
    hass.states.async_set("sensor.sun", "0", {"unit_of_measurement": "W"})
    hass.states.async_set("sensor.made", "900", {"unit_of_measurement": "kWh"})
    roles = {"power": "sensor.sun", "energy": "sensor.made"}
    entry = await add_home(hass, [adopted(DeviceKind.INVERTER, roles)])
    await hass.services.async_call(
        "switch",
        "turn_on",
        {"entity_id": "switch.home_learn_with_neighbours"},
        blocking=True,
    )
    return entry


async def tell(entry: MockConfigEntry, *, homes: int = 6) -> None:
    """Let the node have learned two weeks of the neighbours' sun."""
    hours = [(SUNNY(NOW.replace(hour=hour)) or 0) / 4000 for hour in range(24)]
    shares = np.repeat(np.array(hours), 4)

    def learn(node: Node, _now: Instant) -> None:
        known = {TODAY - ago: (homes, shares) for ago in range(1, 15)}
        node.learning._neighbours_sun.update(known)

    await entry.runtime_data.ask(learn)


def roof_of(entry: MockConfigEntry) -> RoofWatch:
    """Return who watches the panels."""
    roof: RoofWatch = entry.runtime_data.roof
    return roof


async def look(hass: HomeAssistant, entry: MockConfigEntry) -> str:
    """Compare with the neighbours; return what the sensor shows."""
    await roof_of(entry).async_look()
    await settle(hass)
    state = hass.states.get(SENSOR)
    assert state is not None
    return state.state


@pytest.fixture(autouse=True)
def _june(
    recorder_mock: object,  # noqa: ARG001  # first of all
    freezer: FrozenDateTimeFactory,
) -> None:
    freezer.move_to(NOW)


async def test_panels_that_stay_behind_for_two_days_are_told_of(
    hass: HomeAssistant, issue_registry: ir.IssueRegistry
) -> None:
    entry = await add_panels(hass, bad_days=2)
    assert await look(hass, entry) == "unknown"

    await tell(entry)

    assert await look(hass, entry) == "on"
    state = hass.states.get(SENSOR)
    assert state is not None
    # The bad day before is among those that say what is usual.
    assert 40 <= state.attributes["less_percent"] <= 50
    issue = issue_registry.async_get_issue(
        DOMAIN, f"panels_fall_short_{entry.entry_id}"
    )
    assert issue is not None
    assert issue.translation_placeholders is not None
    assert issue.translation_placeholders["measured"] == "9.0"


async def test_one_bad_day_may_be_snow(
    hass: HomeAssistant, issue_registry: ir.IssueRegistry
) -> None:
    entry = await add_panels(hass, bad_days=1)
    await tell(entry)

    assert await look(hass, entry) == "on"
    assert issue_registry.issues == {}


async def test_panels_under_the_same_cloud_are_no_fault(hass: HomeAssistant) -> None:
    entry = await add_panels(hass, bad_days=0)
    await tell(entry)

    assert await look(hass, entry) == "off"


async def test_too_few_neighbours_say_nothing(hass: HomeAssistant) -> None:
    entry = await add_panels(hass, bad_days=2)
    await tell(entry, homes=4)

    assert await look(hass, entry) == "unknown"


async def test_without_the_owners_word_nothing_is_shown_or_compared(
    hass: HomeAssistant,
) -> None:
    entry = await add_panels(hass, bad_days=2)
    await tell(entry)
    shown: list[object] = []

    def listen(node: Node, _now: Instant) -> None:
        node.learning.show_sun = lambda *said: shown.append(said)  # type: ignore[method-assign]  # a spy

    await entry.runtime_data.ask(listen)
    await roof_of(entry).async_show(instant_from_datetime(NOW))
    assert len(shown) == 1

    await hass.services.async_call(
        "switch",
        "turn_off",
        {"entity_id": "switch.home_learn_with_neighbours"},
        blocking=True,
    )
    await roof_of(entry).async_show(instant_from_datetime(NOW))

    assert len(shown) == 1
    assert await look(hass, entry) == "unknown"
