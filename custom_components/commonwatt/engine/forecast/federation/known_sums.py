"""The sums a member knows: of its training under way, and the last of trainings."""

from collections.abc import Mapping
from typing import Final

from ...model.federation import PublishedSum, SumName
from ...model.party import PartyId
from ...wire.federation import name_value
from .fixed_point import Floats, from_words, words_of
from .secrets_of_a_sum import digest

PUBLISHERS: Final = 3


class KnownSums:
    """Sums by week, step and cohort."""

    __slots__ = ("_finals", "_last", "_steps", "_week")

    def __init__(self, *, steps: int, week: int) -> None:
        """Know nothing yet; the training under way is that of ``week``."""
        self._last: Final = steps - 1
        self._week = week
        self._steps: dict[int, PublishedSum] = {}
        """Of the training under way and the own cohort."""

        self._finals: dict[int, dict[int, PublishedSum]] = {}
        """The last sums of trainings by week, then cohort."""

    @property
    def finals(self) -> Mapping[int, Mapping[int, PublishedSum]]:
        """The last sums of trainings by week, then cohort; the latest at least."""
        return self._finals

    def turn_over(self, week: int) -> None:
        """Begin another training; of those before, only the latest result is kept."""
        latest = max(self._finals, default=week)
        self._week, self._steps = week, {}
        self._finals = {w: sums for w, sums in self._finals.items() if w == latest}

    def keep(self, found: PublishedSum, *, part: int) -> None:
        """Keep a sum; ``part`` is the own cohort.  The first word stands."""
        name = found.sum_name
        if name.week == self._week and name.part == part:
            self._steps.setdefault(name.step, found)
        if name.step == self._last:
            self._finals.setdefault(name.week, {}).setdefault(name.part, found)

    def has_step(self, step: int) -> bool:
        """Tell whether a sum of the training under way is known."""
        return step in self._steps

    def before(self, step: int) -> Floats | None:
        """Return what came out of the step before; None if that is not known."""
        known = self._steps.get(step - 1)
        return None if known is None else numbers(known)

    def is_of_use(self, name: SumName, *, part: int) -> bool:
        """Tell whether this member lacks a sum and could use it."""
        if not self._week - 1 <= name.week <= self._week or name.step > self._last:
            return False
        if name.step == self._last:
            return name.part not in self._finals.get(name.week, {})
        return (
            name.week == self._week
            and name.part == part
            and not self.has_step(name.step)
        )

    def about(self, week: int, step: int) -> list[PublishedSum]:
        """Return what is known of a week and step."""
        if step == self._last and week in self._finals:
            return list(self._finals[week].values())
        is_known = week == self._week and step in self._steps
        return [self._steps[step]] if is_known else []


def numbers(found: PublishedSum) -> Floats | None:
    """Return a sum as numbers; None if it cannot be one."""
    return from_words(words_of(found.data), count=found.homes)


def publishers(name: SumName, senders: tuple[PartyId, ...]) -> tuple[PartyId, ...]:
    """Return who tells the others what a sum came to."""
    value = name_value(name)
    ranked = sorted(senders, key=lambda party: digest("publishes", value, party))
    return tuple(ranked[:PUBLISHERS])
