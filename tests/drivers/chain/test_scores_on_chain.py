"""The committee anchors the members' scores, and a member proves its own."""

from hashlib import sha256

import pytest

from custom_components.commonwatt.drivers.chain import ChainError, JobState
from custom_components.commonwatt.engine.ledger.chain.scores import (
    ScoreSheet,
    score_sheet,
)
from custom_components.commonwatt.engine.wire.ethereum import Address, sign_recoverable
from tests.drivers.chain.street import Street

EVIDENCE = sha256(b"what everybody saw").digest()


def sheet(street: Street, day: int) -> ScoreSheet:
    scores = {account: 900_000 + n for n, account in enumerate(street.accounts)}
    return score_sheet(day, scores, evidence=EVIDENCE, secret=b"records")


def approvals(
    street: Street, scores: ScoreSheet, *, silent: int = 0
) -> dict[Address, bytes]:
    """Let the committee sign, but for its last ``silent`` seats."""
    seats = street.home.batches.seats()
    digest = street.home.reputation.digest(scores)
    keys = dict(zip(street.accounts, street.keys, strict=True))
    return {
        seat: sign_recoverable(keys[seat], digest)
        for seat in seats[: len(seats) - silent]
    }


def test_a_member_proves_the_score_that_the_committee_anchored(street: Street) -> None:
    scores, reputation = sheet(street, street.today - 1), street.home.reputation
    assert reputation.latest() is None
    ours = reputation.approve(scores)
    assert ours == approvals(street, scores)[street.accounts[0]]

    job = reputation.anchor(scores, approvals(street, scores))
    street.work()

    found = street.home.outbox.job(job.name)
    assert found is not None
    assert (found.name, found.state) == (f"scores:{scores.day}", JobState.FINAL)
    anchor = reputation.latest()
    assert anchor is not None
    assert (anchor.day, anchor.root) == (scores.day, scores.root)
    mine, other = (scores.proof(street.accounts[n]) for n in (3, 4))
    assert reputation.proves(mine)
    assert not reputation.proves(type(mine)(score=mine.score, place=other.place))
    with pytest.raises(LookupError):
        scores.proof(Address(b"stranger".ljust(20, b".")))


def test_scores_of_a_day_are_anchored_once_and_days_go_on(street: Street) -> None:
    reputation, day = street.home.reputation, street.today - 1
    first = sheet(street, day)
    reputation.anchor(first, approvals(street, first))
    street.work()
    old = first.proof(street.accounts[3])

    for back in (day, day - 1):
        late = score_sheet(
            back, {street.accounts[0]: 1}, evidence=EVIDENCE, secret=b"records"
        )
        signed = approvals(street, late)
        if back == day:
            # The same day's name: it is the job that is done already.
            assert reputation.anchor(late, signed).state is JobState.FINAL
            continue
        with pytest.raises(ChainError, match="OutOfOrder"):
            reputation.anchor(late, signed)
    street.next_day()
    second = score_sheet(
        day + 1, {street.accounts[3]: 5}, evidence=EVIDENCE, secret=b"records"
    )
    reputation.anchor(second, approvals(street, second))
    street.work()

    assert not reputation.proves(old)
    assert reputation.proves(second.proof(street.accounts[3]))


def test_a_short_quorum_and_a_stranger_anchor_nothing(street: Street) -> None:
    reputation, scores = street.home.reputation, sheet(street, street.today - 1)
    quorum = street.home.batches.quorum()
    too_few = approvals(street, scores, silent=len(street.accounts) - quorum + 1)
    with pytest.raises(ChainError, match="TooFewApprovals"):
        reputation.anchor(scores, too_few)

    signed = approvals(street, scores)
    forged = {**signed, street.accounts[0]: signed[street.accounts[1]]}
    with pytest.raises(ChainError, match="NotTheCommittee"):
        reputation.anchor(scores, forged)

    with pytest.raises(ValueError, match="nobody"):
        score_sheet(1, {}, evidence=EVIDENCE, secret=b"records")
