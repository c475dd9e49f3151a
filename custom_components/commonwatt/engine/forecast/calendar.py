"""Where delivery periods lie in a home's own days; asked, never computed here."""

from typing import Protocol

from ..model.period import DeliveryPeriod


class Calendar(Protocol):
    """The home's time zone and its public holidays."""

    def local(self, period: DeliveryPeriod) -> tuple[int, int]:
        """Return number and minute of the local day at which ``period`` starts.

        Days are counted from any fixed day; minutes from 0 to 1439.
        """
        ...

    def kind(self, day: int) -> int:
        """Return 0 (Monday) to 6 for a local day; a public holiday is a Sunday."""
        ...
