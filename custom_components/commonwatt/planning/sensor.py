"""Sensors of the plan: how it was made, what comes next and why, what it will cost."""

from collections.abc import Callable
from datetime import datetime
from typing import Final, override

from homeassistant.components.sensor import SensorDeviceClass, SensorEntity
from homeassistant.const import EntityCategory, UnitOfEnergy, UnitOfTime

from ..data import CommonWattConfigEntry
from ..engine.dispatch.home import HomePlan, Rung
from ..engine.dispatch.story import (
    Action,
    ActionKind,
    cost_nano_between,
    next_action,
)
from ..engine.model.period import (
    DAY_MS,
    HOUR_MS,
    Instant,
    after,
    datetime_from_instant,
)
from ..engine.model.units import MICRO_PER_UNIT, NANO_PER_UNIT
from ..local_day import day_started_at
from .appliances import PlannedAppliance
from .entity import BelongingEntity, PlanEntity
from .machines import Machine
from .words import Words

type Attributes = dict[str, str | int | float | list[str] | None]

_HOURS_SHOWN_MAX: Final = 168
_PPM_PER_PERCENT: Final = 10_000


def plan_sensors(entry: CommonWattConfigEntry) -> list[SensorEntity]:
    """Return the sensors of a home's plan."""
    return [
        PlanStateSensor(entry, "plan_state"),
        NextActionSensor(entry, "next_action"),
        EnergyValueSensor(entry, "energy_value"),
        AutonomySensor(entry, "autonomy", _autonomy_now),
        AutonomySensor(entry, "autonomy_min", _autonomy_min),
        CostTodaySensor(entry, "expected_cost_today"),
    ]


def belonging_sensors(
    entry: CommonWattConfigEntry, belonging: PlannedAppliance | Machine
) -> list[SensorEntity]:
    """Return the sensors of an appliance or a machine."""
    return [PlannedStartSensor(entry, belonging, "planned_start")]


class PlanStateSensor(PlanEntity, SensorEntity):
    """On which rung of the ladder the plan was made, and why on none higher."""

    _attr_device_class = SensorDeviceClass.ENUM
    _attr_entity_category = EntityCategory.DIAGNOSTIC
    _unrecorded_attributes = frozenset({"flaws", "made_at"})

    def __init__(self, entry: CommonWattConfigEntry, key: str) -> None:
        super().__init__(entry, key)
        self._attr_options = [rung.value for rung in Rung]

    @property
    @override
    def native_value(self) -> str | None:
        plan = self.plans.plan
        return None if plan is None else plan.rung.value

    @property
    @override
    def extra_state_attributes(self) -> Attributes:
        plan, made_at = self.plans.plan, self.plans.made_at
        if plan is None or made_at is None:
            return {}
        gap = None if plan.gap_ppm is None else plan.gap_ppm / _PPM_PER_PERCENT
        return {
            "reason": plan.reason.value,
            "gap_percent": gap,
            "flaws": sorted({flaw.kind.value for flaw in plan.flaws}),
            "made_at": datetime_from_instant(made_at).isoformat(),
        }


class NextActionSensor(PlanEntity, SensorEntity):
    """What begins next, and the reason in words."""

    _attr_device_class = SensorDeviceClass.ENUM
    _unrecorded_attributes = frozenset({"explanation"})

    def __init__(self, entry: CommonWattConfigEntry, key: str) -> None:
        super().__init__(entry, key)
        self._attr_options = [*(kind.value for kind in ActionKind), "nothing"]
        self._words: Words | None = None

    @override
    async def async_added_to_hass(self) -> None:
        """Learn the words of Home Assistant's language."""
        self._words = await Words.async_load(self.hass)
        await super().async_added_to_hass()

    @property
    @override
    def native_value(self) -> str | None:
        if self.plans.plan is None:
            return None
        action = self._action
        return "nothing" if action is None else action.kind.value

    @property
    @override
    def extra_state_attributes(self) -> Attributes:
        action = self._action
        if action is None or self._words is None:
            return {}
        name = self._name(action)
        return {
            "asset": name,
            "starts_at": datetime_from_instant(action.starts_at).isoformat(),
            "ends_at": datetime_from_instant(action.ends_at).isoformat(),
            "power_w": action.power_w,
            "reason": action.reason.value,
            "explanation": self._words.explain(action, name=name),
        }

    @property
    def _action(self) -> Action | None:
        plan, problem = self.plans.plan, self.plans.problem
        if plan is None or problem is None:
            return None
        return next_action(problem, plan, self.plans.now)

    def _name(self, action: Action) -> str:
        return self.plans.names.get(action.asset, action.asset)


