"""Whose turn it is to pay for what concerns all, so that not everybody does.

Members take turns of a minute, in the order of their accounts, beginning with another
one for each thing to do.  Nobody waits for long: those before may have no coins.
"""

from collections import OrderedDict
from collections.abc import Sequence
from typing import Final

from ...engine.wire.ethereum import Address

TURN_S: Final = 60
TURNS_S_MAX: Final = 1_800
"""Longest wait for those whose turn is earlier."""

THINGS_MAX: Final = 1_024
"""Things to do of which we remember since when they are due."""


class Turns:
    """The turns of one home."""

    def __init__(self, account: Address) -> None:
        """Begin with nothing to do."""
        self._account: Final = account
        self._members: tuple[Address, ...] = ()
        self._now_s = 0
        self._due_since_s: Final[OrderedDict[bytes, int]] = OrderedDict()

    def begin(self, members: Sequence[Address], now_s: int) -> None:
        """Go by these members from now on; ``now_s`` is the chain's time."""
        self._members = tuple(sorted(members))
        self._now_s = now_s

    def is_mine(self, what: bytes, number: int) -> bool:
        """Tell whether those before us had their time to do it.

        The first to have a turn is the member whose place is ``number``.
        """
        since_s = self._due_since_s.setdefault(what, self._now_s)
        while len(self._due_since_s) > THINGS_MAX:
            self._due_since_s.popitem(last=False)
        return self._now_s - since_s >= self._wait_s(number)

    def _wait_s(self, number: int) -> int:
        if self._account not in self._members:
            return TURNS_S_MAX
        place = self._members.index(self._account)
        rank = (place - number) % len(self._members)
        return min(rank * TURN_S, TURNS_S_MAX)
