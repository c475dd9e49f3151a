"""What the home intends to do, how sure we are of it, and why it is no better."""

from dataclasses import dataclass
from enum import StrEnum

from ...model.period import Instant
from ..assets import AssetId
from .horizon import Horizon


class Rung(StrEnum):
    """How a plan was made, the best way first."""

    OPTIMAL = "optimal"
    """Proven to cost no more than the gap above the least possible."""

    FEASIBLE = "feasible"
    """The best the time allowed; ``gap_ppm`` tells how much better one could be."""

    ROUNDED = "rounded"
    """From the relaxed problem, on/off decisions rounded."""

    PREVIOUS = "previous"
    """The last good plan, still young enough."""

    RULE = "rule"
    """Plain self-consumption, cars in time, no trading ahead."""


class PlanReason(StrEnum):
    """Why a plan is not on the highest rung."""

    NONE = "none"
    TIME_LIMIT = "time_limit"
    NO_INCUMBENT = "no_incumbent"
    """The search found nothing that keeps all on/off decisions."""

    SOLVER_ERROR = "solver_error"
    """The solver raised, or called the problem infeasible."""

    IMPLAUSIBLE = "implausible"
    """The solver's answer does not stand up to recomputing it."""

    INPUT_MISSING = "input_missing"
    """No prices or no forecast at all."""

    SOLVER_MISSING = "solver_missing"
    """The solver is not installed on this machine."""

    WORKER_DIED = "worker_died"
    WORKER_SILENT = "worker_silent"
    """The worker did not answer within the hard limit."""


class FlawKind(StrEnum):
    """What was wrong with an input, and was worked around."""

    FORECAST_GAP = "forecast_gap"
    """Values were missing in a forecast: the last known ones are used."""

    PRICE_GAP = "price_gap"
    """Prices are not known that far: those of the day before are used."""

    STORED_UNKNOWN = "stored_unknown"
    """Nobody knows what is in the store: it is left out."""

    STORED_OUTSIDE = "stored_outside"
    """More, or less than nothing, in the store: the nearest limit is used."""

    SERIES_LENGTH = "series_length"
    """A series does not fit the horizon: filled with its last value, or cut."""

    WINDOW_TOO_SHORT = "window_too_short"
    """The appliance cannot run in the time it was given: it is left out."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Flaw:
    """One input that was wrong; ``asset`` is None for the whole home."""

    kind: FlawKind
    asset: AssetId | None = None


class ViolationKind(StrEnum):
    """What a plan may not do."""

    IMPORT_LIMIT = "import_limit"
    EXPORT_LIMIT = "export_limit"
    POWER_LIMIT = "power_limit"
    STORED_LIMIT = "stored_limit"
    BOTH_WAYS = "both_ways"
    """A store charges and discharges at once."""

    SWITCHED_TOO_SOON = "switched_too_soon"
    """A machine is switched before its time; the amount is what is missing, in s."""

    ABSENT = "absent"
    """A car is used while it is away."""

    COST_DIFFERS = "cost_differs"
    """The solver counted on money that is not there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """One rule a plan breaks, and by how much, in the unit of what is limited."""

    kind: ViolationKind
    step: int
    amount: int
    asset: AssetId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetPlan:
    """What one asset does in every step."""

    asset: AssetId
    power_w: tuple[int, ...]
    """What it adds to the home's net export: + gives, - takes."""

    stored_wh: tuple[int, ...] = ()
    """What is in it at the end of every step; empty for what stores nothing."""

    value_micro_per_kwh: tuple[int, ...] = ()
    """What one more stored kWh would save from then on (dual of the recursion)."""

    values_micro_per_kwh: tuple[tuple[int, ...], ...] = ()
    """The same for equal parts of the capacity, from empty to full, at the end of every
    step; empty where the plan was not made against several scenarios."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HomePlan:
    """The plan of a home for its horizon, for the expected scenario."""

    horizon: Horizon
    rung: Rung
    reason: PlanReason
    made_at: Instant
    """Start of the horizon it was solved for."""

    assets: tuple[AssetPlan, ...]
    net_export_w: tuple[int, ...]
    """At the metering point."""

    curtailed_w: tuple[int, ...]
    cost_nano: int
    """Of energy, fees, wear and what is missed; what stores are worth is taken off."""

    gap_ppm: int | None
    """How far at most above the least possible cost; None: unknown."""

    value_micro_per_kwh: tuple[int, ...] = ()
    """What one more kWh at home would save in each step; empty on the lowest rungs."""

    autonomy_ms: tuple[int, ...] = ()
    """How long the critical loads could go on from the end of each step."""

    flaws: tuple[Flaw, ...] = ()

    def asset(self, asset: AssetId) -> AssetPlan | None:
        """Return what ``asset`` does; None if it is not part of the plan."""
        return next((plan for plan in self.assets if plan.asset == asset), None)
