"""A network that loses, delays, doubles, overtakes, garbles and falls apart."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from ...model.party import PartyId
from ...model.period import after
from ..events import EventQueue
from ..homes.dice import Dice
from .weather import CLEAR, Weather

DELAY_MS_MIN: Final = 5
DELAY_MS_MAX: Final = 60
PPM: Final = 1_000_000

type Receive = Callable[[bytes], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """Bytes on their way; ``to`` is None for everybody else."""

    data: bytes
    to: frozenset[PartyId] | None = None
    delay_ms: int = 0
    """How long its author holds it back."""


def happens(dice: Dice, ppm: int) -> bool:
    """Throw for a chance."""
    return ppm > 0 and dice.between(1, PPM) <= ppm


class Post:
    """Carries letters as the weather permits; every delay follows from the seed."""

    def __init__(self, queue: EventQueue, weather: Weather, *, seed: int) -> None:
        """Connect nobody yet."""
        self._queue: Final = queue
        self._weather = weather
        self._dice: Final = Dice(seed, "faults", "post")
        self._doors: Final[dict[PartyId, Receive]] = {}
        self._islands: Mapping[PartyId, int] = {}
        self.lost = 0

    def join(self, party: PartyId, receive: Receive) -> None:
        """Let somebody be written to."""
        self._doors[party] = receive

    def split(self, islands: Mapping[PartyId, int]) -> None:
        """Let only those hear each other that are on one island."""
        self._islands = islands

    def clear_up(self) -> None:
        """Lose and garble nothing from now on; what is on its way arrives."""
        self._islands = {}
        self._weather = CLEAR

    def carry(self, sender: PartyId, letter: Letter) -> None:
        """Bring a letter to whom it is for, or lose it."""
        for party, receive in self._doors.items():
            if party == sender or not (letter.to is None or party in letter.to):
                continue
            if self._is_lost(sender, party):
                self.lost += 1
                continue
            self._deliver(letter, receive)
            if happens(self._dice, self._weather.double_ppm):
                self._deliver(letter, receive)

    def _is_lost(self, sender: PartyId, party: PartyId) -> bool:
        apart = self._islands.get(sender, 0) != self._islands.get(party, 0)
        return apart or happens(self._dice, self._weather.loss_ppm)

    def _deliver(self, letter: Letter, receive: Receive) -> None:
        weather, dice = self._weather, self._dice
        delay_ms = letter.delay_ms + dice.between(DELAY_MS_MIN, DELAY_MS_MAX)
        if happens(dice, weather.late_ppm):
            delay_ms += dice.between(0, weather.late_ms_max)
        data = letter.data
        if data and happens(dice, weather.garble_ppm):
            data = _garbled(data, dice)
        self._queue.plan(after(self._queue.now, delay_ms), lambda: receive(data))


def _garbled(data: bytes, dice: Dice) -> bytes:
    position, bit = dice.between(0, len(data) - 1), dice.between(0, 7)
    turned = data[position] ^ (1 << bit)
    return data[:position] + bytes([turned]) + data[position + 1 :]
