"""Finding out what happened while this node was away, from whoever is there.

Asks one member after the other; believes nobody, since what is sent proves itself.
"""

from collections.abc import Collection
from typing import Final, Self

from ..model.comparison import ComparisonMessage
from ..model.party import PartyId
from ..model.period import MINUTE_MS, DeliveryPeriod, Instant, after
from ..peer import Phase
from ..wire.community import CommunityMessage
from ..wire.envelope import Envelope
from ..wire.messages import JoinRequest
from .citizen import Citizen
from .comparing import Comparing
from .config import NodeConfig
from .door import Door
from .governance import Governance, OnCharter
from .outbox import Outbox
from .rounds import Rounds
from .settling import Settling

ASK_MS: Final = MINUTE_MS
PERIODS_A_PAGE: Final = 8
REPAIRS_MAX: Final = 5
"""So often a period is asked for that is open, not settled, or lacks a reading."""

REPAIR_BACK_OFF: Final = 3
"""Each time, so many times as long is waited for it."""

PRESENCES_MAX: Final = 256


class CatchUp:
    """Asks for what is missing, and answers others."""

    def __init__(
        self,
        citizen: Citizen,
        governance: Governance,
        *,
        config: NodeConfig,
        rounds: Rounds,
        settling: Settling,
        outbox: Outbox,
        door: Door,
    ) -> None:
        """Begin not knowing what was missed."""
        self._config: Final = config
        self.citizen: Final = citizen
        self.governance: Final = governance
        self._rounds: Final = rounds
        self._settling: Final = settling
        self._outbox: Final = outbox
        self._door: Final = door
        self._asked_at: Instant | None = None
        self._asked = 0
        self._is_missing = False
        self._repairs: Final[dict[DeliveryPeriod, tuple[int, Instant]]] = {}
        """How often a period was asked for, and when it is next."""

        self._reachable: frozenset[PartyId] = frozenset()
        self._claims: Final[dict[DeliveryPeriod, tuple[PartyId, bytes]]] = {}
        """Who says that it knows more of a period, and what we knew then."""

        self._comparing: Final = Comparing(
            config,
            outbox,
            settling,
            show=self._show,
            claim=self._note_claim,
            known_by=door.presences_of,
        )

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
            config=config,
            rounds=rounds,
            settling=settling,
            outbox=outbox,
            door=door,
        )

    def drive(self, now: Instant, others: Collection[PartyId]) -> None:
        """Ask somebody, if something is missing and it is time to ask again."""
        if not others:
            self._is_missing = False
            self._repairs.clear()
            self._claims.clear()
            self._comparing.deadline = None
            return
        if self._comparing.drive(now, others):
            self._claims.clear()
        self._repair(now, others)
        self._is_missing = self.governance.is_behind and self.citizen.is_member
        if self._asked and not self._is_missing:
            return
        if self._asked_at is not None and now < after(self._asked_at, ASK_MS):
            return
        current = DeliveryPeriod.containing(now)
        able = self._able(others, current)
        asked = able[self._asked % len(able)]
        self._asked += 1
        self._asked_at = now
        self.citizen.ask(current, now, to=asked)

    def _repair(self, now: Instant, others: Collection[PartyId]) -> None:
        """Ask for what others may know, less and less often while they do not."""
        if not self._reachable >= frozenset(others):
            self._repairs.clear()  # somebody is back, who may know more
        self._reachable = frozenset(others)
        wanted = self._wanted(now, others)
        for period in [period for period in self._repairs if period not in wanted]:
            del self._repairs[period]
        for period, party in wanted.items():
            count, due = self._repairs.get(period, (0, now))
            if now < due or count >= REPAIRS_MAX:
                continue
            again = after(now, ASK_MS * REPAIR_BACK_OFF**count)
            self._repairs[period] = (count + 1, again)
            if period in self._settling.unheeded:
                self._say_again(period, now)  # and ask: it may be heeded by now
            able = self._able(others, period)
            anybody = able[(period.number + count) % len(able)]
            asked = anybody if count or party is None else party
            self.citizen.ask(period, now, to=asked)

    def _wanted(
        self, now: Instant, others: Collection[PartyId]
    ) -> dict[DeliveryPeriod, PartyId | None]:
        """Return what is lacking, and who is sure to have it; None: nobody is."""
        wanted: dict[DeliveryPeriod, PartyId | None] = {}
        phases = self._rounds.phases.items()
        undecided = [period for period, phase in phases if phase is Phase.OPEN]
        gaps = self._settling.gaps(DeliveryPeriod.containing(now))
        wanted.update(dict.fromkeys(undecided[:1]))
        wanted.update(dict.fromkeys(gaps))
        for period, (party, mark) in sorted(self._claims.items()):
            if self._settling.mark(period) != mark:
                del self._claims[period]
            elif not self._claims.keys() & wanted.keys() - {period}:
                wanted[period] = party
        for period in self._settling.correctable:
            unheard = [p for p in self._unheard(period) if p in others]
            if unheard and now >= after(self._readings_due(period), ASK_MS):
                wanted[period] = unheard[0]
        wanted.update(dict.fromkeys(self._settling.unheeded))
        return wanted

    def _say_again(self, period: DeliveryPeriod, now: Instant) -> None:
        """Repeat our reading for a committee that was deaf when we told it."""
        reading = self._settling.own_reading(period)
        assert reading is not None, "only what we have told can be unheeded"
        self._outbox.pass_round(reading, now, self._config.committee.circle(period))

    def _unheard(self, period: DeliveryPeriod) -> list[PartyId]:
        """Return whose reading is not there though ``period`` is settled, ascending."""
        docket, committee = self._settling.docket(period), self._config.committee
        if docket is None or not committee.settles(period):
            return []
        return [p for p in committee.members(period) if p not in docket.reports]

    def _note_claim(self, period: DeliveryPeriod, party: PartyId) -> None:
        """Ask whoever says that it knows more, however often others were asked."""
        if period not in self._claims:
            self._claims[period] = party, self._settling.mark(period)
            self._repairs.pop(period, None)

    def _readings_due(self, period: DeliveryPeriod) -> Instant:
        return self._config.timing.readings_due(period)

    @property
    def _repair_due(self) -> Instant | None:
        due = (at for count, at in self._repairs.values() if count < REPAIRS_MAX)
        return min(due, default=None)

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

    def compare(
        self, envelope: Envelope, message: ComparisonMessage, now: Instant
    ) -> None:
        """Take what a member says it holds, and ask for what we lack of it."""
        self._comparing.take(envelope, message, now)
        if self._claims:
            self._repair(now, self._reachable)

    def answer(self, party: PartyId, first: DeliveryPeriod, now: Instant) -> None:
        """Show a member what was decided from a period on, and what was metered."""
        decided = [
            period
            for period, phase in self._rounds.phases.items()
            if phase.decided and period >= first
        ]
        if not decided:
            return
        known = (*self._door.presences[:PRESENCES_MAX], *self._door.revocations)
        for data in known:
            self._outbox.pass_on(data, now, to=party)
        for period in decided[:PERIODS_A_PAGE]:
            self._show(period, party, now)

    def _able(
        self, others: Collection[PartyId], period: DeliveryPeriod
    ) -> list[PartyId]:
        """Return who of the others can answer, ascending: the committee, if any is."""
        reads = self._config.committee.reads
        return sorted(p for p in others if reads(p, period)) or sorted(others)

    def _show(self, period: DeliveryPeriod, party: PartyId, now: Instant) -> None:
        """Show all there is to those who settle, and to others what is theirs."""
        committee = self._config.committee
        rounds, docket = self._rounds, self._settling.docket(period)
        if committee.reads(party, period):
            shown, told = rounds.proof(period), docket and docket.words
        else:
            shown, told = rounds.votes(period), docket and docket.entrusted.attestations
        for data in (*shown, *(told or ())):
            self._outbox.pass_on(data, now, to=party)
        if committee.settles(period) and not committee.reads(party, period):
            self._rounds.show_result(period, party, now)
            self._settling.show_settlement(period, party, now)

    def deadline(self) -> Instant | None:
        """Return when to ask again; None while nothing is missing."""
        due = [self._repair_due, self._comparing.deadline]
        if self._asked_at is not None and self._is_missing:
            due.append(after(self._asked_at, ASK_MS))
        return min((at for at in due if at is not None), default=None)
