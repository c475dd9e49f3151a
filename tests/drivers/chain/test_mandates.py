"""Producers give shares of their export, and whoever gets one can prove it."""

import pytest

from custom_components.commonwatt.drivers.chain import ChainError, JobState
from custom_components.commonwatt.drivers.chain.outbox_file import Job
from custom_components.commonwatt.engine.ledger.chain.shares import (
    GivenShares,
    given_shares,
)
from tests.drivers.chain.street import Street

SECRET = b"known to the producer alone"


def given(street: Street) -> GivenShares:
    """Return what the first home gives: half of its export, in two unequal parts."""
    two, three = street.accounts[2:4]
    return given_shares({two: 400_000, three: 100_000}, secret=SECRET)


def done(street: Street, job: Job) -> JobState:
    """Let a job come to its end."""
    street.work()
    found = street.home.outbox.job(job.name)
    assert found is not None
    return found.state


def test_a_beneficiary_proves_its_share_for_the_days_it_was_given(
    street: Street,
) -> None:
    mandates, shares = street.home.mandates, given(street)
    proof = shares.proof(street.accounts[2])
    producer = street.accounts[0]
    assert mandates.of().version == 0

    job = mandates.publish(shares, from_day=10, to_day=20)

    assert done(street, job) is JobState.FINAL
    assert (mandates.of().version, mandates.of().shares) == (1, shares.root)
    assert mandates.gives(producer, proof, day=20)
    assert not mandates.gives(producer, proof, day=21)
    assert not mandates.gives(street.accounts[1], proof, day=20)
    with pytest.raises(LookupError):
        shares.proof(street.accounts[1])


def test_what_is_revoked_or_replaced_is_not_given_any_more(street: Street) -> None:
    mandates, shares = street.home.mandates, given(street)
    producer = street.accounts[0]
    old = shares.proof(street.accounts[2])
    done(street, mandates.publish(shares, from_day=10, to_day=20))
    replaced = given_shares({street.accounts[2]: 1_000_000}, secret=SECRET)

    done(street, mandates.publish(replaced, from_day=10, to_day=20))
    assert not mandates.gives(producer, old, day=15)
    new = replaced.proof(street.accounts[2])
    assert mandates.gives(producer, new, day=15)

    done(street, mandates.revoke())
    assert not mandates.gives(producer, new, day=15)
    assert mandates.of().version == 3


def test_a_mandate_is_sent_by_whoever_has_coins_once(street: Street) -> None:
    producer = street.open(1)
    street.impoverish(1)
    mandate = producer.mandates.drafted(given(street), from_day=10, to_day=20)
    signature = producer.mandates.signed(mandate)

    for _ in range(2):
        job = street.home.mandates.appoint(mandate, signature)
        assert done(street, job) is JobState.FINAL

    assert producer.mandates.of() == mandate
    with pytest.raises(ChainError, match="WrongVersion"):
        producer.mandates.appoint(mandate)


def test_nobody_gives_what_is_another_s(street: Street) -> None:
    victim = street.open(1)
    mandate = victim.mandates.drafted(given(street), from_day=10, to_day=20)

    with pytest.raises(ChainError, match="WrongSigner"):
        street.home.mandates.appoint(mandate)


def test_shares_and_days_that_cannot_be_are_refused(street: Street) -> None:
    one, two = street.accounts[:2]

    for wrong in ({one: 600_000, two: 400_001}, {one: 0}, {one: -1}):
        with pytest.raises(ValueError, match="a million"):
            given_shares(wrong, secret=SECRET)
    with pytest.raises(ValueError, match="ends on"):
        street.home.mandates.publish(given(street), from_day=20, to_day=19)
