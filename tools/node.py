"""A member without Home Assistant, from the command line.

``init`` makes a folder with settings and an identity, ``found`` founds a community,
``join`` joins one by an invitation, ``run`` takes part until Ctrl-C and prints a line
of JSON for every event.  While a member runs, its owner can ``invite``, see ``rules``
and ``motions``, ``propose``, ``vote``, ``remove`` a member, ``leave``, and ``revoke`` a
session key that may have leaked.
"""

import argparse
import asyncio
from collections.abc import Callable, Sequence
from getpass import getpass
import json
from pathlib import Path
import shutil
import signal
import sys
from typing import Final

import tools._engine  # noqa: F401  # the component without its glue

# isort: split
from custom_components.commonwatt.drivers.headless import (
    JSON,
    Folder,
    FolderError,
    HeadlessMember,
    SettingsError,
    Told,
    ask,
    charter_of,
    create_identity,
    join,
    member_of,
    read_charter,
    read_identity,
    read_rules,
    read_settings,
    rules_object,
    write_charter,
)
from custom_components.commonwatt.drivers.journal import JournalError
from custom_components.commonwatt.engine.model.community import Amend
from custom_components.commonwatt.engine.model.party import (
    Admission,
    BillingBasis,
    Charter,
    FaultModel,
    PrivacyMode,
)
from custom_components.commonwatt.engine.model.standing import Cause, Standing
from custom_components.commonwatt.engine.model.zone import FeeTree
from custom_components.commonwatt.engine.wire.digests import community_id
from custom_components.commonwatt.engine.wire.keys import household_secret

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


# -- a folder becomes a member ---------------------------------------------------------


def init(folder: Folder, wishes: argparse.Namespace) -> None:
    """Make a new member."""
    household = _asked_key() if wishes.own_key else None
    folder.path.mkdir(parents=True, exist_ok=True)
    identity = create_identity(folder.identity, household=household)
    if not folder.settings.exists():
        folder.settings.write_text(SETTINGS)
    print(identity.key.public.hex())


def _asked_key() -> bytes:
    """Ask for a private key; it is never an argument, which others could read."""
    try:
        return household_secret(getpass("Private key: "))
    except ValueError as err:
        raise CommandError(str(err)) from err


def found(folder: Folder, wishes: argparse.Namespace) -> None:
    """Found a community and write its charter."""
    if folder.charter.exists():
        raise CommandError(f"{folder.charter} is there already")
    keys = [read_identity(folder.identity).key.public]
    try:
        keys += [bytes.fromhex(key) for key in wishes.with_keys]
        charter = _chartered(keys, wishes)
    except ValueError as err:
        raise CommandError(f"this is no charter: {err}") from err
    write_charter(folder.charter, charter)
    print(community_id(charter))


def _chartered(keys: Sequence[bytes], wishes: argparse.Namespace) -> Charter:
    """Return the charter of founders; ValueError if it is none."""
    if wishes.rules is not None:
        rules = read_rules(wishes.rules)
        zone = rules.fee_tree.root.id
        return charter_of(rules, tuple(member_of(key, zone) for key in keys))
    tree = FeeTree.single()
    return Charter(
        members=tuple(member_of(key, tree.root.id) for key in keys),
        fee_tree=tree,
        fault_model=FaultModel(wishes.fault_model),
        billing_basis=BillingBasis(wishes.billing_basis),
        admission=Admission(wishes.admission),
        privacy=PrivacyMode(wishes.privacy),
        standing=Standing(),
    )


def enter(folder: Folder, wishes: argparse.Namespace) -> None:
    """Take over the charter of a community that names this member."""
    if folder.charter.exists():
        raise CommandError(f"{folder.charter} is there already")
    charter = read_charter(wishes.charter)
    if charter.member(read_identity(folder.identity).key.party) is None:
        raise CommandError(f"{wishes.charter} does not name this member")
    shutil.copyfile(wishes.charter, folder.charter)
    print(community_id(charter))


def join_by(folder: Folder, wishes: argparse.Namespace) -> None:
    """Join a community by an invitation; waits until its members have agreed."""

    def show(charter: Charter) -> None:
        joined = {"members": len(charter.members), **rules_object(Amend.of(charter))}
        print(json.dumps(joined, indent=2))
        print("Waiting to be let in...", file=sys.stderr)

    asyncio.run(join(folder, wishes.link, on_charter=show))
    print("Let in: script/node run takes part.", file=sys.stderr)


def check(folder: Folder, _wishes: argparse.Namespace) -> None:
    """Read everything in the folder and say that it is good."""
    read_settings(folder.settings)
    party = read_identity(folder.identity).key.party
    charter = read_charter(folder.charter)
    print(f"{party} of {community_id(charter)}: {len(charter.members)} members")


# -- a member lives --------------------------------------------------------------------


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


# -- what its owner wants while it runs ------------------------------------------------


def invite(folder: Folder, wishes: argparse.Namespace) -> None:
    """Print a link with which one home can ask to join."""
    told = _ask(folder, {"command": "invite", "zone": wishes.zone, "days": wishes.days})
    print(told["link"])


def rules(folder: Folder, _wishes: argparse.Namespace) -> None:
    """Print the rules of the charter: change them and propose them."""
    print(json.dumps(_ask(folder, {"command": "rules"})["rules"], indent=2))


