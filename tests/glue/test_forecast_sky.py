"""The neighbours' sky in a real home: followed, kept, and of use at once."""

from typing import Final
from unittest.mock import Mock, patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.commonwatt.data import CommonWattData
from custom_components.commonwatt.engine.devices import DeviceKind
from custom_components.commonwatt.engine.ledger.settlement import Settlement
from custom_components.commonwatt.engine.model.period import (
    DeliveryPeriod,
    instant_from_datetime,
)
from custom_components.commonwatt.engine.node import PeriodSettled
from tests.glue.homes import add_home, adopted, settle
from tests.glue.pasts import utc

NOW: Final = utc(2026, 6, 17, 10)
LAST: Final = DeliveryPeriod.containing(instant_from_datetime(NOW)).next(-1)
SUN: Final = "custom_components.commonwatt.forecasting.sky.neighbours_sun_wh"


@pytest.fixture
async def entry(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> MockConfigEntry:
    """Return a home with panels."""
    freezer.move_to(NOW)
    hass.states.async_set("sensor.sun", "900", {"unit_of_measurement": "W"})
    return await add_home(hass, [adopted(DeviceKind.INVERTER, {"power": "sensor.sun"})])


async def settle_period(
    hass: HomeAssistant, entry: MockConfigEntry, energy_wh: int | None
) -> None:
    """Let the last period be settled, and the neighbours have fed so much in."""
    settlement = Settlement(
        period=LAST, community=(), bills=(), parties=(), deliveries=()
    )
    feed = entry.runtime_data.market
    with patch(SUN, return_value=energy_wh):
        feed.publish(feed.status, (PeriodSettled(period=LAST, settlement=settlement),))
        await settle(hass)


async def test_what_neighbours_fed_in_is_kept_across_a_restart(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    await settle_period(hass, entry, 4_200)
    assert entry.runtime_data.forecasts.foresight.neighbours_sun.at(LAST) == 4_200
    entry.runtime_data.forecasts._keep()

    assert await hass.config_entries.async_reload(entry.entry_id)
    await settle(hass)

    assert entry.runtime_data.forecasts.foresight.neighbours_sun.at(LAST) == 4_200


async def test_a_period_nobody_knows_whole_stays_unknown(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    await settle_period(hass, entry, None)

    assert entry.runtime_data.forecasts.foresight.neighbours_sun.at(LAST) is None


async def test_where_neighbours_tell_of_our_roof_we_look_again_at_once(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    data: CommonWattData = entry.runtime_data
    told: list[None] = []
    data.forecasts.async_listen(lambda: told.append(None))

    await settle_period(hass, entry, 4_200)
    assert not told
    data.forecasts.foresight.learned_sun = Mock(accuracy=None)
    with patch.object(data.forecasts.foresight, "look_ahead"):
        await settle_period(hass, entry, 4_300)
        assert len(told) == 1
    data.forecasts.foresight.learned_sun = None


async def test_a_home_that_is_being_stopped_hears_no_more(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    data: CommonWattData = entry.runtime_data
    await data.stop()

    await settle_period(hass, entry, 4_200)

    assert data.forecasts.foresight.neighbours_sun.at(LAST) is None
