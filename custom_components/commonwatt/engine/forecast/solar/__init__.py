"""What panels will produce: a provider's forecast put right, or the sky's own past.

Everything is laid out in days of UTC, which no clock change touches: the sun keeps no
summer time.
"""

from .clear_sky import Site, clear_sky_day
from .correction import SiteGains, learn_gains, weigh_providers
from .days import SolarDay
from .neighbours import Shortfall, nowcast_wh, shortfall
from .nightly import LearnedSun, SunBacktest, forecast_sun, learn_sun
from .persistence import forecast_from_past
from .watch import latest_shortfall, shares_of_day

__all__ = [
    "LearnedSun",
    "Shortfall",
    "Site",
    "SiteGains",
    "SolarDay",
    "SunBacktest",
    "clear_sky_day",
    "forecast_from_past",
    "forecast_sun",
    "latest_shortfall",
    "learn_gains",
    "learn_sun",
    "nowcast_wh",
    "shares_of_day",
    "shortfall",
    "weigh_providers",
]
