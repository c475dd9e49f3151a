"""What a member has heard in one sum: from each one message of a kind, in time.

Everything else is dropped and counted.  A message may come before its phase (networks
reorder); whether it fits what is known by then is asked when it is used.
"""

from collections import Counter
from collections.abc import Mapping
from enum import StrEnum
from itertools import pairwise
from typing import Final, assert_never

from ...model.federation import (
    COHORT_MAX,
    Agreement,
    Announcement,
    FederationMessage,
    MaskedVector,
    Roster,
    RosterStep,
    SealedShare,
    SealedShares,
    SumName,
    Unmasking,
)
from ...model.party import PartyId
from .parts import Cohort
from .phase import LAST_PHASE, ORDER, Phase
from .secrets_of_a_sum import DIGEST_BYTES, KEY_BYTES, SEALED_BYTES, SEED_BYTES
from .shamir import SHARE_BYTES

REFUSALS_MAX: Final = 16
"""After so many refused messages a member is not listened to in this sum."""

type Kind = type[FederationMessage] | RosterStep


class Refusal(StrEnum):
    """Why a message is dropped; counted for each member, never answered."""

    FLOODING = "flooding"
    """Its author has been refused too often."""

    STRANGER = "stranger"
    ANOTHER_SUM = "another_sum"
    DUPLICATE = "duplicate"
    CONTRADICTION = "contradiction"
    """A second message of its kind, and another one: evidence."""

    LATE = "late"
    MALFORMED = "malformed"
    NOT_THE_AGGREGATOR = "not_the_aggregator"


class Letters:
    """Messages by kind and author."""

    def __init__(
        self,
        *,
        name: SumName,
        me: PartyId,
        members: frozenset[PartyId],
        aggregator: PartyId,
        length: int,
    ) -> None:
        self._name: Final = name
        self._others: Final = members - {me}
        self._aggregator: Final = aggregator
        self._length: Final = length
        self._heard: Final[dict[Kind, dict[PartyId, FederationMessage]]] = {}
        self._refusals: Final[Counter[PartyId]] = Counter()

    def refuse(
        self, author: PartyId, message: FederationMessage, phase: Phase
    ) -> Refusal | None:
        """Return why a message is dropped, and count it; None if it may be kept."""
        if author not in self._others:
            return Refusal.STRANGER
        if self._refusals[author] >= REFUSALS_MAX:
            return Refusal.FLOODING
        refusal = self._fault(author, message, phase)
        if refusal is not None:
            self._refusals[author] += 1
        return refusal

    def keep(self, author: PartyId, message: FederationMessage) -> None:
        """Remember a message."""
        self._heard.setdefault(_kind(message), {})[author] = message

    def roster(self, step: RosterStep) -> Roster | None:
        """Return the aggregator's list."""
        roster = self._heard.get(step, {}).get(self._aggregator)
        return roster if isinstance(roster, Roster) else None

    def announcements(self) -> Mapping[PartyId, Announcement]:
        """Return who takes part."""
        heard = self._heard.get(Announcement, {})
        return {p: m for p, m in heard.items() if isinstance(m, Announcement)}

    def shares(self, cohort: Cohort) -> Mapping[PartyId, SealedShares]:
        """Return the shares that were dealt among this very cohort."""
        return {
            party: message
            for party, message in self._heard.get(SealedShares, {}).items()
            if isinstance(message, SealedShares)
            and party in cohort.parties
            and message.cohort_digest == cohort.digest
            and len(message.shares) == len(cohort.parties)
        }

    def vectors(
        self, sharers: tuple[PartyId, ...], digest: bytes
    ) -> Mapping[PartyId, MaskedVector]:
        """Return the vectors that were masked among these very sharers."""
        return {
            party: message
            for party, message in self._heard.get(MaskedVector, {}).items()
            if isinstance(message, MaskedVector)
            and party in sharers
            and message.sharers_digest == digest
        }

    def agreements(self, senders: tuple[PartyId, ...]) -> Mapping[PartyId, Agreement]:
        """Return which lists the senders say they were shown."""
        heard = self._heard.get(Agreement, {})
        return {
            party: message
            for party, message in heard.items()
            if isinstance(message, Agreement) and party in senders
        }

    def unmaskings(
        self, senders: tuple[PartyId, ...], digest: bytes
    ) -> Mapping[PartyId, Unmasking]:
        """Return what the senders gave to take the masks off this very sum."""
        return {
            party: message
            for party, message in self._heard.get(Unmasking, {}).items()
            if isinstance(message, Unmasking)
            and party in senders
            and message.senders_digest == digest
        }

    def _fault(
        self, author: PartyId, message: FederationMessage, phase: Phase
    ) -> Refusal | None:
        if message.sum_name != self._name:
            return Refusal.ANOTHER_SUM
        known = self._heard.get(_kind(message), {}).get(author)
        if known is not None:
            same = known == message
            return Refusal.DUPLICATE if same else Refusal.CONTRADICTION
        if ORDER.index(phase) > ORDER.index(LAST_PHASE[_kind(message)]):
            return Refusal.LATE
        if isinstance(message, Roster) and author != self._aggregator:
            return Refusal.NOT_THE_AGGREGATOR
        well_formed = is_well_formed(message, length=self._length)
        return None if well_formed else Refusal.MALFORMED


def is_well_formed(message: FederationMessage, *, length: int) -> bool:
    """Tell whether a message has the sizes that every honest one has."""
    match message:
        case Announcement():
            return len(message.public_key) == KEY_BYTES
        case Roster(parties=parties):
            ascending = all(a < b for a, b in pairwise(parties))
            return 0 < len(parties) <= COHORT_MAX and ascending
        case SealedShares(shares=shares):
            return len(shares) <= COHORT_MAX and all(map(_is_share, shares))
        case MaskedVector(data=data):
            return len(data) == 8 * length
        case Agreement():
            return len(message.senders_digest) == DIGEST_BYTES
        case Unmasking():
            return _is_unmasking(message)
        case _:
            assert_never(message)


def _is_share(share: SealedShare) -> bool:
    return (
        len(share.sealed) == SEALED_BYTES
        and len(share.share_digest) == DIGEST_BYTES
        and len(share.seed_digest) == DIGEST_BYTES
    )


def _is_unmasking(message: Unmasking) -> bool:
    named = [party for party, _ in (*message.shares, *message.seeds)]
    return (
        len(named) <= COHORT_MAX
        and len(set(named)) == len(named)
        and all(len(share) == SHARE_BYTES for _, share in message.shares)
        and all(len(seed) == SEED_BYTES for _, seed in message.seeds)
    )


def _kind(message: FederationMessage) -> Kind:
    return message.step if isinstance(message, Roster) else type(message)
