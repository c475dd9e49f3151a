"""Tales without names: members, zones and plants are numbered.

Numbers go by the order of the names, because that order decides some things.  Hashes of
names decide others, namely what equal claims get.  So everybody is given an alias, anew
for each period: a number, and digits drawn until the hashes rank the aliases as they
ranked the names.  A tale for which none are found is left out.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import count
from typing import Final

from ...ledger.sharing import tie_key
from ...model.contract import ContractId, Pledge, Terms
from ...model.party import PARTY_ID_BYTES, Charter, PartyId
from ...model.period import DeliveryPeriod
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
"""Books tried for one period: their digests rank equal orders.  Mostly one will do."""

NUMBER_BYTES: Final = 4
"""Of an alias; the others are drawn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Names:
    """What everybody and everything in one tale is called instead."""

    parties: Mapping[bytes, bytes]
    zones: Mapping[ZoneId, ZoneId]
    contracts: Mapping[ContractId, ContractId]

    def party(self, party: PartyId) -> PartyId:
        return PartyId(self.parties[party_bytes(party)].hex())


def anonymous(tales: Sequence[Tale]) -> tuple[Tale, ...]:
    """Return the tales without names, apart from those that rest on them."""
    parties = sorted({name for tale in tales for name in _parties(tale_value(tale))})
    zones = sorted({z.id for tale in tales for z in tale.facts.charter.fee_tree.zones})
    numbers = {party: number for number, party in enumerate(parties, start=1)}
    places = {
        zone: ZoneId(f"zone-{number:05}") for number, zone in enumerate(zones, start=1)
    }
    told = (_told_anew(tale, _names_in(tale, numbers, places)) for tale in tales)
    return tuple(tale for tale in told if tale is not None)


def number_of(alias: PartyId) -> int:
    """Return the number of a member, the same in all tales that were told together."""
    return int.from_bytes(party_bytes(alias)[:NUMBER_BYTES])


def _names_in(
    tale: Tale, numbers: Mapping[bytes, int], zones: Mapping[ZoneId, ZoneId]
) -> _Names:
    parties = _aliases(tale, numbers)
    names = _Names(parties=parties, zones=zones, contracts={})
    said = (
        pledge.terms
        for bid in tale.facts.bids or ()
        for pledge in bid.pledges
        if not isinstance(pledge.terms, str)
    )
    return replace(names, contracts={one.id: _terms(one, names).id for one in said})


def _aliases(tale: Tale, numbers: Mapping[bytes, int]) -> dict[bytes, bytes]:
    """Return an alias for everybody in a tale, ranked as their names are.

    The hashes are cut into as many stretches of equal length as there are parties: each
    draws until it hits its own.
    """
    period = tale.facts.period
    parties = {*_parties(tale_value(tale))}
    ranked = sorted(parties, key=lambda name: tie_key(period, PartyId(name.hex())))
    aliases: dict[bytes, bytes] = {}
    for rank, party in enumerate(ranked):
        number = numbers[party].to_bytes(NUMBER_BYTES)
        aliases[party] = next(
            alias
            for alias in _drawn_aliases(number)
            if _stretch(period, alias, len(ranked)) == rank
        )
    return aliases


def _drawn_aliases(number: bytes) -> Iterator[bytes]:
    rest = PARTY_ID_BYTES - NUMBER_BYTES
    return (number + draw.to_bytes(rest) for draw in count())


def _stretch(period: DeliveryPeriod, alias: bytes, stretches: int) -> int:
    key = tie_key(period, PartyId(alias.hex()))
    return int.from_bytes(key) * stretches >> (len(key) * 8)


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
