"""What the sun gives under a clear sky, from nothing but place and time.

Sources: Spencer, "Fourier series representation of the position of the sun", Search 2,
1971 (declination, equation of time); Haurwitz, J. Meteorology 2, 1945, as refitted by
Ren, Qian, Yu (clear-sky irradiance on the horizontal).  Good to a few per cent; tilt
and shade of a roof are learned, not computed.
"""

from dataclasses import dataclass
from functools import lru_cache
from math import cos, exp, pi, radians, sin
from typing import Final

from ...model.period import DAY_MS, HOUR_MS, Instant, after, datetime_from_instant

IRRADIANCE_W_PER_M2: Final = 1098.0
ATTENUATION: Final = 0.057
SAMPLES_PER_STEP: Final = 3
DAYS_REMEMBERED: Final = 256
"""Days a process keeps: every quarter of an hour the same few weeks are asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Where the panels are."""

    latitude_deg: float
    longitude_deg: float

    def __post_init__(self) -> None:
        """Refuse a place that is not on Earth."""
        if not (abs(self.latitude_deg) <= 90 and abs(self.longitude_deg) <= 180):  # noqa: PLR2004  # degrees
            raise ValueError("latitude or longitude out of bounds")


def clear_sky_w_per_m2(site: Site, at: Instant) -> float:
    """Return the irradiance on a horizontal square metre; 0 at night."""
    elevation = _sine_of_elevation(site, at)
    if elevation <= 0:
        return 0.0
    return IRRADIANCE_W_PER_M2 * elevation * exp(-ATTENUATION / elevation)


def clear_sky_day(site: Site, *, midnight: Instant, steps: int) -> tuple[float, ...]:
    """Return the mean irradiance of each step of the day from ``midnight`` on."""
    return _clear_sky_day(site, midnight, steps)


@lru_cache(maxsize=DAYS_REMEMBERED)
def _clear_sky_day(site: Site, midnight: Instant, steps: int) -> tuple[float, ...]:
    step_ms = DAY_MS // steps
    return tuple(
        sum(
            clear_sky_w_per_m2(
                site,
                after(
                    midnight,
                    step_ms * (2 * sample + 1) // (2 * SAMPLES_PER_STEP)
                    + step * step_ms,
                ),
            )
            for sample in range(SAMPLES_PER_STEP)
        )
        / SAMPLES_PER_STEP
        for step in range(steps)
    )


def _sine_of_elevation(site: Site, at: Instant) -> float:
    moment = datetime_from_instant(at)
    day = moment.timetuple().tm_yday - 1 + (at % DAY_MS) / DAY_MS
    angle = 2 * pi * day / 365
    declination = (
        0.006918
        - 0.399912 * cos(angle)
        + 0.070257 * sin(angle)
        - 0.006758 * cos(2 * angle)
        + 0.000907 * sin(2 * angle)
    )
    minutes_ahead = 229.18 * (
        0.000075
        + 0.001868 * cos(angle)
        - 0.032077 * sin(angle)
        - 0.014615 * cos(2 * angle)
        - 0.040849 * sin(2 * angle)
    )
    hour = (at % DAY_MS) / HOUR_MS + site.longitude_deg / 15 + minutes_ahead / 60
    hour_angle = radians(15 * (hour - 12))
    latitude = radians(site.latitude_deg)
    return sin(latitude) * sin(declination) + cos(latitude) * cos(declination) * cos(
        hour_angle
    )
