"""A real home bids by its plan: with what is armed, within what its owner wants."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.commonwatt.data import CommonWattData
from custom_components.commonwatt.engine.devices import DeviceId, DeviceKind
from custom_components.commonwatt.engine.dispatch import AssetId
from custom_components.commonwatt.engine.dispatch.bidding import BidLimits, Outside
from custom_components.commonwatt.engine.dispatch.home import (
    Battery,
    Car,
    Grid,
    HomeProblem,
    Horizon,
    Prices,
    Rung,
    Scenario,
    Tank,
    Trip,
)
from custom_components.commonwatt.engine.model.order import Side
from custom_components.commonwatt.engine.model.period import (
    HOUR_MS,
    DeliveryPeriod,
    Instant,
    after,
)
from custom_components.commonwatt.engine.node import Mandate
from custom_components.commonwatt.planning.bidder import Bidder, promised
from tests.glue.demos import add_demo
from tests.glue.homes import add_home, adopted, settle

MORNING: Final = "2026-03-26T08:02:00+00:00"
START: Final = Instant(1_774_512_000_000)
COUNT: Final = 48
HOURS: Final = Horizon.uniform(START, step_ms=HOUR_MS, count=COUNT)
BATTERY: Final = DeviceId("battery")
CAR: Final = DeviceId("car")
OUTSIDE: Final = Outside(
    feed_in_micro_per_kwh=80_000,
    import_micro_per_kwh=300_000,
    avoided_micro_per_kwh=300_000,
)


def problem(*, stored_wh: int | None = 8_000, sun_w: int = 0) -> HomeProblem:
    """Return a home with a battery, a car, a tank and 500 W of load."""
    flat = (300_000,) * COUNT
    return HomeProblem(
        horizon=HOURS,
        scenarios=(Scenario(load_w=(500,) * COUNT, production_w=(sun_w,) * COUNT),),
        grid=Grid(
            import_w_max=10_000,
            export_w_max=10_000,
            prices=Prices(
                import_micro_per_kwh=flat, export_micro_per_kwh=(80_000,) * COUNT
            ),
        ),
        storages=(
            Battery(
                id=AssetId(BATTERY),
                stored_wh=stored_wh,
                capacity_wh=10_000,
                charge_w_max=4_000,
                discharge_w_max=4_000,
            ),
            Car(
                id=AssetId(CAR),
                stored_wh=0,
                capacity_wh=9_200,
                charge_w_max=4_000,
                trips=(
                    Trip(
                        leaves_at=after(START, 20 * HOUR_MS),
                        returns_at=None,
                        stored_wh_goal=9_200,
                    ),
                ),
            ),
            Tank(
                id=AssetId("tank"),
                stored_wh=1_000,
                capacity_wh=5_000,
                power_w_max=1_000,
                cop_ppm=(3_000_000,) * COUNT,
                draw_w=(100,) * COUNT,
            ),
        ),
    )


def test_armed_devices_alone_are_promised() -> None:
    both = promised(problem(), frozenset({BATTERY, CAR}))
    none = promised(problem(), frozenset())

    assert [DeviceId(storage.id) for storage in both.storages] == [BATTERY, CAR]
    assert both.scenarios == problem().scenarios
    assert none.storages == ()


def test_a_car_nobody_armed_charges_at_once() -> None:
    (expected,) = promised(problem(), frozenset({BATTERY})).scenarios

    assert expected.load_w[:4] == (4_500, 4_500, 2_500, 500)


def test_a_battery_nobody_armed_minds_its_own_business() -> None:
    (expected,) = promised(problem(), frozenset({CAR})).scenarios
    (sunny,) = promised(problem(sun_w=2_500), frozenset({CAR})).scenarios

    assert expected.load_w[0] == 0
    assert expected.load_w[-1] == 500
    assert sunny.production_w[0] == 500
    assert sunny.production_w[-1] in {2_499, 2_500}, "full, to the watt-hour"


def test_a_battery_of_unknown_content_is_expected_to_do_nothing() -> None:
    (expected,) = promised(problem(stored_wh=None), frozenset({CAR})).scenarios

    assert expected == problem().scenarios[0]


def test_what_is_unknown_stays_unknown() -> None:
    scenario = Scenario(load_w=(None,) * COUNT, production_w=(None,) * COUNT)
    unknown = replace(problem(), scenarios=(scenario,))

    (expected,) = promised(unknown, frozenset()).scenarios

    assert expected.load_w == (None,) * COUNT


def test_what_a_car_would_give_back_is_nobodys_to_promise() -> None:
    stores = [
        replace(store, discharge_w_max=3_000) if isinstance(store, Car) else store
        for store in problem().storages
    ]

    (car,) = promised(
        replace(problem(), storages=tuple(stores)), frozenset({CAR})
    ).storages

    assert isinstance(car, Car)
    assert car.discharge_w_max == 0


async def test_the_bidder_answers_a_thread(hass: HomeAssistant) -> None:
    full = replace(problem(sun_w=3_000), keep_wh=0)
    bidder = Bidder(hass.loop, problem=lambda: full, armed=lambda: frozenset({BATTERY}))
    period = DeliveryPeriod.containing(START)
    limits = BidLimits(sell_micro_per_kwh_min=150_000, energy_wh_max=100_000)

    plan = await hass.async_add_executor_job(bidder.plan, full)
    steps = await hass.async_add_executor_job(bidder.bid, period, OUTSIDE, limits)
    await bidder.close()

    assert plan.rung is Rung.OPTIMAL
    assert [DeviceId(asset.asset) for asset in plan.assets] == [BATTERY]
    assert steps
    assert all(
        step.price_micro_per_kwh >= 150_000 for step in steps if step.side is Side.SELL
    )


async def test_a_bidder_that_gets_no_answer_lets_the_rule_bid(
    hass: HomeAssistant,
) -> None:
    bidder = Bidder(hass.loop, problem=problem, armed=frozenset)
    period = DeliveryPeriod.containing(START)

    def ask() -> object:
        with patch("custom_components.commonwatt.planning.bidder.ANSWER_S_MAX", 0):
            return bidder.bid(period, OUTSIDE, BidLimits(energy_wh_max=1))

    assert await hass.async_add_executor_job(ask) is None
    with patch("asyncio.run_coroutine_threadsafe", side_effect=RuntimeError):
        assert bidder.plan(problem()).rung is Rung.RULE
    await bidder.close()


@pytest.fixture
async def entry(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> MockConfigEntry:
    """Return a home with a battery nobody armed."""
    freezer.move_to(MORNING)
    hass.config.currency = "EUR"
    watts = {"unit_of_measurement": "W"}
    hass.states.async_set("sensor.grid", "-3000", watts)
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


async def mandate_of(entry: MockConfigEntry) -> Mandate:
    """Return what the node may promise."""
    data: CommonWattData = entry.runtime_data
    return await data.ask(lambda node, _: node._household.mandate)


async def set_number(hass: HomeAssistant, entity_id: str, value: float) -> None:
    """Turn a number of the home."""
    call: Mapping[str, object] = {"entity_id": entity_id, "value": value}
    await hass.services.async_call("number", "set_value", dict(call), blocking=True)
    await settle(hass)


async def test_the_node_plans_and_may_promise_nothing_unarmed(
    entry: MockConfigEntry,
) -> None:
    data: CommonWattData = entry.runtime_data
    planning = await data.ask(lambda node, _: node._household.planning)

    assert isinstance(planning, Bidder)
    assert await mandate_of(entry) == Mandate(stores=frozenset())


async def test_the_owners_limits_reach_the_node_and_the_plan(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    await set_number(hass, "number.home_lowest_selling_price", 0.12)
    await set_number(hass, "number.home_highest_buying_price", 0.21)
    await set_number(hass, "number.home_energy_never_sold", 2.5)

    assert await mandate_of(entry) == Mandate(
        stores=frozenset(),
        sell_micro_per_kwh_min=120_000,
        buy_micro_per_kwh_max=210_000,
        keep_wh=2_500,
    )
    assert entry.runtime_data.plans.problem_now().keep_wh == 2_500


async def test_limits_at_their_ends_are_none(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    lowest = hass.states.get("number.home_lowest_selling_price")
    highest = hass.states.get("number.home_highest_buying_price")
    assert lowest is not None
    assert highest is not None
    assert lowest.attributes["unit_of_measurement"] == "EUR/kWh"
    assert float(lowest.state) == lowest.attributes["min"]
    assert float(highest.state) == highest.attributes["max"]

    await set_number(hass, "number.home_lowest_selling_price", 0.12)
    await set_number(hass, "number.home_lowest_selling_price", lowest.attributes["min"])

    assert await mandate_of(entry) == Mandate(stores=frozenset())


async def test_arming_lets_a_battery_be_promised(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    class Armed:
        armed = True

    (battery,) = (
        d
        for d in entry.runtime_data.home.devices
        if d.config.kind is DeviceKind.BATTERY
    )
    with patch.object(battery, "control", Armed()):
        entry.runtime_data.plans._tell()
        await settle(hass)

        mandate = await mandate_of(entry)

    assert mandate.stores == frozenset({AssetId(battery.config.id)})


@pytest.mark.usefixtures("socket_enabled")
async def test_limits_reach_the_node_of_the_demo_as_well(
    hass: HomeAssistant,
) -> None:
    entry = await add_demo(hass)

    await set_number(hass, "number.demo_lowest_selling_price", 0.12)

    assert await mandate_of(entry) == Mandate(sell_micro_per_kwh_min=120_000)
