"""A visit to a community as a guest: knocks, and hears what may be joined.

Used by the form in which somebody joins, and by a home that waits to be let in.
"""

from collections.abc import Callable
from typing import Final

from homeassistant.core import HomeAssistant

from ..drivers.knocking import Knocking
from ..drivers.transports import Credentials, Roster
from ..engine.ledger.journal import JournalEntry
from ..engine.model.party import Charter
from ..engine.model.period import Instant
from ..engine.node import DerivedSessions, Guest
from ..engine.wire.invite import Invite
from ..engine.wire.keys import HouseholdKey
from ..engine.wire.verifier import verify
from ..secret_store import HomeSecrets
from .settings import WaySettings
from .ways import Ways


class Visit:
    """One guest before one door, with the ways of a home."""

    def __init__(
        self,
        hass: HomeAssistant,
        invite: Invite,
        found: HomeSecrets,
        ways: WaySettings,
        *,
        clock: Callable[[], Instant],
    ) -> None:
        """Stand before the door; the secrets are turned into keys here (blocking)."""
        household = HouseholdKey(found.household)
        sessions = DerivedSessions(
            household, secret=found.sessions, community=invite.community
        )
        self._hass: Final = hass
        self._clock: Final = clock
        self._guest: Final = Guest(
            invite, party=household.party, sessions=sessions, verify=verify
        )
        self._roster: Final = Roster(community=invite.community, members=None)
        credentials = Credentials(party=household.party, sessions=sessions, clock=clock)
        self._settings: Final = ways
        self._credentials: Final = credentials
        self._ways: Ways | None = None

    @property
    def charter(self) -> Charter | None:
        """What one would join; None while nobody has answered."""
        return self._guest.charter

    @property
    def founding(self) -> Charter | None:
        """The first charter, which the invitation names."""
        return self._guest.founding

    @property
    def is_member(self) -> bool:
        """Tell whether the members have let this home in."""
        return self._guest.is_member

    @property
    def is_spent(self) -> bool:
        """Tell whether the invitation has let somebody else in."""
        return self._guest.is_spent

    @property
    def ways(self) -> Ways | None:
        """How the guest is connected, while it is."""
        return self._ways

    def entries(self) -> tuple[JournalEntry, ...]:
        """Return what the journal of the new member begins with."""
        return self._guest.entries(self._clock())

    async def async_until(self, reached: Callable[[Visit], bool]) -> None:
        """Knock until ``reached`` holds; ends only then, or when it is cancelled."""
        ways = self._ways = Ways(
            self._hass,
            self._settings,
            roster=self._roster,
            credentials=self._credentials,
            is_guest=True,
        )
        transport = await ways.async_transport()
        knocking = Knocking(self._guest, clock=self._clock)
        try:
            await transport.start(knocking.received)
            await ways.async_open()
            await knocking.until(lambda _: reached(self), transport=transport)
        finally:
            self._ways = None
            await ways.async_close()
            await transport.stop()
