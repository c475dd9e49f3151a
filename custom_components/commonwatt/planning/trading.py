"""Tells the node of a home what its owner lets it promise, and who plans for it."""

from contextlib import suppress
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HassJob, HomeAssistant, callback

from ..data import Ask
from ..engine.devices import DeviceId, DeviceKind
from ..engine.dispatch import AssetId
from ..engine.node import Mandate
from ..home import HomeRuntime
from .bidder import Bidder
from .neighbours import NeighbourOffers
from .runtime import PlanRuntime


class Trading:
    """Keeps the node's mandate as the owner wants it.

    In a simulated home nothing is armed for real, and its street plans for everybody.
    """

    def __init__(
        self, hass: HomeAssistant, home: HomeRuntime, plans: PlanRuntime, ask: Ask
    ) -> None:
        self._hass: Final = hass
        self._home: Final = home
        self._plans: Final = plans
        self._ask: Final = ask
        self._told = Mandate()

    async def async_start(self, entry: ConfigEntry) -> None:
        """Let plans know the neighbours, the node bid by plans, the owner decide."""
        self._plans.offers = NeighbourOffers(self._ask, self._plans.forecasts)
        if not self._home.simulated:
            await self._plan_with(entry)
        await self._tell(self._mandate())

        @callback
        def changed() -> None:
            mandate = self._mandate()
            if mandate != self._told:
                entry.async_create_background_task(
                    self._hass, self._tell(mandate), "commonwatt mandate"
                )

        entry.async_on_unload(self._home.async_add_listener(changed))
        entry.async_on_unload(self._plans.async_listen(changed))

    async def _plan_with(self, entry: ConfigEntry) -> None:
        bidder = Bidder(
            self._hass.loop, problem=self._plans.problem_now, armed=self._armed
        )
        entry.async_on_unload(bidder.close)
        entry.async_on_unload(self._hass.async_add_shutdown_job(HassJob(bidder.close)))
        await self._ask(lambda node, _: node.plan_with(bidder))

    async def _tell(self, mandate: Mandate) -> None:
        if mandate == self._told:
            return
        self._told = mandate
        # A node that is being stopped hears no more, and promises no more.
        with suppress(RuntimeError):
            await self._ask(lambda node, _: node.set_mandate(mandate))

    def _armed(self) -> frozenset[DeviceId]:
        return frozenset(
            device.config.id
            for device in self._home.devices
            if device.control is not None and device.control.armed
        )

    def _mandate(self) -> Mandate:
        wishes, stores = self._plans.wishes, None
        if not self._home.simulated:
            batteries = (
                d.config.id
                for d in self._home.devices
                if d.config.kind is DeviceKind.BATTERY
            )
            armed = self._armed()
            stores = frozenset(AssetId(b) for b in batteries if b in armed)
        return Mandate(
            stores=stores,
            sell_micro_per_kwh_min=wishes.sell_micro_per_kwh_min,
            buy_micro_per_kwh_max=wishes.buy_micro_per_kwh_max,
            keep_wh=wishes.keep_wh,
        )
