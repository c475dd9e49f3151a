"""Learning and help: what a home does for what all know and for who is new."""

from dataclasses import dataclass
from typing import Final

from ...model.units import PPM, div_floor
from ..fixed import clip_ppm, ratio_ppm

NEWCOMER_PPM: Final = 250_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Help:
    """A season so far."""

    weeks: int = 0
    """Trainings of the community that were held; 0: none, or none here."""

    weeks_taught: int = 0
    """Of these, to how many the home added."""

    missions: int = 0
    """That are over."""

    missions_done: int = 0
    newcomers: int = 0
    """The home vouched for."""


def learning_ppm(help_: Help) -> int | None:
    """Return the mean of trainings taught and missions done, plus a quarter a newcomer.

    None where there was nothing to take part in.
    """
    shares = [
        ratio_ppm(part, whole)
        for part, whole in (
            (help_.weeks_taught, help_.weeks),
            (help_.missions_done, help_.missions),
        )
        if whole
    ]
    if not shares and not help_.newcomers:
        return None
    mean_ppm = div_floor(sum(shares), len(shares)) if shares else 0
    return clip_ppm(mean_ppm + help_.newcomers * NEWCOMER_PPM, most=PPM)
