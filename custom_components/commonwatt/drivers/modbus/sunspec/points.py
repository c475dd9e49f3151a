"""Which SunSpec points become which points of the catalogue."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from ....engine.devices import (
    CATALOGUE,
    Point,
    PointValue,
)
from ....engine.devices.catalogue import BATTERY_STATUSES, INVERTER_STATUSES
from .discovery import (
    BATTERY,
    INVERTERS,
    METERS,
    RATINGS,
    STORAGE,
)
from .layout import SunSpecMap

PHASES: Final[Mapping[int, int]] = {
    model: phases
    for phases, models in (
        (1, (101, 111, 201, 211)),
        (2, (102, 112, 202, 212)),
        (3, (103, 113, 203, 213, 204, 214)),
    )
    for model in models
}
"""Phases a model has anything to say about."""

_INTEGER_METERS: Final = tuple(model for model in METERS if model < METERS[0])
"""Float meters leave it open whether a power factor is a share or a percentage."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a point comes from: the first of the models that knows it."""

    family: str
    models: tuple[int, ...]
    name: str
    phase: int | None = None
    factor: float = 1
    words: tuple[str, ...] = ()
    """Statuses by number, from 1."""

    @property
    def point(self) -> Point:
        """What it is called in the catalogue."""
        return replace(CATALOGUE[self.family], number=self.phase)

    def applies_to(self, models: frozenset[int]) -> bool:
        """Tell whether a device with these models has it."""
        mine = models & set(self.models)
        if self.phase is None:
            return bool(mine)
        return any(PHASES[model] >= self.phase for model in mine)

    def value(self, device: SunSpecMap) -> PointValue:
        """Return what the device said."""
        raw = device.value(self.models, self.name)
        if raw is None or isinstance(raw, str):
            return None
        if self.words:
            number = int(raw)
            return self.words[number - 1] if 0 < number <= len(self.words) else None
        return raw if self.factor == 1 else round(raw * self.factor, 6)


def _phases(family: str, models: tuple[int, ...], prefix: str) -> tuple[Source, ...]:
    return tuple(
        Source(family=family, models=models, name=f"{prefix}{letter}", phase=phase)
        for phase, letter in enumerate("ABC", start=1)
    )


SOURCES: Final = (
    Source(family="meter_power", models=METERS, name="W"),
    Source(family="meter_import", models=METERS, name="TotWhImp"),
    Source(family="meter_export", models=METERS, name="TotWhExp"),
    *_phases("meter_phase_power", METERS, "Wph"),
    *_phases("meter_phase_voltage", METERS, "PhVph"),
    *_phases("meter_phase_current", METERS, "Aph"),
    Source(family="meter_frequency", models=METERS, name="Hz"),
    Source(family="meter_apparent_power", models=METERS, name="VA"),
    Source(family="meter_reactive_power", models=METERS, name="VAR"),
    Source(family="meter_power_factor", models=_INTEGER_METERS, name="PF", factor=0.01),
    Source(family="inverter_power", models=INVERTERS, name="W"),
    Source(family="inverter_energy", models=INVERTERS, name="WH"),
    Source(family="inverter_dc_power", models=INVERTERS, name="DCW"),
    *_phases("inverter_phase_voltage", INVERTERS, "PhVph"),
    *_phases("inverter_phase_current", INVERTERS, "Aph"),
    Source(family="inverter_frequency", models=INVERTERS, name="Hz"),
    Source(
        family="inverter_status", models=INVERTERS, name="St", words=INVERTER_STATUSES
    ),
    Source(family="inverter_temperature", models=INVERTERS, name="TmpCab"),
    Source(family="inverter_power_rating", models=(RATINGS,), name="WRtg"),
    Source(family="battery_state_of_charge", models=(BATTERY,), name="SoC"),
    Source(family="battery_state_of_charge", models=(STORAGE,), name="ChaState"),
    Source(
        family="battery_status",
        models=(BATTERY, STORAGE),
        name="ChaSt",
        words=BATTERY_STATUSES,
    ),
    Source(family="battery_voltage", models=(BATTERY,), name="V"),
    Source(family="battery_voltage", models=(STORAGE,), name="InBatV"),
    Source(family="battery_current", models=(BATTERY,), name="A"),
    Source(family="battery_state_of_health", models=(BATTERY,), name="SoH"),
    Source(family="battery_capacity", models=(BATTERY, RATINGS), name="WHRtg"),
    Source(family="battery_charge_power_max", models=(BATTERY,), name="WChaRteMax"),
    Source(family="battery_charge_power_max", models=(RATINGS,), name="MaxChaRte"),
    Source(family="battery_charge_power_max", models=(STORAGE,), name="WChaMax"),
    Source(
        family="battery_discharge_power_max", models=(BATTERY,), name="WDisChaRteMax"
    ),
    Source(
        family="battery_discharge_power_max", models=(RATINGS,), name="MaxDisChaRte"
    ),
)
"""Where a family is named twice, the first source that knows it counts."""
