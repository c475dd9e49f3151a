"""Carry a headless member's identity away in a sealed file, or bring it back."""

import argparse
from getpass import getpass
from pathlib import Path
import sys

from custom_components.commonwatt.drivers.headless.export import (
    export_identity,
    restore_identity,
)
from custom_components.commonwatt.drivers.headless.folder import Folder, FolderError


def main() -> int:
    """Seal or open; the passphrase is asked for, never an argument."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("export", "restore"))
    parser.add_argument("folder", type=Path, help="of the member")
    parser.add_argument("file", type=Path, help="the sealed file")
    arguments = parser.parse_args()
    identity, file = Folder(arguments.folder).identity, arguments.file
    passphrase = getpass("Passphrase: ")
    try:
        if arguments.what == "export":
            file.write_bytes(export_identity(identity, passphrase))
            file.chmod(0o600)
        else:
            restore_identity(file.read_bytes(), passphrase, identity)
    except (FolderError, OSError, ValueError) as err:
        print(err, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
