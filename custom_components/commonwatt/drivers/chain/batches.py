"""Days on the chain: drafted, signed, posted, and paid out.

Whoever has coins can post and claim for all: it matters to no contract who sends.
"""

from collections.abc import Mapping, Sequence, Set as AbstractSet
from typing import Final

from ...engine.ledger.chain.cover import covered
from ...engine.ledger.chain.day import (
    FUND,
    GENESIS,
    NETWORK,
    ChainDay,
    chain_day,
    placed,
    released_after,
)
from ...engine.ledger.chain.day_book import ClosedDay
from ...engine.ledger.chain.structs import Batch
from ...engine.wire.eip712 import domain_separator, typed_digest
from ...engine.wire.ethereum import Address, compact, sign_recoverable
from ...engine.wire.keys import HouseholdKey
from .batch_state import (
    HEAD,
    MEMBERS,
    QUORUM,
    SEATS,
    Committee,
    Head,
    addresses_of,
    digest_of,
    head_of,
    ledger_of,
)
from .contracts import Contracts
from .deploying import NO_BACKING
from .marks import Marks
from .outbox_file import Job
from .values import (
    At,
    ContractName,
    Question,
    as_address,
    as_bytes,
    as_int,
)

DAY_S: Final = 86_400
CLAIMS_MAX: Final = 100
"""Accounts one transaction pays."""

SIGNING_NAME: Final = "CommonWatt Settlement"
_SILENT: Final = bytes(32)


