"""Which statistics tell what the home used and made: devices, or the Energy dashboard.

Knows ids of statistics and their signs; reads none.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from homeassistant.components.energy.data import EnergyPreferences
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er

from ..const import DOMAIN
from ..device_settings import AdoptedSettings, DeviceConfig
from ..engine.devices import DeviceId, DeviceKind
from ..references import resolve

type Roles = Mapping[str, str]
"""Statistic by role of an adopted entity: ``power``, ``imported``, ..."""


class TermKind(StrEnum):
    """What a statistic counts."""

    ENERGY = "energy"
    POWER = "power"


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A statistic that is part of a sum."""

    statistic_id: str
    kind: TermKind
    sign: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Sums of statistics; an empty one is known of nobody."""

    load: tuple[Term, ...] = ()
    sun: tuple[Term, ...] = ()
    cars: Mapping[DeviceId, tuple[Term, ...]] = field(default_factory=dict)

    @property
    def terms(self) -> frozenset[Term]:
        """All statistics that have to be read."""
        cars = (term for terms in self.cars.values() for term in terms)
        return frozenset((*self.load, *self.sun, *cars))


_OWN_KEYS: Final[Mapping[DeviceKind, Mapping[str, str]]] = {
    DeviceKind.METER: {
        "power": "meter_power",
        "imported": "meter_import",
        "exported": "meter_export",
    },
    DeviceKind.INVERTER: {"power": "inverter_power", "energy": "inverter_energy"},
    DeviceKind.BATTERY: {
        "power": "battery_power",
        "charged": "battery_charged",
        "discharged": "battery_discharged",
    },
    DeviceKind.CHARGER: {"power": "charger_power", "energy": "charger_energy"},
}
"""Roles of what our own drivers show, by the keys of its entities."""

_COUNTERS: Final[Mapping[DeviceKind, Mapping[str, int]]] = {
    DeviceKind.METER: {"imported": 1, "exported": -1},
    DeviceKind.INVERTER: {"energy": 1},
    DeviceKind.BATTERY: {"discharged": 1, "charged": -1},
    DeviceKind.CHARGER: {"energy": 1},
}
"""What adds up to a device's energy, in our signs."""


def statistics_of(hass: HomeAssistant, device: DeviceConfig) -> Roles:
    """Return the statistics a device may have, by role."""
    if isinstance(device.settings, AdoptedSettings):
        refs = device.settings.entities
        found = {role: resolve(hass, ref) for role, ref in refs.items()}
    else:
        registry = er.async_get(hass)
        found = {
            role: registry.async_get_entity_id(
                Platform.SENSOR, DOMAIN, f"{device.id}_{key}"
            )
            for role, key in _OWN_KEYS[device.kind].items()
        }
    return {role: known for role, known in found.items() if known is not None}


def sources_of_devices(
    devices: Sequence[DeviceConfig],
    roles: Mapping[DeviceId, Roles],
    known: Mapping[str, TermKind],
    *,
    prefer: TermKind,
) -> Sources:
    """Add up what devices tell; ``known`` are the statistics there really are.

    Counters are exact over hours and coarse over minutes, powers the other way round:
    ``prefer`` says which are wanted where a device has both.
    """
    makes = any(d.kind in (DeviceKind.INVERTER, DeviceKind.BATTERY) for d in devices)
    terms = {
        d.id: _terms(d, roles.get(d.id, {}), known, prefer=prefer, makes=makes)
        for d in devices
    }
    suns = [terms[d.id] for d in devices if d.kind is DeviceKind.INVERTER]
    chargers = (d.id for d in devices if d.kind is DeviceKind.CHARGER)
    cars = {device: terms[device] for device in chargers if terms[device]}
    adding = [terms[d.id] for d in devices if d.kind is not DeviceKind.CHARGER]
    has_meter = any(device.kind is DeviceKind.METER for device in devices)
    return Sources(
        load=_load(adding, cars) if has_meter else (),
        sun=_all_of(suns),
        cars=cars,
    )


