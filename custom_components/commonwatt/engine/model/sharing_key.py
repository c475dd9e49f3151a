"""Sharing keys as a charter names them: who gets the energy that nobody traded.

What they come to is for ``engine.ledger.sharing`` to compute.  Rules:
``docs/reference/sharing-keys.md``.
"""

from dataclasses import dataclass

from .party_id import PartyId
from .units import PPM


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyShare:
    """A fixed share of one party."""

    party: PartyId
    share_ppm: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StaticKey:
    """Fixed shares of the common surplus; what a party cannot use goes to the grid."""

    shares: tuple[KeyShare, ...]

    def __post_init__(self) -> None:
        """Refuse shares that are more than everything."""
        _check_shares(self.shares)


@dataclass(frozen=True, slots=True)
class ProRataKey:
    """The dynamic key: in proportion to what each party took from the grid."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HybridKey:
    """Fixed shares first, then pro rata to what each party still lacks."""

    shares: tuple[KeyShare, ...]

    def __post_init__(self) -> None:
        """Refuse shares that are more than everything."""
        _check_shares(self.shares)


@dataclass(frozen=True, slots=True, kw_only=True)
class CascadeKey:
    """Rank by rank, pro rata inside a rank; parties not named form the last rank."""

    ranks: tuple[tuple[PartyId, ...], ...]

    def __post_init__(self) -> None:
        """Refuse a party with two ranks."""
        named = [party for rank in self.ranks for party in rank]
        if len(set(named)) != len(named):
            msg = "a party has one rank"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixShare:
    """The share of one producer's surplus that one consumer is meant to get."""

    producer: PartyId
    consumer: PartyId
    share_ppm: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixKey:
    """A share for every pair of producer and consumer."""

    cells: tuple[MatrixShare, ...]

    def __post_init__(self) -> None:
        """Refuse doubled cells and producers that give more than everything."""
        pairs = {(cell.producer, cell.consumer) for cell in self.cells}
        if len(pairs) != len(self.cells):
            msg = "a pair of producer and consumer has one share"
            raise ValueError(msg)
        for producer in {cell.producer for cell in self.cells}:
            _check_shares(
                tuple(
                    KeyShare(party=cell.consumer, share_ppm=cell.share_ppm)
                    for cell in self.cells
                    if cell.producer == producer
                )
            )


type SimpleKey = StaticKey | ProRataKey | HybridKey | CascadeKey | MatrixKey


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectiveAsset:
    """A plant that belongs to several members: a wind turbine of a co-operative, say.

    ``party`` is the plant's own metering point.  Its energy goes to its owners first,
    its income to its owners only, both by their shares, which add up to one.
    """

    party: PartyId
    owners: tuple[KeyShare, ...]

    def __post_init__(self) -> None:
        """Refuse a plant that is not wholly owned."""
        _check_shares(self.owners)
        if sum(owner.share_ppm for owner in self.owners) != PPM:
            msg = "the shares of a collective asset add up to one"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectiveKey:
    """Plants of several owners first, by ownership; then another key for the rest."""

    assets: tuple[CollectiveAsset, ...]
    then: SimpleKey

    def __post_init__(self) -> None:
        """Refuse a plant with two lists of owners."""
        if len({asset.party for asset in self.assets}) != len(self.assets):
            msg = "a collective asset is named once"
            raise ValueError(msg)


type SharingKey = SimpleKey | CollectiveKey


def _check_shares(shares: tuple[KeyShare, ...]) -> None:
    if len({share.party for share in shares}) != len(shares):
        msg = "a party has one share"
        raise ValueError(msg)
    if any(share.share_ppm < 0 for share in shares):
        msg = "a share is not negative"
        raise ValueError(msg)
    if sum(share.share_ppm for share in shares) > PPM:
        msg = "shares add up to at most one"
        raise ValueError(msg)
