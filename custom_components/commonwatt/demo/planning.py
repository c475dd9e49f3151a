"""What the people of the demo home wish for: their car, two appliances, a reserve."""

from collections.abc import Mapping
from datetime import time
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant

from ..engine.devices import DeviceId
from ..engine.dispatch import AssetId
from ..engine.model.period import HOUR_MS, DeliveryPeriod
from ..forecasting.runtime import Forecasts
from ..home import HomeRuntime
from ..market_feed import MarketFeed
from ..planning.appliances import ApplianceSettings, PlannedAppliance, RunKind
from ..planning.belongings import Belongings
from ..planning.outlook import FlatOutlook
from ..planning.runtime import PlanRuntime

CHARGER: Final = DeviceId("demo_charger")
CAR_WH: Final = 12_000
RESERVE_HOURS: Final = 2

GRID_G_PER_KWH: Final = (
    *(210, 200, 195, 195, 205, 230, 270, 300, 290, 250, 210, 180),
    *(165, 165, 180, 210, 260, 320, 370, 380, 350, 310, 270, 235),
)
"""The demo's grid by hour of UTC: a lot of sun at noon, gas in the evening."""

DISHWASHER: Final = ApplianceSettings(
    run=RunKind.CONTIGUOUS,
    profile_w=(1_900, 300, 200, 1_800, 200, 100),
    minutes=90,
    earliest=time(20),
    done_by=time(7),
)
POOL_PUMP: Final = ApplianceSettings(
    run=RunKind.INTERRUPTIBLE,
    profile_w=(600,),
    minutes=180,
    earliest=time(8),
    done_by=time(20),
)


def plans_of(
    hass: HomeAssistant,
    entry: ConfigEntry,
    home: HomeRuntime,
    feed: MarketFeed,
    names: Mapping[str, str],
    *,
    forecasts: Forecasts,
) -> PlanRuntime:
    """Return the plan of the demo home; its node goes on steering it."""
    appliances = tuple(
        PlannedAppliance(AssetId(key), names[key], settings)
        for key, settings in (
            ("demo_dishwasher", DISHWASHER),
            ("demo_pool_pump", POOL_PUMP),
        )
    )
    outlook = FlatOutlook(home.tariff, _grid_g_per_kwh)
    plans = PlanRuntime(
        hass,
        entry,
        home,
        feed,
        Belongings(appliances=appliances),
        outlook=outlook,
        forecasts=forecasts,
    )
    plans.wishes.reserve_hours = RESERVE_HOURS
    plans.wishes.car(CHARGER).target_wh = CAR_WH
    return plans


def _grid_g_per_kwh(period: DeliveryPeriod) -> int:
    return GRID_G_PER_KWH[period.start // HOUR_MS % len(GRID_G_PER_KWH)]
