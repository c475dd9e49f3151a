"""A home that did not see a day signs what more seats have signed than can lie."""

from dataclasses import replace

import pytest

from custom_components.commonwatt.drivers.chain import ChainHome, Heard
from custom_components.commonwatt.drivers.chain.batch_state import Committee
from custom_components.commonwatt.drivers.chain.vouching import vouchers
from custom_components.commonwatt.engine.ledger.chain.day import ChainDay
from custom_components.commonwatt.engine.ledger.chain.drafts import draft_of
from custom_components.commonwatt.engine.model.batch import (
    BatchApproval,
    BatchDraft,
    BatchMessage,
)
from custom_components.commonwatt.engine.wire.ethereum import Address, sign_recoverable
from tests.drivers.chain.street import COIN, HOMES, Street


class Witness:
    """The last home of a street: it has no books, but hears the others."""

    def __init__(self, street: Street) -> None:
        self.street = street
        self.home: ChainHome = street.open(HOMES - 1)
        self.keys = dict(zip(street.accounts, street.keys, strict=True))
        self.day: ChainDay = street.draft(street.closed({0: 3 * COIN, 1: -3 * COIN}))
        self.digest = street.home.batches.digest(self.day.batch)

    @property
    def draft(self) -> BatchDraft:
        """What the others tell."""
        return draft_of(self.day, self.home.batches.settlement)

    def turn(
        self, *numbers: int, draft: BatchDraft | None = None, has_coins: bool = False
    ) -> tuple[BatchMessage, ...]:
        """Let it hear who has signed the draft."""
        signed: dict[Address, bytes] = {
            self.street.accounts[number]: sign_recoverable(
                self.street.keys[number], self.digest
            )
            for number in numbers
        }
        return self.home.vouching.turn(
            Heard(
                drafts=(draft or self.draft,),
                approvals=lambda digest: signed if digest == self.digest else {},
            ),
            now_s=self.street.chain.now,
            has_coins=has_coins,
        )


@pytest.fixture
def witness(street: Street) -> Witness:
    return Witness(street)


def test_it_signs_once_one_at_least_must_be_honest(witness: Witness) -> None:
    """Of five seats four have to sign, so that one may lie: two have to vouch."""
    assert witness.turn(0) == ()
    assert witness.turn(0, HOMES - 1) == ()  # its own word is no reason
    (said,) = witness.turn(0, 1)

    assert isinstance(said, BatchApproval)
    own = witness.keys[witness.home.account]
    assert said == BatchApproval(
        digest=witness.digest, signature=sign_recoverable(own, witness.digest)
    )
    assert witness.home.batches.known(witness.day.batch.struct_hash) is not None


def test_it_signs_nothing_that_could_not_come_next(witness: Witness) -> None:
    draft = witness.draft
    wrong = [
        replace(draft, settlement=b"x" * 20),
        replace(draft, number=draft.number + 1),
        replace(draft, prev=b"p" * 32),
        replace(draft, day=draft.day + 2),
        replace(draft, accounts=b"other accounts"),
    ]

    for other in wrong:
        assert witness.turn(0, 1, 2, draft=other) == ()


def test_with_coins_it_posts_what_enough_have_signed(witness: Witness) -> None:
    witness.turn(0, 1, 2, has_coins=True)
    witness.street.work(witness.home)

    assert witness.home.batches.head().number == 1
    assert witness.turn(0, 1, 2, has_coins=True) == ()  # it is pending


def test_what_the_contract_refuses_is_nobodys_trouble(witness: Witness) -> None:
    """Somebody else was quicker, in the same moment."""
    street = witness.street
    street.home.batches.submit(witness.day, street.approvals(witness.day))
    head = witness.home.batches.head()
    street.work()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(witness.home.batches), "head", lambda *_: head)
        (said,) = witness.turn(0, 1, 2, has_coins=True)

    assert isinstance(said, BatchApproval)
    assert [job.name for job in witness.home.jobs()] == []


def test_one_more_seat_vouches_than_may_be_silent() -> None:
    seats = tuple(Address(bytes([number]) * 20) for number in range(7))

    needed = [
        vouchers(Committee(seats=seats[:size], quorum=size * 2 // 3 + 1))
        for size in range(1, 8)
    ]

    assert needed == [1, 1, 1, 2, 2, 2, 3]
