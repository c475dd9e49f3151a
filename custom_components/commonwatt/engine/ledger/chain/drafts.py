"""Batches as members send them to each other, and back."""

from ...model.batch import BatchDraft, BatchLeaf
from ...wire.ethereum import Address
from ..merkle import InclusionProof
from .day import ChainDay
from .structs import Balance, Batch
from .sum_tree import SumTree


def draft_of(day: ChainDay, settlement: Address) -> BatchDraft:
    """Return what to tell the others of a batch; its certificates stay at home."""
    batch = day.batch
    return BatchDraft(
        settlement=settlement,
        number=batch.number,
        day=batch.day,
        prev=batch.prev,
        certificates=batch.certificates,
        journal=batch.journal,
        metered_wh=batch.metered_wh,
        leaves=tuple(
            BatchLeaf(
                account=leaf.account,
                net_nano=leaf.net_nano,
                released_nano=leaf.released_nano,
                salt=leaf.salt,
            )
            for leaf in day.balances
        ),
        accounts=day.accounts,
        records=day.proof.count,
        siblings=day.proof.siblings,
    )


def day_of_draft(draft: BatchDraft) -> ChainDay:
    """Return the batch that a member drafted, with all its balances to prove.

    Whether it is right is for the reader to check: against its own books, or against
    the digest that stands on the chain, and by the proof of its accounts.
    """
    balances = tuple(
        Balance(
            account=Address(leaf.account),
            net_nano=leaf.net_nano,
            released_nano=leaf.released_nano,
            salt=leaf.salt,
        )
        for leaf in draft.leaves
    )
    batch = Batch(
        number=draft.number,
        day=draft.day,
        prev=draft.prev,
        balances=SumTree([leaf.node for leaf in balances]).root,
        certificates=draft.certificates,
        journal=draft.journal,
        metered_wh=draft.metered_wh,
    )
    return ChainDay(
        batch=batch,
        balances=balances,
        origins=(),
        accounts=draft.accounts,
        proof=InclusionProof(index=0, count=draft.records, siblings=draft.siblings),
    )
