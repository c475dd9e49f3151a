"""Watches the panels with the neighbours' eyes: they are under the same cloud.

Shows the neighbours yesterday's shape of our panels, inside a sum of at least five, and
compares ours with what the sum lets expect.  Does both only with the owner's word.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.event import async_track_utc_time_change

from ..const import DOMAIN
from ..data import Ask
from ..engine.forecast.series import Floats, Series
from ..engine.forecast.solar import Shortfall, latest_shortfall, shares_of_day
from ..engine.model.period import DAY_MS, Instant
from ..engine.node import Node
from .runtime import HomeForecasts
from .sharing import Sharing

SHOW_MINUTE: Final = 20
"""After midnight (UTC): yesterday is whole, and sums begin at one."""

LOOK_MINUTE: Final = 40
"""Of every hour: sums come when they come."""

DAYS_TO_WORRY: Final = 2

_PERCENT: Final = 100
_WH_PER_KWH: Final = 1000


class RoofWatch:
    """Says when the panels of one home stay behind the neighbours'."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry,
        forecasts: HomeForecasts,
        sharing: Sharing,
        ask: Ask,
    ) -> None:
        self.shortfall: Shortfall | None = None
        """Of the latest day the neighbours have told of."""

        self._hass: Final = hass
        self._entry: Final = entry
        self._forecasts: Final = forecasts
        self._sharing: Final = sharing
        self._ask: Final = ask
        self._issue_id: Final = f"panels_fall_short_{entry.entry_id}"

    @callback
    def async_start(self) -> None:
        """Look from now on."""
        for stop in (
            async_track_utc_time_change(
                self._hass, self._show_at, hour=0, minute=SHOW_MINUTE, second=0
            ),
            async_track_utc_time_change(
                self._hass, self._look_at, minute=LOOK_MINUTE, second=0
            ),
        ):
            self._entry.async_on_unload(stop)

    async def async_show(self, now: Instant) -> None:
        """Let yesterday's shape of our panels be in the neighbours' sum."""
        foresight = self._forecasts.foresight
        if not (self._sharing.is_on and foresight.has_panels):
            return
        yesterday = now // DAY_MS - 1
        shares = await self._hass.async_add_executor_job(
            shares_of_day, foresight.sun, yesterday
        )

        def show(node: Node, at: Instant) -> None:
            node.learning.show_sun(yesterday, shares, at)

        await self._ask(show)

    async def async_look(self) -> None:
        """Compare our panels with the neighbours'."""
        self.shortfall, before = None, None
        status = self._sharing.status
        homes = None if status is None else status.sun_homes
        if self._sharing.is_on and homes is not None:
            neighbours = await self._ask(_neighbours_sun)
            self.shortfall, before = await self._hass.async_add_executor_job(
                partial(
                    _last_two, self._forecasts.foresight.sun, neighbours, homes=homes
                )
            )
        self._report(self.shortfall, before)
        self._forecasts.async_tell()

    async def _show_at(self, _moment: datetime) -> None:
        await self.async_show(self._forecasts.now)

    async def _look_at(self, _moment: datetime) -> None:
        await self.async_look()

    @callback
    def _report(self, latest: Shortfall | None, before: Shortfall | None) -> None:
        """Raise an issue for a second bad day: a fault stays, snow slides off."""
        if (
            latest is None
            or before is None
            or not (latest.is_fault and before.is_fault)
        ):
            ir.async_delete_issue(self._hass, DOMAIN, self._issue_id)
            return
        ir.async_create_issue(
            self._hass,
            DOMAIN,
            self._issue_id,
            is_fixable=False,
            severity=ir.IssueSeverity.WARNING,
            translation_key="panels_fall_short",
            translation_placeholders={
                "home": self._entry.title,
                "percent": str(round(latest.share * _PERCENT)),
                "measured": f"{latest.measured_wh / _WH_PER_KWH:.1f}",
                "expected": f"{latest.expected_wh / _WH_PER_KWH:.1f}",
            },
        )


def _neighbours_sun(node: Node, _now: Instant) -> Mapping[int, Floats]:
    return node.learning.neighbours_sun


def _last_two(
    measured: Series, neighbours: Mapping[int, Floats], *, homes: int
) -> tuple[Shortfall | None, Shortfall | None]:
    """Return the shortfalls of the latest day and of the one told before it."""
    earlier = {day: sun for day, sun in neighbours.items() if day != max(neighbours)}
    return (
        latest_shortfall(measured, neighbours, homes=homes),
        latest_shortfall(measured, earlier, homes=homes),
    )
