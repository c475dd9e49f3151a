"""After every start: what did the others last hear from us?

A journal may be older than what was signed: it may come from a backup.  So a node that
wakes asks, and signs nothing of any round until enough members have answered.  If one
has heard more than the journal knows, the node begins anew, as after a damage.
"""

from collections.abc import Iterable
from typing import Final

from ..model.community import Recollection, Waking
from ..model.party import PartyId
from ..model.period import SECOND_MS, Instant, after
from .config import NodeConfig
from .outbox import Outbox
from .rounds import Rounds

ASK_MS: Final = 20 * SECOND_MS


class Awakening:
    """Asks until enough members have answered."""

    def __init__(self, config: NodeConfig, outbox: Outbox, rounds: Rounds) -> None:
        """Wake; the journal has been read."""
        self._config: Final = config
        self._outbox: Final = outbox
        self._rounds: Final = rounds
        self._known = outbox.last_sequence
        self._answered: Final[set[PartyId]] = set()
        self._asked_at: Instant | None = None
        self._first: int | None = None
        """The first number of this life."""

        self._has_fresh_key = False
        """One for each life is enough: nothing older was ever signed with it."""

        outbox.is_waking = self._is_lacking

    def begin(self, now: Instant) -> None:
        """Use no number from now on that anybody can have heard before."""
        if self._first is None:
            if self._outbox.is_waking or not self._is_member:
                self._outbox.jump(now)  # who has left says farewell, and asks nobody
            if self._outbox.is_waking and self._known < 0:
                # In an earlier life, elsewhere perhaps, the key may have been replaced.
                self._renew(now)
            self._first = self._outbox.last_sequence + 1

    def drive(self, now: Instant) -> None:
        """Ask everybody, if it is time to."""
        if not self._outbox.is_waking:
            return
        if self._asked_at is None or now >= after(self._asked_at, ASK_MS):
            self._asked_at = now
            assert self._first is not None, "begun"
            self._outbox.say(Waking(before=self._first), now)

    @property
    def me(self) -> PartyId:
        """Who wakes here, and answers others."""
        return self._config.party

    def answer(
        self,
        party: PartyId,
        heard: int | None,
        now: Instant,
        *,
        known: Iterable[bytes] = (),
    ) -> None:
        """Tell a member that wakes what we last heard from it, and by which key."""
        for presence in known:
            self._outbox.pass_on(presence, now, to=party)
        self._outbox.say(Recollection(sequence=heard), now, to=party)

    def take(self, party: PartyId, message: Recollection, now: Instant) -> bool:
        """Take an answer; tell whether it was the last one needed."""
        if not self._outbox.is_waking:
            return False
        heard = message.sequence
        first = self._outbox.last_sequence if self._first is None else self._first
        if heard is not None and self._known < heard < first:
            self._known = heard
            self._begin_anew(now)
        self._answered.add(party)
        self._outbox.is_waking = self._is_lacking
        return not self._outbox.is_waking

    def deadline(self) -> Instant | None:
        """Return when to ask again; None once awake."""
        if not self._outbox.is_waking or self._asked_at is None:
            return None
        return after(self._asked_at, ASK_MS)

    @property
    def _is_member(self) -> bool:
        return self._config.statutes.latest.member(self._config.party) is not None

    @property
    def _is_lacking(self) -> bool:
        """Tell whether a quorum, ourselves included, has not answered yet."""
        charter = self._config.statutes.latest
        if not self._is_member:
            return False
        answered = sum(charter.member(party) is not None for party in self._answered)
        return answered + 1 < charter.quorum

    def _begin_anew(self, now: Instant) -> None:
        """Contradict nothing that was signed and then forgotten."""
        self._outbox.jump(now)
        self._renew(now)
        self._rounds.abstain_until(now)

    def _renew(self, now: Instant) -> None:
        if not self._has_fresh_key:
            self._has_fresh_key = True
            self._outbox.renew_session(now)
