"""What neighbours are likely to trade reaches the plans of a home, and its bids."""

from typing import Final
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.commonwatt.data import CommonWattData
from custom_components.commonwatt.engine.devices import DeviceKind
from custom_components.commonwatt.engine.dispatch.home import Tranche
from custom_components.commonwatt.engine.forecast import NeighbourTrade
from custom_components.commonwatt.engine.forecast.series import Series
from custom_components.commonwatt.engine.model.order import Side
from custom_components.commonwatt.engine.model.period import (
    DeliveryPeriod,
    Instant,
    instant_from_datetime,
)
from custom_components.commonwatt.engine.node import Node
from custom_components.commonwatt.forecasting.memory import HomeMemory, Remembered
from tests.glue.homes import add_home, adopted, settle
from tests.glue.pasts import utc

NOW: Final = utc(2026, 3, 26, 8)
NOON: Final = DeliveryPeriod.containing(instant_from_datetime(NOW.replace(hour=12)))
DAY: Final = 96
TRADES: Final = tuple(
    NeighbourTrade(
        period=NOON.next(-ago * DAY),
        price_micro_per_kwh=120_000,
        bought_wh=600,
        sold_wh=900,
    )
    for ago in (1, 2, 3)
)


@pytest.fixture
async def entry(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> MockConfigEntry:
    """Return a home with a meter and a battery."""
    freezer.move_to(NOW)
    watts = {"unit_of_measurement": "W"}
    hass.states.async_set("sensor.grid", "500", watts)
    hass.states.async_set("sensor.battery", "0", watts)
    hass.states.async_set("sensor.soc", "50", {"unit_of_measurement": "%"})
    entities = {"power": "sensor.battery", "state_of_charge": "sensor.soc"}
    return await add_home(
        hass,
        [
            adopted(DeviceKind.METER, {"power": "sensor.grid"}),
            adopted(DeviceKind.BATTERY, entities, capacity_wh=10_000),
        ],
    )


async def learn(entry: MockConfigEntry) -> None:
    """Let the node have seen three noons at which neighbours traded."""

    def teach(node: Node, _now: Instant) -> None:
        node.neighbour_prices.market.learn(TRADES)

    data: CommonWattData = entry.runtime_data
    await data.ask(teach)


async def replan(hass: HomeAssistant, entry: MockConfigEntry) -> tuple[Tranche, ...]:
    """Plan anew; return what of the neighbours is in the problem of the plan."""
    await entry.runtime_data.plans._replan()
    await settle(hass)
    problem = entry.runtime_data.plans.problem
    assert problem is not None
    tranches: tuple[Tranche, ...] = problem.grid.tranches
    return tranches


async def test_a_home_without_neighbours_expects_none(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    assert await replan(hass, entry) == ()


async def test_what_neighbours_traded_is_in_the_plan_and_in_the_bids(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    await learn(entry)

    bought, sold = await replan(hass, entry)

    assert (bought.side, sold.side) == (Side.BUY, Side.SELL)
    assert (bought.period, bought.energy_wh) == (NOON, 600)
    assert (sold.price_micro_per_kwh, sold.energy_wh) == (120_000, 900)
    assert entry.runtime_data.plans.problem_now().grid.tranches == (bought, sold)


async def test_a_restart_forgets_no_price(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    await learn(entry)
    before = await replan(hass, entry)
    entry.runtime_data.forecasts._keep()

    assert await hass.config_entries.async_reload(entry.entry_id)
    await settle(hass)

    assert entry.runtime_data.forecasts.traded == TRADES[::-1]
    assert await replan(hass, entry) == before


async def test_a_node_that_has_stopped_changes_nothing(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    await learn(entry)
    before = await replan(hass, entry)
    data: CommonWattData = entry.runtime_data
    await data.stop()

    assert data.plans.offers is not None
    await data.plans.offers.async_look(data.home.tariff())

    assert data.plans.offers.tranches == before


async def test_prices_of_another_community_are_forgotten(hass: HomeAssistant) -> None:
    sun = Series.of({NOON: 4_200.0})
    memory = HomeMemory(hass, "home", "aa")
    memory.keep(Remembered(traded=TRADES, load=sun, neighbours_sun=sun))
    await memory.flush()

    same = await HomeMemory(hass, "home", "aa").load()
    other = await HomeMemory(hass, "home", "bb").load()

    assert same.traded == TRADES
    assert same.neighbours_sun.at(NOON) == 4_200
    assert other.traded == ()
    assert other.neighbours_sun.at(NOON) is None
    assert other.load.at(NOON) == 4_200


async def test_a_home_that_is_unloaded_meanwhile_makes_no_plan(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    plans = entry.runtime_data.plans
    before = plans.made_at

    async def unload(_tariff: object) -> None:
        await hass.config_entries.async_unload(entry.entry_id)

    with patch.object(plans.offers, "async_look", unload):
        await plans._replan()

    assert plans.made_at == before
