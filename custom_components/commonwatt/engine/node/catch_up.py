"""Finding out what happened while this node was away, from whoever is there.

Asks one member after the other; believes nobody, since what is sent proves itself.
"""

from collections.abc import Collection
from typing import Final, Self

from ..model.party import PartyId
from ..model.period import MINUTE_MS, DeliveryPeriod, Instant, after
from ..peer import Phase
from ..wire.community import CommunityMessage
from ..wire.envelope import Envelope
from ..wire.messages import JoinRequest
from .citizen import Citizen
from .config import NodeConfig
from .door import Door
from .governance import Governance, OnCharter
from .outbox import Outbox
from .rounds import Rounds
from .settling import Settling

ASK_MS: Final = MINUTE_MS
PERIODS_A_PAGE: Final = 8
PRESENCES_MAX: Final = 256


class CatchUp:
    """Asks for what is missing, and answers others."""

    def __init__(
        self,
        citizen: Citizen,
        governance: Governance,
        *,
        rounds: Rounds,
        settling: Settling,
        outbox: Outbox,
        door: Door,
    ) -> None:
        """Begin not knowing what was missed."""
        self.citizen: Final = citizen
        self.governance: Final = governance
        self._rounds: Final = rounds
        self._settling: Final = settling
        self._outbox: Final = outbox
        self._door: Final = door
        self._asked_at: Instant | None = None
        self._asked = 0
        self._is_missing = False

    @classmethod
    def begin(
        cls,
        config: NodeConfig,
        outbox: Outbox,
        door: Door,
        *,
        rounds: Rounds,
        settling: Settling,
        on_charter: OnCharter,
    ) -> Self:
        """Build the rooms in which a community is governed."""
        governance = Governance(
            config,
            outbox,
            door,
            latest_signed=lambda: rounds.latest_signed,
            on_charter=on_charter,
        )
        rounds.frozen_from = lambda: governance.frozen_from
        return cls(
            Citizen(config, outbox, door, governance),
            governance,
            rounds=rounds,
            settling=settling,
            outbox=outbox,
            door=door,
        )

    def drive(self, now: Instant, others: Collection[PartyId]) -> None:
        """Ask somebody, if something is missing and it is time to ask again."""
        if not others or not self.citizen.is_member:
            self._is_missing = False
            return
        first = self._first_missing(now)
        self._is_missing = first is not None or self.governance.is_behind
        if self._asked and not self._is_missing:
            return
        if self._asked_at is not None and now < after(self._asked_at, ASK_MS):
            return
        current = DeliveryPeriod.containing(now)
        asked = sorted(others)[self._asked % len(others)]
        self._asked += 1
        self._asked_at = now
        self.citizen.ask(current if first is None else first, now, to=asked)

    def take(
        self, envelope: Envelope, message: CommunityMessage | JoinRequest, now: Instant
    ) -> None:
        """Take what somebody says about the community, and answer what is asked."""
        if isinstance(message, JoinRequest):
            self.citizen.take_join(envelope, message, now)
            return
        asked = self.citizen.take(envelope, message, now)
        if asked is not None:
            self.answer(envelope.author, asked.period, now)

    def answer(self, party: PartyId, first: DeliveryPeriod, now: Instant) -> None:
        """Show a member what was decided from a period on, and what was metered."""
        decided = [
            period
            for period, phase in self._rounds.phases.items()
            if phase.decided and period >= first
        ]
        if not decided:
            return
        for data in self._door.presences[:PRESENCES_MAX]:
            self._outbox.pass_on(data, now, to=party)
        for period in decided[:PERIODS_A_PAGE]:
            shown = (*self._rounds.proof(period), *self._settling.sealed(period))
            for data in shown:
                self._outbox.pass_on(data, now, to=party)

    def deadline(self) -> Instant | None:
        """Return when to ask again; None while nothing is missing."""
        if self._asked_at is None or not self._is_missing:
            return None
        return after(self._asked_at, ASK_MS)

    def _first_missing(self, now: Instant) -> DeliveryPeriod | None:
        """Return the first period that began without our knowing what was decided."""
        current = DeliveryPeriod.containing(now)
        last = self._settling.last_settled
        open_ones = [
            period
            for period, phase in self._rounds.phases.items()
            if phase is Phase.OPEN
        ]
        gap = None
        if last is not None and last < current.next(-2):
            gap = last.next()
        return min([*open_ones, *([] if gap is None else [gap])], default=None)
