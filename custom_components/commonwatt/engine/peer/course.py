"""What moves a round from one phase to the next: the clock, and what was decided."""

from ..model.period import DeliveryPeriod, Instant
from .phase import Phase, Trigger
from .timing import RoundTiming


def trigger_of(
    phase: Phase,
    now: Instant,
    *,
    period: DeliveryPeriod,
    timing: RoundTiming,
    decided: Trigger | None,
    has_voted: bool,
) -> Trigger | None:
    """Return what moves a round on at ``now``; None: it stays in its phase.

    ``decided`` is what a quorum agreed on, if its book is known.
    """
    match phase:
        case Phase.COMMITTING:
            closed = now >= timing.gate_closure(period)
            return Trigger.GATE_CLOSED if closed else None
        case Phase.REVEALING:
            closed = now >= timing.reveal_closure(period)
            return Trigger.REVEALS_CLOSED if closed else None
        case Phase.PROPOSING | Phase.VOTING:
            if decided is None and now >= period.start:
                return Trigger.DELIVERY_BEGAN
            moved_on = phase is Phase.PROPOSING and has_voted
            return decided or (Trigger.VOTED if moved_on else None)
        case Phase.OPEN:
            return decided
        case Phase.FINAL | Phase.VOID:
            return None
