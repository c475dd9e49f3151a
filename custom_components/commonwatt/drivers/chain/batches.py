"""Days on the chain: drafted, signed, posted, and paid out.

Whoever has coins can post and claim for all: it matters to no contract who sends.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ...engine.ledger.chain.cover import covered
from ...engine.ledger.chain.day import (
    FUND,
    GENESIS,
    NETWORK,
    ChainDay,
    chain_day,
    released_after,
)
from ...engine.ledger.chain.day_book import ClosedDay
from ...engine.ledger.chain.structs import Batch
from ...engine.wire.eip712 import domain_separator, typed_digest
from ...engine.wire.ethereum import Address, compact, sign_recoverable
from ...engine.wire.keys import HouseholdKey
from .contracts import Contracts
from .deploying import NO_BACKING
from .marks import Marks
from .outbox_file import Job
from .values import At, ContractName, as_address, as_bytes, as_int, as_items

DAY_S: Final = 86_400
CLAIMS_MAX: Final = 100
"""Accounts one transaction pays."""

SIGNING_NAME: Final = "CommonWatt Settlement"
_SILENT: Final = bytes(32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The state of the chain of batches; instants in seconds since the epoch."""

    number: int
    standing: int
    day: int
    standing_day: int
    final_at: int
    standing_at: int
    demands: int
    is_void: bool
    has_escaped: bool

    @property
    def is_pending(self) -> bool:
        """Whether a batch can still be undone, and so no other be posted."""
        return self.number != self.standing and not self.is_void


