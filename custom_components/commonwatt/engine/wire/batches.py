"""Bodies of batch drafts, approvals and errands.

Clauses: section 4 of ``docs/reference/wire-format.md``.
"""

from collections.abc import Callable, Mapping
from typing import Final, assert_never

from ..model.batch import (
    ACCOUNT_BYTES,
    APPROVAL_BYTES,
    WORD_BYTES,
    BatchApproval,
    BatchDraft,
    BatchLeaf,
    BatchMessage,
)
from ..model.errand import (
    AMOUNT_MAX,
    DEADLINE_S_MAX,
    NONCE_MAX,
    SIGNATURE_BYTES,
    Errand,
    ErrandKind,
    SignedErrand,
)
from ..model.party import PartyId
from .canonical import INTEGER_MAX, Value
from .fields import (
    any_integer,
    array,
    array_of,
    byte_string,
    integer,
    text,
)

NUMBER_MAX: Final = (1 << 32) - 1


def batch_value(message: BatchMessage) -> Value:
    """Return the body of ``message``."""
    match message:
        case BatchDraft():
            return (
                message.settlement,
                message.number,
                message.day,
                message.prev,
                message.certificates,
                message.journal,
                message.metered_wh,
                tuple(_leaf_value(leaf) for leaf in message.leaves),
                message.accounts,
                message.records,
                message.siblings,
            )
        case BatchApproval():
            return (message.digest, message.signature)
        case SignedErrand(errand=errand):
            return (*_errand_value(errand), message.signature)
        case _:
            assert_never(message)


def _leaf_value(leaf: BatchLeaf) -> Value:
    return (leaf.account, leaf.net_nano, leaf.released_nano, leaf.salt)


def _errand_value(errand: Errand) -> tuple[Value, ...]:
    return (
        int(errand.kind),
        errand.owner,
        errand.to,
        errand.amount,
        errand.certificate,
        errand.purpose,
        errand.nonce,
        errand.deadline_s,
    )


def read_draft(value: Value) -> BatchDraft:
    """Return the draft that a body holds; ValueError if it is none."""
    settlement, number, day, prev, certificates, *rest = array_of(value, 11)
    journal, metered_wh, leaves, accounts, records, siblings = rest
    return BatchDraft(
        settlement=byte_string(settlement, ACCOUNT_BYTES),
        number=integer(number, least=1, most=NUMBER_MAX),
        day=integer(day, least=0, most=NUMBER_MAX),
        prev=byte_string(prev, WORD_BYTES),
        certificates=byte_string(certificates, WORD_BYTES),
        journal=byte_string(journal, WORD_BYTES),
        metered_wh=integer(metered_wh, least=0, most=INTEGER_MAX),
        leaves=tuple(_leaf(leaf) for leaf in array(leaves)),
        accounts=byte_string(accounts),
        records=integer(records, least=1, most=NUMBER_MAX),
        siblings=tuple(byte_string(one, WORD_BYTES) for one in array(siblings)),
    )


def _draft(value: Value, _author: PartyId) -> BatchDraft:
    return read_draft(value)


def _leaf(value: Value) -> BatchLeaf:
    account, net, released, salt = array_of(value, 4)
    return BatchLeaf(
        account=byte_string(account, ACCOUNT_BYTES),
        net_nano=any_integer(net),
        released_nano=integer(released, least=0, most=INTEGER_MAX),
        salt=byte_string(salt, WORD_BYTES),
    )


def _approval(value: Value, _author: PartyId) -> BatchApproval:
    digest, signature = array_of(value, 2)
    return BatchApproval(
        digest=byte_string(digest, WORD_BYTES),
        signature=byte_string(signature, APPROVAL_BYTES),
    )


def read_errand(value: Value) -> SignedErrand:
    """Return the signed errand that a body holds; ValueError if it is none."""
    kind, owner, to, amount, certificate, purpose, nonce, deadline, signature = (
        array_of(value, 9)
    )
    errand = Errand(
        kind=ErrandKind(integer(kind, least=0, most=max(ErrandKind))),
        owner=byte_string(owner, ACCOUNT_BYTES),
        to=byte_string(to, ACCOUNT_BYTES),
        amount=integer(amount, least=1, most=AMOUNT_MAX),
        certificate=byte_string(certificate, WORD_BYTES),
        purpose=text(purpose),
        nonce=integer(nonce, least=0, most=NONCE_MAX),
        deadline_s=integer(deadline, least=1, most=DEADLINE_S_MAX),
    )
    return SignedErrand(
        errand=errand, signature=byte_string(signature, SIGNATURE_BYTES)
    )


def _errand(value: Value, _author: PartyId) -> SignedErrand:
    return read_errand(value)


BATCH_PARSERS: Final[
    Mapping[type[BatchMessage], Callable[[Value, PartyId], BatchMessage]]
] = {BatchDraft: _draft, BatchApproval: _approval, SignedErrand: _errand}
