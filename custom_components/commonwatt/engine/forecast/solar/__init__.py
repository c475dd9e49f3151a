"""What panels will produce: a provider's forecast put right, or the sky's own past.

Everything is laid out in days of UTC, which no clock change touches: the sun keeps no
summer time.
"""

from .clear_sky import Site, clear_sky_day
from .correction import SiteGains, blend_providers, learn_gains
from .days import SolarDay
from .neighbours import Shortfall, nowcast_wh, shortfall
from .persistence import forecast_from_past

__all__ = [
    "Shortfall",
    "Site",
    "SiteGains",
    "SolarDay",
    "blend_providers",
    "clear_sky_day",
    "forecast_from_past",
    "learn_gains",
    "nowcast_wh",
    "shortfall",
]
