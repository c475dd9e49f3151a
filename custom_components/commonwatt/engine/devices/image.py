"""The process image: what the home looked like at one instant, in integers.

Frozen for the length of a cycle, so that whoever decides on it decides on one truth.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from ..model.period import Instant
from ..model.units import PPM
from .point import DeviceId
from .snapshot import DeviceSnapshot

_PPM_PER_PERCENT: Final = PPM // 100
_MA_PER_A: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterState:
    """The metering point; None is unknown."""

    measured_at: Instant
    power_w: int | None = None
    """+ import, - export."""

    import_wh: int | None = None
    """Counter of imported energy; only grows."""

    export_wh: int | None = None
    """Counter of exported energy; only grows."""

    @classmethod
    def of(cls, snapshot: DeviceSnapshot) -> MeterState:
        """Take what matters to the engine from a snapshot."""
        return cls(
            measured_at=snapshot.measured_at,
            power_w=snapshot.integer("meter_power"),
            import_wh=snapshot.integer("meter_import"),
            export_wh=snapshot.integer("meter_export"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class InverterState:
    """A generator behind the metering point; None is unknown."""

    measured_at: Instant
    power_w: int | None = None
    """+ production.  For a hybrid this is what the sun gives, the battery left out."""

    energy_wh: int | None = None
    """Counter of produced energy; only grows."""

    power_w_max: int | None = None
    """What it can give at most."""

    @classmethod
    def of(cls, snapshot: DeviceSnapshot) -> InverterState:
        """Take what matters to the engine from a snapshot."""
        return cls(
            measured_at=snapshot.measured_at,
            power_w=snapshot.integer("inverter_power"),
            energy_wh=snapshot.integer("inverter_energy"),
            power_w_max=snapshot.integer("inverter_power_rating"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BatteryState:
    """A battery; None is unknown."""

    measured_at: Instant
    power_w: int | None = None
    """+ discharging, - charging."""

    soc_ppm: int | None = None
    """State of charge as a share of the usable capacity."""

    capacity_wh: int | None = None
    charge_power_w_max: int | None = None
    discharge_power_w_max: int | None = None
    charged_wh: int | None = None
    """Counter of energy put in; only grows."""

    discharged_wh: int | None = None
    """Counter of energy taken out; only grows."""

    @property
    def stored_wh(self) -> int | None:
        """Energy in the battery, rounded down; None where unknown."""
        if self.soc_ppm is None or self.capacity_wh is None:
            return None
        return self.soc_ppm * self.capacity_wh // PPM

    @classmethod
    def of(cls, snapshot: DeviceSnapshot) -> BatteryState:
        """Take what matters to the engine from a snapshot."""
        return cls(
            measured_at=snapshot.measured_at,
            power_w=snapshot.integer("battery_power"),
            soc_ppm=snapshot.integer(
                "battery_state_of_charge", factor=_PPM_PER_PERCENT
            ),
            capacity_wh=snapshot.integer("battery_capacity"),
            charge_power_w_max=snapshot.integer("battery_charge_power_max"),
            discharge_power_w_max=snapshot.integer("battery_discharge_power_max"),
            charged_wh=snapshot.integer("battery_charged"),
            discharged_wh=snapshot.integer("battery_discharged"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargerState:
    """A charging point; None is unknown."""

    measured_at: Instant
    power_w: int | None = None
    """+ charging."""

    energy_wh: int | None = None
    """Counter of energy delivered to cars; only grows."""

    session_wh: int | None = None
    """Energy of the present session."""

    connected: bool | None = None
    """A car is plugged in."""

    charging: bool | None = None
    """The car takes energy."""

    current_ma_max: int | None = None
    """Most it can be told to give on a phase."""

    @classmethod
    def of(cls, snapshot: DeviceSnapshot) -> ChargerState:
        """Take what matters to the engine from a snapshot."""
        cable = snapshot.text("charger_cable")
        status = snapshot.text("charger_status")
        return cls(
            measured_at=snapshot.measured_at,
            power_w=snapshot.integer("charger_power"),
            energy_wh=snapshot.integer("charger_energy"),
            session_wh=snapshot.integer("charger_session_energy"),
            connected=None if cable is None else cable.endswith("_at_car"),
            charging=None if status is None else status == "charging",
            current_ma_max=snapshot.integer("charger_current_max", factor=_MA_PER_A),
        )


type DeviceState = MeterState | InverterState | BatteryState | ChargerState


def _none_known[T]() -> Mapping[DeviceId, T]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessImage:
    """Every device of the home at ``taken_at``.

    A device that has never answered is absent; one that fell silent is there with its
    old ``measured_at``: whoever uses a value asks for its age first.
    """

    taken_at: Instant
    meters: Mapping[DeviceId, MeterState] = field(default_factory=_none_known)
    inverters: Mapping[DeviceId, InverterState] = field(default_factory=_none_known)
    batteries: Mapping[DeviceId, BatteryState] = field(default_factory=_none_known)
    chargers: Mapping[DeviceId, ChargerState] = field(default_factory=_none_known)

    def age_ms(self, state: DeviceState) -> int:
        """Return how old a state was when the image was taken."""
        return max(0, self.taken_at - state.measured_at)
