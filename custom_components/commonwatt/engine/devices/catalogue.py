"""The closed catalogue of points: every name a driver may use, and nothing else.

Signs: grid power is + for import, battery power + for discharging, inverter power + for
production, charger power + for charging.  Energy counters count one direction each.

``inverter_power`` is what the sun (or another source) gives at the inverter's output.
A hybrid inverter also has ``inverter_ac_power``, everything that leaves it, and always
``inverter_power + battery_power = inverter_ac_power``.
"""

from collections.abc import Mapping
from functools import partial
from typing import Final

from .point import DeviceKind, Point, Quantity

INVERTER_STATUSES: Final = (
    "off",
    "sleeping",
    "starting",
    "producing",
    "throttled",
    "shutting_down",
    "fault",
    "standby",
)
BATTERY_STATUSES: Final = (
    "off",
    "empty",
    "discharging",
    "charging",
    "full",
    "holding",
    "testing",
)
CHARGER_STATUSES: Final = (
    "starting",
    "not_ready",
    "ready",
    "charging",
    "error",
    "suspended",
)
CABLE_STATUSES: Final = (
    "unplugged",
    "plugged_at_station",
    "locked_at_station",
    "plugged_at_car",
    "locked_at_car",
)


def _point(
    kind: DeviceKind,
    family: str,
    quantity: Quantity,
    *,
    diagnostic: bool = False,
    options: tuple[str, ...] = (),
) -> Point:
    return Point(
        family=family,
        kind=kind,
        quantity=quantity,
        diagnostic=diagnostic,
        options=options,
    )


_meter = partial(_point, DeviceKind.METER)
_inverter = partial(_point, DeviceKind.INVERTER)
_battery = partial(_point, DeviceKind.BATTERY)
_charger = partial(_point, DeviceKind.CHARGER)


_POINTS: Final = (
    _meter("meter_power", Quantity.POWER),
    _meter("meter_import", Quantity.ENERGY),
    _meter("meter_export", Quantity.ENERGY),
    _meter("meter_phase_power", Quantity.POWER),
    _meter("meter_phase_voltage", Quantity.VOLTAGE),
    _meter("meter_phase_current", Quantity.CURRENT),
    _meter("meter_frequency", Quantity.FREQUENCY),
    _meter("meter_apparent_power", Quantity.APPARENT_POWER),
    _meter("meter_reactive_power", Quantity.REACTIVE_POWER),
    _meter("meter_power_factor", Quantity.POWER_FACTOR),
    _inverter("inverter_power", Quantity.POWER),
    _inverter("inverter_energy", Quantity.ENERGY),
    _inverter("inverter_ac_power", Quantity.POWER),
    _inverter("inverter_ac_energy", Quantity.ENERGY),
    _inverter("inverter_dc_power", Quantity.POWER),
    _inverter("inverter_string_power", Quantity.POWER),
    _inverter("inverter_string_energy", Quantity.ENERGY),
    _inverter("inverter_string_voltage", Quantity.VOLTAGE),
    _inverter("inverter_string_current", Quantity.CURRENT),
    _inverter("inverter_phase_voltage", Quantity.VOLTAGE),
    _inverter("inverter_phase_current", Quantity.CURRENT),
    _inverter("inverter_frequency", Quantity.FREQUENCY),
    _inverter("inverter_status", Quantity.STATUS, options=INVERTER_STATUSES),
    _inverter("inverter_temperature", Quantity.TEMPERATURE, diagnostic=True),
    _inverter("inverter_power_rating", Quantity.POWER, diagnostic=True),
    _inverter("inverter_power_limit", Quantity.SHARE, diagnostic=True),
    _battery("battery_power", Quantity.POWER),
    _battery("battery_state_of_charge", Quantity.STATE_OF_CHARGE),
    _battery("battery_charged", Quantity.ENERGY),
    _battery("battery_discharged", Quantity.ENERGY),
    _battery("battery_status", Quantity.STATUS, options=BATTERY_STATUSES),
    _battery("battery_voltage", Quantity.VOLTAGE),
    _battery("battery_current", Quantity.CURRENT),
    _battery("battery_temperature", Quantity.TEMPERATURE, diagnostic=True),
    _battery("battery_state_of_health", Quantity.SHARE, diagnostic=True),
    _battery("battery_capacity", Quantity.ENERGY_STORED, diagnostic=True),
    _battery("battery_charge_power_max", Quantity.POWER, diagnostic=True),
    _battery("battery_discharge_power_max", Quantity.POWER, diagnostic=True),
    _charger("charger_power", Quantity.POWER),
    _charger("charger_energy", Quantity.ENERGY),
    _charger("charger_session_energy", Quantity.ENERGY_SESSION),
    _charger("charger_status", Quantity.STATUS, options=CHARGER_STATUSES),
    _charger("charger_cable", Quantity.STATUS, options=CABLE_STATUSES),
    _charger("charger_phase_current", Quantity.CURRENT),
    _charger("charger_phase_voltage", Quantity.VOLTAGE),
    _charger("charger_current_max", Quantity.CURRENT, diagnostic=True),
    _charger("charger_error", Quantity.CODE, diagnostic=True),
)

CATALOGUE: Final[Mapping[str, Point]] = {point.family: point for point in _POINTS}
"""Every family by name.  Drivers take points from here, translations follow it."""
