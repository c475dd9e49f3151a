"""Members tell each other of batches and sign them for the chain."""

from dataclasses import replace

from custom_components.commonwatt.engine.ledger.chain.day import ChainDay, chain_day
from custom_components.commonwatt.engine.ledger.chain.drafts import (
    day_of_draft,
    draft_of,
)
from custom_components.commonwatt.engine.model.batch import BatchApproval, BatchDraft
from custom_components.commonwatt.engine.model.errand import (
    Errand,
    ErrandKind,
    SignedErrand,
)
from custom_components.commonwatt.engine.model.period import HOUR_MS, MINUTE_MS, after
from custom_components.commonwatt.engine.node.batches import APPROVALS_MAX, ERRANDS_MAX
from custom_components.commonwatt.engine.peer import Fault
from custom_components.commonwatt.engine.wire.ethereum import (
    Address,
    address_of,
    sign_recoverable,
)
from tests.engine.node.street import ANN, BEN, START, Street

SETTLEMENT = Address(b"settlement".ljust(20, b"."))
DIGEST = b"digest of the first batch".ljust(32, b".")


def begun() -> Street:
    street = Street(ANN, BEN)
    street.run(after(START, MINUTE_MS))
    return street


def signed(street: Street, name: str, digest: bytes = DIGEST) -> BatchApproval:
    """Return a home's signature under a batch."""
    key = street.keys[name]
    return BatchApproval(digest=digest, signature=sign_recoverable(key, digest))


def drafted(street: Street) -> ChainDay:
    """Return a batch in which Ann has earned what Ben owes."""
    ann, ben = (address_of(street.keys[name].public) for name in ("Ann", "Ben"))
    return chain_day(
        number=1,
        day=20_000,
        prev=bytes(32),
        nets_nano={ann: 5, ben: -5},
        released_nano={ann: 5, ben: 0},
        records=(b"record",),
        metered_wh=7,
    )


def test_a_signature_reaches_everybody_by_the_account_of_the_home() -> None:
    street = begun()
    approval = signed(street, "Ann")

    street.nodes["Ann"].batches.tell(approval, street.now)
    street.run(after(street.now, MINUTE_MS))

    ann = address_of(street.keys["Ann"].public)
    for name in ("Ann", "Ben"):
        known = street.nodes[name].batches.approvals(DIGEST)
        assert known == {ann: approval.signature}
        assert street.nodes[name].batches.approvals(b"other".ljust(32)) == {}


def test_a_draft_reaches_everybody_leaf_by_leaf() -> None:
    street = begun()
    day = drafted(street)

    street.nodes["Ann"].batches.tell(draft_of(day, SETTLEMENT), street.now)
    street.run(after(street.now, MINUTE_MS))

    (draft,) = street.nodes["Ben"].batches.drafts.values()
    assert draft.settlement == SETTLEMENT
    assert day_of_draft(draft) == day


def test_the_signature_of_another_home_is_a_fault() -> None:
    street = begun()
    stolen = signed(street, "Ben")

    street.nodes["Ann"].batches.tell(stolen, street.now)
    street.run(after(street.now, MINUTE_MS))

    assert street.nodes["Ben"].batches.approvals(DIGEST) == {}
    ann = street.nodes["Ann"].party
    assert street.status("Ben").faults[ann, Fault.OUT_OF_BOUNDS] == 1


def test_a_signature_with_the_wrong_parity_is_a_fault() -> None:
    """The contract would take it for a stranger's and refuse all others with it."""
    street = begun()
    approval = signed(street, "Ann")
    flipped = approval.signature[:64] + bytes([27 + 28 - approval.signature[64]])

    street.nodes["Ann"].batches.tell(replace(approval, signature=flipped), street.now)
    street.run(after(street.now, MINUTE_MS))

    assert street.nodes["Ben"].batches.approvals(DIGEST) == {}


def test_only_the_last_signatures_of_a_member_are_kept() -> None:
    street = begun()
    for number in range(APPROVALS_MAX + 1):
        approval = signed(street, "Ann", bytes([number]) * 32)
        street.nodes["Ann"].batches.tell(approval, street.now)
        street.run(after(street.now, MINUTE_MS))

    batches = street.nodes["Ben"].batches
    assert batches.approvals(bytes(32)) == {}
    assert all(
        batches.approvals(bytes([number]) * 32)
        for number in range(1, APPROVALS_MAX + 1)
    )


def wished(street: Street, name: str, nonce: int = 0) -> SignedErrand:
    """Return what a home wants done by whoever has coins."""
    errand = Errand(
        kind=ErrandKind.PAY_IN,
        owner=address_of(street.keys[name].public),
        amount=5,
        nonce=nonce,
        deadline_s=1_900_000_000,
    )
    return SignedErrand(errand=errand, signature=b"s" * 65)


def test_an_errand_reaches_everybody_and_the_last_ones_are_kept() -> None:
    street = begun()
    errands = [wished(street, "Ann", nonce) for nonce in range(ERRANDS_MAX + 1)]

    for errand in errands:
        street.nodes["Ann"].batches.tell(errand, street.now)
        street.run(after(street.now, MINUTE_MS))

    for name in ("Ann", "Ben"):
        assert street.nodes[name].batches.errands == tuple(errands[1:])


def test_the_errand_of_another_home_is_a_fault() -> None:
    street = begun()

    street.nodes["Ann"].batches.tell(wished(street, "Ben"), street.now)
    street.run(after(street.now, MINUTE_MS))

    assert street.nodes["Ben"].batches.errands == ()
    ann = street.nodes["Ann"].party
    assert street.status("Ben").faults[ann, Fault.OUT_OF_BOUNDS] == 1


def said(street: Street, name: str) -> list[BatchDraft | BatchApproval]:
    messages = (street.opened(data).message for data in street.homes[name].sent)
    return [one for one in messages if isinstance(one, BatchDraft | BatchApproval)]


def test_it_is_said_once_and_then_hourly_for_a_day() -> None:
    street = begun()
    for _ in range(3):
        street.nodes["Ann"].batches.tell(signed(street, "Ann"), street.now)
    street.run(after(street.now, MINUTE_MS))
    assert len(said(street, "Ann")) == 1

    street.run(after(street.now, 2 * HOUR_MS))

    assert len(said(street, "Ann")) == 3