class Batches:
    """The batches of one community."""

    def __init__(self, contracts: Contracts, key: HouseholdKey, marks: Marks) -> None:
        """Ask nothing yet; ``key`` signs for this home."""
        self._contracts: Final = contracts
        self._key: Final = key
        self._marks: Final = marks

    def head(self, at: At = At.LATEST) -> Head:
        """Return the state of the chain of batches, as of now."""
        (found,) = self._contracts.read_all(HEAD, at=at)
        return head_of(found)

    def look(self) -> tuple[Head, tuple[Address, ...]]:
        """Return the state of the batches, and the accounts of all members."""
        found, members = self._contracts.read_all(HEAD, MEMBERS)
        return head_of(found), addresses_of(members)

    def committee(self) -> Committee:
        """Return the committee in office."""
        seats, quorum = self._contracts.read_all(SEATS, QUORUM)
        return Committee(seats=addresses_of(seats), quorum=as_int(*quorum))

    def seats(self) -> tuple[Address, ...]:
        """Return the keys of the committee in office, in the order of their seats."""
        return self.committee().seats

    def quorum(self) -> int:
        """Return how many seats have to sign."""
        return self.committee().quorum

    @property
    def settlement(self) -> Address:
        """The contract that takes the batches."""
        return self._contracts.deployment.settlement

    def standing(self, head: Head) -> ChainDay | None:
        """Return the batch that stands; None if there is none, or we never saw it."""
        return self._marks.day(self._digest_at(head.standing))

    def name_of(self, head: Head) -> bytes:
        """Return the struct hash of the batch that stands; zeros if there is none."""
        return self._digest_at(head.standing)

    def known(self, batch: bytes) -> ChainDay | None:
        """Return a batch by its struct hash, if we drafted, signed or learned of it."""
        return self._marks.day(batch)

    # -- one day -----------------------------------------------------------------------

    def draft(self, closed: ClosedDay, *, reserve_nano: int = 0) -> ChainDay | None:
        """Return the next batch, from what the community posted until a day's end.

        None while there is nothing to post: the batch before is pending or unknown to
        us, the day is posted or not over, or more was released than can be covered.
        """
        head, members = self.look()
        if head.is_pending or head.has_escaped or closed.day <= head.standing_day:
            return None
        if (closed.day + 1) * DAY_S > self._contracts.client.block().timestamp_s:
            return None
        prev = self._digest_at(head.standing)
        before = self._marks.released(prev)
        if before is None:
            return None
        known = {FUND, NETWORK, *members}
        known |= self._accounts(closed.nets_nano.keys() - known)
        stated = self._covered(placed(closed.nets_nano, known), before)
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
        return self._contracts.send(
            f"batch:{day.batch.number}",
            ContractName.SETTLEMENT,
            "submit",
            day.batch.abi,
            self.in_seat_order(approvals),
        )

    def in_seat_order(
        self, approvals: Mapping[Address, bytes]
    ) -> tuple[tuple[bytes, bytes], ...]:
        """Return signatures as contracts take those of a committee, seat by seat."""
        return tuple(
            compact(approvals[seat])
            if seat in approvals
            else (_SILENT, seat.rjust(32, b"\x00"))
            for seat in self.seats()
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
        released = {
            leaf.account: leaf.released_nano
            for leaf in day.balances
            if leaf.released_nano and leaf.account not in {FUND, NETWORK}
        }
        ledgers = self._contracts.read_all(*map(ledger_of, released))
        return any(
            amount > as_int(claimed)
            for amount, (_, claimed) in zip(released.values(), ledgers, strict=True)
        )

    def learn(self, days: Sequence[ChainDay]) -> int:
        """Take the batches that other members told, if they are those on the chain.

        Who was away goes on from there; they are never signed for that.  Returns how
        many there were to learn from.
        """
        new = [day for day in days if self._marks.day(day.batch.struct_hash) is None]
        found = self._contracts.read_all(*(digest_of(one.batch.number) for one in new))
        learned = [
            day
            for day, digest in zip(new, found, strict=True)
            if as_bytes(*digest) == day.batch.struct_hash and day.is_proved
        ]
        for day in learned:
            self._marks.keep(day)
        return len(learned)

    def keep_house(self, head: Head) -> tuple[Job, ...]:
        """Queue what anybody may do for the community once it is due.

        The pool grows with the credit lines.  A new committee is drawn when the old one
        has served, but not before it has signed for yesterday.
        """
        (backing,), *numbers = self._contracts.read_all(
            Question(ContractName.CREDIT, "BACKING"),
            Question(ContractName.COMMUNITY, "linesTotal"),
            Question(ContractName.SETTLEMENT, "linesIssued"),
            Question(ContractName.COMMUNITY, "drawnOn"),
            Question(ContractName.COMMUNITY, "EPOCH_DAYS"),
            Question(ContractName.COMMUNITY, "epoch"),
        )
        lines, issued, drawn_on, days, epoch = (as_int(*one) for one in numbers)
        jobs = []
        if issued < lines and as_address(backing) == NO_BACKING:
            name = f"align:{lines}"
            jobs.append(self._contracts.send(name, ContractName.SETTLEMENT, "align"))
        today = self._contracts.client.block().timestamp_s // DAY_S
        if today >= drawn_on + days and head.standing_day == today - 1:
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
        (found,) = self._contracts.read_all(MEMBERS)
        return addresses_of(found)

    def _accounts(self, others: AbstractSet[Address]) -> AbstractSet[Address]:
        """Return which of these are accounts though no members: they were."""
        asked = sorted(others)
        found = self._contracts.read_all(
            *(Question(ContractName.COMMUNITY, "isAccount", (one,)) for one in asked)
        )
        return {at for at, known in zip(asked, found, strict=True) if as_int(*known)}

    def ledger(self, account: Address) -> tuple[int, int]:
        """Return what an account paid in and what it claimed, in nano-currency."""
        ((deposited, claimed),) = self._contracts.read_all(ledger_of(account))
        return as_int(deposited), as_int(claimed)

    def _covered(
        self, nets: Mapping[Address, int], before: Mapping[Address, int]
    ) -> Mapping[Address, int] | None:
        """Return what can be stated: nobody below its floor, or None.

        A floor is never above what was released: who has earned that is not asked for.
        """
        doubtful = [a for a, net in nets.items() if net < before.get(a, 0)]
        floors = self._floors_nano(doubtful, before)
        if all(nets[account] >= floor for account, floor in floors.items()):
            return nets
        return covered(nets, self._floors_nano(list(nets), before))

    def _floors_nano(
        self, accounts: Sequence[Address], before: Mapping[Address, int]
    ) -> Mapping[Address, int]:
        """Return how far each account may stand below zero.

        What was released to it less its credit line and what it paid in; where credit
        is backed there are no lines.
        """
        lines = (
            Question(ContractName.COMMUNITY, "lineOf", (account,))
            for account in accounts
        )
        answers = self._contracts.read_all(*map(ledger_of, accounts), *lines)
        deposited, granted = answers[: len(accounts)], answers[len(accounts) :]
        return {
            account: before.get(account, 0) - as_int(*line) - as_int(ledger[0])
            for account, ledger, line in zip(accounts, deposited, granted, strict=True)
        }

    def _digest_at(self, number: int) -> bytes:
        """Return the struct hash of the batch that stands."""
        if not number:
            return GENESIS
        (found,) = self._contracts.read_all(digest_of(number))
        return as_bytes(*found)
