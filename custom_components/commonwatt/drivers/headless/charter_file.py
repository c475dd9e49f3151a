"""The founding charter as a file that its members can read and pass on.

Its digest names the community, so all founders must have the very same one.
"""

import json
from pathlib import Path

from ...engine.model.community import Amend
from ...engine.model.party import Charter, Member
from ...engine.model.zone import ZoneId
from ...engine.wire.keys import HOUSEHOLD_KEY_BYTES, party_id
from .folder import FolderError, write_whole
from .json_fields import JSON, a_list, a_text, an_object
from .rules_file import rules_object, rules_of


def write_charter(path: Path, charter: Charter) -> None:
    """Write a charter down."""
    members: list[JSON] = [
        {"household_key": member.household_key.hex(), "zone": member.zone}
        for member in charter.members
    ]
    value = {**rules_object(Amend.of(charter)), "members": members}
    write_whole(path, json.dumps(value, indent=2) + "\n")


def read_charter(path: Path) -> Charter:
    """Read a charter; FolderError with what is wrong with it."""
    try:
        value: JSON = json.loads(path.read_text())
        members = [an_object(one) for one in a_list(an_object(value)["members"])]
        return charter_of(
            rules_of(an_object(value)),
            tuple(
                member_of(
                    bytes.fromhex(a_text(member["household_key"])),
                    ZoneId(a_text(member["zone"])),
                )
                for member in members
            ),
        )
    except FileNotFoundError as err:
        raise FolderError(f"{path} is missing: found or join a community") from err
    except (ValueError, KeyError) as err:
        raise FolderError(f"{path} is no charter: {err}") from err


def read_rules(path: Path) -> Amend:
    """Read rules to found a community with, or to propose; FolderError if unfit."""
    try:
        value: JSON = json.loads(path.read_text())
        return rules_of(an_object(value))
    except (OSError, ValueError, KeyError) as err:
        raise FolderError(f"{path} holds no rules: {err}") from err


def charter_of(rules: Amend, members: tuple[Member, ...]) -> Charter:
    """Return the charter of members who play by rules; ValueError if it is none."""
    return rules.founded_by(members)


def member_of(household_key: bytes, zone: ZoneId) -> Member:
    """Return the member with a household key; ValueError if it is none."""
    if len(household_key) != HOUSEHOLD_KEY_BYTES:
        raise ValueError(f"a household key has {HOUSEHOLD_KEY_BYTES} bytes")
    return Member(party=party_id(household_key), zone=zone, household_key=household_key)
