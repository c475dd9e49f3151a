"""What the owner of a headless member does: invite, join, propose, vote, leave."""

import asyncio
from collections.abc import AsyncIterator
import contextlib
from dataclasses import replace
import json
from pathlib import Path
import time

import pytest

from custom_components.commonwatt.drivers.headless import (
    JSON,
    Folder,
    FolderError,
    HeadlessMember,
    SettingsError,
    Told,
    ask,
    create_identity,
    join,
    member_of,
    read_charter,
    read_identity,
    read_rules,
    rules_object,
    write_charter,
)
from custom_components.commonwatt.drivers.journal import SQLiteJournal
from custom_components.commonwatt.engine.ledger.journal import EntryKind
from custom_components.commonwatt.engine.model.community import Amend
from custom_components.commonwatt.engine.model.party import (
    Admission,
    Charter,
    Mechanism,
    PrivacyMode,
)
from custom_components.commonwatt.engine.model.period import Instant
from custom_components.commonwatt.engine.model.settlement_rules import SettlementRules
from custom_components.commonwatt.engine.model.tariff import Tariff
from custom_components.commonwatt.engine.model.zone import FeeTree, Zone, ZoneId
from custom_components.commonwatt.engine.wire.digests import community_id
from tests.drivers.transports.village import until
from tools.rehearsal.ports import free_ports

STREET = FeeTree((Zone(id=ZoneId("street"), parent=None),))


def new_member(
    path: Path, *, port: int, dial: str = "", answers: bool = True
) -> Folder:
    """Return the folder of somebody who belongs nowhere yet."""
    addresses = f'"http://127.0.0.1:{port}"' if answers else ""
    path.mkdir()
    folder = Folder(path)
    create_identity(folder.identity)
    folder.settings.write_text(
        f'[http]\nhost = "127.0.0.1"\nport = {port}\ndiscovery = false\n'
        f"addresses = [{addresses}]\ndial = [{dial}]\n"
        f"[rehearsal]\npace = 30\nbegan_at = {int(time.time())}\n"
    )
    return folder


def founded(path: Path, *, port: int, admission: Admission = Admission.VOTE) -> Folder:
    """Return the folder of the only member of a community."""
    folder = new_member(path, port=port)
    me = member_of(public_key(folder), STREET.root.id)
    charter = Charter(members=(me,), fee_tree=STREET, admission=admission)
    write_charter(folder.charter, charter)
    return folder


def public_key(folder: Folder) -> bytes:
    """Return the household key of a folder's identity."""
    return read_identity(folder.identity).key.public


@contextlib.asynccontextmanager
async def running(folder: Folder) -> AsyncIterator[list[Told]]:
    """Run a member that serves its owner; yield what it tells."""
    told: list[Told] = []
    task = asyncio.create_task(HeadlessMember(folder, tell=told.append).run())
    try:
        await until(lambda: folder.counter.exists() or task.done(), 30)
        yield told
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def want(folder: Folder, command: str, **wish: JSON) -> dict[str, JSON]:
    """Ask a running member."""
    return await ask(folder.counter, {"command": command, **wish})


async def test_a_home_joins_by_a_link_votes_and_leaves(tmp_path: Path) -> None:
    here, there = free_ports(2)
    first = founded(tmp_path / "first", port=here, admission=Admission.INVITER)
    second = new_member(tmp_path / "second", port=there)
    shown: list[Charter] = []

    async with running(first) as told:
        link = (await want(first, "invite"))["link"]
        assert isinstance(link, str)
        charter = await asyncio.wait_for(
            join(second, link, on_charter=shown.append), 60
        )
        assert len(shown[0].members) == 1
        assert len(charter.members) == 2
        assert community_id(read_charter(second.charter)) == community_id(
            read_charter(first.charter)
        )

        async with running(second):
            rules = (await want(first, "rules"))["rules"]
            assert isinstance(rules, dict)
            stricter = {**rules, "admission": "vote"}
            told_motion = await until_done(second, "propose", rules=stricter, days=1)
            motion = str(told_motion["motion"])
            await until_listed(first, motion)
            with pytest.raises(FolderError, match="yes or no"):
                await want(first, "vote", motion=motion)
            await want(first, "vote", motion=motion, approve=True)
            with pytest.raises(FolderError):
                await want(first, "vote", motion=motion, approve=True)
            await until(
                lambda: sum(line["event"] == "charter_changed" for line in told) == 2,
                30,
            )
            await want(second, "leave")
            await until(
                lambda: any(
                    line["event"] == "charter_changed" and line["members"] == 1
                    for line in told
                ),
                30,
            )


async def test_who_joined_from_behind_a_router_finds_the_others_at_every_start(
    tmp_path: Path,
) -> None:
    here, there = free_ports(2)
    first = founded(tmp_path / "first", port=here, admission=Admission.INVITER)
    second = new_member(tmp_path / "second", port=there, answers=False)
    async with running(first):
        link = (await want(first, "invite"))["link"]
        assert isinstance(link, str)
        await asyncio.wait_for(join(second, link, on_charter=lambda _: None), 60)
        for _ in range(2):
            second.status.unlink(missing_ok=True)
            async with running(second):
                await until(lambda: linked(second) == 1, 30)
    assert json.loads(second.addresses.read_text()) == [f"http://127.0.0.1:{here}"]


