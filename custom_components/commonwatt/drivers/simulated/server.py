"""The user's simulated home on Modbus TCP: one port on loopback, one unit per device.

Time is the simulated clock: it stands still between two calls of ``show``.
"""

import asyncio
from collections.abc import Sequence
from typing import Final

from pymodbus.constants import ExcCodes
from pymodbus.server import ModbusTcpServer
from pymodbus.simulator import DataType, SimAction, SimData, SimDevice

from ...engine.simulation.homes import HomeCommands, HomeSpec, HomeState
from ..modbus.sunspec.facts import load_facts
from .eastron import EastronMeter
from .inverter import HybridInverter
from .keba import KebaCharger
from .sunspec_meter import SunSpecMeter
from .unit import Refusal, SimulatedUnit, Span

LOOPBACK: Final = "127.0.0.1"
INVERTER_UNIT: Final = 1
EASTRON_UNIT: Final = 2
METER_UNIT: Final = 200
CHARGER_UNIT: Final = 255
ANY_OTHER_UNIT: Final = 0
"""For pymodbus: the device that answers for all ids without a device of their own."""


class ListenError(Exception):
    """The port cannot be listened on; mostly because somebody else does."""

    def __init__(self, host: str, port: int) -> None:
        self.host: Final = host
        self.port: Final = port
        super().__init__(f"cannot listen on {host}:{port}")


class SimulatedDevices:
    """Inverter with battery, meter (twice) and charging point of one simulated home."""

    def __init__(self, spec: HomeSpec, *, host: str = LOOPBACK, port: int = 0) -> None:
        self.host: Final = host
        self.port = port
        self._spec = spec
        self._server: ModbusTcpServer | None = None
        self._units: tuple[SimulatedUnit, ...] = ()
        self._inverter: HybridInverter | None = None
        self._charger: KebaCharger | None = None

    async def start(self, state: HomeState) -> None:
        """Open the port, a free one if it was 0, and show ``state``.

        ListenError: the port cannot be had.
        """
        assert self._server is None, "started once"
        await self._put_up(state)
        devices = [_sim_device(unit) for unit in self._units]
        devices.append(_nobody(self._units))
        server = ModbusTcpServer(devices, address=(self.host, self.port))
        try:
            await server.serve_forever(background=True)
        except RuntimeError as err:
            raise ListenError(self.host, self.port) from err
        self._server = server
        self.port = _port_of(server)

    async def stop(self) -> None:
        """Close the port and all connections."""
        if self._server is not None:
            await self._server.shutdown()  # type: ignore[no-untyped-call]  # pymodbus left it so
            self._server = None

    def show(self, state: HomeState) -> None:
        """Let all registers follow the home; call it in the event loop's thread."""
        for unit in self._units:
            unit.show(state)

    def commands(self) -> HomeCommands:
        """Return what was written, for the model to obey."""
        inverter, charger = self._inverter, self._charger
        command = None if charger is None else charger.command()
        if inverter is None:
            return HomeCommands(charger=command)
        return HomeCommands(
            battery=inverter.control.battery_command(),
            battery_reserve_ppm=inverter.control.reserve_ppm(),
            inverter_limit=inverter.control.inverter_limit(),
            charger=command,
        )

    async def _put_up(self, state: HomeState) -> None:
        facts = await load_facts()
        spec = self._spec
        units: list[SimulatedUnit] = [
            SunSpecMeter(state, facts, unit_id=METER_UNIT),
            EastronMeter(state, unit_id=EASTRON_UNIT),
        ]
        if spec.pv is not None and spec.battery is not None:
            self._inverter = HybridInverter(
                state, facts, pv=spec.pv, battery=spec.battery, unit_id=INVERTER_UNIT
            )
            units.append(self._inverter)
        if spec.car is not None:
            self._charger = KebaCharger(state, spec.car, unit_id=CHARGER_UNIT)
            units.append(self._charger)
        self._units = tuple(units)


def _sim_device(unit: SimulatedUnit) -> SimDevice:
    return SimDevice(
        id=unit.unit_id, simdata=_sim_data(unit.spans()), action=_action(unit)
    )


def _sim_data(spans: Sequence[Span]) -> list[SimData]:
    """Return space for the registers; what is in them is written at every request."""
    return [
        SimData(
            address=span.first, count=span.count, values=0, datatype=DataType.UINT16
        )
        for span in spans
    ]


def _action(unit: SimulatedUnit) -> SimAction:
    """Return the hook through which the server asks the unit; it never waits."""

    async def act(  # pymodbus calls it so
        function: int,
        start: int,
        address: int,
        count: int,
        registers: list[int],
        values: list[int] | list[bool] | None,
    ) -> ExcCodes | None:
        if values is not None:
            refusal = unit.write(function, address, list(map(int, values)))
            return None if refusal is None else ExcCodes(refusal)
        if function in WRITES:
            return None
        answer = unit.read(function, address, count)
        if isinstance(answer, Refusal):
            return ExcCodes(answer)
        registers[address - start : address - start + count] = answer
        return None

    return act


WRITES: Final = (6, 16)
"""After a single write the server reads back what it has just been given."""


def _nobody(units: Sequence[SimulatedUnit]) -> SimDevice:
    """Return what answers for units that are not there, as a gateway does."""

    async def act(  # pymodbus calls it so
        function: int,
        start: int,
        address: int,
        count: int,
        registers: list[int],
        values: list[int] | list[bool] | None,
    ) -> ExcCodes | None:
        del function, start, address, count, registers, values
        return ExcCodes(Refusal.NO_RESPONSE)

    spans = sorted({span for unit in units for span in unit.spans()})
    return SimDevice(id=ANY_OTHER_UNIT, simdata=_sim_data(_joined(spans)), action=act)


def _joined(spans: Sequence[Span]) -> list[Span]:
    """Return the spans without overlaps, the longer one where two begin together."""
    joined: list[Span] = []
    for span in spans:
        if joined and span.first < joined[-1].first + joined[-1].count:
            first = joined[-1].first
            end = max(first + joined[-1].count, span.first + span.count)
            joined[-1] = Span(first, end - first)
        else:
            joined.append(span)
    return joined


def _port_of(server: ModbusTcpServer) -> int:
    transport = server.transport
    assert isinstance(transport, asyncio.Server), "the server listens"
    address: tuple[str, int] = transport.sockets[0].getsockname()
    return address[1]
