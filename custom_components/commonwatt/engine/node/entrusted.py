"""What a member outside the committee was shown about the settlement of one period.

Believes a part as soon as more members of the committee attest its root than may lie:
one of them is honest.
"""

from dataclasses import dataclass, field
from typing import Final

from ..ledger.settlement import Settlement
from ..model.extract import Attestation, SettlementExtract
from ..model.party import BillingBasis, PartyId
from ..peer import Electorate
from ..wire.envelope import Envelope
from .disclosure import root_shown
from .settlement_extracts import read_settlement_part

EXTRACTS_EACH_MAX: Final = 2
"""Parts kept of each member of the committee, its latest: nobody crowds others out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Attested:
    known: int
    root: bytes
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    sequence: int
    root: bytes
    part: Settlement
    data: bytes


@dataclass(slots=True, kw_only=True)
class Entrusted:
    """Attestations and parts of one period, and what is proved by them."""

    part: Settlement | None = None
    proof: tuple[bytes, ...] = ()
    """The envelopes ``part`` rests on."""

    root: bytes | None = None
    """What ``part`` is under."""

    _known: int = -1
    _liars_max: int = 0
    _attested: dict[PartyId, _Attested] = field(default_factory=dict)
    _shown: dict[PartyId, tuple[_Shown, ...]] = field(default_factory=dict)
    """What each member of the committee showed of late, by sequence."""

    @property
    def attestations(self) -> tuple[bytes, ...]:
        """The latest word of each member of the committee, ascending by party."""
        return tuple(self._attested[party].data for party in sorted(self._attested))

    def has(self, message: Attestation, author: PartyId) -> bool:
        """Tell whether a member of the committee has said just this, at the latest."""
        said = self._attested.get(author)
        return said is not None and (said.known, said.root) == (
            message.known,
            message.root,
        )

    def attest(
        self, envelope: Envelope, message: Attestation, committee: Electorate
    ) -> bool:
        """Keep what a member of the committee attests; tell whether it is news."""
        self._liars_max = committee.liars_max
        known = self._attested.get(envelope.author)
        if known is not None and known.known >= message.known:
            return False
        self._attested[envelope.author] = _Attested(
            known=message.known, root=message.root, data=envelope.data
        )
        return True

    def show(
        self,
        envelope: Envelope,
        message: SettlementExtract,
        *,
        me: PartyId,
        basis: BillingBasis,
    ) -> bool:
        """Keep our part, as a member of the committee shows it; tell whether it is one.

        What is shown to others may come to us as well, and says nothing of its author.
        """
        root, author = root_shown(message.proved), envelope.author
        try:
            part = read_settlement_part(
                message.proved.record, me=me, period=message.period, basis=basis
            )
        except ValueError:
            return False
        if root is None:
            return False
        shown = _Shown(
            sequence=envelope.sequence, root=root, part=part, data=envelope.data
        )
        others = (one for one in self._shown.get(author, ()) if one.root != root)
        latest = sorted((*others, shown), key=lambda one: one.sequence)
        self._shown[author] = tuple(latest[-EXTRACTS_EACH_MAX:])
        return True

    def weigh(self) -> bool:
        """Believe the part that rests on most readings; tell whether that is new."""
        for shown in (one for each in self._shown.values() for one in each):
            words = self._words_for(shown.root)
            if len(words) <= self._liars_max or words[0].known <= self._known:
                continue
            self.part, self.root, self._known = shown.part, shown.root, words[0].known
            self.proof = (*(word.data for word in words), shown.data)
            return True
        return False

    def _words_for(self, root: bytes) -> list[_Attested]:
        """Return the attestations of a root that agree on what it rests on."""
        words = [one for one in self._attested.values() if one.root == root]
        most = max((one.known for one in words), default=-1)
        return [one for one in words if one.known == most]
