"""What a member of a secure sum knows of the others, and what follows from it.

Pure functions of the messages heard; the state machine next door decides when.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from ...model.federation import (
    MaskedVector,
    RosterStep,
    SealedShare,
    SealedShares,
    SumName,
    Unmasking,
)
from ...model.party import PartyId
from ...wire.federation import name_value
from .cohort import roster_digest, threshold
from .fixed_point import Words, words_of
from .secrets_of_a_sum import (
    SumSecrets,
    digest,
    stream,
)
from .shamir import combine, split


@dataclass(frozen=True, slots=True, kw_only=True)
class Cohort:
    """Who takes part in a sum, in ascending order, with the keys they announced."""

    name: SumName
    parties: tuple[PartyId, ...]
    keys: Mapping[PartyId, bytes]
    digest: bytes
    """Digest of members and keys: who was shown others, has another."""

    @classmethod
    def of(cls, name: SumName, keys: Mapping[PartyId, bytes]) -> Self:
        """Name the members and keys of a sum."""
        parties = tuple(sorted(keys))
        ordered = [keys[party] for party in parties]
        digest = roster_digest(name, RosterStep.COHORT, parties, *ordered)
        return cls(name=name, parties=parties, keys=keys, digest=digest)

    @property
    def threshold(self) -> int:
        """How many members it takes to take a self-mask off."""
        return threshold(len(self.parties))


def share_digest(
    name: SumName, *, owner: PartyId, holder: PartyId, share: bytes
) -> bytes:
    """Return what its owner publishes about a share."""
    return digest("share", name_value(name), owner, holder, share)


def seed_digest(name: SumName, *, owner: PartyId, other: PartyId, seed: bytes) -> bytes:
    """Return what its owner publishes about a pair seed."""
    return digest("seed", name_value(name), owner, other, seed)


def deal(secrets: SumSecrets, cohort: Cohort, me: PartyId) -> SealedShares | None:
    """Split my self-mask among all; None if somebody's key is no key.

    A member's own share goes round like the others, so that all are checked alike.
    """
    shares = split(
        secrets.self_seed,
        secrets.coefficients(cohort.threshold - 1),
        count=len(cohort.parties),
    )
    dealt = []
    for party, share in zip(cohort.parties, shares, strict=True):
        seed = secrets.pair_seed(party, cohort.keys[party])
        sealed = secrets.seal(share, to=party, public_key=cohort.keys[party])
        if seed is None or sealed is None:
            return None
        dealt.append(
            SealedShare(
                sealed=sealed,
                share_digest=share_digest(
                    cohort.name, owner=me, holder=party, share=share
                ),
                seed_digest=seed_digest(cohort.name, owner=me, other=party, seed=seed),
            )
        )
    return SealedShares(
        sum_name=cohort.name, cohort_digest=cohort.digest, shares=tuple(dealt)
    )


def mask(
    vector: Words,
    secrets: SumSecrets,
    cohort: Cohort,
    sharers: Sequence[PartyId],
    *,
    me: PartyId,
) -> Words:
    """Return a contribution under its self-mask and one mask per other sharer."""
    masked = vector + stream(secrets.self_seed, len(vector))
    for other in sharers:
        if other != me:
            seed = secrets.pair_seed(other, cohort.keys[other])
            assert seed is not None, "shares were dealt with this key"
            masked = _apply(masked, seed, adds=me < other)
    return masked


def unmask(
    vectors: Mapping[PartyId, MaskedVector],
    self_seeds: Mapping[PartyId, bytes],
    pair_seeds: Mapping[tuple[PartyId, PartyId], bytes],
) -> Words:
    """Return the sum of what was sent.

    ``pair_seeds`` are named by who sent and who vanished.
    """
    total = sum(
        (words_of(message.data) for message in vectors.values()),
        start=words_of(bytes(len(next(iter(vectors.values())).data))),
    )
    for seed in self_seeds.values():
        total = total - stream(seed, len(total))
    for (sender, vanished), seed in sorted(pair_seeds.items()):
        total = _apply(total, seed, adds=sender > vanished)
    return total


def self_seed_of(shares: Mapping[PartyId, bytes], cohort: Cohort) -> bytes | None:
    """Put a self-mask together from shares by holder; None while some are missing."""
    by_index = {
        cohort.parties.index(holder): share
        for holder, share in sorted(shares.items())[: cohort.threshold]
    }
    if len(by_index) < cohort.threshold:
        return None
    return combine(by_index)


def shares_of(
    owner: PartyId,
    given: Mapping[PartyId, Unmasking],
    dealt: Mapping[PartyId, SealedShares],
    cohort: Cohort,
) -> Mapping[PartyId, bytes]:
    """Return the shares of ``owner``'s self-mask, by holder, that it really dealt."""
    promised = dealt[owner].shares
    return {
        holder: share
        for holder, message in given.items()
        for party, share in message.shares
        if party == owner
        and promised[cohort.parties.index(holder)].share_digest
        == share_digest(cohort.name, owner=owner, holder=holder, share=share)
    }


def pair_seeds_of(
    given: Mapping[PartyId, Unmasking],
    dealt: Mapping[PartyId, SealedShares],
    cohort: Cohort,
    vanished: Sequence[PartyId],
) -> Mapping[tuple[PartyId, PartyId], bytes]:
    """Return seeds by who sent and who vanished, each what its giver had promised."""
    return {
        (sender, other): seed
        for sender, message in given.items()
        for other, seed in message.seeds
        if other in vanished
        and dealt[sender].shares[cohort.parties.index(other)].seed_digest
        == seed_digest(cohort.name, owner=sender, other=other, seed=seed)
    }


def _apply(words: Words, seed: bytes, *, adds: bool) -> Words:
    masked = stream(seed, len(words))
    return words + masked if adds else words - masked
