"""A node's past, read from its journal: known again, but not said again.

The journal's chain is checked by whoever opens it, so signatures are not checked again.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from ..ledger.journal import EntryKind, JournalEntry
from ..model.community import (
    Ballot,
    CharterVote,
    Enactment,
    Motion,
    SessionRevocation,
)
from ..model.extract import Attestation, ResultExtract, SettlementExtract
from ..model.period import DeliveryPeriod, Instant
from ..model.social import HelpRequest, PoolGift, ScoreCard
from ..wire.canonical import decode
from ..wire.community import read_record
from ..wire.envelope import Envelope
from ..wire.messages import (
    BookProposal,
    Message,
    OrderCommitment,
    OrderReveal,
    Presence,
    ReadingReport,
    Receipt,
    ResultVote,
)
from .agreements import Agreements
from .config import NodeConfig
from .door import Door
from .governance import Governance
from .household import Household
from .learning import Learning
from .outbox import Outbox
from .records import read_committed, read_observed, read_revoked, read_votes
from .rounds import Rounds, period_of
from .settled_records import read_settled
from .settling import CORRECTABLE, Settling
from .social import Social
from .witness import Witness

ENTRIES_MAX: Final = 12_000
"""Entries read from the end of the journal: more than a week."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """The rooms of a new node, to be filled with its past."""

    config: NodeConfig
    outbox: Outbox
    door: Door
    rounds: Rounds
    settling: Settling
    household: Household
    agreements: Agreements
    learning: Learning
    social: Social
    governance: Governance
    witness: Witness

    def run(self, entries: Iterable[JournalEntry]) -> DeliveryPeriod | None:
        """Take all that matters; return the latest period whose reading was reported.

        ValueError: an entry is not what any version of this node has written.
        """
        tail = deque(entries, maxlen=ENTRIES_MAX)
        settled = {
            read_settled(entry.body).figures.period
            for entry in tail
            if entry.kind is EntryKind.SETTLED
        }
        closed = set(sorted(settled)[:-CORRECTABLE])
        observed: DeliveryPeriod | None = None
        self.outbox.is_muted = True
        for entry in tail:
            if entry.kind is EntryKind.OBSERVED:
                observed = self._observed(entry.body)
            else:
                self._take(entry, closed)
        self.outbox.is_muted = False
        if tail:  # whatever happened since, this home was there
            self.settling.expect(DeliveryPeriod.containing(tail[0].at).next())
        return observed

    def _take(self, entry: JournalEntry, closed: set[DeliveryPeriod]) -> None:  # noqa: C901, PLR0912  # one for each kind
        match entry.kind:
            case EntryKind.COMMITTED:
                self._committed(entry.body, closed)
            case EntryKind.SENT | EntryKind.RECEIVED:
                self._hear(entry.body, entry.at, closed)
            case EntryKind.FINAL | EntryKind.LOCKED:
                for vote in read_votes(entry.body):
                    self._hear(vote, entry.at, closed)
            case EntryKind.SETTLED | EntryKind.CORRECTED:
                record = read_settled(entry.body)
                outcome = self.rounds.outcome(record.figures.period)
                self.settling.resume(record, outcome, entry.at)
            case EntryKind.AGREED:
                self.agreements.resume(entry.body)
            case EntryKind.SALVAGED:
                self._begin_anew(entry.at)
            case EntryKind.CHARTER:
                self._enacted(entry)
            case EntryKind.REVOKED:
                for data in read_revoked(entry.body):
                    self._hear(data, entry.at, closed)
            case EntryKind.LEARNED:
                self.learning.resume(entry.body)
            case EntryKind.EVIDENCE:
                self.witness.resume(entry.body)
            case EntryKind.WITNESSED:
                self.witness.resume_day(entry.body)
            case EntryKind.OBSERVED:
                pass

    def _enacted(self, entry: JournalEntry) -> None:
        record = read_record(decode(entry.body))
        if not self.governance.take_record(record, entry.at):
            raise ValueError("a charter that does not follow from the one before")

    def _committed(self, body: bytes, closed: set[DeliveryPeriod]) -> None:
        own = read_committed(body, me=self.config.party)
        self.agreements.note_pledged(own.order.period, own.pledges)
        if own.order.period not in closed:
            self.rounds.begin(own.order.period).own_order = own

    def _begin_anew(self, at: Instant) -> None:
        """Contradict nothing that was signed, and then lost with a damaged journal."""
        self.outbox.jump(at)
        self.outbox.renew_session(at)
        self.rounds.abstain_until(at)

    def _hear(self, data: bytes, at: Instant, closed: set[DeliveryPeriod]) -> None:
        self.door.trust(self.outbox.session(at).certificate, at)
        envelope = self.door.recall(data)
        if envelope is None:
            return
        if envelope.author == self.config.party:
            self.outbox.resume_after(envelope.sequence)
            self._recognise(envelope.message, at)
        self._hear_message(envelope, at, closed)

    def _recognise(self, message: Message, at: Instant) -> None:
        """Go on with a session that began after a damage nobody remembers."""
        if isinstance(message, Presence):
            begun_at = message.certificate.valid_from
            if begun_at > self.outbox.session(at).certificate.valid_from:
                self.outbox.renew_session(begun_at)

    def _hear_message(
        self, envelope: Envelope, at: Instant, closed: set[DeliveryPeriod]
    ) -> None:
        message = envelope.message
        if isinstance(message, ReadingReport):
            if message.reading.period not in closed:
                self.settling.take_reading(envelope, message, at)
            return
        if isinstance(message, Attestation | SettlementExtract):
            if message.period not in closed:
                self.settling.take_part(envelope, message, at)
            return
        if isinstance(message, SessionRevocation):
            self.door.revoke(envelope, message, at)
            return
        if isinstance(message, HelpRequest | PoolGift | ScoreCard):
            self.social.take(envelope.author, message, envelope.sent_at)
            return
        if isinstance(message, Motion | Ballot | Enactment | CharterVote):
            self.governance.recall(envelope, message, at)
            return
        if not isinstance(
            message,
            OrderCommitment
            | OrderReveal
            | BookProposal
            | ResultVote
            | Receipt
            | ResultExtract,
        ):
            return
        period = period_of(message)
        if period not in closed:
            # Time first: a vote of an earlier attempt counts only after it has passed.
            self.rounds.drive_one(period, at, quorum_online=False)
            self.rounds.take(envelope, message, at)
            self.rounds.drive_one(period, at, quorum_online=False)

    def _observed(self, body: bytes) -> DeliveryPeriod:
        observed = read_observed(body)
        self.household.metering.resume(
            observed.meter,
            observed.period.end,
            import_wh=observed.import_counter_wh,
            export_wh=observed.export_counter_wh,
        )
        if observed.energy is not None:
            self.household.learn(observed.period, observed.energy)
        return observed.period
