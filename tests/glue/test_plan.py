"""The plan of a home in Home Assistant: made, shown, wished for, and missed."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Final
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import HomeAssistant, State
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.commonwatt.const import DOMAIN
from custom_components.commonwatt.drivers.solver import Plans, Solver
from custom_components.commonwatt.engine.devices import DeviceKind
from custom_components.commonwatt.engine.dispatch.fallback import fall_back
from custom_components.commonwatt.engine.dispatch.home import HomePlan, PlanReason
from custom_components.commonwatt.engine.model.period import after
from custom_components.commonwatt.planning.runtime import PlanRuntime
from tests.glue.homes import add_home, adopted, settle

MORNING: Final = "2026-03-26T08:02:00+00:00"


def show(hass: HomeAssistant, entity_id: str, state: str, unit: str = "W") -> None:
    """Let another integration show a state."""
    hass.states.async_set(entity_id, state, {"unit_of_measurement": unit})


def plans_of(entry: MockConfigEntry) -> PlanRuntime:
    """Return the running plan."""
    plans: PlanRuntime = entry.runtime_data.plans
    return plans


def state_of(hass: HomeAssistant, entity_id: str) -> State:
    """Return the state of an entity that exists."""
    state = hass.states.get(entity_id)
    assert state is not None, entity_id
    return state


async def later(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, seconds: float
) -> None:
    """Let time pass, and everything that was due."""
    freezer.tick(timedelta(seconds=seconds))
    async_fire_time_changed(hass)
    await settle(hass)


@pytest.fixture
async def entry(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> MockConfigEntry:
    """Return a home with sun, a battery and a car, and let it plan once."""
    freezer.move_to(MORNING)
    await hass.config.async_set_time_zone("Europe/Paris")
    hass.config.currency = "EUR"
    show(hass, "sensor.grid", "-3000")
    show(hass, "sensor.sun", "4000")
    show(hass, "sensor.battery", "0")
    show(hass, "sensor.soc", "30", "%")
    entry = await add_home(
        hass,
        [
            adopted(DeviceKind.METER, {"power": "sensor.grid"}),
            adopted(DeviceKind.INVERTER, {"power": "sensor.sun"}),
            adopted(
                DeviceKind.BATTERY,
                {"power": "sensor.battery", "state_of_charge": "sensor.soc"},
                capacity_wh=10_000,
            ),
        ],
    )
    await later(hass, freezer, 11)
    return entry


@pytest.mark.usefixtures("entry")
async def test_a_home_has_a_plan_soon_after_its_start(hass: HomeAssistant) -> None:
    state = state_of(hass, "sensor.home_plan_state")

    assert state.state == "optimal"
    assert state.attributes["reason"] == "none"
    assert float(state_of(hass, "sensor.home_value_of_energy").state) < 0.25
    assert float(state_of(hass, "sensor.home_autonomy").state) > 0
    assert float(state_of(hass, "sensor.home_expected_cost_today").state) < 10


async def test_without_a_meter_nobody_knows_what_the_day_costs(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    freezer.move_to(MORNING)
    await add_home(hass, [])
    await later(hass, freezer, 11)

    assert state_of(hass, "sensor.home_plan_state").state != STATE_UNKNOWN
    assert state_of(hass, "sensor.home_expected_cost_today").state == STATE_UNKNOWN


@pytest.mark.usefixtures("entry")
async def test_the_next_action_tells_its_reason_in_words(hass: HomeAssistant) -> None:
    state = state_of(hass, "sensor.home_next_action")

    assert state.state in {"charge_battery", "discharge_battery"}
    assert state.attributes["asset"] == "Battery"
    assert " at " in state.attributes["explanation"]
    assert " because " in state.attributes["explanation"]


@pytest.mark.usefixtures("entry")
async def test_no_state_carries_the_arrays_of_the_plan(hass: HomeAssistant) -> None:
    for state in hass.states.async_all():
        for value in state.attributes.values():
            assert not isinstance(value, list | tuple) or len(value) < 60


@pytest.mark.usefixtures("entry")
async def test_the_action_returns_the_plan_step_by_step(hass: HomeAssistant) -> None:
    plan = await hass.services.async_call(
        DOMAIN, "get_plan", {}, blocking=True, return_response=True
    )

    assert plan is not None
    starts, assets = plan["starts"], plan["assets"]
    assert isinstance(starts, list)
    assert isinstance(assets, list)
    assert starts[0] == "2026-03-26T08:00:00+00:00"
    (battery,) = assets
    assert isinstance(battery, dict)
    assert battery["name"] == "Battery"
    power_w = battery["power_w"]
    assert isinstance(power_w, list)
    assert len(power_w) == len(starts) > 100
    assert plan["rung"] == "optimal"


async def test_a_home_without_a_plan_says_so(hass: HomeAssistant) -> None:
    entry = await add_home(hass)
    plans_of(entry).plan = None

    with pytest.raises(HomeAssistantError) as raised:
        await hass.services.async_call(
            DOMAIN,
            "get_plan",
            {"config_entry_id": entry.entry_id},
            blocking=True,
            return_response=True,
        )

    assert raised.value.translation_key == "no_plan"


async def test_a_home_that_knows_nothing_follows_the_rule(hass: HomeAssistant) -> None:
    await add_home(hass)

    state = state_of(hass, "sensor.home_plan_state")
    assert state.state == "rule"
    assert state.attributes["reason"] == "input_missing"
    assert state_of(hass, "sensor.home_next_action").state == "nothing"
    assert state_of(hass, "sensor.home_value_of_energy").state == STATE_UNKNOWN


async def test_news_in_a_swarm_make_one_plan(
    hass: HomeAssistant, entry: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    plans = plans_of(entry)
    for _ in range(4):  # whatever the start still asks for is planned, and rested from
        await later(hass, freezer, 15)
    made: list[HomePlan] = []
    plans.async_listen(lambda: made.append(plans.plan) if plans.plan else None)

    for soc in ("50", "60", "70", "80"):
        show(hass, "sensor.soc", soc, "%")
        await settle(hass)
    assert len(made) == 1

    await later(hass, freezer, 11)
    assert len(made) == 2
    battery = made[-1].assets[0]
    assert battery.stored_wh[0] > 7_000


async def test_a_little_drift_keeps_the_plan(
    hass: HomeAssistant, entry: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    await later(hass, freezer, 60)
    before = plans_of(entry).plan

    show(hass, "sensor.soc", "31", "%")
    await later(hass, freezer, 11)

    assert plans_of(entry).plan is before


async def test_a_new_period_makes_a_new_plan(
    hass: HomeAssistant, entry: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    before = plans_of(entry).plan

    freezer.move_to("2026-03-26T08:15:03+00:00")
    async_fire_time_changed(hass)
    await settle(hass)

    now = plans_of(entry).plan
    assert before is not None
    assert now is not None
    assert now.horizon.start - before.horizon.start == 15 * 60 * 1000


@pytest.mark.usefixtures("entry")
async def test_a_choice_sets_the_weights_and_shows_them(hass: HomeAssistant) -> None:
    await hass.services.async_call(
        "select",
        "select_option",
        {"entity_id": "select.home_goal_of_the_plan", "option": "greenest"},
        blocking=True,
    )

    assert state_of(hass, "number.home_weight_of_carbon").state == "400"
    assert state_of(hass, "number.home_weight_of_money").state == "50"


async def test_a_weight_of_its_own_is_custom(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    await hass.services.async_call(
        "number",
        "set_value",
        {"entity_id": "number.home_weight_of_carbon", "value": 37},
        blocking=True,
    )

    assert state_of(hass, "select.home_goal_of_the_plan").state == "custom"
    assert plans_of(entry).wishes.weights.carbon_ppm == 370_000


async def test_a_reserve_is_planned_for(
    hass: HomeAssistant, entry: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    for entity_id, value in (
        ("number.home_reserve", 24),
        ("number.home_critical_load", 250),
    ):
        await hass.services.async_call(
            "number",
            "set_value",
            {"entity_id": entity_id, "value": value},
            blocking=True,
        )
    await later(hass, freezer, 11)

    problem = plans_of(entry).problem
    assert problem is not None
    assert problem.autonomy is not None
    assert problem.autonomy.hours_ms == 24 * 3_600_000
    assert problem.autonomy.critical_w[0] == 250


@pytest.fixture
def broken_solver() -> Iterator[None]:
    """Let every plan fail in the worker."""

    def broken() -> Plans:
        raise ValueError("out of tune")

    with patch(
        "custom_components.commonwatt.planning.runtime.Solver",
        partial(Solver, make_planner=broken),
    ):
        yield


@pytest.mark.usefixtures("broken_solver", "entry")
async def test_a_fall_back_that_persists_is_an_issue(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    issue_registry: ir.IssueRegistry,
) -> None:
    def raised() -> list[str | None]:
        return [
            i.translation_key
            for (d, _), i in issue_registry.issues.items()
            if d == DOMAIN
        ]

    assert state_of(hass, "sensor.home_plan_state").state == "rule"
    assert raised() == []

    for quarter in range(1, 6):
        freezer.move_to(MORNING)
        await later(hass, freezer, quarter * 900 - 117)
    assert raised() == ["plan_fallback"]


async def test_a_plan_after_all_takes_the_issue_away(
    entry: MockConfigEntry, issue_registry: ir.IssueRegistry
) -> None:
    plans = plans_of(entry)
    assert plans.problem is not None
    good = plans.plan
    assert good is not None
    bad = fall_back(plans.problem, None, PlanReason.INPUT_MISSING)
    watch = plans._watch

    watch.take(bad, plans.now)
    watch.take(bad, after(plans.now, 3_600_000))
    issue_id = f"plan_fallback_{entry.entry_id}"
    issue = issue_registry.async_get_issue(DOMAIN, issue_id)
    assert issue is not None
    assert issue.translation_key == "plan_input_missing"

    watch.take(good, plans.now)
    assert issue_registry.async_get_issue(DOMAIN, issue_id) is None


async def test_a_restart_remembers_wishes_and_what_was_learned(
    hass: HomeAssistant, entry: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    await hass.services.async_call(
        "number",
        "set_value",
        {"entity_id": "number.home_reserve", "value": 6},
        blocking=True,
    )
    freezer.move_to("2026-03-26T08:16:00+00:00")
    show(hass, "sensor.grid", "-2900")
    await later(hass, freezer, 700)

    assert await hass.config_entries.async_reload(entry.entry_id)
    await later(hass, freezer, 11)

    assert plans_of(entry).wishes.reserve_hours == 6
    plan = plans_of(entry).plan
    assert plan is not None
    assert plan.rung.value == "optimal"
