"""Register maps of imagined SunSpec devices, built from the driver's own facts."""

from collections.abc import Mapping
import struct

from custom_components.commonwatt.drivers.modbus.sunspec.discovery import MARKER
from custom_components.commonwatt.drivers.modbus.sunspec.facts import (
    ModelFacts,
    PointFacts,
    read_facts,
)

type Values = Mapping[str, float | str]
type Model = tuple[int, Values]

_UNSET = {
    "int16": 0x8000,
    "sunssf": 0x8000,
    "uint16": 0xFFFF,
    "enum16": 0xFFFF,
    "bitfield16": 0xFFFF,
    "uint32": 0xFFFFFFFF,
    "bitfield32": 0xFFFFFFFF,
    "float32": 0x7FC00000,
}
MODULES = 4


def build_map(*models: Model, base: int = 40_000) -> dict[int, int]:
    """Return the registers of a device with these models.

    Values are as the device would tell them; a scale factor that is not given is 0.
    Points without a value hold what stands for "not implemented".  The repeated parts
    of model 160 are named ``"1.DCW"``, ``"2.DCW"`` ...
    """
    words = [MARKER >> 16, MARKER & 0xFFFF]
    for model_id, values in models:
        words += _model(model_id, values)
    words += [0xFFFF, 0]
    return {base + offset: word for offset, word in enumerate(words)}


def address_of(registers: Mapping[int, int], model_id: int, name: str) -> int:
    """Return where a point of a map lies."""
    base = min(registers)
    address = base + 2
    while registers[address] != model_id:
        address += registers[address + 1] + 2
    facts = read_facts()[model_id]
    return address + next(p.offset for p in facts.points if p.name == name)


def _model(model_id: int, values: Values) -> list[int]:
    facts = read_facts()[model_id]
    modules = _modules(values)
    words = [0] * _length(facts, modules)
    words[:2] = [model_id, len(words) - 2]
    scales = {
        point.name: int(values.get(point.name, 0))
        for point in facts.points
        if point.type == "sunssf"
    }
    for point in facts.points:
        _put(words, point, values.get(point.name), scales, shift=0)
    if facts.group is not None:
        for number in range(modules):
            shift = number * facts.group.stride
            for point in facts.group.points:
                value = values.get(f"{number + 1}.{point.name}")
                _put(words, point, value, scales, shift=shift)
    return words


def _modules(values: Values) -> int:
    return max((int(key.split(".")[0]) for key in values if "." in key), default=0)


def _length(facts: ModelFacts, modules: int) -> int:
    if facts.group is not None:
        return facts.group.start + modules * facts.group.stride
    end = max(point.offset + point.registers for point in facts.points)
    return end + end % 2


def _put(
    words: list[int],
    point: PointFacts,
    value: float | str | None,
    scales: Mapping[str, int],
    *,
    shift: int,
) -> None:
    encoded = _encode(point, value, scales)
    start = point.offset + shift
    words[start : start + len(encoded)] = encoded


def _encode(
    point: PointFacts, value: float | str | None, scales: Mapping[str, int]
) -> list[int]:
    if point.type.startswith("string"):
        text = str(value or "").encode().ljust(2 * point.registers, b"\0")
        return list(struct.unpack(f">{point.registers}H", text))
    if point.type == "sunssf":
        return [scales[point.name] & 0xFFFF]
    if value is None:
        return _words(_UNSET.get(point.type, 0), point.registers)
    if point.type == "float32":
        return list(struct.unpack(">2H", struct.pack(">f", float(value))))
    scale = 0 if point.scale is None else scales[point.scale]
    return _words(round(float(value) / 10**scale), point.registers)


def _words(number: int, count: int) -> list[int]:
    number &= (1 << 16 * count) - 1
    return [number >> 16 * (count - 1 - i) & 0xFFFF for i in range(count)]


COMMON: Model = (
    1,
    {"Mn": "Imagined", "Md": "Hybrid 8", "Vr": "1.2", "SN": "H-0001"},
)
HYBRID: tuple[Model, ...] = (
    COMMON,
    (
        103,
        {
            "A": 13.0,
            "AphA": 4.35,
            "AphB": 4.34,
            "AphC": 4.33,
            "A_SF": -2,
            "PhVphA": 230.1,
            "PhVphB": 231.2,
            "PhVphC": 229.9,
            "V_SF": -1,
            "W": 3000,
            "W_SF": 0,
            "Hz": 49.98,
            "Hz_SF": -2,
            "WH": 4_200_000,
            "DCW": 3100,
            "TmpCab": 41.5,
            "Tmp_SF": -1,
            "St": 4,
        },
    ),
    (
        120,
        {
            "WRtg": 8000,
            "WHRtg": 10_000,
            "WHRtg_SF": 1,
            "MaxChaRte": 5000,
            "MaxDisChaRte": 4000,
        },
    ),
    (121, {"WMax": 8000}),
    (122, {"ActWh": 4_200_000, "PVConn": 7}),
    (
        123,
        {
            "Conn": 1,
            "WMaxLimPct": 100,
            "WMaxLimPct_SF": -2,
            "WMaxLim_Ena": 0,
            "WMaxLimPct_RvrtTms": 0,
        },
    ),
    (
        124,
        {
            "WChaMax": 5000,
            "StorCtl_Mod": 0,
            "ChaState": 64.5,
            "ChaState_SF": -2,
            "ChaSt": 4,
            "OutWRte": 100,
            "InWRte": 100,
            "InOutWRte_SF": -2,
            "InOutWRte_RvrtTms": 0,
            "ChaGriSet": 0,
        },
    ),
    (
        160,
        {
            "DCA_SF": -2,
            "DCV_SF": -1,
            "DCW_SF": 0,
            "DCWH_SF": 0,
            "N": MODULES,
            "1.IDStr": "MPPT 1",
            "1.DCW": 2600,
            "1.DCV": 612.4,
            "1.DCA": 4.25,
            "1.DCWH": 2_000_000,
            "2.IDStr": "MPPT 2",
            "2.DCW": 2500,
            "2.DCV": 598.0,
            "2.DCA": 4.18,
            "2.DCWH": 2_100_000,
            "3.IDStr": "StCha 3",
            "3.DCW": 2000,
            "3.DCWH": 900_000,
            "4.IDStr": "StDisCha 4",
            "4.DCW": 0,
            "4.DCWH": 800_000,
            "4.Tmp": 25,
        },
    ),
    (
        802,
        {
            "WHRtg": 10_000,
            "WChaRteMax": 5000,
            "WDisChaRteMax": 4000,
            "SoC": 64.25,
            "SoC_SF": -2,
            "SoH": 98,
            "ChaSt": 4,
            "V": 410.5,
            "V_SF": -1,
            "A": -4.9,
            "A_SF": -1,
            "W": 2000,
            "State": 3,
        },
    ),
)
METER: tuple[Model, ...] = (
    (1, {"Mn": "Imagined", "Md": "Smart Meter", "SN": "M-0001"}),
    (
        203,
        {
            "W": -1234,
            "WphA": -400,
            "WphB": -410,
            "WphC": -424,
            "Hz": 50.02,
            "Hz_SF": -2,
            "PhVphA": 230.4,
            "PhVphB": 230.5,
            "PhVphC": 230.6,
            "V_SF": -1,
            "PF": -98,
            "TotWhImp": 1_500_000,
            "TotWhExp": 2_500_000,
        },
    ),
)
