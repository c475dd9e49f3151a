"""Learning with the neighbours: the owner's word, what is taught, what is heard.

Hands the node what this home can teach and takes from it what the neighbours know
together.  What leaves the home is the node's business; what is believed, the model's.
"""

from collections.abc import Iterable
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback

from ..data import Ask
from ..engine.forecast.load import Prior
from ..engine.model.period import Instant
from ..engine.node import Event, LearningStatus, NeighboursLearned, Node
from ..market_feed import MarketFeed
from .runtime import HomeForecasts
from .sky import async_follow_sky


class Sharing:
    """One home's part in what its community learns."""

    def __init__(
        self,
        hass: HomeAssistant,
        forecasts: HomeForecasts,
        ask: Ask,
        feed: MarketFeed,
    ) -> None:
        self._hass: Final = hass
        self._forecasts: Final = forecasts
        self._ask: Final = ask
        self._feed: Final = feed

    async def async_start(self, entry: ConfigEntry) -> None:
        """Bid by the forecasts from now on, and go on with what the owner chose."""
        foresight = self._forecasts.foresight
        await self._ask(lambda node, _now: node.expect_with(foresight.energy))
        self._forecasts.lessons = self

        @callback
        def hear(events: Iterable[Event]) -> None:
            if any(isinstance(event, NeighboursLearned) for event in events):
                entry.async_create_background_task(
                    self._hass, self._forecasts.async_learn(), "commonwatt learns anew"
                )

        entry.async_on_unload(self._feed.async_listen_to_events(hear))
        async_follow_sky(self._hass, entry, self._forecasts, self._ask, self._feed)
        if self.is_on:
            await self.async_teach()

    @property
    def is_on(self) -> bool:
        """Tell whether the owner lets the home take part."""
        return self._forecasts.takes_part

    @property
    def status(self) -> LearningStatus | None:
        """Where learning stands; None before the node has said anything."""
        status = self._feed.status
        return None if status is None else status.learning

    async def async_take_part(self) -> None:
        """Opt in, and remember it."""
        await self._forecasts.async_choose(takes_part=True)
        await self.async_teach()
        await self._forecasts.async_learn()

    async def async_withdraw(self) -> None:
        """Opt out at once; the home forgets what the neighbours have taught it."""
        await self._forecasts.async_choose(takes_part=False)
        await self._ask(_withdraw)
        await self._forecasts.async_learn()

    async def async_prior(self) -> Prior | None:
        """Return what the neighbours know together, if the home takes part."""
        if not self.is_on:
            return None
        return await self._ask(lambda node, _now: node.learning.prior)

    async def async_teach(self) -> None:
        """Give the node what this home can teach now; too young, it only listens."""
        learned = self._forecasts.foresight.learned_load
        experience = None
        if not self.is_on:
            return
        if learned is not None:
            experience = await self._hass.async_add_executor_job(
                lambda: learned.experience
            )

        def take_part(node: Node, now: Instant) -> None:
            node.learning.take_part(experience, now)

        await self._ask(take_part)


def _withdraw(node: Node, now: Instant) -> None:
    node.learning.withdraw(now)
