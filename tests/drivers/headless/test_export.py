"""An identity in a sealed file: to another machine and back."""

from pathlib import Path

import pytest

from custom_components.commonwatt.drivers.headless.export import (
    export_identity,
    restore_identity,
)
from custom_components.commonwatt.drivers.headless.folder import FolderError
from custom_components.commonwatt.drivers.headless.identity import (
    create_identity,
    read_identity,
)

PASSPHRASE = "four words in a row"


def test_an_identity_comes_back_on_another_machine(tmp_path: Path) -> None:
    here, there = tmp_path / "here.json", tmp_path / "there.json"
    identity = create_identity(here)
    restore_identity(export_identity(here, PASSPHRASE), PASSPHRASE, there)

    assert read_identity(there) == identity
    assert there.stat().st_mode & 0o777 == 0o600


def test_a_wrong_passphrase_writes_nothing(tmp_path: Path) -> None:
    here, there = tmp_path / "here.json", tmp_path / "there.json"
    create_identity(here)
    sealed = export_identity(here, PASSPHRASE)

    with pytest.raises(FolderError, match="wrong_passphrase"):
        restore_identity(sealed, "another passphrase", there)
    assert not there.exists()


def test_an_identity_is_never_overwritten(tmp_path: Path) -> None:
    here = tmp_path / "here.json"
    identity = create_identity(here)

    with pytest.raises(FolderError, match="already"):
        restore_identity(b"", PASSPHRASE, here)
    assert read_identity(here) == identity
