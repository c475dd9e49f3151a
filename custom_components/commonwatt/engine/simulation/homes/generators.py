"""What sun and wind give: from a day of weather to whole watts for every minute."""

from math import cos, radians, sin
from typing import Final

from .spec import PVSpec, WindSpec
from .weather import SUN, WeatherDay

ALBEDO: Final = 0.2
SYSTEM_EFFICIENCY: Final = 0.86
"""Soiling, mismatch, wiring and inverter together: the default of 14 %
of Dobos, "PVWatts Version 5 Manual", NREL/TP-6A20-62641, 2014."""

TEMPERATURE_COEFFICIENT_PER_K: Final = -0.0035
"""Of crystalline silicon, data sheets of 2020 and later."""

NOMINAL_CELL_RISE_K: Final = 25.0
"""Cell above air at 800 W/m2: NOCT of 45 degrees, IEC 61215."""


def pv_powers_w(spec: PVSpec, weather: WeatherDay) -> list[int]:
    """Return what the generator gives in each minute of the day (UTC), in W.

    Sources: plane of array from an isotropic sky, Liu & Jordan, Solar Energy 7 (1963)
    53; cell temperature, Ross, 12th IEEE PVSC (1976) 281; power, PVWatts as above.
    """
    tilt, azimuth = radians(spec.tilt_deg), radians(spec.azimuth_deg)
    east, north, up = sin(tilt) * sin(azimuth), sin(tilt) * cos(azimuth), cos(tilt)
    from_sky, from_ground = (1 + up) / 2, ALBEDO * (1 - up) / 2
    gain = spec.peak_w / 1000 * SYSTEM_EFFICIENCY
    powers: list[int] = []
    for sun, direct, diffuse, total, air_c in zip(
        SUN,
        weather.direct_w_per_m2,
        weather.diffuse_w_per_m2,
        weather.global_w_per_m2,
        weather.temperature_c,
        strict=True,
    ):
        if total <= 0.0:
            powers.append(0)
            continue
        facing = max(0.0, east * sun.east + north * sun.north + up * sun.up)
        plane = direct * facing + diffuse * from_sky + total * from_ground
        cell_c = air_c + plane * NOMINAL_CELL_RISE_K / 800
        powers.append(
            int(gain * plane * (1 + TEMPERATURE_COEFFICIENT_PER_K * (cell_c - 25)))
        )
    return powers


def wind_powers_w(spec: WindSpec, weather: WeatherDay) -> list[int]:
    """Return what the turbine gives in each minute of the day (UTC), in W.

    Between cut-in and rated speed power follows the cube of the speed; Carrillo et al.,
    Renewable and Sustainable Energy Reviews 21 (2013) 572, compare it with others.
    """
    cut_in, rated = spec.cut_in_mm_per_s / 1000, spec.rated_mm_per_s / 1000
    cut_out = spec.cut_out_mm_per_s / 1000
    scale = spec.rated_w / (rated**3 - cut_in**3)
    return [
        int(scale * (min(speed, rated) ** 3 - cut_in**3))
        if cut_in < speed <= cut_out
        else 0
        for speed in weather.wind_m_per_s
    ]
