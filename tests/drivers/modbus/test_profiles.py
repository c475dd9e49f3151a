"""Profiles are data: what they leave out makes them read-only, a slip fails."""

from collections.abc import Callable
import copy
from pathlib import Path
import tomllib

import pytest

from custom_components.commonwatt.drivers.modbus.profiles import (
    ProfileError,
    library,
    load_profiles,
)
from custom_components.commonwatt.drivers.modbus.profiles.control_schema import NEEDED
from custom_components.commonwatt.drivers.modbus.profiles.schema import (
    Profile,
    parse_profile,
)
from custom_components.commonwatt.engine.devices import (
    CATALOGUE,
    DeviceKind,
    Persistence,
)

type Table = dict[str, object]

ROOT = Path(__file__).resolve().parents[3]

FOLDER = Path(library.__file__).parent


def keba() -> Table:
    return tomllib.loads((FOLDER / "keba_p30.toml").read_text("utf-8"))


def part(table: Table, path: str) -> Table:
    found = table
    for key in path.split("."):
        inner = found[key]
        assert isinstance(inner, dict)
        found = inner
    return found


async def test_the_profiles_that_come_with_us_are_understood() -> None:
    profiles = await load_profiles()
    assert set(profiles) == {"keba_p30", "sdm630"}
    assert profiles["sdm630"].control is None
    assert profiles["sdm630"].missing == ("control",)
    assert profiles["keba_p30"].control is not None
    assert profiles["keba_p30"].missing == ()
    assert profiles["keba_p30"].kinds == (DeviceKind.CHARGER,)
    assert profiles["keba_p30"].unit == 255


def test_the_example_of_the_documentation_is_a_profile() -> None:
    page = (ROOT / "docs" / "reference" / "devices.md").read_text("utf-8")
    example = page.split("```toml\n")[1].split("```")[0]
    profile = parse_profile("m1", tomllib.loads(example))
    assert {point.key for point in profile.registers} == {
        "meter_power",
        "meter_frequency",
        "meter_import",
    }


def test_the_documentation_names_every_section_control_needs() -> None:
    page = (ROOT / "docs" / "reference" / "devices.md").read_text("utf-8")
    assert [name for name in NEEDED if f"| `{name}` |" not in page] == []


def test_the_documentation_names_every_point() -> None:
    page = (ROOT / "docs" / "reference" / "devices.md").read_text("utf-8")
    prefix = "inverter_string"
    missing = [
        family
        for family in CATALOGUE
        if f"`{family}" not in page and f"`{family.removeprefix(prefix)}_n`" not in page
    ]
    assert missing == []


@pytest.mark.parametrize("section", NEEDED)
def test_a_profile_that_leaves_out_what_makes_it_safe_is_read_only(
    section: str,
) -> None:
    table = keba()
    del part(table, "control")[section]
    profile = parse_profile("keba", table)
    assert profile.control is None
    assert profile.missing == (section,)


def test_a_device_whose_memory_wears_out_has_no_heartbeat_written_to_it() -> None:
    table = keba()
    part(table, "control.persistence")["class"] = Persistence.FLASH.value
    assert parse_profile("keba", table).missing == ("persistence",)
    part(table, "control.watchdog")["kind"] = "any_read"
    assert parse_profile("keba", table).control is not None


@pytest.mark.parametrize(
    ("path", "key", "value", "complaint"),
    [
        ("", "title", None, "title is missing"),
        ("", "title", 7, "title must be a text"),
        ("", "kinds", "charger", "kinds must be a list"),
        ("", "colour", "red", "colour is not known here"),
        ("", "points", [], "points must be a table"),
        ("", "self_test", {}, "self_test must be a list"),
        ("", "self_test", [], "cannot tell whether"),
        ("", "self_test", [{"point": "charger_current_2"}], "which it has not"),
        ("", "self_test", [7], r"self_test\[0\] must be a table"),
        ("requests", "space", "coil", "space must not be 'coil'"),
        ("requests", "pause_ms", True, "pause_ms must be an integer"),
        ("requests", "pause_ms", 1.5, "pause_ms must be an integer"),
        ("points", "charger_colour", {"address": 1, "type": "uint16"}, "is no point"),
        ("points", "meter_power", {"address": 1, "type": "uint16"}, "is no point"),
        (
            "points",
            "charger_phase_current_x",
            {"address": 1, "type": "uint16"},
            "no point",
        ),
        (
            "points",
            "charger_power",
            {"address": 70_000, "type": "uint16"},
            "no register",
        ),
        ("points", "charger_power", {"address": 1, "type": "uint24"}, "must not be"),
        (
            "points",
            "charger_power",
            {"address": 1, "type": "uint16", "scale": "x"},
            "scale must be a number",
        ),
        (
            "points",
            "charger_power",
            {"address": 1, "type": "uint16", "options": {"0": "off"}},
            "only a status, has options",
        ),
        (
            "points",
            "charger_status",
            {"address": 1, "type": "uint16"},
            "only a status, has options",
        ),
        (
            "points",
            "charger_status",
            {"address": 1, "type": "uint16", "options": {"0": "asleep"}},
            "the catalogue does not know",
        ),
        ("control.range", "max", 70_000, "does not fit a register"),
        ("control.range", "max", 5_000, "is empty"),
        ("control.watchdog", "timeout_s", 0, "never comes"),
        ("control.watchdog", "timeout_s", 601, "never comes"),
        ("control.watchdog", "kind", "prayer", "must not be 'prayer'"),
        ("control.verify", "hope", 1, "hope is not known here"),
        (
            "control",
            "apply",
            [{"address": 1, "value": "setpoint"}],
            "the timeout, then",
        ),
        ("control", "release", [{"address": 1, "value": "setpoint"}], "not hold on to"),
        ("control", "release", [{"address": 1, "value": "much"}], "must not be 'much'"),
        (
            "control",
            "release",
            [{"address": 1, "value": 1, "when": "never"}],
            "must not be 'never'",
        ),
    ],
)
def test_what_is_not_understood_is_refused_by_name(
    path: str, key: str, value: object, complaint: str
) -> None:
    table = keba()
    target = part(table, path) if path else table
    if value is None:
        del target[key]
    else:
        target[key] = value
    with pytest.raises(ProfileError, match=complaint):
        parse_profile("keba", table)


def rewritten(change: Callable[[Table], None]) -> Profile:
    table = copy.deepcopy(keba())
    change(table)
    return parse_profile("keba", table)


def test_words_may_come_in_either_order_and_in_every_type() -> None:
    for kind, words, expected in (
        ("uint16", [0xFFFE], 65_534),
        ("int16", [0xFFFE], -2),
        ("int32", [0xFFFF, 0xFFFE], -2),
        ("uint32", [0x0001, 0x0002], 65_538),
    ):
        for order in ("big", "little"):
            register = {"address": 1, "type": kind, "word_order": order}

            def change(table: Table, register: Table = register) -> None:
                part(table, "points")["charger_power"] = register

            profile = rewritten(change)
            facts = {p.key: r for p, r in profile.registers.items()}["charger_power"]
            sent = words if order == "big" else words[::-1]
            assert facts.value(facts.field().decode(sent)) == expected


def test_a_sentinel_of_its_own_is_unknown() -> None:
    def change(table: Table) -> None:
        register = {"address": 1, "type": "uint16", "unset": 9}
        part(table, "points")["charger_power"] = register

    profile = rewritten(change)
    facts = {p.key: r for p, r in profile.registers.items()}["charger_power"]
    assert facts.value(facts.field().decode([9])) is None
    assert facts.value(facts.field().decode([8])) == 8
