"""Who has the days of a community posted: alone in the demo, with others elsewhere."""

from typing import Final, Protocol

from ..drivers.chain import ChainThread
from .wallet import PostedDay

DAYS_KEPT: Final = 8
"""How long certificates can be proved: a week, and the day under way."""


class Poster(Protocol):
    """Does what is due for the days of a community, one turn after the other."""

    @property
    def days(self) -> tuple[PostedDay, ...]:
        """The days that stand and can be proved, the latest last."""
        ...

    @property
    def is_busy(self) -> bool:
        """Whether a day is over and does not stand yet."""
        ...

    async def async_keep(self) -> None:
        """Keep what was settled since, whether there is a chain now or not.

        Raises:
            ChainError: the disk lets us down.
        """
        ...

    async def async_turn(self, chain: ChainThread, *, has_coins: bool) -> None:
        """Do what is due; ``has_coins``: this home can pay for gas.

        Raises:
            ChainError: the chain, or the disk, lets us down.
        """
        ...

    async def async_pending_nano(self) -> int | None:
        """Return what this home has earned since the day that stands; None: unknown."""
        ...

    def refused(self, job: str) -> None:
        """Take back what a contract refused, by the name of the job."""
        ...

    async def async_close(self) -> None:
        """Let go of everything; twice is no harm."""
        ...