def sources_of_dashboard(
    preferences: EnergyPreferences | None, cars: Mapping[DeviceId, tuple[Term, ...]]
) -> Sources:
    """Add up what the Energy dashboard is made of, without the cars we know."""
    if preferences is None:
        return Sources()
    grid: list[Term] = []
    sun: list[Term] = []
    battery: list[Term] = []
    for source in preferences["energy_sources"]:
        match source:
            case {"type": "grid"}:
                grid.extend(_grid(source))
            case {"type": "solar", "stat_energy_from": str(made)}:
                sun.append(_energy(made))
            case {
                "type": "battery",
                "stat_energy_from": str(given),
                "stat_energy_to": str(taken),
            }:
                battery.extend((_energy(given), _energy(taken, sign=-1)))
            case _:
                pass
    if not grid:
        return Sources(sun=tuple(sun))
    load = _load([(*grid, *sun, *battery)], cars)
    return Sources(load=load, sun=tuple(sun))


def _load(
    adding: Iterable[tuple[Term, ...]], cars: Mapping[DeviceId, tuple[Term, ...]]
) -> tuple[Term, ...]:
    """Return the sum without cars; empty if a part of it is known of nobody."""
    taken = (
        tuple(Term(statistic_id=t.statistic_id, kind=t.kind, sign=-t.sign) for t in car)
        for car in cars.values()
    )
    return _all_of([*adding, *taken])


def _all_of(parts: Sequence[tuple[Term, ...]]) -> tuple[Term, ...]:
    """Return all terms; none if a part has none: half a sum is no sum."""
    return tuple(term for part in parts for term in part) if all(parts) else ()


def _terms(
    device: DeviceConfig,
    roles: Roles,
    known: Mapping[str, TermKind],
    *,
    prefer: TermKind,
    makes: bool,
) -> tuple[Term, ...]:
    counted = tuple(_counters(device.kind, roles, known, makes=makes))
    flowing = tuple(_powers(device, roles, known))
    first, second = (counted, flowing)
    if prefer is TermKind.POWER:
        first, second = flowing, counted
    return first or second


def _counters(
    kind: DeviceKind, roles: Roles, known: Mapping[str, TermKind], *, makes: bool
) -> Iterator[Term]:
    wanted = dict(_COUNTERS[kind])
    if kind is DeviceKind.METER and not makes and "exported" not in roles:
        # Where nothing is made, nothing is exported.
        del wanted["exported"]
    found = {role: roles.get(role, "") for role in wanted}
    if all(known.get(statistic) is TermKind.ENERGY for statistic in found.values()):
        for role, sign in wanted.items():
            yield _energy(found[role], sign=sign)


def _powers(
    device: DeviceConfig, roles: Roles, known: Mapping[str, TermKind]
) -> Iterator[Term]:
    settings = device.settings
    power, back = roles.get("power"), roles.get("power_back")
    ids = [statistic for statistic in (power, back) if statistic is not None]
    if power is None or any(known.get(s) is not TermKind.POWER for s in ids):
        return
    turned = isinstance(settings, AdoptedSettings) and settings.reversed_power
    sign = -1 if turned and back is None else 1
    yield Term(statistic_id=power, kind=TermKind.POWER, sign=sign)
    if back is not None:
        yield Term(statistic_id=back, kind=TermKind.POWER, sign=-1)


def _grid(source: Mapping[str, object]) -> Iterator[Term]:
    """Yield the grid's statistics, of either form the dashboard keeps them in."""
    flows = [
        (source.get("stat_energy_from"), 1),
        (source.get("stat_energy_to"), -1),
        *((flow, 1) for flow in _flows(source, "flow_from", "stat_energy_from")),
        *((flow, -1) for flow in _flows(source, "flow_to", "stat_energy_to")),
    ]
    for statistic, sign in flows:
        if isinstance(statistic, str):
            yield _energy(statistic, sign=sign)


def _flows(source: Mapping[str, object], flows: str, key: str) -> Iterator[object]:
    known = source.get(flows)
    if isinstance(known, list):
        for flow in known:
            if isinstance(flow, Mapping):
                yield flow.get(key)


def _energy(statistic_id: str, *, sign: int = 1) -> Term:
    return Term(statistic_id=statistic_id, kind=TermKind.ENERGY, sign=sign)
