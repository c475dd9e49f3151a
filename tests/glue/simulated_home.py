"""The demo's home as real Modbus devices on loopback, for tests of the whole path."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Final

import pytest

from custom_components.commonwatt.drivers.simulated import SimulatedDevices
from custom_components.commonwatt.engine.model.period import (
    MINUTE_MS,
    SECOND_MS,
    Instant,
    after,
    instant_from_datetime,
)
from custom_components.commonwatt.engine.simulation.homes import (
    HomeModel,
    HomeState,
    neighbourhood_specs,
)

SEED: Final = 7
MORNING: Final = instant_from_datetime(datetime(2026, 3, 26, 9, tzinfo=UTC))
"""The sun shines, and something flows everywhere."""


class SimulatedHome:
    """A simulated home and its devices, on one clock that only a test moves."""

    def __init__(self, started_at: Instant) -> None:
        spec = neighbourhood_specs()[0]
        self.model: Final = HomeModel(spec, seed=SEED, started_at=started_at)
        self.devices: Final = SimulatedDevices(spec)

    @property
    def state(self) -> HomeState:
        """What the home does now."""
        return self.model.state

    @property
    def port(self) -> int:
        """Where its devices answer."""
        return self.devices.port

    async def start(self) -> None:
        """Switch the devices on, on the port they had before."""
        await self.devices.start(self.state)

    async def stop(self) -> None:
        """Switch them off."""
        await self.devices.stop()

    def live(self, minutes: int = 0, *, seconds: int = 0) -> HomeState:
        """Let time pass in the home; what was written to its devices counts."""
        to = after(self.state.at, minutes * MINUTE_MS + seconds * SECOND_MS)
        state = self.model.advance(to, self.devices.commands())
        self.devices.show(state)
        return state


@pytest.fixture
async def simulated_home(
    socket_enabled: None,  # noqa: ARG001  # opens loopback
) -> AsyncIterator[SimulatedHome]:
    """Return a home whose devices answer."""
    home = SimulatedHome(MORNING)
    await home.start()
    yield home
    await home.stop()
