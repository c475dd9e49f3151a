"""One member we are linked with: what it is known to have, and what we owe it."""

from collections import OrderedDict, deque
from collections.abc import Callable, Iterable
from typing import Final

from .beacon import Beacon
from .frames import NAMES_MAX
from .limits import Allowance

KNOWN_MAX: Final = 16_384
ASKED_MAX: Final = 4_096
DIRECT_MAX: Final = 512
STRIKES_MAX: Final = 64
"""Letters that were not genuine, until the peer is no longer listened to.  A few are
nobody's fault: what overtook the hello of its author cannot be told from a forgery."""

STRIKES_PER_MEMBER: Final = 16


class Names:
    """The latest so many names."""

    def __init__(self, most: int) -> None:
        """Begin empty."""
        self._most: Final = most
        self._names: Final[OrderedDict[bytes, None]] = OrderedDict()

    def __contains__(self, name: bytes) -> bool:
        """Tell whether ``name`` is among them."""
        return name in self._names

    def add(self, name: bytes) -> None:
        """Remember ``name``, and forget the oldest if there are too many."""
        self._names[name] = None
        if len(self._names) > self._most:
            self._names.popitem(last=False)

    def discard(self, name: bytes) -> None:
        """Forget ``name``."""
        self._names.pop(name, None)

    def pop(self) -> bytes | None:
        """Take out the oldest; None if there is none."""
        return self._names.popitem(last=False)[0] if self._names else None


class Conversation:
    """The state of one link.  All queues are bounded; our shelf is the rest of them."""

    def __init__(
        self,
        beacon: Beacon,
        *,
        allowance: Allowance,
        wake: Callable[[], None],
    ) -> None:
        """Begin with a guest, before the greeting.

        ``wake`` is called when there is something to say.
        """
        self.peer: Final = beacon.party
        self.beacon: Final = beacon
        self.is_guest = True
        """No member: it is not told what members say to each other."""

        self.allowance = allowance
        self.wake: Final = wake
        self.has_greeted = False
        self.place: int | None = None
        """How far this peer has read our shelf; None before it greeted."""

        self.log_id: bytes | None = None
        """The peer's log."""

        self.knows: Final = Names(KNOWN_MAX)
        """Names of parcels the peer surely has."""

        self.asked: Final = Names(ASKED_MAX)
        """Names of parcels the peer asked for."""

        self.owed: Final = Names(ASKED_MAX)
        """Names of parcels the peer is to have at once, unasked."""

        self.neighbours: frozenset[bytes] = frozenset()
        """Short names of the members the peer can hand something to."""

        self._told: tuple[bytes, ...] = ()
        self._is_told = True
        self._wants: Final[deque[bytes]] = deque(maxlen=ASKED_MAX)
        self._direct: Final[deque[bytes]] = deque(maxlen=DIRECT_MAX)
        self._strikes = 0

    def is_believed(self, members: int) -> bool:
        """Tell whether what the peer brought was genuine, with few exceptions."""
        return self._strikes < STRIKES_MAX + STRIKES_PER_MEMBER * members

    def welcome(self, allowance: Allowance) -> None:
        """Go on with a member, from the beginning of our shelf if need be."""
        self.is_guest = False
        self.allowance = allowance
        if self.place is not None:
            self.place = 0
            self.wake()

    def strike(self) -> None:
        """Note that the peer brought something that is not genuine."""
        self._strikes += 1

    def tell(self, letter: bytes) -> None:
        """Put a letter for this peer alone into its queue."""
        self._direct.append(letter)
        self.wake()

    def next_direct(self) -> bytes | None:
        """Take out the oldest letter for this peer alone."""
        return self._direct.popleft() if self._direct else None

    def unsaid(self) -> tuple[bytes, ...]:
        """Take out all letters for this peer alone."""
        letters = tuple(self._direct)
        self._direct.clear()
        return letters

    def tell_neighbours(self, names: tuple[bytes, ...]) -> None:
        """Tell the peer whom we can hand something to, unless it knows."""
        if names != self._told:
            self._told, self._is_told = names, False
            self.wake()

    def next_neighbours(self) -> tuple[bytes, ...] | None:
        """Return whom we can hand something to, if that is news."""
        is_news, self._is_told = not self._is_told, True
        return self._told if is_news else None

    def ask(self, name: bytes) -> None:
        """Ask the peer for a parcel."""
        self._wants.append(name)
        self.wake()

    def asked_by_peer(self, names: Iterable[bytes]) -> None:
        """Note what the peer wants."""
        for name in names:
            self.asked.add(name)
        self.wake()

    def owe(self, name: bytes) -> None:
        """Note that the peer is to have a parcel at once."""
        self.owed.add(name)
        self.wake()

    def next_wants(self) -> tuple[bytes, ...]:
        """Take out what we want, as much as fits one frame."""
        count = min(len(self._wants), NAMES_MAX)
        return tuple(self._wants.popleft() for _ in range(count))