class Batches:
    """The batches of one community."""

    def __init__(self, contracts: Contracts, key: HouseholdKey, marks: Marks) -> None:
        """Ask nothing yet; ``key`` signs for this home."""
        self._contracts: Final = contracts
        self._key: Final = key
        self._marks: Final = marks

    def head(self, at: At = At.LATEST) -> Head:
        """Return the state of the chain of batches, as of now."""
        (found,) = self._contracts.read(ContractName.SETTLEMENT, "chainHead", at=at)
        values = [as_int(value) for value in as_items(found)]
        return Head(
            number=values[0],
            standing=values[1],
            day=values[2],
            standing_day=values[3],
            final_at=values[4],
            standing_at=values[5],
            demands=values[6],
            is_void=bool(values[7]),
            has_escaped=bool(values[8]),
        )

    def seats(self) -> tuple[Address, ...]:
        """Return the keys of the committee in office, in the order of their seats."""
        (found,) = self._contracts.read(ContractName.COMMUNITY, "seats")
        return tuple(map(as_address, as_items(found)))

    def quorum(self) -> int:
        """Return how many seats have to sign."""
        return as_int(*self._contracts.read(ContractName.COMMUNITY, "quorum"))

    @property
    def settlement(self) -> Address:
        """The contract that takes the batches."""
        return self._contracts.deployment.settlement

    def standing(self, head: Head) -> ChainDay | None:
        """Return the batch that stands; None if there is none, or we never saw it."""
        return self._marks.day(self._digest_at(head.standing))

    # -- one day -----------------------------------------------------------------------

    def draft(self, closed: ClosedDay, *, reserve_nano: int = 0) -> ChainDay | None:
        """Return the next batch, from what the community posted until a day's end.

        None while there is nothing to post: the batch before is pending or unknown to
        us, the day is posted or not over, or more was released than can be covered.
        """
        head = self.head()
        if head.is_pending or head.has_escaped or closed.day <= head.standing_day:
            return None
        if (closed.day + 1) * DAY_S > self._contracts.client.block().timestamp_s:
            return None
        prev = self._digest_at(head.standing)
        before = self._marks.released(prev)
        if before is None:
            return None
        accounts = {FUND, NETWORK, *self.members(), *closed.nets_nano}
        nets = dict.fromkeys(accounts, 0) | dict(closed.nets_nano)
        stated = self._covered(nets, before)
        if stated is None:
            return None
        return chain_day(
            number=head.number + 1,
            day=closed.day,
            prev=prev,
            nets_nano=stated,
            released_nano=released_after(before, stated, reserve_nano=reserve_nano),
            records=closed.records,
            certificates=closed.certificates,
            metered_wh=closed.metered_wh,
        )

    def digest(self, batch: Batch) -> bytes:
        """Return what the committee signs."""
        separator = domain_separator(
            name=SIGNING_NAME,
            chain_id=self._contracts.deployment.chain_id,
            contract=self._contracts.deployment.settlement,
        )
        return typed_digest(separator, batch.struct_hash)

    def approve(self, day: ChainDay) -> bytes:
        """Sign a batch this home has computed itself; 65 bytes."""
        self._marks.keep(day)
        return sign_recoverable(self._key, self.digest(day.batch))

    def submit(self, day: ChainDay, approvals: Mapping[Address, bytes]) -> Job:
        """Post a batch that enough of the committee has signed.

        Raises ChainError REFUSED, before anything is sent, if a contract finds fault.
        """
        self._marks.keep(day)
        signed = [
            compact(approvals[seat])
            if seat in approvals
            else (_SILENT, seat.rjust(32, b"\x00"))
            for seat in self.seats()
        ]
        return self._contracts.send(
            f"batch:{day.batch.number}",
            ContractName.SETTLEMENT,
            "submit",
            day.batch.abi,
            signed,
        )

    def claim_all(self, day: ChainDay) -> tuple[Job, ...]:
        """Pay everybody what a batch that stands releases, each to its own key."""
        tree, count = day.balance_tree, len(day.balances)
        jobs = []
        for first in range(0, count, CLAIMS_MAX):
            length = min(CLAIMS_MAX, count - first)
            leaves = [leaf.abi for leaf in day.balances[first : first + length]]
            jobs.append(
                self._contracts.send(
                    f"claim:{day.batch.number}:{first}",
                    ContractName.SETTLEMENT,
                    "claim",
                    day.batch.abi,
                    leaves,
                    tree.place(first, length).abi,
                )
            )
        return tuple(jobs)

    def is_due(self, day: ChainDay) -> bool:
        """Tell whether a batch releases anything that was not claimed yet."""
        return any(
            leaf.released_nano > self.ledger(leaf.account)[1]
            for leaf in day.balances
            if leaf.released_nano and leaf.account not in {FUND, NETWORK}
        )

    def learn(self, day: ChainDay, *, settlement: bytes) -> bool:
        """Take a batch that another member told, if it is the one on the chain.

        Who was away goes on from there; it is never signed for that.
        """
        if settlement != self.settlement:
            return False
        if self._digest_at(day.batch.number) != day.batch.struct_hash:
            return False
        self._marks.keep(day)
        return True

    def keep_house(self, head: Head) -> tuple[Job, ...]:
        """Queue what anybody may do for the community once it is due.

        The pool grows with the credit lines.  A new committee is drawn when the old one
        has served, but not before it has signed for yesterday.
        """
        read, jobs = self._contracts.read, []
        lines = as_int(*read(ContractName.COMMUNITY, "linesTotal"))
        is_backed = as_address(*read(ContractName.CREDIT, "BACKING")) != NO_BACKING
        issued = as_int(*read(ContractName.SETTLEMENT, "linesIssued"))
        if issued < lines and not is_backed:
            name = f"align:{lines}"
            jobs.append(self._contracts.send(name, ContractName.SETTLEMENT, "align"))
        today = self._contracts.client.block().timestamp_s // DAY_S
        drawn_on = as_int(*read(ContractName.COMMUNITY, "drawnOn"))
        days = as_int(*read(ContractName.COMMUNITY, "EPOCH_DAYS"))
        if today >= drawn_on + days and head.standing_day == today - 1:
            epoch = as_int(*read(ContractName.COMMUNITY, "epoch"))
            name = f"draw:{epoch + 1}"
            jobs.append(self._contracts.send(name, ContractName.COMMUNITY, "draw"))
        return tuple(jobs)

    def challenge(self, day: ChainDay) -> Job:
        """Undo a pending batch that no honest committee would have signed."""
        leaves = [leaf.abi for leaf in day.balances]
        place = day.balance_tree.place(0, len(leaves))
        return self._contracts.send(
            f"challenge:{day.batch.number}",
            ContractName.SETTLEMENT,
            "challenge",
            day.batch.abi,
            leaves,
            place.abi,
        )

    def stands(self, day: ChainDay, at: At = At.FINALIZED) -> bool:
        """Tell whether a batch stands or has stood, as far as nobody can take back."""
        (answer,) = self._contracts.read(
            ContractName.SETTLEMENT, "hasStood", day.batch.abi, at=at
        )
        return bool(answer)

    def holds(self, day: ChainDay, account: Address) -> bool:
        """Have the contract check the leaf of an account in a batch that stands."""
        index = day.index_of(account)
        (answer,) = self._contracts.read(
            ContractName.SETTLEMENT,
            "holds",
            day.batch.abi,
            [day.balances[index].abi],
            day.balance_tree.place(index).abi,
        )
        return bool(answer)

    # -- what it rests on --------------------------------------------------------------

    def members(self) -> tuple[Address, ...]:
        """Return the accounts of all members."""
        (found,) = self._contracts.read(ContractName.COMMUNITY, "members")
        return tuple(map(as_address, as_items(found)))

    def ledger(self, account: Address) -> tuple[int, int]:
        """Return what an account paid in and what it claimed, in nano-currency."""
        deposited, claimed = self._contracts.read(
            ContractName.SETTLEMENT, "ledgers", account
        )
        return as_int(deposited), as_int(claimed)

    def _covered(
        self, nets: Mapping[Address, int], before: Mapping[Address, int]
    ) -> Mapping[Address, int] | None:
        """Return what can be stated: nobody below its floor, or None.

        A floor is never above what was released: who has earned that is not asked for.
        """
        doubtful = [a for a, net in nets.items() if net < before.get(a, 0)]
        if all(nets[a] >= self._floor_nano(a, before) for a in doubtful):
            return nets
        return covered(nets, {a: self._floor_nano(a, before) for a in nets})

    def _floor_nano(self, account: Address, before: Mapping[Address, int]) -> int:
        """Return how far an account may stand below zero.

        What was released to it less its credit line and what it paid in; where credit
        is backed there are no lines.
        """
        deposited, _ = self.ledger(account)
        line = as_int(*self._contracts.read(ContractName.COMMUNITY, "lineOf", account))
        return before.get(account, 0) - line - deposited

    def _digest_at(self, number: int) -> bytes:
        """Return the struct hash of the batch that stands."""
        if not number:
            return GENESIS
        return as_bytes(
            *self._contracts.read(ContractName.SETTLEMENT, "digestAt", number)
        )
