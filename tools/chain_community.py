"""A community of homes on a chain: deploys it, signs for it, settles its days.

For tests and benchmarks: here one process holds the keys of all homes.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Final

from web3.contract import Contract
from web3.types import TxReceipt

import tools._engine  # noqa: F401  # the component without its glue

# isort: split
from custom_components.commonwatt.engine.ledger.certificates import GranularCertificate
from custom_components.commonwatt.engine.ledger.chain.consents import (
    Proposal,
    ballot_hash,
)
from custom_components.commonwatt.engine.ledger.chain.day import (
    FUND,
    GENESIS,
    NETWORK,
    ChainDay,
    chain_day,
)
from custom_components.commonwatt.engine.ledger.chain.scores import ScoreSheet
from custom_components.commonwatt.engine.ledger.chain.structs import Batch
from custom_components.commonwatt.engine.wire.eip712 import (
    domain_separator,
    typed_digest,
)
from custom_components.commonwatt.engine.wire.ethereum import (
    Address,
    address_from,
    address_of,
    checksummed,
    compact,
    sign_recoverable,
)
from custom_components.commonwatt.engine.wire.keys import HouseholdKey

from .anvil import Chain

DAY_S: Final = 86_400
WINDOW_S: Final = 6 * 3_600
LINE_NANO: Final = 500 * 10**9
BOND_WEI: Final = 10**16
SEATS: Final = 7
EPOCH_DAYS: Final = 30
WITHDRAWN_DAY_MAX: Final = 1_000 * 10**9
HEAD_FIELDS: Final = (
    "number",
    "standing",
    "day",
    "standingDay",
    "finalAt",
    "standingAt",
    "demands",
    "isVoid",
    "hasEscaped",
)
NO_BACKING: Final = "0x" + 40 * "0"

type Approval = tuple[bytes, bytes]


def household(name: str) -> HouseholdKey:
    """Return the key of a home, the same one at every run."""
    return HouseholdKey(sha256(b"home " + name.encode()).digest())


class ChainCommunity:
    """Homes, their keys and their contracts."""

    def __init__(
        self,
        chain: Chain,
        homes: int,
        *,
        backing: str = NO_BACKING,
        line_nano: int = LINE_NANO,
    ) -> None:
        """Deploy everything for so many homes."""
        self.chain: Final = chain
        keys = [household(str(number)) for number in range(homes)]
        self.keys: Final = {address_of(key.public): key for key in keys}
        self.homes: Final = tuple(self.keys)
        names = [checksummed(home) for home in self.homes]
        line = 0 if backing != NO_BACKING else line_nano
        self.community: Final = chain.deploy(
            "Community", sha256(b"charter").digest(), names, line, SEATS, EPOCH_DAYS
        )
        self.settlement: Final = chain.deploy(
            "Settlement",
            self.community.address,
            "CommonWatt Credit",
            "CWC",
            backing,
            WITHDRAWN_DAY_MAX,
            WINDOW_S,
            BOND_WEI,
        )
        self.credit: Final = chain.at(
            "Credit", self.settlement.functions.CREDIT().call()
        )
        self.certificates: Final = chain.deploy("Certificates", self.settlement.address)
        self.mandates: Final = chain.deploy("Mandates", self.community.address)
        self.reputation: Final = chain.deploy("Reputation", self.community.address)
        if backing == NO_BACKING:
            chain.send(self.settlement.functions.align())

    @property
    def today(self) -> int:
        """The UTC day of the newest block, counted from the epoch."""
        return self.chain.now // DAY_S

    # ----------------------------------------------------------------- signing

    def digest(self, contract: Contract, name: str, struct_hash: bytes) -> bytes:
        """Return what is signed for one of the contracts."""
        separator = domain_separator(
            name=f"CommonWatt {name}",
            chain_id=self.chain.chain_id,
            contract=address_from(contract.address),
        )
        return typed_digest(separator, struct_hash)

    def approvals(
        self, digest: bytes, *, silent: int = 0, keys: Iterable[HouseholdKey] = ()
    ) -> list[Approval]:
        """Let the committee sign, but for its last ``silent`` seats."""
        holders = {**self.keys, **{address_of(key.public): key for key in keys}}
        seats = [address_from(s) for s in self.community.functions.seats().call()]
        signing = len(seats) - silent
        return [
            compact(sign_recoverable(holders[seat], digest))
            if index < signing
            else (bytes(32), seat.rjust(32, b"\x00"))
            for index, seat in enumerate(seats)
        ]

    def sign(
        self, home: Address, contract: Contract, name: str, struct_hash: bytes
    ) -> bytes:
        """Let one home sign for one of the contracts."""
        return sign_recoverable(
            self.keys[home], self.digest(contract, name, struct_hash)
        )

    # ---------------------------------------------------------------- settling

    def day(
        self,
        nets_nano: Mapping[Address, int],
        released_nano: Mapping[Address, int] | None = None,
        *,
        records: Sequence[bytes] = (b"record",),
        certificates: Mapping[Address, Iterable[GranularCertificate]] | None = None,
        metered_wh: int = 0,
    ) -> ChainDay:
        """Return the next batch: for the day that ended last."""
        head = self.head()
        prev = GENESIS
        if head["standing"]:
            prev = self.settlement.functions.digestAt(head["standing"]).call()
        nets = dict.fromkeys((FUND, NETWORK, *self.homes), 0) | dict(nets_nano)
        return chain_day(
            number=head["number"] + 1,
            day=self.today - 1,
            prev=prev,
            nets_nano=nets,
            released_nano=released_nano or {a: max(n, 0) for a, n in nets.items()},
            records=records,
            certificates=certificates,
            metered_wh=metered_wh,
        )

    def head(self) -> dict[str, int]:
        """Return the state of the chain of batches by name."""
        values = self.settlement.functions.chainHead().call()
        return dict(zip(HEAD_FIELDS, values, strict=True))

    def submit(self, batch: Batch, *, silent: int | None = None) -> TxReceipt:
        """Have a batch signed, by a quorum if nothing else is said, and posted."""
        if silent is None:
            seats = len(self.community.functions.seats().call())
            silent = seats - self.community.functions.quorum().call()
        digest = self.digest(self.settlement, "Settlement", batch.struct_hash)
        approvals = self.approvals(digest, silent=silent)
        return self.chain.send(self.settlement.functions.submit(batch.abi, approvals))

    def anchor(self, sheet: ScoreSheet) -> TxReceipt:
        """Have scores signed by a quorum, and anchored."""
        functions = self.community.functions
        silent = len(functions.seats().call()) - functions.quorum().call()
        digest = self.digest(self.reputation, "Reputation", sheet.struct_hash)
        approvals = self.approvals(digest, silent=silent)
        scores = (sheet.day, sheet.root)
        return self.chain.send(self.reputation.functions.anchor(scores, approvals))

    def settle_root(self, balances: bytes) -> Batch:
        """Settle a day by the root of its balances, whatever lies below it."""
        batch = replace(self.day({}).batch, balances=balances)
        self.submit(batch)
        self.chain.travel(WINDOW_S)
        return batch

    def settle(self, day: ChainDay) -> None:
        """Post a day and wait until it stands."""
        self.submit(day.batch)
        self.chain.travel(WINDOW_S)

    def next_day(self) -> None:
        """Let time pass until a minute after midnight."""
        self.chain.travel_to((self.today + 1) * DAY_S + 60)

    def claim(self, day: ChainDay, first: int = 0, length: int = 0) -> TxReceipt:
        """Claim for consecutive accounts; for all if no length is given."""
        chosen = length or len(day.balances)
        leaves = [balance.abi for balance in day.balances[first : first + chosen]]
        place = day.balance_tree.place(first, chosen)
        return self.chain.send(
            self.settlement.functions.claim(day.batch.abi, leaves, place.abi)
        )

    def credit_of(self, home: Address) -> int:
        """Return the credit a home holds, in nano-currency."""
        held: int = self.credit.functions.balanceOf(checksummed(home)).call()
        return held

    # ------------------------------------------------------------------ voting

    def propose(self, proposal: Proposal, home: Address) -> None:
        """Let a home put a question."""
        signature = self.sign(home, self.community, "Community", proposal.struct_hash)
        self.chain.send(self.community.functions.propose(proposal.abi, signature))

    def vote(self, proposal: Proposal, home: Address, *, is_approved: bool) -> None:
        """Let a home vote."""
        ballot = ballot_hash(proposal.struct_hash, is_approved=is_approved)
        signature = self.sign(home, self.community, "Community", ballot)
        self.chain.send(
            self.community.functions.vote(proposal.struct_hash, is_approved, signature)
        )

    def decide(self, proposal: Proposal) -> None:
        """Let all homes agree, and have it done."""
        self.propose(proposal, self.homes[0])
        for home in self.homes:
            self.vote(proposal, home, is_approved=True)
        self.chain.send(self.community.functions.execute(proposal.abi))
