"""Tales without names: members, zones and plants are numbered.

Numbers go by the order of the names, because that order decides some things.  What
equal claims get is decided by hashes of names, though: so a tale is given digests with
which the numbers rank as the names did where it mattered, and left out without any.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Final

from ...model.contract import ContractId, Pledge, Terms
from ...model.party import PARTY_ID_BYTES, Charter, PartyId
from ...model.settlement_rules import SettlementRules
from ...model.zone import FeeTree, ZoneId
from ...peer.book import RevealedOrder
from ...wire.canonical import Value
from ...wire.fields import party_bytes
from ...wire.terms import read_terms, terms_value
from .again import again
from .facts import Came, Tale
from .written import read_tale, tale_value

DRAWS_MAX: Final = 256
"""Digests tried for one period; nearly always the first ones do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Names:
    """The number of everybody and everything named in some tales."""

    parties: Mapping[bytes, bytes]
    zones: Mapping[ZoneId, ZoneId]
    contracts: Mapping[ContractId, ContractId]

    def party(self, party: PartyId) -> PartyId:
        return PartyId(self.parties[party_bytes(party)].hex())


def anonymous(tales: Sequence[Tale]) -> tuple[Tale, ...]:
    """Return the tales without names, apart from those that rest on them."""
    names = _names_in(tales)
    told = (_told_anew(tale, names) for tale in tales)
    return tuple(tale for tale in told if tale is not None)


def _names_in(tales: Sequence[Tale]) -> _Names:
    names = _Names(parties=_parties_in(tales), zones=_zones_in(tales), contracts={})
    said = (
        pledge.terms
        for tale in tales
        for bid in tale.facts.bids or ()
        for pledge in bid.pledges
        if not isinstance(pledge.terms, str)
    )
    return replace(names, contracts={one.id: _terms(one, names).id for one in said})


def _parties_in(tales: Sequence[Tale]) -> dict[bytes, bytes]:
    parties = sorted({name for tale in tales for name in _parties(tale_value(tale))})
    return {
        party: number.to_bytes(PARTY_ID_BYTES)
        for number, party in enumerate(parties, start=1)
    }


def _zones_in(tales: Sequence[Tale]) -> dict[ZoneId, ZoneId]:
    zones = sorted({z.id for tale in tales for z in tale.facts.charter.fee_tree.zones})
    return {
        zone: ZoneId(f"zone-{number:05}") for number, zone in enumerate(zones, start=1)
    }


def _parties(value: Value) -> Iterator[bytes]:
    """Yield every name of a party in a value: nothing else has so many bytes."""
    if isinstance(value, tuple):
        for part in value:
            yield from _parties(part)
    elif isinstance(value, bytes) and len(value) == PARTY_ID_BYTES:
        yield value


def _numbered(value: Value, names: _Names) -> Value:
    if isinstance(value, tuple):
        return tuple(_numbered(part, names) for part in value)
    return names.parties.get(value, value) if isinstance(value, bytes) else value


def _told_anew(tale: Tale, names: _Names) -> Tale | None:
    """Return a tale with numbers instead of names; None if it rests on the names."""
    charter = _unplaced(tale.facts.charter, names)
    without = replace(
        tale,
        facts=replace(tale.facts, charter=charter, bids=None),
        came=_came(tale.came, names),
    )
    numbered = read_tale(_numbered(tale_value(without), names))
    if tale.facts.bids is None:
        return numbered
    bids = tuple(_bid(bid, names) for bid in tale.facts.bids)
    is_sound = again(tale.facts) == tale.came
    for draw in range(DRAWS_MAX if is_sound else 1):
        facts = replace(numbered.facts, bids=_drawn(bids, draw))
        if not is_sound or again(facts) == numbered.came:
            return replace(numbered, facts=facts)
    return None


def _drawn(bids: Iterable[RevealedOrder], draw: int) -> tuple[RevealedOrder, ...]:
    return tuple(
        replace(bid, digest=sha256(f"{draw} {bid.order.party}".encode()).digest())
        for bid in bids
    )


def _bid(bid: RevealedOrder, names: _Names) -> RevealedOrder:
    wish, party = bid.preference, names.party(bid.order.party)
    return RevealedOrder(
        order=replace(bid.order, party=party),
        digest=b"",
        data=b"",
        pledges=_pledges(bid, names),
        preference=None
        if wish is None
        else replace(
            wish,
            party=party,
            neighbours=tuple(names.party(one) for one in wish.neighbours),
        ),
    )


def _pledges(bid: RevealedOrder, names: _Names) -> tuple[Pledge, ...]:
    """Return pledges under the names their terms have with other parties in them.

    One that names terms nobody says in full never counts: it is left out.
    """
    anew: list[Pledge] = []
    for pledge in bid.pledges:
        if not isinstance(pledge.terms, str):
            anew.append(replace(pledge, terms=_terms(pledge.terms, names)))
        elif pledge.terms in names.contracts:
            anew.append(replace(pledge, terms=names.contracts[pledge.terms]))
    return tuple(sorted(anew, key=lambda pledge: pledge.contract))


def _terms(terms: Terms, names: _Names) -> Terms:
    return read_terms(_numbered(terms_value(terms), names))


def _came(came: Came, names: _Names) -> Came:
    result, zones = came.result, names.zones
    if result is None:
        return came
    unplaced = replace(
        result,
        prices=tuple(replace(one, zone=zones[one.zone]) for one in result.prices),
        flows=tuple(replace(one, zone=zones[one.zone]) for one in result.flows),
    )
    return replace(came, result=unplaced)


def _unplaced(charter: Charter, names: _Names) -> Charter:
    """Return a charter whose zones are numbered, and whose plants are nothing else."""
    zones = names.zones
    tree = FeeTree(
        tuple(
            replace(
                zone,
                id=zones[zone.id],
                parent=None if zone.parent is None else zones[zone.parent],
            )
            for zone in charter.fee_tree.zones
        )
    )
    return replace(
        charter,
        members=tuple(replace(one, zone=zones[one.zone]) for one in charter.members),
        fee_tree=tree,
        settlement=_undescribed(charter.settlement),
    )


def _undescribed(rules: SettlementRules) -> SettlementRules:
    plants = (
        replace(
            plant,
            id=f"plant-{number:05}",
            technology="",
            commissioned_on="",
            zone=ZoneId(""),
        )
        for number, plant in enumerate(rules.plants, start=1)
    )
    return replace(
        rules,
        plants=tuple(plants),
        scheme=replace(rules.scheme, name="", source=""),
    )