def linked(folder: Folder) -> int:
    """Return how many members a member is linked with; 0 before it shows anything."""
    try:
        return int(json.loads(folder.status.read_text())["linked"])
    except FileNotFoundError:
        return 0


async def test_a_revoked_key_ends_the_link_and_its_owner_comes_back(
    tmp_path: Path,
) -> None:
    here, there = free_ports(2)
    first = founded(tmp_path / "first", port=here, admission=Admission.INVITER)
    second = new_member(tmp_path / "second", port=there)

    async with running(first):
        link = (await want(first, "invite"))["link"]
        assert isinstance(link, str)
        await asyncio.wait_for(join(second, link, on_charter=lambda _: None), 60)
        late = new_member(tmp_path / "late", port=free_ports(1)[0])
        with pytest.raises(FolderError, match="somebody else"):
            await asyncio.wait_for(join(late, link, on_charter=lambda _: None), 60)
        async with running(second):
            await until_done(second, "revoke")
            await until_hung_up_and_back(first)

    async with running(first):  # it is not forgotten
        assert (await until_done(first, "rules"))["rules"]
    journal = SQLiteJournal.open(first.journal, now=Instant(0)).journal
    with contextlib.closing(journal):
        kinds = [entry.kind for entry in journal.entries()]
    assert kinds.count(EntryKind.REVOKED) == 1


async def until_hung_up_and_back(folder: Folder) -> None:
    """Wait until a member has ended a link for a revoked key, and has a link again."""
    async with asyncio.timeout(60):
        while True:
            shown = json.loads(folder.status.read_text())
            if shown["refused"].get("revoked") and shown["linked"]:
                return
            await asyncio.sleep(0.1)


async def until_done(folder: Folder, command: str, **wish: JSON) -> dict[str, JSON]:
    """Ask again while a member has not heard from the others yet."""
    async with asyncio.timeout(60):
        while True:
            try:
                return await want(folder, command, **wish)
            except FolderError as err:
                if "just started" not in str(err):
                    raise
                await asyncio.sleep(0.2)


async def until_listed(folder: Folder, motion: str) -> None:
    """Wait until a member knows a motion."""
    async with asyncio.timeout(60):
        while True:
            if motion in json.dumps(await want(folder, "motions")):
                return
            await asyncio.sleep(0.1)


async def test_what_cannot_be_done_is_told(tmp_path: Path) -> None:
    (port,) = free_ports(1)
    member = founded(tmp_path / "member", port=port)
    with pytest.raises(FolderError, match="no member runs there"):
        await want(member, "rules")

    async with running(member):
        wishes: tuple[tuple[str, dict[str, JSON], str], ...] = (
            ("dance", {}, "unknown"),
            ("invite", {"zone": "moon"}, "does not fit"),
            ("invite", {"days": 4_000}, "out of bounds"),
            ("invite", {"days": "many"}, "no whole number"),
            ("vote", {"motion": "00", "approve": True}, "no such motion"),
            ("remove", {"party": "ff"}, "does not fit"),
            ("leave", {}, "last member"),
            ("propose", {"rules": 7}, "no object"),
        )
        for command, wish, why in wishes:
            with pytest.raises(FolderError, match=why):
                await want(member, command, **wish)
    assert not member.counter.exists()


async def test_nobody_joins_without_an_invitation(tmp_path: Path) -> None:
    here, there = free_ports(2)
    first = founded(tmp_path / "first", port=here)
    second = new_member(tmp_path / "second", port=there)

    with pytest.raises(FolderError, match="no invitation"):
        await join(second, "https://example.org", on_charter=print)
    async with running(first):
        link = (await want(first, "invite"))["link"]
    assert isinstance(link, str)
    with pytest.raises(FolderError, match="there already"):
        await join(first, link, on_charter=print)
    second.settings.write_text("")
    with pytest.raises(SettingsError, match="needs one of them"):
        await join(second, link, on_charter=print)


def test_a_charter_file_keeps_every_rule(tmp_path: Path) -> None:
    path, rules_path = tmp_path / "charter.json", tmp_path / "rules.json"
    folder = new_member(tmp_path / "member", port=1)
    charter = Charter(
        members=(member_of(public_key(folder), STREET.root.id),),
        fee_tree=STREET,
        privacy=PrivacyMode.COMMITTEE,
        admission=Admission.INVITER,
        committee_size=7,
        reference_tariff=Tariff(energy_micro_per_kwh=200_000, vat_ppm=190_000),
        mechanism=Mechanism.SHARING,
        settlement=replace(SettlementRules(), grid_g_per_kwh=321),
    )
    write_charter(path, charter)
    rules_path.write_text(json.dumps(rules_object(Amend.of(charter))))

    assert read_charter(path) == charter
    assert read_rules(rules_path) == Amend.of(charter)
    rules_path.write_text('{"zones": []}')
    with pytest.raises(FolderError, match="holds no rules"):
        read_rules(rules_path)
