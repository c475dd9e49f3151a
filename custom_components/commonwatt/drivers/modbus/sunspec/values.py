"""From what the models say to the values of the catalogue's points.

Owns the few rules that need more than one register: signs, hybrids, counters at zero.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from ....engine.devices import CATALOGUE, DeviceKind, Point, PointValue
from .components import value_of
from .discovery import BATTERY, INVERTERS, LIMITS, METERS, STATUS, STORAGE, STRINGS
from .layout import SunSpecMap
from .points import SOURCES
from .strings import Modules, total

type Values = dict[Point, PointValue]

_DISCHARGING: Final = 3
_CHARGING: Final = 4
_STRING_POINTS: Final[Mapping[str, str]] = {
    "inverter_string_power": "DCW",
    "inverter_string_voltage": "DCV",
    "inverter_string_current": "DCA",
    "inverter_string_energy": "DCWH",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How to read the values of one device; settled when it is opened."""

    kinds: frozenset[DeviceKind]
    reversed_power: bool
    """Its meter counts export as positive power."""

    def values(self, device: SunSpecMap) -> Values:
        """Return every point of the device's kinds with what was last said."""
        modules = Modules.of(device.members(STRINGS, "module"))
        values = self._plain(device)
        if DeviceKind.METER in self.kinds:
            self._read_meter(values)
        if DeviceKind.INVERTER in self.kinds:
            self._read_inverter(device, modules, values)
        if DeviceKind.BATTERY in self.kinds:
            self._read_battery(device, modules, values)
        return values

    def _plain(self, device: SunSpecMap) -> Values:
        models = frozenset(device.components)
        values: Values = {}
        for source in SOURCES:
            point = source.point
            if point.kind not in self.kinds or not source.applies_to(models):
                continue
            if values.get(point) is None:
                values[point] = source.value(device)
        return values

    def _read_meter(self, values: Values) -> None:
        imported, exported = CATALOGUE["meter_import"], CATALOGUE["meter_export"]
        # A counter at 0 is one the device does not have, unless the other one counts.
        for counter, other in ((imported, exported), (exported, imported)):
            if values[counter] is None and values[other] is not None:
                values[counter] = 0
        if not self.reversed_power:
            return
        for point, value in values.items():
            if point.family in {"meter_power", "meter_phase_power"}:
                values[point] = None if value is None else -float(value)

    def _read_inverter(
        self, device: SunSpecMap, modules: Modules, values: Values
    ) -> None:
        for number, module in enumerate(modules.sun, start=1):
            for family, name in _STRING_POINTS.items():
                point = replace(CATALOGUE[family], number=number)
                values[point] = value_of(module, name)
        power, energy = CATALOGUE["inverter_power"], CATALOGUE["inverter_energy"]
        if values[energy] is None:
            values[energy] = device.value((STATUS,), "ActWh")
        if LIMITS in device.components:
            values[CATALOGUE["inverter_power_limit"]] = _power_limit(device)
        if DeviceKind.BATTERY not in self.kinds:
            return
        values[CATALOGUE["inverter_ac_power"]] = values[power]
        values[CATALOGUE["inverter_ac_energy"]] = values[energy]
        sun_dc_w = total(modules.sun, "DCW")
        values[power] = _sun_w(values[power], _battery_w(device, modules), sun_dc_w)
        values[energy] = total(modules.sun, "DCWH")

    def _read_battery(
        self, device: SunSpecMap, modules: Modules, values: Values
    ) -> None:
        battery_w = _battery_w(device, modules)
        all_w = values.get(CATALOGUE["inverter_ac_power"])
        sun_w = values.get(CATALOGUE["inverter_power"])
        if isinstance(all_w, int | float) and isinstance(sun_w, int | float):
            # What it gives to the home: what is lost on the way is its own.
            battery_w = all_w - sun_w
        values[CATALOGUE["battery_power"]] = battery_w
        if modules.charging:
            charged = total(modules.charging, "DCWH")
            values[CATALOGUE["battery_charged"]] = charged
        if modules.discharging:
            discharged = total(modules.discharging, "DCWH")
            values[CATALOGUE["battery_discharged"]] = discharged
        for module in (*modules.battery, *modules.charging, *modules.discharging):
            point = CATALOGUE["battery_temperature"]
            if values.get(point) is None:
                values[point] = value_of(module, "Tmp")


def kinds_of(device: SunSpecMap) -> frozenset[DeviceKind]:
    """Return the parts a device plays, as its models and their names tell."""
    models = device.components.keys()
    modules = Modules.of(device.members(STRINGS, "module"))
    has_battery = (
        BATTERY in models
        or bool(modules.charging or modules.discharging or modules.battery)
        or bool(device.value((STORAGE,), "WChaMax"))
    )
    found = {
        DeviceKind.METER: bool(models & set(METERS)),
        DeviceKind.INVERTER: bool(models & set(INVERTERS)),
        DeviceKind.BATTERY: has_battery,
    }
    return frozenset(kind for kind, present in found.items() if present)


def _power_limit(device: SunSpecMap) -> PointValue:
    enabled = device.value((LIMITS,), "WMaxLim_Ena")
    if enabled is None:
        return None
    return device.value((LIMITS,), "WMaxLimPct") if enabled else 100


def _battery_w(device: SunSpecMap, modules: Modules) -> float | None:
    """Return the power of the battery, + discharging.

    The standard leaves the sign of model 802 open, but not what "charging" means: where
    the device says which of the two it does, that decides.
    """
    if modules.tell_direction:
        return modules.battery_w
    power = device.value((BATTERY,), "W")
    if power is None:
        power = total(modules.battery, "DCW")
    if power is None or isinstance(power, str):
        return modules.battery_w
    status = device.value((BATTERY, STORAGE), "ChaSt")
    if status == _CHARGING:
        return -abs(power)
    return abs(power) if status == _DISCHARGING else power


def _sun_w(
    all_w: PointValue, battery_w: float | None, sun_dc_w: float | None
) -> float | None:
    """Return what the sun gives of all that leaves a hybrid.

    The battery is measured before the conversion, the whole after it, so that their
    difference may fall below zero at night; the sun never takes anything, and never
    gives more than its strings do.
    """
    if all_w is None or battery_w is None or isinstance(all_w, str):
        return None
    given_w = all_w - battery_w
    return max(0, given_w if sun_dc_w is None else min(given_w, sun_dc_w))
