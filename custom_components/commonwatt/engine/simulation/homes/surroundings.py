"""What happens to a home whatever it does: weather, appliances, taps, recordings."""

from typing import Final, NamedTuple

from ...model.period import DAY_MS, Instant
from ...model.units import PPM
from .calendar import MINUTES_PER_DAY
from .dice import Dice, derive_seed
from .generators import pv_powers_w, wind_powers_w
from .load import LoadProfile
from .spec import HomeSpec, HotWaterSpec
from .traces import Recording, Sample
from .weather import Weather

SHOWER: Final = (8, 9_000)
"""Minutes and W of heat: 40 litres at 38 degrees from a cold main of 12."""

BASIN: Final = (2, 3_000)
SHOWER_HOURS: Final = ((6 * 60, 8 * 60), (19 * 60, 22 * 60))
BASIN_HOURS: Final = (7 * 60, 22 * 60)
BASINS_PER_PERSON: Final = 5


class Conditions(NamedTuple):
    """One minute of it."""

    local_minute: int
    load_w: int
    pv_w: int
    wind_w: int
    wind_share_w: int
    drawn_w: int
    outdoor_millic: int
    is_estimated: bool


class Surroundings:
    """Tables of a day, made when the day is first asked for."""

    def __init__(
        self,
        spec: HomeSpec,
        *,
        seed: int,
        weather: Weather,
        load_recording: Recording | None,
        solar_recording: Recording | None,
    ) -> None:
        self._spec = spec
        self._seed = derive_seed(seed, spec.key)
        self._weather = weather
        self._load_recording = load_recording
        self._solar_recording = solar_recording
        self._load = LoadProfile(spec, seed=seed)
        self._utc_day: int | None = None
        self._local_day: int | None = None
        self._pv: list[int] = []
        self._wind: list[int] = []
        self._share: list[int] = []
        self._outdoor: list[int] = []
        self._appliances: tuple[int, ...] = ()
        self._drawn: list[int] = []

    def at(self, at: Instant) -> Conditions:
        """Return the conditions of the minute that ``at`` lies in."""
        calendar = self._weather.calendar
        utc_day, minute = calendar.utc(at)
        local_day, local_minute = calendar.local(at)
        if utc_day != self._utc_day:
            self._look_at_the_sky(utc_day)
        if local_day != self._local_day:
            self._look_at_the_day(local_day)
        load, pv = self._appliances[local_minute], self._pv[minute]
        estimated = False
        if self._load_recording is not None:
            sample = self._sample(self._load_recording, at, utc_day)
            load, estimated = sample.value, sample.is_estimated
        if self._solar_recording is not None and self._spec.pv is not None:
            sample = self._sample(self._solar_recording, at, utc_day)
            pv = self._spec.pv.peak_w * sample.value // PPM
            estimated = estimated or sample.is_estimated
        return Conditions(
            local_minute=local_minute,
            load_w=load,
            pv_w=pv,
            wind_w=self._wind[minute],
            wind_share_w=self._share[minute],
            drawn_w=self._drawn[local_minute],
            outdoor_millic=self._outdoor[minute],
            is_estimated=estimated,
        )

    def _sample(self, recording: Recording, at: Instant, day: int) -> Sample:
        since_midnight_ms = (at - self._weather.calendar.midnight) % DAY_MS
        return recording.at(day=day, since_midnight_ms=since_midnight_ms)

    def _look_at_the_sky(self, utc_day: int) -> None:
        weather, spec = self._weather.day(utc_day), self._spec
        calm = [0] * MINUTES_PER_DAY
        self._pv = calm if spec.pv is None else pv_powers_w(spec.pv, weather)
        self._wind = calm if spec.wind is None else wind_powers_w(spec.wind, weather)
        self._share = calm
        if spec.wind_share is not None:
            turbine_w = wind_powers_w(spec.wind_share.turbine, weather)
            part = spec.wind_share.share_ppm
            self._share = [power_w * part // PPM for power_w in turbine_w]
        self._outdoor = [int(1000 * celsius) for celsius in weather.temperature_c]
        self._utc_day = utc_day

    def _look_at_the_day(self, local_day: int) -> None:
        self._appliances = self._load.day(local_day)
        self._drawn = [0] * MINUTES_PER_DAY
        if self._spec.hot_water is not None:
            dice = Dice(self._seed, "taps", local_day)
            self._drawn = _drawn_w(self._spec.hot_water, dice)
        self._local_day = local_day


def _drawn_w(spec: HotWaterSpec, dice: Dice) -> list[int]:
    """Return the heat that people tap in each minute of the day, in W."""
    drawn = [0] * MINUTES_PER_DAY
    for _ in range(spec.people):
        hours = SHOWER_HOURS[dice.between(0, len(SHOWER_HOURS) - 1)]
        _tap(drawn, dice.between(*hours), SHOWER)
        for _ in range(BASINS_PER_PERSON):
            _tap(drawn, dice.between(*BASIN_HOURS), BASIN)
    return drawn


def _tap(drawn: list[int], minute: int, use: tuple[int, int]) -> None:
    minutes, power_w = use
    for running in range(minute, min(minute + minutes, MINUTES_PER_DAY)):
        drawn[running] += power_w
