"""Attempts to find out what one member contributed."""

from collections.abc import Iterable
from itertools import combinations

import numpy as np
import pytest

from custom_components.commonwatt.engine.forecast.federation import aggregator
from custom_components.commonwatt.engine.forecast.federation.fixed_point import (
    Words,
    words_of,
)
from custom_components.commonwatt.engine.forecast.federation.parts import (
    Cohort,
    self_seed_of,
)
from custom_components.commonwatt.engine.forecast.federation.secrets_of_a_sum import (
    SumSecrets,
    stream,
)
from custom_components.commonwatt.engine.forecast.federation.shamir import (
    combine,
    split,
)
from custom_components.commonwatt.engine.model.federation import (
    Announcement,
    FederationMessage,
    MaskedVector,
    SealedShares,
    SumName,
    Unmasking,
)
from custom_components.commonwatt.engine.model.party import PartyId
from tests.engine.forecast.circle import NAME, Circle, party

NINE = 9
HONEST = (party(2), party(5))


class Colluders:
    """Members that put all they know together: seeds, keys and every message."""

    def __init__(self, circle: Circle, honest: Iterable[PartyId]) -> None:
        self.honest = set(honest)
        self.said = circle.said
        keys = {a: m.public_key for a, m in self.said if isinstance(m, Announcement)}
        self.cohort = Cohort.of(NAME, keys)
        self.secrets = {
            p: SumSecrets(bytes([n + 1]) * 32, name=NAME, me=p)
            for n, p in enumerate(circle.members)
            if p not in self.honest
        }

    def vector(self, victim: PartyId) -> Words:
        """Return what the victim sent, less every mask the colluders can make."""
        words = next(
            words_of(m.data)
            for a, m in self.said
            if a == victim and isinstance(m, MaskedVector)
        )
        self_seed = self.self_seed(victim)
        if self_seed is not None:
            words = words - stream(self_seed, len(words))
        for p, secrets in self.secrets.items():
            seed = secrets.pair_seed(victim, self.cohort.keys[victim])
            assert seed is not None
            pair = stream(seed, len(words))
            words = words - pair if victim < p else words + pair
        return words

    def self_seed(self, victim: PartyId) -> bytes | None:
        """Unseal every share that was sealed for a colluder."""
        dealt = next(
            m for a, m in self.said if a == victim and isinstance(m, SealedShares)
        )
        shares = {}
        for p, secrets in self.secrets.items():
            sealed = dealt.shares[self.cohort.parties.index(p)].sealed
            share = secrets.unseal(
                sealed, by=victim, public_key=self.cohort.keys[victim]
            )
            assert share is not None
            shares[p] = share
        return self_seed_of(shares, self.cohort)


def summed(count: int = NINE) -> Circle:
    circle = Circle.of(count)
    circle.run()
    assert len(circle.sums()) == count
    return circle


def test_all_but_two_learn_the_sum_of_the_two_and_nothing_more() -> None:
    circle = summed()
    colluders = Colluders(circle, HONEST)
    a, b = HONEST
    left_a, left_b = colluders.vector(a), colluders.vector(b)

    # The attack is as strong as it gets: it does find the sum of the two ...
    np.testing.assert_array_equal(left_a + left_b, circle.total(HONEST))
    # ... and what is left on each is a mask that only those two can make.
    assert not np.array_equal(left_a, circle.vectors[a])
    assert not np.array_equal(left_b, circle.vectors[b])
    secrets = SumSecrets(bytes([3]) * 32, name=NAME, me=a)
    seed = secrets.pair_seed(b, colluders.cohort.keys[b])
    assert seed is not None
    np.testing.assert_array_equal(left_a - circle.vectors[a], stream(seed, len(left_a)))


def test_all_but_one_would_know_which_the_documentation_says() -> None:
    circle = summed()
    victim = HONEST[0]

    found = Colluders(circle, [victim]).vector(victim)

    np.testing.assert_array_equal(found, circle.vectors[victim])


def test_fewer_than_two_thirds_learn_no_self_mask() -> None:
    circle = summed()

    for honest in combinations(circle.members, 4):
        assert Colluders(circle, honest).self_seed(honest[0]) is None


def test_no_single_message_holds_a_contribution() -> None:
    circle = summed()
    contributed = {vector.tobytes() for vector in circle.vectors.values()}

    for _, message in circle.said:
        assert not any(piece in contributed for piece in pieces(message))


def pieces(message: FederationMessage) -> list[bytes]:
    match message:
        case MaskedVector(data=data):
            # Also less the masks that any public digest would make.
            return [data, (words_of(data) - stream(bytes(32), 8)).tobytes()]
        case Unmasking(shares=shares, seeds=seeds):
            return [found for _, found in (*shares, *seeds)]
        case _:
            return []


def test_masked_vectors_look_like_noise_whatever_is_in_them() -> None:
    secrets = SumSecrets(bytes(32), name=NAME, me=party(0))
    words = stream(secrets.self_seed, 40_000)
    ones = np.unpackbits(words.view(np.uint8)).mean()

    assert abs(ones - 0.5) < 0.005
    assert len(np.unique(words)) == len(words)


def test_of_nobody_both_masks_are_ever_given_away() -> None:
    circle = Circle.of(NINE)
    late = next(
        p for p in circle.members if p != aggregator(list(circle.members), NAME)
    )

    def wire(author: PartyId, message: FederationMessage) -> FederationMessage | None:
        lost = author == late and isinstance(message, MaskedVector)
        return None if lost else message

    circle.run(wire)
    unmaskings = [m for _, m in circle.said if isinstance(m, Unmasking)]

    assert len(circle.sums()) == NINE - 1
    assert unmaskings
    for message in unmaskings:
        assert late not in {p for p, _ in message.shares}
        assert {p for p, _ in message.seeds} == {late}


def test_a_seed_makes_nothing_twice() -> None:
    seed = bytes(range(32))
    names = [
        SumName(week=w, part=p, step=s, attempt=a)
        for w in (1, 2)
        for p in (0, 1)
        for s in (0, 1)
        for a in (0, 1)
    ]
    made = [SumSecrets(seed, name=name, me=party(1)) for name in names]
    made += [SumSecrets(seed, name=names[0], me=party(2))]

    assert len({secrets.public_key for secrets in made}) == len(made)
    assert len({secrets.self_seed for secrets in made}) == len(made)


def test_a_share_can_be_read_by_its_recipient_only() -> None:
    a, b, c = (SumSecrets(bytes([n]) * 32, name=NAME, me=party(n)) for n in (1, 2, 3))
    sealed = a.seal(bytes(32), to=party(2), public_key=b.public_key)
    assert sealed is not None

    assert b.unseal(sealed, by=party(1), public_key=a.public_key) == bytes(32)
    assert c.unseal(sealed, by=party(1), public_key=a.public_key) is None
    assert b.unseal(sealed, by=party(3), public_key=c.public_key) is None
    assert b.unseal(sealed, by=party(1), public_key=bytes(32)) is None
    assert a.seal(bytes(32), to=party(2), public_key=bytes(32)) is None


@pytest.mark.parametrize("held", [2, 3, 4])
def test_a_secret_comes_back_from_the_threshold_and_not_from_fewer(held: int) -> None:
    secret = bytes(range(31))
    shares = split(secret, [12345, 67890], count=5)

    for chosen in combinations(range(5), held):
        found = combine({index: shares[index] for index in chosen})
        assert (found == secret) is (held >= 3)
