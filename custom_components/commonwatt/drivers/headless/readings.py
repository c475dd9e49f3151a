"""Where a headless member's readings come from.

A source that does not know says nothing: a missing reading is missing, never zero.
"""

import asyncio
from collections.abc import Callable
import contextlib
import json
from pathlib import Path
import sys
import threading
from typing import Final, Protocol

from modbus_connection import ModbusError, ModbusTcpParams
from modbus_connection.tmodbus import ModbusConnection

from ...engine.devices import DeviceId, MeterState, ProcessImage, Setpoint
from ...engine.dispatch import Assets
from ...engine.model.period import Instant
from ...engine.simulation.homes import (
    NO_COMMANDS,
    HomeModel,
    neighbourhood_specs,
)
from ...engine.simulation.reality import assets_of, image_of, obeying
from ..modbus import IdentifyError, ModbusDevice, PollError, open_device
from .settings import ReadingSettings, SettingsError, Source

METER: Final = DeviceId("meter")

type Look = tuple[ProcessImage, Assets | None]


class Readings(Protocol):
    """A source of readings."""

    async def look(self, now: Instant) -> Look | None:
        """Return what there is to see at ``now``; None if nobody knows."""
        ...

    def obey(self, setpoints: tuple[Setpoint, ...]) -> None:
        """Take advice: only a simulated home follows it by itself."""
        ...

    async def close(self) -> None:
        """Let go of what was opened."""
        ...


def open_readings(settings: ReadingSettings, now: Instant) -> Readings:
    """Return the source the settings ask for.

    Raises:
        SettingsError: there is no such simulated home.
    """
    match settings.source:
        case Source.SIMULATED:
            return SimulatedReadings(settings, now)
        case Source.MODBUS:
            return ModbusReadings(settings)
        case Source.FILE if settings.file is not None:
            return LineReadings(_last_line_of(settings.file))
        case Source.STDIN:
            return LineReadings(StandardInput().last_line)
        case _:
            return LineReadings(lambda: None)


class SimulatedReadings:
    """A simulated home, the same for the same name and seed."""

    def __init__(self, settings: ReadingSettings, now: Instant) -> None:
        specs = {str(spec.key): spec for spec in neighbourhood_specs()}
        if settings.home not in specs:
            raise SettingsError(f"readings.home: is none of {', '.join(specs)}")
        self._spec: Final = specs[settings.home]
        self._model: Final = HomeModel(self._spec, seed=settings.seed, started_at=now)
        self._commands = NO_COMMANDS

    async def look(self, now: Instant) -> Look | None:
        """Let the home live until ``now``."""
        to = max(now, self._model.state.at)
        state = self._model.advance(to, self._commands)
        return image_of(self._spec, state), assets_of(self._spec, state)

    def obey(self, setpoints: tuple[Setpoint, ...]) -> None:
        """Do what the node asks for, from the next look on."""
        self._commands = obeying(self._commands, setpoints)

    async def close(self) -> None:
        """Nothing was opened."""


class LineReadings:
    """A line of JSON: ``{"power_w": 350, "import_wh": 12345, "export_wh": 0}``."""

    def __init__(self, last_line: Callable[[], str | None]) -> None:
        self._last_line: Final = last_line
        self._taken: str | None = None

    async def look(self, now: Instant) -> Look | None:
        """Return what the last line says, once."""
        line = await asyncio.to_thread(self._last_line)
        if line is None or line == self._taken:
            return None
        self._taken = line
        meter = read_line(line, now)
        if meter is None:
            return None
        return ProcessImage(taken_at=now, meters={METER: meter}), None

    def obey(self, setpoints: tuple[Setpoint, ...]) -> None:
        """Do nothing: whoever writes the lines reads the status."""

    async def close(self) -> None:
        """Do nothing: the file is its owner's."""


def read_line(line: str, now: Instant) -> MeterState | None:
    """Read one line; None if it is none."""
    try:
        said = json.loads(line)
    except ValueError:
        return None
    if not isinstance(said, dict):
        return None
    values = [said.get(name) for name in ("power_w", "import_wh", "export_wh")]
    numbers = [
        value if isinstance(value, int) and not isinstance(value, bool) else None
        for value in values
    ]
    power_w, import_wh, export_wh = numbers
    if import_wh is None or export_wh is None or min(import_wh, export_wh) < 0:
        return None
    return MeterState(
        measured_at=now, power_w=power_w, import_wh=import_wh, export_wh=export_wh
    )


class StandardInput:
    """Lines that somebody writes into the process; the latest counts.

    Read by a thread of its own that nobody waits for at the end.
    """

    def __init__(self) -> None:
        self._line: str | None = None
        threading.Thread(target=self._read, name="readings", daemon=True).start()

    def last_line(self) -> str | None:
        """Return the latest line."""
        return self._line

    def _read(self) -> None:
        for line in sys.stdin:
            self._line = line


class ModbusReadings:
    """A meter that speaks Modbus over TCP."""

    def __init__(self, settings: ReadingSettings) -> None:
        self._settings: Final = settings
        self._connection: Final = ModbusConnection(
            ModbusTcpParams(host=settings.host, port=settings.port)
        )
        self._device: ModbusDevice | None = None

    async def look(self, now: Instant) -> Look | None:
        """Poll the meter; None while it does not answer."""
        try:
            if self._device is None:
                unit = self._connection.for_unit(self._settings.unit)
                self._device = await open_device(unit, self._settings.driver)
            snapshot = await self._device.poll(now)
        except IdentifyError, PollError:
            return None
        meter = MeterState.of(snapshot)
        return ProcessImage(taken_at=now, meters={METER: meter}), None

    def obey(self, setpoints: tuple[Setpoint, ...]) -> None:
        """Do nothing: a meter has nothing to set."""

    async def close(self) -> None:
        """Hang up."""
        with contextlib.suppress(ModbusError, OSError):
            await self._connection.close()


def _last_line_of(path: Path) -> Callable[[], str | None]:
    def last_line() -> str | None:
        try:
            lines = path.read_text().splitlines()
        except OSError:
            return None
        return lines[-1] if lines else None

    return last_line
