"""Serve the simulated home's Modbus devices on this machine, at the speed of real time.

For whoever wants to try the config flow by hand, or a driver without hardware: a hybrid
inverter with battery, a meter and a charging point, consistent with each other. Writes
are obeyed. Ctrl-C ends it.
"""

import argparse
import asyncio
import sys
import time
from typing import Final

import tools._engine  # noqa: F401  # the component without its glue

# isort: split
from custom_components.commonwatt.drivers.simulated import (
    CHARGER_UNIT,
    EASTRON_UNIT,
    INVERTER_UNIT,
    METER_UNIT,
    ListenError,
    SimulatedDevices,
)
from custom_components.commonwatt.engine.model.period import DAY_MS, HOUR_MS, Instant
from custom_components.commonwatt.engine.simulation.homes import (
    HOME,
    HomeModel,
    neighbourhood_specs,
)

STEP_S: Final = 1.0
PORT_MAX: Final = 65_535
UNITS: Final = {
    INVERTER_UNIT: "SunSpec hybrid inverter with battery",
    METER_UNIT: "SunSpec three-phase meter",
    EASTRON_UNIT: "the same meter as Eastron SDM630",
    CHARGER_UNIT: "KEBA P30 charging point",
}


async def serve(*, port: int, seed: int, hour: int | None) -> None:
    """Let the home live at the speed of the real clock until somebody stops it."""
    ahead_ms = 0 if hour is None else hour * HOUR_MS - _now(0) % DAY_MS
    spec = next(spec for spec in neighbourhood_specs() if spec.key == HOME)
    model = HomeModel(spec, seed=seed, started_at=_now(ahead_ms))
    devices = SimulatedDevices(spec, port=port)
    await devices.start(model.state)
    print(f"Modbus TCP on {devices.host}, port {devices.port}:")
    for unit_id, name in UNITS.items():
        print(f"  unit {unit_id:3}: {name}")
    print("Ctrl-C stops.", flush=True)
    try:
        while True:
            await asyncio.sleep(STEP_S)
            now = max(_now(ahead_ms), model.state.at)
            devices.show(model.advance(now, devices.commands()))
    finally:
        await devices.stop()


def _now(ahead_ms: int) -> Instant:
    return Instant(time.time_ns() // 1_000_000 + ahead_ms)


def main() -> int:
    """Read the arguments and serve."""
    parser = argparse.ArgumentParser(
        prog="script/simulated-devices", description=__doc__
    )
    parser.add_argument(
        "--port", type=int, default=5020, help="TCP port (0: a free one)"
    )
    parser.add_argument(
        "--seed", type=int, default=1, help="another seed, other weather"
    )
    parser.add_argument(
        "--hour",
        type=int,
        choices=range(24),
        metavar="H",
        help="begin today at this hour, UTC (now)",
    )
    arguments = parser.parse_args()
    if not 0 <= arguments.port <= PORT_MAX:
        parser.error(f"--port is between 0 and {PORT_MAX}, not {arguments.port}")
    try:
        asyncio.run(
            serve(port=arguments.port, seed=arguments.seed, hour=arguments.hour)
        )
    except ListenError as err:
        print(f"{err}; choose another with --port", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        pass
    return 0


if __name__ == "__main__":
    sys.exit(main())
