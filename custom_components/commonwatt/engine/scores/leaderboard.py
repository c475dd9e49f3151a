"""Leaderboards: for those who asked for it, under a name of the season, near oneself.

There is no bottom list; a league has at least five players; a home sees the two above
and the two below it.  When the key to the pseudonyms is destroyed, nobody can tell who
was who.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from ..model.party import PartyId
from ..model.social import League, ScoreCard
from ..model.units import PPM
from ..wire.domain import Domain, tagged_digest
from .fixed import ratio_ppm

PLAYERS_MIN: Final = 5
NEARBY: Final = 2
PSEUDONYM_BYTES: Final = 8
SECRET_BYTES: Final = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a player shows: a pseudonym and a score in steps of five."""

    pseudonym: str
    league: League
    bucket: int
    improvement: int
    """Against its own season before, in points; shown first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What one player sees of its league."""

    rank: int
    """1 is the best; equal scores share a rank."""

    players: int
    percentile_ppm: int
    """Share of the other players it does not stand behind."""

    nearby: tuple[Entry, ...]
    most_improved: Entry


def league_of(*, panels: bool, storage: bool) -> League:
    """Return the league of a home by its equipment."""
    if storage:
        return League.STORAGE
    return League.PANELS if panels else League.CONSUMER


def pseudonym(secret: bytes, party: PartyId, season: int) -> str:
    """Return the name of a player in a season: without ``secret`` it leads to nobody.

    >>> one, other = PartyId("11" * 20), PartyId("22" * 20)
    >>> pseudonym(bytes(32), one, 1) == pseudonym(bytes(32), one, 2)
    False
    """
    assert len(secret) == SECRET_BYTES, "the key to pseudonyms has a fixed length"
    payload = secret + bytes.fromhex(party) + season.to_bytes(4, "big", signed=True)
    return tagged_digest(Domain.PSEUDONYM, payload)[:PSEUDONYM_BYTES].hex()


def entries_of(
    cards: Mapping[PartyId, ScoreCard], *, secret: bytes, season: int
) -> tuple[Entry, ...]:
    """Return the players of a season under their pseudonyms."""
    return tuple(
        Entry(
            pseudonym=pseudonym(secret, party, season),
            league=card.league,
            bucket=card.bucket,
            improvement=card.improvement,
        )
        for party, card in sorted(cards.items())
        if card.season == season and card.is_shown
    )


def view(entries: Iterable[Entry], own: str) -> View | None:
    """Return what the player ``own`` sees; None if it does not play or too few do."""
    all_entries = list(entries)
    me = next((entry for entry in all_entries if entry.pseudonym == own), None)
    if me is None:
        return None
    league = sorted(
        (entry for entry in all_entries if entry.league is me.league),
        key=lambda entry: (-entry.bucket, entry.pseudonym),
    )
    if len(league) < PLAYERS_MIN:
        return None
    place = league.index(me)
    others = len(league) - 1
    not_above = sum(entry.bucket <= me.bucket for entry in league) - 1
    return View(
        rank=1 + sum(entry.bucket > me.bucket for entry in league),
        players=len(league),
        percentile_ppm=ratio_ppm(not_above, others) if others else PPM,
        nearby=tuple(league[max(0, place - NEARBY) : place + NEARBY + 1]),
        most_improved=max(league, key=lambda e: (e.improvement, e.pseudonym)),
    )
