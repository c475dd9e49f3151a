"""The sky above the neighbourhood: one for all homes, minute by minute.

Floats are at home here; what leaves a device model is whole watts.
"""

from dataclasses import dataclass
from math import cos, exp, pi, radians, sin
from typing import Final

from ...model.period import Instant
from .calendar import DAY_OF_YEAR, MINUTES_PER_DAY, Calendar
from .dice import derive_seed, smooth_noise

LATITUDE_DEG: Final = 48.5
SOLAR_CONSTANT_W_PER_M2: Final = 1361.0
DAYS_KEPT: Final = 3

HALF_A_DAY: Final = 720
TEMPERATURE_MEAN_C: Final = 7.5
TEMPERATURE_SWING_K: Final = 4.5
WARMEST_MINUTE: Final = 14 * 60 + 30
"""In UTC: two and a half hours after the sun culminates."""

WIND_MEDIAN_M_PER_S: Final = 6.2


@dataclass(frozen=True, slots=True)
class SunPosition:
    """Unit vector towards the sun: east, north, up."""

    east: float
    north: float
    up: float


@dataclass(frozen=True, slots=True, kw_only=True)
class WeatherDay:
    """1,440 minutes of weather, from midnight UTC on."""

    direct_w_per_m2: tuple[float, ...]
    """On a surface that faces the sun."""

    diffuse_w_per_m2: tuple[float, ...]
    """From the sky, on a level surface."""

    global_w_per_m2: tuple[float, ...]
    """All of it, on a level surface."""

    temperature_c: tuple[float, ...]
    wind_m_per_s: tuple[float, ...]


class Weather:
    """Seeded weather with a memory: clouds, wind and warmth that persist for hours."""

    def __init__(self, *, seed: int, started_at: Instant) -> None:
        self.calendar = Calendar.of(started_at)
        self._seed = derive_seed(seed, "weather")
        self._days: dict[int, WeatherDay] = {}

    def day(self, number: int) -> WeatherDay:
        """Return the weather of day ``number`` since the demo's start."""
        if number not in self._days:
            while len(self._days) >= DAYS_KEPT:
                del self._days[min(self._days)]
            self._days[number] = self._make_day(number)
        return self._days[number]

    def _make_day(self, number: int) -> WeatherDay:
        cover = self._cloud_cover(number)
        sky = [
            _irradiance(sun.up, clear, 1 - 0.75 * clouds**3.4)
            for sun, clear, clouds in zip(SUN, CLEAR_SKY_W_PER_M2, cover, strict=True)
        ]
        return WeatherDay(
            direct_w_per_m2=tuple(direct for direct, _, _ in sky),
            diffuse_w_per_m2=tuple(diffuse for _, diffuse, _ in sky),
            global_w_per_m2=tuple(total for _, _, total in sky),
            temperature_c=tuple(self._temperature(number)),
            wind_m_per_s=tuple(self._wind(number)),
        )

    def _noise(self, day: int, name: str, spacing: int) -> list[float]:
        return smooth_noise(
            derive_seed(self._seed, name, spacing),
            first=day * MINUTES_PER_DAY,
            count=MINUTES_PER_DAY,
            spacing=spacing,
        )

    def _cloud_cover(self, day: int) -> list[float]:
        """Return the covered share of the sky: fronts, cloud fields, single clouds."""
        layers = [self._noise(day, "clouds", spacing) for spacing in (2160, 180, 24, 5)]
        return [
            min(
                1.0,
                max(0.0, 0.67 + 0.75 * front + 0.35 * field + 0.2 * cloud + 0.1 * rag),
            )
            for front, field, cloud, rag in zip(*layers, strict=True)
        ]

    def _temperature(self, day: int) -> list[float]:
        return [
            TEMPERATURE_MEAN_C + 3.5 * spell + TEMPERATURE_SWING_K * daily
            for spell, daily in zip(
                self._noise(day, "warmth", 2 * MINUTES_PER_DAY),
                DAILY_SWING,
                strict=True,
            )
        ]

    def _wind(self, day: int) -> list[float]:
        """Return wind speeds at hub height: skewed, and slow to change."""
        layers = [self._noise(day, "wind", spacing) for spacing in (1080, 150, 12)]
        return [
            WIND_MEDIAN_M_PER_S * exp(0.65 * system + 0.3 * hours + 0.1 * gust)
            for system, hours, gust in zip(*layers, strict=True)
        ]


def _sun_position(minute: int) -> SunPosition:
    """Return where the sun stands at the nominal date, from declination and hour angle.

    Source: Duffie & Beckman, "Solar Engineering of Thermal Processes", 4th ed. 2013,
    equations 1.6.1a and 1.6.5; the equation of time (5 minutes in March) is left out.
    """
    declination = radians(23.45 * sin(2 * pi * (284 + DAY_OF_YEAR) / 365))
    latitude = radians(LATITUDE_DEG)
    hour_angle = 2 * pi * (minute + 0.5 - HALF_A_DAY) / MINUTES_PER_DAY
    return SunPosition(
        east=-cos(declination) * sin(hour_angle),
        north=cos(latitude) * sin(declination)
        - sin(latitude) * cos(declination) * cos(hour_angle),
        up=sin(latitude) * sin(declination)
        + cos(latitude) * cos(declination) * cos(hour_angle),
    )


def _clear_sky(up: float) -> float:
    """Return global irradiance of a clear sky in W/m2 from the sine of sun's height.

    Source: Haurwitz, Journal of Meteorology 2 (1945) 154 and 3 (1946) 123, with the
    coefficients of Reno, Hansen & Stein, SAND2012-2389.
    """
    return 1098.0 * up * exp(-0.059 / up) if up > 0 else 0.0


def _irradiance(up: float, clear: float, index: float) -> tuple[float, float, float]:
    """Return direct, diffuse and global irradiance under clouds in W/m2.

    Sources: cloud cover to global irradiance, Kasten & Czeplak, Solar Energy 24 (1980)
    177 (``index`` is theirs); diffuse share, Erbs, Klein & Duffie, Solar Energy 28
    (1982) 293, equation 1.
    """
    if clear <= 1.0:
        return 0.0, 0.0, 0.0
    total = clear * index
    clearness = min(total / (EXTRATERRESTRIAL_W_PER_M2 * up), 1.0)
    diffuse = total * _diffuse_share(clearness)
    direct = min((total - diffuse) / up, SOLAR_CONSTANT_W_PER_M2)
    return direct, diffuse, total


def _diffuse_share(clearness: float) -> float:
    k = clearness
    if k <= 0.22:  # noqa: PLR2004  # the numbers of Erbs et al.
        return 1.0 - 0.09 * k
    if k <= 0.80:  # noqa: PLR2004  # the same
        return 0.9511 - 0.1604 * k + 4.388 * k**2 - 16.638 * k**3 + 12.336 * k**4
    return 0.165


EXTRATERRESTRIAL_W_PER_M2: Final = SOLAR_CONSTANT_W_PER_M2 * (
    1 + 0.033 * cos(2 * pi * DAY_OF_YEAR / 365)
)
SUN: Final = tuple(_sun_position(minute) for minute in range(MINUTES_PER_DAY))
CLEAR_SKY_W_PER_M2: Final = tuple(_clear_sky(sun.up) for sun in SUN)
DAILY_SWING: Final = tuple(
    cos(2 * pi * (minute - WARMEST_MINUTE) / MINUTES_PER_DAY)
    for minute in range(MINUTES_PER_DAY)
)
