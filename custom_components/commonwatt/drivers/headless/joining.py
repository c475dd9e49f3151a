"""How a headless member joins a community: with a link, until it has been let in."""

import asyncio
from collections.abc import Callable
from typing import Final

import aiohttp

from ...engine.model.party import Charter
from ...engine.node import DerivedSessions, Guest
from ...engine.wire.invite import Invite, read_invite
from ...engine.wire.verifier import verify
from ..journal import SQLiteJournal
from ..knocking import Knocking
from ..transports import Credentials, Roster
from .addresses_file import write_addresses
from .charter_file import write_charter
from .clock import clock_of
from .connections import Connections
from .folder import Folder, FolderError
from .identity import Identity, read_identity
from .settings import Settings, SettingsError, read_settings

ANSWER_SECONDS: Final = 60
"""Within so much time somebody answers, or nobody can be reached."""


async def join(
    folder: Folder, link: str, *, on_charter: Callable[[Charter], None]
) -> Charter:
    """Knock until the members have let this home in; its folder is a member's then.

    ``on_charter`` is shown what is being joined as soon as somebody has answered.

    Raises:
        FolderError: the link is no invitation, the folder is a member's already, or
            nobody answers.
        SettingsError: the settings are wrong, or connect with nobody.
    """
    invite = _invitation(link)
    if folder.charter.exists():
        raise FolderError(f"{folder.charter} is there already")
    settings = await asyncio.to_thread(read_settings, folder.settings)
    identity = await asyncio.to_thread(read_identity, folder.identity)
    caller = await asyncio.to_thread(_Caller, settings, invite, identity)
    async with aiohttp.ClientSession() as client:
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await caller.knock(client, lambda guest: guest.charter is not None)
        except TimeoutError as err:
            raise FolderError("no member answers at the link's addresses") from err
        assert caller.guest.charter is not None, "that was waited for"
        on_charter(caller.guest.charter)
        await caller.knock(client, lambda guest: guest.is_member or guest.is_spent)
    if caller.guest.is_spent:
        raise FolderError("this invitation has let in somebody else: ask for another")
    return await asyncio.to_thread(_move_in, folder, settings, invite, caller.guest)


class _Caller:
    """A guest, and how it calls at the door."""

    def __init__(self, settings: Settings, invite: Invite, identity: Identity) -> None:
        """Make the guest (blocking: keys are derived)."""
        household = identity.key
        sessions = DerivedSessions(
            household, secret=identity.sessions, community=invite.community
        )
        self._settings: Final = settings.dialling(invite.addresses)
        self._clock: Final = clock_of(settings.rehearsal)
        self._pace: Final = 1 if settings.rehearsal is None else settings.rehearsal.pace
        self._roster: Final = Roster(community=invite.community, members=None)
        self._credentials: Final = Credentials(
            party=household.party, sessions=sessions, clock=self._clock
        )
        self.guest: Final = Guest(
            invite, party=household.party, sessions=sessions, verify=verify
        )

    async def knock(
        self, client: aiohttp.ClientSession, reached: Callable[[Guest], bool]
    ) -> None:
        """Knock until ``reached``; SettingsError if nothing connects us."""
        connections = Connections(
            self._settings,
            roster=self._roster,
            credentials=self._credentials,
            client=client,
            is_guest=True,
        )
        transport = await connections.transport()
        if transport is None:
            raise SettingsError("http, mqtt: a guest needs one of them")
        knocking = Knocking(self.guest, clock=self._clock, pace=self._pace)
        try:
            await transport.start(knocking.received)
            await connections.start()
            await knocking.until(reached, transport=transport)
        finally:
            await connections.stop()
            await transport.stop()


def _invitation(link: str) -> Invite:
    try:
        return read_invite(link)
    except ValueError as err:
        raise FolderError(f"this link is no invitation: {err}") from err


def _move_in(
    folder: Folder, settings: Settings, invite: Invite, guest: Guest
) -> Charter:
    """Write down what makes a folder a member's (blocking)."""
    founding, charter = guest.founding, guest.charter
    assert founding is not None, "somebody has answered"
    assert charter is not None, "the same"
    now = clock_of(settings.rehearsal)()
    journal = SQLiteJournal.open(folder.journal, now=now).journal
    try:
        journal.append(guest.entries(now))
    finally:
        journal.close()
    write_addresses(folder.addresses, invite.addresses)
    # The charter comes last: without it the folder is a guest's still.
    write_charter(folder.charter, founding)
    return charter
