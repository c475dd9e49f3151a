"""Identity and charter of a headless member, as files."""

from pathlib import Path

import pytest

from custom_components.commonwatt.drivers.headless import (
    FolderError,
    create_identity,
    member_of,
    read_charter,
    read_identity,
    write_charter,
)
from custom_components.commonwatt.drivers.headless.addresses_file import (
    ADDRESSES_MAX,
    read_addresses,
    write_addresses,
)
from custom_components.commonwatt.engine.model.party import (
    BillingBasis,
    Charter,
    FaultModel,
)
from custom_components.commonwatt.engine.model.zone import FeeTree, Zone, ZoneId
from custom_components.commonwatt.engine.wire.digests import community_id
from custom_components.commonwatt.engine.wire.keys import HouseholdKey
from tests.engine.wire.community import secret

TREE = FeeTree(
    (
        Zone(id=ZoneId("town"), parent=None),
        Zone(
            id=ZoneId("lane"),
            parent=ZoneId("town"),
            export_fee_micro_per_kwh=10_000,
            import_fee_micro_per_kwh=12_000,
            export_wh_max=5_000,
        ),
    )
)


def test_an_identity_is_its_owners_alone_and_stays(tmp_path: Path) -> None:
    path = tmp_path / "identity.json"
    created = create_identity(path)

    assert path.stat().st_mode & 0o777 == 0o600
    assert read_identity(path) == created
    assert created.household.hex() not in repr(created)
    with pytest.raises(FolderError, match="keeps its identity"):
        create_identity(path)


@pytest.mark.parametrize("text", ["", "{}", '{"household": "zz"}', "[]", "null"])
def test_a_damaged_identity_is_told(tmp_path: Path, text: str) -> None:
    path = tmp_path / "identity.json"
    with pytest.raises(FolderError, match="missing"):
        read_identity(path)
    path.write_text(text)
    with pytest.raises(FolderError, match="damaged"):
        read_identity(path)


def test_addresses_are_kept_the_latest_first_and_not_for_ever(tmp_path: Path) -> None:
    path = tmp_path / "addresses.json"
    assert read_addresses(path) == ()
    write_addresses(path, [])
    assert not path.exists()
    write_addresses(path, ["http://a", "http://b"])
    write_addresses(path, ["http://c", "http://b"])
    assert read_addresses(path) == ("http://c", "http://b", "http://a")
    write_addresses(path, [f"http://{n}" for n in range(ADDRESSES_MAX)])
    assert len(read_addresses(path)) == ADDRESSES_MAX
    assert "http://c" not in read_addresses(path)


@pytest.mark.parametrize("text", ["", "{}", "[1]", "null", "\x00"])
def test_damaged_addresses_are_none(tmp_path: Path, text: str) -> None:
    path = tmp_path / "addresses.json"
    path.write_text(text)
    assert read_addresses(path) == ()
    write_addresses(path, ["http://a"])
    assert read_addresses(path) == ("http://a",)


def test_a_charter_is_read_as_it_was_written(tmp_path: Path) -> None:
    keys = [HouseholdKey(secret(name)).public for name in ("Ann", "Ben")]
    charter = Charter(
        members=tuple(member_of(key, ZoneId("lane")) for key in keys),
        fee_tree=TREE,
        fault_model=FaultModel.CRASH,
        billing_basis=BillingBasis.SHARING,
    )
    write_charter(tmp_path / "charter.json", charter)

    read = read_charter(tmp_path / "charter.json")
    assert read == charter
    assert community_id(read) == community_id(charter)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (('"members"', '"member"'), "members"),
        (('"zone": "lane"', '"zone": "moon"'), "moon"),
        (('"crash"', '"hope"'), "hope"),
        (('"household_key": "03', '"household_key": "'), "33 bytes"),
        (("10000", "true"), "whole number"),
        (("{", "["), "no charter"),
    ],
)
def test_what_is_no_charter_is_told(
    tmp_path: Path, change: tuple[str, str], said: str
) -> None:
    path = tmp_path / "charter.json"
    key = HouseholdKey(secret("Ann")).public
    write_charter(
        path,
        Charter(
            members=(member_of(key, ZoneId("lane")),),
            fee_tree=TREE,
            fault_model=FaultModel.CRASH,
        ),
    )
    text = path.read_text().replace(f'"{key.hex()[:2]}', '"03', 1)
    path.write_text(text.replace(*change, 1))

    with pytest.raises(FolderError, match=said):
        read_charter(path)
