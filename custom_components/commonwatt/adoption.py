"""Devices other integrations already know, read from their entities.

Gives the same snapshots as a driver: our units, our signs, None for what is unknown.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from homeassistant.components.sensor import SensorDeviceClass
from homeassistant.const import STATE_OFF, STATE_ON, Platform
from homeassistant.core import State

from .device_settings import AdoptedSettings
from .engine.devices import DeviceKind, PointValue
from .engine.model.units import PPM
from .quantities import StateProblem, energy_wh, power_w, share_ppm
from .references import EntityRef

POWER: Final = "power"
POWER_BACK: Final = "power_back"
STATE_OF_CHARGE: Final = "state_of_charge"
CONNECTED: Final = "connected"

_PPM_PER_PERCENT: Final = PPM / 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """What one adopted entity tells about a device."""

    name: str
    """Field of the form and key of the settings."""

    read: Callable[[State | None], int | StateProblem]
    """Gives W, Wh, ppm or 0/1."""

    device_class: SensorDeviceClass | None
    """Narrows down what is offered, not what is accepted."""

    platform: Platform = Platform.SENSOR
    required: bool = False


def yes_or_no(state: State | None) -> int | StateProblem:
    """Return 1 for on and 0 for off."""
    if state is None:
        return StateProblem.NOT_FOUND
    answers = {STATE_ON: 1, STATE_OFF: 0}
    return answers.get(state.state, StateProblem.NOT_A_NUMBER)


def _power(name: str = POWER) -> Role:
    return Role(name=name, read=power_w, device_class=SensorDeviceClass.POWER)


def _energy(name: str) -> Role:
    return Role(name=name, read=energy_wh, device_class=SensorDeviceClass.ENERGY)


_STATE_OF_CHARGE: Final = Role(
    name=STATE_OF_CHARGE,
    read=share_ppm,
    device_class=None,  # many a state of charge does not say what it is
    required=True,
)
_CONNECTED: Final = Role(
    name=CONNECTED,
    read=yes_or_no,
    device_class=None,
    platform=Platform.BINARY_SENSOR,
)

ROLES: Final[Mapping[DeviceKind, tuple[Role, ...]]] = {
    DeviceKind.METER: (
        _power(),
        _power(POWER_BACK),
        _energy("imported"),
        _energy("exported"),
    ),
    DeviceKind.INVERTER: (_power(), _energy("energy")),
    DeviceKind.BATTERY: (
        _power(),
        _power(POWER_BACK),
        _STATE_OF_CHARGE,
        _energy("charged"),
        _energy("discharged"),
    ),
    DeviceKind.CHARGER: (_power(), _energy("energy"), _CONNECTED),
}
"""What can be adopted for each kind; ``power_back`` is a sensor of the way back."""

_COUNTERS: Final[Mapping[str, str]] = {
    "imported": "meter_import",
    "exported": "meter_export",
    "charged": "battery_charged",
    "discharged": "battery_discharged",
}


def read_roles(
    kind: DeviceKind,
    settings: AdoptedSettings,
    state_of: Callable[[EntityRef], State | None],
) -> dict[str, int | None]:
    """Return what each adopted entity says now, in W, Wh, ppm or 0/1.

    Only what was adopted is there; what has no value just now is None.
    """
    read = {role.name: role.read for role in ROLES[kind]}
    values = {name: read[name](state_of(r)) for name, r in settings.entities.items()}
    return {n: None if isinstance(v, StateProblem) else v for n, v in values.items()}


def read_entities(
    kind: DeviceKind,
    settings: AdoptedSettings,
    state_of: Callable[[EntityRef], State | None],
) -> dict[str, PointValue]:
    """Return the same as a driver would: our units and signs, by catalogue key."""
    known = read_roles(kind, settings, state_of)
    values: dict[str, PointValue] = {}
    if POWER in known:
        values[f"{kind}_power"] = net_power_w(known, settings)
    if "energy" in known:
        values[f"{kind}_energy"] = known["energy"]
    values |= {key: known[name] for name, key in _COUNTERS.items() if name in known}
    return values | _battery_values(known, settings) | _charger_values(known)


def net_power_w(
    known: Mapping[str, int | None], settings: AdoptedSettings
) -> int | None:
    """Return the power in our sign: one sensor, or the difference of two."""
    power = known[POWER]
    if power is None:
        return None
    if POWER_BACK not in known:
        return -power if settings.reversed_power else power
    back = known[POWER_BACK]
    return None if back is None else power - back


def _battery_values(
    known: Mapping[str, int | None], settings: AdoptedSettings
) -> dict[str, PointValue]:
    if STATE_OF_CHARGE not in known:
        return {}
    soc_ppm = known[STATE_OF_CHARGE]
    percent = None if soc_ppm is None else soc_ppm / _PPM_PER_PERCENT
    values: dict[str, PointValue] = {"battery_state_of_charge": percent}
    if settings.capacity_wh is not None:
        values["battery_capacity"] = settings.capacity_wh
    return values


def _charger_values(known: Mapping[str, int | None]) -> dict[str, PointValue]:
    if CONNECTED not in known:
        return {}
    cable = {None: None, 0: "unplugged", 1: "plugged_at_car"}
    return {"charger_cable": cable[known[CONNECTED]]}
