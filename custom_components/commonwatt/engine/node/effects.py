"""Everything a node wants from the world, as one value."""

from dataclasses import dataclass

from ..devices.setpoint import Setpoint
from ..ledger.journal import JournalEntry
from ..model.party import PartyId
from .events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A sealed envelope; ``to`` is None for all other members."""

    data: bytes
    to: PartyId | None = None
    circle: tuple[PartyId, ...] = ()
    """Who may read it as well and pass it on: all who are told the very same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """What is to be done now, in this order.

    ``persist`` is on disk before anything in ``send`` leaves: what a node signed can
    then never be contradicted by the same node after a crash.
    """

    persist: tuple[JournalEntry, ...] = ()
    send: tuple[Outgoing, ...] = ()
    actuate: tuple[Setpoint, ...] = ()
    """Advice; the drivers obey it only for devices the owner has armed."""

    report: tuple[Event, ...] = ()

    def __bool__(self) -> bool:
        """Tell whether there is anything to do."""
        return bool(self.persist or self.send or self.actuate or self.report)