def motions(folder: Folder, _wishes: argparse.Namespace) -> None:
    """Print the motions: open ones, and how the last ones ended."""
    print(json.dumps(_ask(folder, {"command": "motions"})["motions"], indent=2))


def propose(folder: Folder, wishes: argparse.Namespace) -> None:
    """Put other rules to the vote, as `rules` prints them."""
    wanted: dict[str, JSON] = rules_object(read_rules(wishes.rules))
    errand: dict[str, JSON] = {"command": "propose", "rules": wanted}
    print(_ask(folder, {**errand, "days": wishes.days})["motion"])


def vote(folder: Folder, wishes: argparse.Namespace) -> None:
    """Say yes or no to a motion, once."""
    approve = wishes.answer == "yes"
    _ask(folder, {"command": "vote", "motion": wishes.motion, "approve": approve})


def remove(folder: Folder, wishes: argparse.Namespace) -> None:
    """Propose to part with a member."""
    errand = {"command": "remove", "party": wishes.party, "days": wishes.days}
    print(_ask(folder, errand)["motion"])


def vouch(folder: Folder, wishes: argparse.Namespace) -> None:
    """Answer for a newcomer."""
    print(_ask(folder, {"command": "vouch", "party": wishes.party})["motion"])


def appeal(folder: Folder, wishes: argparse.Namespace) -> None:
    """Ask the members to excuse the last hours."""
    errand: dict[str, JSON] = {"command": "appeal", "hours": wishes.hours, "days": 2}
    about: dict[str, JSON] = {"cause": wishes.cause, "everybody": wishes.everybody}
    print(_ask(folder, {**errand, **about})["motion"])


def leave(folder: Folder, _wishes: argparse.Namespace) -> None:
    """Leave the community."""
    _ask(folder, {"command": "leave"})


def revoke(folder: Folder, _wishes: argparse.Namespace) -> None:
    """Sign with a new session key: the old one may have leaked."""
    print(_ask(folder, {"command": "revoke"})["since"])


def _ask(folder: Folder, errand: dict[str, JSON]) -> dict[str, JSON]:
    return asyncio.run(ask(folder.counter, errand))


# -- the command line ------------------------------------------------------------------

type Command = Callable[[Folder, argparse.Namespace], None]

COMMANDS: Final[dict[str, Command]] = {
    "init": init,
    "found": found,
    "enter": enter,
    "join": join_by,
    "check": check,
    "run": run,
    "status": status,
    "invite": invite,
    "rules": rules,
    "motions": motions,
    "propose": propose,
    "vote": vote,
    "remove": remove,
    "vouch": vouch,
    "appeal": appeal,
    "leave": leave,
    "revoke": revoke,
}


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="script/node", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, command in COMMANDS.items():
        sub = commands.add_parser(name, help=command.__doc__)
        sub.set_defaults(command=command)
        sub.add_argument("folder", type=Path, help="the member's folder")
        if name in _DETAILS:
            _DETAILS[name](sub)
    return parser.parse_args(arguments)


def _init_details(sub: argparse.ArgumentParser) -> None:
    sub.add_argument(
        "--own-key",
        action="store_true",
        help="ask for the private key of an Ethereum account this member shall be",
    )


def _found_details(sub: argparse.ArgumentParser) -> None:
    sub.add_argument(
        "--with",
        dest="with_keys",
        nargs="*",
        default=[],
        metavar="KEY",
        help="household keys of the other founders, as init prints them",
    )
    sub.add_argument("--rules", type=Path, help="a file as `rules` prints it")
    for option, choices, default in (
        ("--fault-model", FaultModel, FaultModel.BYZANTINE),
        ("--billing-basis", BillingBasis, BillingBasis.INSIGHT),
        ("--admission", Admission, Admission.VOTE),
        ("--privacy", PrivacyMode, PrivacyMode.OPEN),
    ):
        values = [choice.value for choice in choices]
        sub.add_argument(option, choices=values, default=default.value)


def _enter_details(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("charter", type=Path, help="another founder's charter.json")


def _join_details(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("link", help="commonwatt:join?i=...")


def _invite_details(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("--zone", help="where the home is (the charter's root)")
    _days(sub)


def _propose_details(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("rules", type=Path, help="a file as `rules` prints it, changed")
    _days(sub)


def _vote_details(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("motion", help="as `motions` prints it")
    sub.add_argument("answer", choices=("yes", "no"))


def _remove_details(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("party", help="the member, as in events and motions")
    _days(sub)


def _vouch_details(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("party", help="the newcomer, as in events and motions")


def _appeal_details(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("cause", choices=[*Cause])
    sub.add_argument("--hours", type=int, default=1, help="how long ago it began (1)")
    sub.add_argument("--everybody", action="store_true", help="for all, not just us")


def _days(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("--days", type=int, default=7, help="how long it is open (7)")


_DETAILS: Final[dict[str, Callable[[argparse.ArgumentParser], None]]] = {
    "init": _init_details,
    "found": _found_details,
    "enter": _enter_details,
    "join": _join_details,
    "invite": _invite_details,
    "propose": _propose_details,
    "vote": _vote_details,
    "remove": _remove_details,
    "vouch": _vouch_details,
    "appeal": _appeal_details,
}


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