class EnergyValueSensor(PlanEntity, SensorEntity):
    """What one more kWh at home would save right now."""

    _attr_suggested_display_precision = 3

    @property
    @override
    def native_unit_of_measurement(self) -> str:
        return f"{self.hass.config.currency}/{UnitOfEnergy.KILO_WATT_HOUR}"

    @property
    @override
    def native_value(self) -> float | None:
        plan = self.plans.plan
        step = None if plan is None else plan.horizon.step_at(self.plans.now)
        if plan is None or step is None or step >= len(plan.value_micro_per_kwh):
            return None
        return plan.value_micro_per_kwh[step] / MICRO_PER_UNIT


class AutonomySensor(PlanEntity, SensorEntity):
    """How long the critical loads could go on without the grid."""

    _attr_device_class = SensorDeviceClass.DURATION
    _attr_native_unit_of_measurement = UnitOfTime.HOURS
    _attr_suggested_display_precision = 1

    def __init__(
        self,
        entry: CommonWattConfigEntry,
        key: str,
        read: Callable[[HomePlan, Instant], int | None],
    ) -> None:
        super().__init__(entry, key)
        self._read = read

    @property
    @override
    def native_value(self) -> float | None:
        plan = self.plans.plan
        lasts_ms = None if plan is None else self._read(plan, self.plans.now)
        return None if lasts_ms is None else min(lasts_ms / HOUR_MS, _HOURS_SHOWN_MAX)


class CostTodaySensor(PlanEntity, SensorEntity):
    """What today will have cost at midnight, as things stand.

    Settled delivery periods as they were, the rest of the day as planned.
    """

    _attr_device_class = SensorDeviceClass.MONETARY
    _attr_suggested_display_precision = 2

    @property
    @override
    def native_unit_of_measurement(self) -> str:
        return self.hass.config.currency

    @property
    @override
    def native_value(self) -> float | None:
        plan, problem = self.plans.plan, self.plans.problem
        if plan is None or problem is None or not self.plans.home.image().meters:
            return None
        now = self.plans.now
        midnight = day_started_at(after(day_started_at(now), DAY_MS + 2 * HOUR_MS))
        rest_nano = cost_nano_between(problem, plan, now, midnight)
        spent_nano = self.plans.spending.nano
        if rest_nano is None or spent_nano is None:
            return None
        return (spent_nano + rest_nano) / NANO_PER_UNIT


class PlannedStartSensor(BelongingEntity, SensorEntity):
    """When the plan starts an appliance or a machine."""

    _attr_device_class = SensorDeviceClass.TIMESTAMP

    @property
    @override
    def native_value(self) -> datetime | None:
        starts = [action.starts_at for action in self.actions]
        return datetime_from_instant(min(starts)) if starts else None


def _autonomy_now(plan: HomePlan, now: Instant) -> int | None:
    step = plan.horizon.step_at(now)
    if step is None or step >= len(plan.autonomy_ms):
        return None
    return plan.autonomy_ms[step]


def _autonomy_min(plan: HomePlan, now: Instant) -> int | None:
    step = plan.horizon.step_at(now)
    return None if step is None else min(plan.autonomy_ms[step:], default=None)
