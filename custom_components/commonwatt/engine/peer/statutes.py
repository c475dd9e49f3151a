"""The chain of charters: which rules hold when, and the proof that they do.

Whoever knows the first charter can check every later one; it takes nobody's word.
Clauses: section 4 of ``docs/reference/community.md``.
"""

from collections.abc import Iterator
from typing import Final

from ..model.community import (
    Admit,
    CharterRecord,
    CharterVote,
    Enactment,
    Motion,
)
from ..model.party import Charter, CommunityId, Member, PartyId
from ..model.period import DeliveryPeriod
from ..model.vote import VoteStage
from ..wire.digests import enactment_digest
from ..wire.envelope import Envelope, unseal
from ..wire.keyring import KeyRing
from ..wire.messages import Presence
from ..wire.rejection import Rejected
from ..wire.verifier import Verifier
from .motions import applied

PERIODS_REMEMBERED: Final = 96
"""So long members that left are known by their keys: a day."""


class Statutes:
    """The charters of one community, each following from the one before."""

    def __init__(self, community: CommunityId, founding: Charter) -> None:
        """Begin with the first charter; it has always been in force."""
        self.community: Final = community
        self.founding: Final = founding
        self.records: Final[list[CharterRecord]] = []
        self._charters: Final = [(DeliveryPeriod(0), founding)]
        self._used: Final[set[bytes]] = set()

    @property
    def number(self) -> int:
        """How often the charter has been changed."""
        return len(self.records)

    @property
    def latest(self) -> Charter:
        """The last charter decided on, in force or not yet."""
        return self._charters[-1][1]

    @property
    def previous(self) -> Charter:
        """The charter before the latest; the first one has none before it."""
        return self._charters[max(0, len(self._charters) - 2)][1]

    @property
    def since(self) -> DeliveryPeriod:
        """When the latest charter comes, or came, into force."""
        return self._charters[-1][0]

    def at(self, period: DeliveryPeriod) -> Charter:
        """Return the charter in force in ``period``, as far as we know."""
        number = period.number
        for since, charter in reversed(self._charters):
            if since.number <= number:
                return charter
        return self.founding

    def known_members(self, period: DeliveryPeriod) -> tuple[Member, ...]:
        """Return all members of the charters in force from a day before ``period``."""
        oldest = self.at(period.next(-PERIODS_REMEMBERED))
        known: dict[PartyId, Member] = {}
        for since, charter in self._charters:
            if charter is oldest or since > period.next(-PERIODS_REMEMBERED):
                known.update((member.party, member) for member in charter.members)
        return tuple(known.values())

    def is_used(self, invitation: bytes) -> bool:
        """Tell whether somebody has come in with this sealed invitation."""
        return invitation in self._used

    def extend(self, record: CharterRecord, *, verify: Verifier) -> Charter | None:
        """Take the next change; None if it does not follow from the latest charter."""
        ring = KeyRing(community=self.community, members=self.latest.members)
        opened = list(_opened(record.proof, ring, verify))
        motion = unseal(record.motion, keys=ring, verify=verify)
        if isinstance(motion, Rejected) or not isinstance(motion.message, Motion):
            return None
        if not self._is_decided(record, motion, opened):
            return None
        change = motion.message.change
        charter = applied(self.latest, motion.author, change)
        if charter is None or record.since < self.since:
            return None
        if isinstance(change, Admit):
            if self.is_used(change.invitation):
                return None
            self._used.add(change.invitation)
        self.records.append(record)
        self._charters.append((record.since, charter))
        return charter

    def _is_decided(
        self, record: CharterRecord, motion: Envelope, opened: list[Envelope]
    ) -> bool:
        number = self.number + 1
        digest = enactment_digest(
            Enactment(
                number=number, attempt=0, since=record.since, motion=motion.digest
            )
        )
        attempts: dict[int, set[PartyId]] = {}
        for envelope in opened:
            vote = envelope.message
            if (
                isinstance(vote, CharterVote)
                and vote.stage is VoteStage.PRECOMMIT
                and (vote.number, vote.digest) == (number, digest)
            ):
                attempts.setdefault(vote.attempt, set()).add(envelope.author)
        quorum = self.latest.quorum
        return any(len(voters) >= quorum for voters in attempts.values())


def _opened(
    proof: tuple[bytes, ...], ring: KeyRing, verify: Verifier
) -> Iterator[Envelope]:
    """Open what the voters signed, learning their keys on the way."""
    for data in proof:
        envelope = unseal(data, keys=ring, verify=verify)
        if isinstance(envelope, Rejected):
            continue
        if isinstance(envelope.message, Presence):
            ring.learn(envelope.message.certificate, at=envelope.sent_at, verify=verify)
        yield envelope
