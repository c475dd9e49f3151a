"""The founding charter as a file that its members can read and pass on.

Its digest names the community, so all founders must have the very same one.
"""

import json
from pathlib import Path
from typing import Final

from ...engine.model.party import BillingBasis, Charter, FaultModel, Member
from ...engine.model.zone import FeeTree, Zone, ZoneId
from ...engine.wire.keys import HOUSEHOLD_KEY_BYTES, party_id
from .folder import FolderError, write_whole

_ZONE_NUMBERS: Final = ("export_fee_micro_per_kwh", "import_fee_micro_per_kwh")
_ZONE_LIMITS: Final = ("export_wh_max", "import_wh_max")

type JSON = bool | int | float | str | list[JSON] | dict[str, JSON] | None


def write_charter(path: Path, charter: Charter) -> None:
    """Write a charter down."""
    value = {
        "fault_model": charter.fault_model.value,
        "billing_basis": charter.billing_basis.value,
        "zones": [
            {
                "id": zone.id,
                "parent": zone.parent,
                "export_fee_micro_per_kwh": zone.export_fee_micro_per_kwh,
                "import_fee_micro_per_kwh": zone.import_fee_micro_per_kwh,
                "export_wh_max": zone.export_wh_max,
                "import_wh_max": zone.import_wh_max,
            }
            for zone in charter.fee_tree.zones
        ],
        "members": [
            {"household_key": member.household_key.hex(), "zone": member.zone}
            for member in charter.members
        ],
    }
    write_whole(path, json.dumps(value, indent=2) + "\n")


def read_charter(path: Path) -> Charter:
    """Read a charter; FolderError with what is wrong with it."""
    try:
        value: JSON = json.loads(path.read_text())
        return _charter(_object(value))
    except FileNotFoundError as err:
        raise FolderError(f"{path} is missing: found or join a community") from err
    except (ValueError, KeyError) as err:
        raise FolderError(f"{path} is no charter: {err}") from err


def member_of(household_key: bytes, zone: ZoneId) -> Member:
    """Return the member with a household key; ValueError if it is none."""
    if len(household_key) != HOUSEHOLD_KEY_BYTES:
        raise ValueError(f"a household key has {HOUSEHOLD_KEY_BYTES} bytes")
    return Member(party=party_id(household_key), zone=zone, household_key=household_key)


def _charter(value: dict[str, JSON]) -> Charter:
    return Charter(
        members=tuple(
            member_of(
                bytes.fromhex(_text(member["household_key"])),
                ZoneId(_text(member["zone"])),
            )
            for member in map(_object, _list(value["members"]))
        ),
        fee_tree=FeeTree(tuple(map(_zone, map(_object, _list(value["zones"]))))),
        fault_model=FaultModel(_text(value["fault_model"])),
        billing_basis=BillingBasis(_text(value["billing_basis"])),
    )


def _zone(value: dict[str, JSON]) -> Zone:
    parent = value["parent"]
    export_fee, import_fee = (_number(value[name]) or 0 for name in _ZONE_NUMBERS)
    export_wh_max, import_wh_max = (_number(value[name]) for name in _ZONE_LIMITS)
    return Zone(
        id=ZoneId(_text(value["id"])),
        parent=None if parent is None else ZoneId(_text(parent)),
        export_fee_micro_per_kwh=export_fee,
        import_fee_micro_per_kwh=import_fee,
        export_wh_max=export_wh_max,
        import_wh_max=import_wh_max,
    )


def _object(value: JSON) -> dict[str, JSON]:
    if not isinstance(value, dict):
        raise ValueError(f"{value!r} is no object")  # noqa: TRY004  # a file's fault
    return value


def _list(value: JSON) -> list[JSON]:
    if not isinstance(value, list):
        raise ValueError(f"{value!r} is no list")  # noqa: TRY004  # the same
    return value


def _text(value: JSON) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is no text")  # noqa: TRY004  # the same
    return value


def _number(value: JSON) -> int | None:
    if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
        raise ValueError(f"{value!r} is no whole number")
    return value
