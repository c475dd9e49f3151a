"""What members tell each other for the chain: batches drafted and signed, errands.

Knows neither the chain nor the household key: whoever drives the chain computes a
batch, has it signed, and takes from here what the others have signed.
"""

from collections import OrderedDict
from collections.abc import Mapping
from typing import Final, assert_never

from ..model.batch import BatchApproval, BatchDraft, BatchMessage
from ..model.errand import NOBODY, SignedErrand
from ..model.party import PartyId
from ..model.period import DAY_MS, PERIODS_PER_HOUR, DeliveryPeriod, Instant, after
from ..peer import Fault, Misdeed
from ..wire.envelope import Envelope
from ..wire.ethereum import Address, address_of, recover_address
from .config import NodeConfig
from .door import Door
from .outbox import Outbox
from .posted import Posted
from .settling import Settling

APPROVALS_MAX: Final = 4
"""Approvals of one member that are kept: of the last batches, undone or not."""

ERRANDS_MAX: Final = 8
"""Errands of one member that are kept."""

SAID_MAX: Final = 4 + ERRANDS_MAX
"""Drafts, approvals and errands of our own that are said again."""

REPEATED_MS: Final = DAY_MS
"""How long a draft and an approval are said again for those who were away."""


class Batches:
    """Drafts, approvals and errands of all members, as this home heard them."""

    def __init__(
        self, config: NodeConfig, outbox: Outbox, door: Door, settling: Settling
    ) -> None:
        """Begin with nothing heard."""
        self.posted: Final = Posted(config, settling)
        """What this home has to draft from."""

        self._config: Final = config
        self._outbox: Final = outbox
        self._door: Final = door
        self._drafts: Final[dict[PartyId, BatchDraft]] = {}
        self._approvals: Final[dict[PartyId, OrderedDict[bytes, bytes]]] = {}
        self._errands: Final[dict[PartyId, OrderedDict[SignedErrand, None]]] = {}
        self._said: Final[OrderedDict[BatchMessage, Instant]] = OrderedDict()

    # -- commands ----------------------------------------------------------------------

    def tell(self, message: BatchMessage, now: Instant) -> None:
        """Tell all members of a draft, our approval, our errand: once, then hourly."""
        if self._outbox.is_waking or message in self._said:
            return
        self._said[message] = now
        while len(self._said) > SAID_MAX:
            self._said.popitem(last=False)
        self._take(self._config.party, message)
        self._outbox.say(message, now)

    # -- what is known -----------------------------------------------------------------

    @property
    def drafts(self) -> Mapping[PartyId, BatchDraft]:
        """The last draft of each member that told one."""
        return dict(self._drafts)

    def approvals(self, digest: bytes) -> Mapping[Address, bytes]:
        """Return who signed a batch: 65 bytes by the account of the household key."""
        members = self._config.statutes.latest.members
        keys = {member.party: member.household_key for member in members}
        return {
            address_of(keys[party]): kept[digest]
            for party, kept in self._approvals.items()
            if party in keys and digest in kept
        }

    @property
    def errands(self) -> tuple[SignedErrand, ...]:
        """What members want done by whoever has coins, the oldest first."""
        return tuple(one for kept in self._errands.values() for one in kept)

    @property
    def signatures(self) -> Mapping[bytes, Mapping[Address, bytes]]:
        """Return all signatures that are kept, by digest and account."""
        digests = {digest for kept in self._approvals.values() for digest in kept}
        return {digest: self.approvals(digest) for digest in sorted(digests)}

    # -- what others say ---------------------------------------------------------------

    def take(self, envelope: Envelope, message: BatchMessage, now: Instant) -> None:
        """Take the word of a member; a signature that is not its own is its fault."""
        party = envelope.author
        member = self._config.statutes.latest.member(party)
        if member is None:
            return
        if isinstance(message, BatchApproval) and self._is_known(party, message):
            return
        if _author_of(message) not in {None, address_of(member.household_key)}:
            misdeed = Misdeed(
                party=party, fault=Fault.OUT_OF_BOUNDS, evidence=(envelope.data,)
            )
            self._door.blame(misdeed, now)
            return
        self._take(party, message)

    def repeat(self, now: Instant) -> None:
        """Say once an hour what is still of use, for those who were away."""
        if DeliveryPeriod.containing(now).number % PERIODS_PER_HOUR:
            return
        for message, said_at in self._said.items():
            if now < after(said_at, REPEATED_MS):
                self._outbox.say(message, now)

    def _take(self, party: PartyId, message: BatchMessage) -> None:
        match message:
            case BatchDraft():
                self._drafts[party] = message
            case BatchApproval():
                signed = self._approvals.setdefault(party, OrderedDict())
                signed[message.digest] = message.signature
                while len(signed) > APPROVALS_MAX:
                    signed.popitem(last=False)
            case SignedErrand():
                wished = self._errands.setdefault(party, OrderedDict())
                wished[message] = None
                while len(wished) > ERRANDS_MAX:
                    wished.popitem(last=False)
            case _:
                assert_never(message)

    def _is_known(self, party: PartyId, approval: BatchApproval) -> bool:
        return approval.digest in self._approvals.get(party, {})


def _author_of(message: BatchMessage) -> bytes | None:
    """Return whose word a message is: an account; none for a draft, nobody's if forged.

    Whether an errand is well signed is for whoever would send it to find out.
    """
    match message:
        case BatchDraft():
            return None
        case BatchApproval():
            return recover_address(message.digest, message.signature) or NOBODY
        case SignedErrand():
            return message.errand.owner
        case _:
            assert_never(message)
