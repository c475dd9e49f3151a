"""The facts about models: complete, consistent, and read as written."""

import pytest

from custom_components.commonwatt.drivers.modbus.sunspec.facts import (
    parse_facts,
    read_facts,
)
from custom_components.commonwatt.drivers.modbus.sunspec.points import SOURCES

KNOWN_OFFSETS = [
    (1, "SN", 50),
    (103, "W", 14),
    (103, "WH", 24),
    (103, "St", 38),
    (113, "W", 22),
    (120, "WHRtg", 19),
    (123, "WMaxLimPct", 5),
    (123, "WMaxLim_Ena", 9),
    (124, "StorCtl_Mod", 5),
    (124, "OutWRte", 12),
    (124, "InWRte", 13),
    (124, "InOutWRte_RvrtTms", 15),
    (124, "ChaGriSet", 17),
    (124, "InOutWRte_SF", 25),
    (203, "W", 18),
    (203, "TotWhExp", 38),
    (203, "TotWhImp", 46),
    (203, "TotWh_SF", 54),
    (802, "SoC", 11),
    (802, "W", 47),
    (802, "W_SF", 63),
]


@pytest.mark.parametrize(("model", "name", "offset"), KNOWN_OFFSETS)
def test_points_lie_where_the_standard_puts_them(
    model: int, name: str, offset: int
) -> None:
    points = {point.name: point for point in read_facts()[model].points}
    assert points[name].offset == offset


def test_every_model_the_driver_names_is_there() -> None:
    assert set(read_facts()) == {
        *(1, 101, 102, 103, 111, 112, 113, 120, 121, 122, 123, 124, 160),
        *(201, 202, 203, 204, 211, 212, 213, 214, 802),
    }


@pytest.mark.parametrize("model", sorted(read_facts()))
def test_points_do_not_overlap_and_scales_exist(model: int) -> None:
    facts = read_facts()[model]
    names = {point.name for point in facts.points}
    end = 2
    for point in facts.points:
        assert point.offset >= end, point.name
        end = point.offset + point.registers
        assert point.scale is None or point.scale in names, point.name
    if facts.group is not None:
        assert facts.group.start >= end
        last = facts.group.points[-1]
        assert last.offset + last.registers <= facts.group.start + facts.group.stride
        for point in facts.group.points:
            assert point.scale is None or point.scale in names, point.name


def test_every_source_of_a_point_exists_in_its_models() -> None:
    facts = read_facts()
    for source in SOURCES:
        for model in source.models:
            names = {point.name for point in facts[model].points}
            assert source.name in names, (source.family, model)


def test_strings_are_a_group_that_repeats() -> None:
    group = read_facts()[160].group
    assert group is not None
    assert (group.name, group.start, group.stride) == ("module", 10, 20)


def test_a_table_is_read_line_by_line() -> None:
    text = "# why\n\nmodel 7 8 | x\n  2 A int16 A_SF A rw\n  3 A_SF sunssf - - r\n"
    models = parse_facts(text)
    assert models[7] == models[8]
    first, scale = models[7].points
    assert (first.offset, first.scale, first.unit, first.writable) == (
        2,
        "A_SF",
        "A",
        True,
    )
    assert (scale.scale, scale.unit, scale.writable) == (None, None, False)


def test_an_unknown_type_is_a_bug_of_ours() -> None:
    with pytest.raises(AssertionError, match="no type int24"):
        parse_facts("model 7 | imagined\n2 A int24 - - r\n")
