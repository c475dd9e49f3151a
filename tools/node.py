"""A member without Home Assistant, from the command line.

``init`` makes a folder with settings and an identity, ``found`` a community of the
members whose keys are given, ``run`` takes part until Ctrl-C and prints a line of JSON
for every event, ``status`` shows what it looks like now.
"""

import argparse
import asyncio
from collections.abc import Sequence
import json
from pathlib import Path
import shutil
import signal
import sys
from typing import Final

import tools._engine  # noqa: F401  # the component without its glue

# isort: split
from custom_components.commonwatt.drivers.headless import (
    Folder,
    FolderError,
    HeadlessMember,
    SettingsError,
    Told,
    create_identity,
    member_of,
    read_charter,
    read_identity,
    read_settings,
    write_charter,
)
from custom_components.commonwatt.drivers.journal import JournalError
from custom_components.commonwatt.engine.model.party import (
    BillingBasis,
    Charter,
    FaultModel,
)
from custom_components.commonwatt.engine.model.zone import FeeTree
from custom_components.commonwatt.engine.wire.digests import community_id

SETTINGS: Final = """\
# Settings of this member; docs/how-to/run-a-node.md explains them.

[http]                      # members dial each other
port = 8470
# addresses = ["https://coop.example:8470"]   # where others can reach this machine
# dial = ["http://192.168.1.20:8123"]         # members whose address is known

# [mqtt]                    # members meet at a broker
# host = "broker.example"
# tls = true
# username = "coop"
# password_file = "mqtt.password"

[readings]
source = "none"             # none, file, stdin, modbus, simulated

# [tariff]                  # micro-currency per kWh; without one there is no trading
# energy = 150000
# network = 75000
# levies = 40000
# vat_ppm = 200000
# feed_in = 75000
"""


class CommandError(Exception):
    """What was asked for cannot be done; the text says why."""


def init(folder: Folder, _wishes: argparse.Namespace) -> None:
    """Make a new member."""
    folder.path.mkdir(parents=True, exist_ok=True)
    identity = create_identity(folder.identity)
    if not folder.settings.exists():
        folder.settings.write_text(SETTINGS)
    print(identity.key.public.hex())


def found(folder: Folder, wishes: argparse.Namespace) -> None:
    """Found a community and write its charter."""
    if folder.charter.exists():
        raise CommandError(f"{folder.charter} is there already")
    tree = FeeTree.single()
    mine = read_identity(folder.identity).key.public
    try:
        others = [bytes.fromhex(key) for key in wishes.with_keys]
        members = tuple(member_of(key, tree.root.id) for key in (mine, *others))
        charter = Charter(
            members=members,
            fee_tree=tree,
            fault_model=FaultModel(wishes.fault_model),
            billing_basis=BillingBasis(wishes.billing_basis),
        )
    except ValueError as err:
        raise CommandError(f"this is no charter: {err}") from err
    write_charter(folder.charter, charter)
    print(community_id(charter))


def enter(folder: Folder, wishes: argparse.Namespace) -> None:
    """Take over the charter of a community that names this member."""
    if folder.charter.exists():
        raise CommandError(f"{folder.charter} is there already")
    charter = read_charter(wishes.charter)
    if charter.member(read_identity(folder.identity).key.party) is None:
        raise CommandError(f"{wishes.charter} does not name this member")
    shutil.copyfile(wishes.charter, folder.charter)
    print(community_id(charter))


def run(folder: Folder, _wishes: argparse.Namespace) -> None:
    """Take part until somebody stops it."""
    asyncio.run(_run(folder))


async def _run(folder: Folder) -> None:
    member = asyncio.create_task(HeadlessMember(folder, tell=_tell).run())
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, member.cancel)
    try:
        await member
    except asyncio.CancelledError:
        _tell({"event": "stopped"})


def _tell(told: Told) -> None:
    print(json.dumps(told), flush=True)


def status(folder: Folder, _wishes: argparse.Namespace) -> None:
    """Show what a running member last wrote down."""
    try:
        print(folder.status.read_text(), end="")
    except FileNotFoundError as err:
        raise CommandError(f"{folder.path}: has never run") from err


def check(folder: Folder, _wishes: argparse.Namespace) -> None:
    """Read everything in the folder and say that it is good."""
    read_settings(folder.settings)
    party = read_identity(folder.identity).key.party
    charter = read_charter(folder.charter)
    print(f"{party} of {community_id(charter)}: {len(charter.members)} members")


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="script/node", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in (init, found, enter, check, run, status):
        sub = commands.add_parser(command.__name__, help=command.__doc__)
        sub.set_defaults(command=command)
        sub.add_argument("folder", type=Path, help="the member's folder")
        if command is found:
            sub.add_argument(
                "--with",
                dest="with_keys",
                nargs="*",
                default=[],
                metavar="KEY",
                help="household keys of the other founders, as init prints them",
            )
            sub.add_argument(
                "--fault-model",
                choices=[model.value for model in FaultModel],
                default=FaultModel.BYZANTINE.value,
            )
            sub.add_argument(
                "--billing-basis",
                choices=[basis.value for basis in BillingBasis],
                default=BillingBasis.INSIGHT.value,
            )
        if command is enter:
            sub.add_argument(
                "charter", type=Path, help="another founder's charter.json"
            )
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line asks for."""
    wishes = parse(arguments)
    try:
        wishes.command(Folder(wishes.folder), wishes)
    except (CommandError, FolderError, SettingsError, JournalError, OSError) as err:
        print(f"script/node: {err}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
