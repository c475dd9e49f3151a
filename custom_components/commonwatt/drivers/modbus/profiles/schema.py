"""What a profile says, parsed: where the values are and how to know the device."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ....engine.devices import CATALOGUE, DeviceKind, Point, Quantity
from .control_schema import ControlProfile, parse_control
from .registers import RegisterFacts, Space, parse_register
from .table import ProfileError, Table

__all__ = ["Profile", "ProfileError", "SelfTest", "parse_profile"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Requests:
    """How the device wants to be asked."""

    space: Space
    pause_s: float
    registers_max: int
    gap_max: int
    """Registers nobody asked for that may be read along."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfTest:
    """A value that must be known, and plausible, for the device to be this one."""

    key: str
    minimum: float | None
    maximum: float | None

    def passes(self, value: object) -> bool:
        """Tell whether the device may be this one."""
        if value is None:
            return False
        if self.minimum is None or self.maximum is None:
            return True
        return isinstance(value, int | float) and self.minimum <= value <= self.maximum


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One kind of device as data."""

    name: str
    title: str
    manufacturer: str
    model: str
    kinds: tuple[DeviceKind, ...]
    unit: int | None
    """Unit id it always has, if it has one."""

    requests: Requests
    registers: Mapping[Point, RegisterFacts]
    identity: Mapping[str, RegisterFacts]
    self_tests: tuple[SelfTest, ...]
    control: ControlProfile | None
    missing: tuple[str, ...]
    """What it would have to say before it may write; empty if it can be driven."""


def parse_profile(name: str, values: Mapping[str, object]) -> Profile:
    """Return a profile from the contents of its file.

    Raises:
        ProfileError: it is incomplete or not understood.  A profile that only says too
            little about control is not an error: it is read-only.
    """
    table = Table(values, name)
    kinds = tuple(DeviceKind(kind) for kind in table.texts("kinds"))
    control, missing = parse_control(table)
    profile = Profile(
        name=name,
        title=table.text("title"),
        manufacturer=table.text("manufacturer"),
        model=table.text("model"),
        kinds=kinds,
        unit=table.integer("unit") if "unit" in table else None,
        requests=_parse_requests(table.table("requests")),
        registers=_parse_points(table.table("points"), kinds),
        identity=_parse_identity(table),
        self_tests=tuple(_parse_self_test(test) for test in table.tables("self_test")),
        control=control,
        missing=missing,
    )
    table.finish()
    _check_self_tests(profile)
    return profile


def _parse_requests(table: Table) -> Requests:
    requests = Requests(
        space=table.choice("space", Space),
        pause_s=table.integer("pause_ms") / 1000,
        registers_max=table.integer("registers_max"),
        gap_max=table.integer("gap_max", 0),
    )
    table.finish()
    return requests


def _parse_points(
    table: Table, kinds: tuple[DeviceKind, ...]
) -> Mapping[Point, RegisterFacts]:
    registers: dict[Point, RegisterFacts] = {}
    for key in table.keys:
        point = _point(key)
        register = parse_register(table.table(key))
        if point is None or point.kind not in kinds:
            raise ProfileError(f"{key} is no point of a {'/'.join(kinds)}")
        if (point.quantity is Quantity.STATUS) is not bool(register.options):
            raise ProfileError(f"{key}: a status, and only a status, has options")
        if not set(register.options.values()) <= set(point.options):
            raise ProfileError(f"{key} has options the catalogue does not know")
        registers[point] = register
    return registers


def _point(key: str) -> Point | None:
    if key in CATALOGUE:
        return CATALOGUE[key]
    family, _, number = key.rpartition("_")
    if family not in CATALOGUE or not number.isdigit():
        return None
    return replace(CATALOGUE[family], number=int(number))


def _parse_identity(table: Table) -> Mapping[str, RegisterFacts]:
    if "identity" not in table:
        return {}
    identity = table.table("identity")
    found = {
        key: parse_register(identity.table(key))
        for key in ("serial", "version")
        if key in identity
    }
    identity.finish()
    return found


def _parse_self_test(table: Table) -> SelfTest:
    test = SelfTest(
        key=table.text("point"),
        minimum=table.number("min") if "min" in table else None,
        maximum=table.number("max") if "max" in table else None,
    )
    table.finish()
    return test


def _check_self_tests(profile: Profile) -> None:
    keys = {point.key for point in profile.registers}
    if not profile.self_tests:
        raise ProfileError(f"{profile.name} cannot tell whether it is the right one")
    for test in profile.self_tests:
        if test.key not in keys:
            raise ProfileError(f"{profile.name} tests {test.key}, which it has not")
