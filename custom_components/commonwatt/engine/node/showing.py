"""Live power on the map: what this home shows of itself, and what others show.

Off until the owner wants it.  Nothing is planned, cleared or settled by it, and nobody
passes on what a member no longer shows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ..devices import ProcessImage
from ..model.party import PartyId
from ..model.period import MINUTE_MS, Instant, after
from ..model.social import LivePower
from .config import NodeConfig
from .outbox import Outbox

SAY_MS_MIN: Final = MINUTE_MS
"""Shortest time between two words about one's power: a map is no meter."""

SAY_MS_MAX: Final = 5 * MINUTE_MS
"""Longest time, also when nothing has changed: silence is not the same as no news."""

KNOWN_MS: Final = 10 * MINUTE_MS
"""How long a power counts as live: one word may get lost."""

FRESH_MS: Final = 2 * MINUTE_MS
"""How old a meter's value may be to be told as what it shows now."""

NOTICEABLE_W: Final = 100
NOTICEABLE_DIVISOR: Final = 10
"""A change by less than 100 W, or than a tenth, can wait."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Word:
    power_w: int
    said_at: Instant


class Showing:
    """Live powers of those members that let the others see them."""

    def __init__(self, config: NodeConfig, outbox: Outbox) -> None:
        """Begin showing nothing."""
        self.is_on = False
        self._config: Final = config
        self._outbox: Final = outbox
        self._words: Final[dict[PartyId, _Word]] = {}

    def show(self, now: Instant, *, shown: bool) -> None:
        """Let the others see this home's power from now on, or no longer."""
        self.is_on = shown
        if not shown and self._words.pop(self._config.party, None) is not None:
            self._outbox.say(LivePower(power_w=None), now)

    def drive(self, image: ProcessImage, now: Instant) -> None:
        """Say what the meter shows, if it is to be seen and is worth a word."""
        if not self.is_on or self._outbox.is_waking:
            return
        power_w = _meter_power_w(image)
        if power_w is None:
            return
        if self._is_due(power_w, now) and self._is_in_company:
            self._outbox.say(LivePower(power_w=power_w), now)
            self._words[self._config.party] = _Word(power_w=power_w, said_at=now)

    def take(self, author: PartyId, message: LivePower, said_at: Instant) -> None:
        """Take the word of a member; an older one than the last is no news."""
        known = self._words.get(author)
        if known is not None and said_at < known.said_at:
            return
        if message.power_w is None:
            self._words.pop(author, None)
        else:
            self._words[author] = _Word(power_w=message.power_w, said_at=said_at)

    def powers_w(self, now: Instant) -> Mapping[PartyId, int]:
        """Return what is known of each member that shows itself, + from the grid."""
        return {
            party: word.power_w
            for party, word in self._words.items()
            if now < after(word.said_at, KNOWN_MS)
        }

    @property
    def _is_in_company(self) -> bool:
        charter = self._config.statutes.latest
        return charter.member(self._config.party) is not None and (
            len(charter.members) > 1
        )

    def _is_due(self, power_w: int, now: Instant) -> bool:
        last = self._words.get(self._config.party)
        if last is None or now >= after(last.said_at, SAY_MS_MAX):
            return True
        changed_w = abs(power_w - last.power_w)
        worth_it = max(NOTICEABLE_W, abs(last.power_w) // NOTICEABLE_DIVISOR)
        return changed_w >= worth_it and now >= after(last.said_at, SAY_MS_MIN)


def _meter_power_w(image: ProcessImage) -> int | None:
    """Return what goes through the home's meters; None if any of them is silent."""
    total_w = 0
    for meter in image.meters.values():
        if meter.power_w is None or image.age_ms(meter) > FRESH_MS:
            return None
        total_w += meter.power_w
    return total_w if image.meters else None
