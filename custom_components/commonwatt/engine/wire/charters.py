"""Charters as canonical bytes.  Clauses: ``docs/reference/community.md``, section 1."""

from typing import Final

from ..model.community import Amend
from ..model.party import (
    MEMBERS_MAX,
    Admission,
    BillingBasis,
    Charter,
    FaultModel,
    Mechanism,
    Member,
    PrivacyMode,
)
from ..model.units import ENERGY_WH_MAX
from ..model.zone import FeeTree, Zone, ZoneId
from .canonical import Value
from .fields import (
    array,
    array_of,
    byte_string,
    integer,
    party_bytes,
    read_party,
    text,
)
from .keys import HOUSEHOLD_KEY_BYTES, party_id
from .settlement_rules import read_settlement, settlement_value
from .standings import read_credit
from .tariffs import read_price, read_tariff, tariff_value

ZONE_LENGTH_MAX: Final = 64
RULES: Final = 9
"""Clauses that every charter has, apart from its members."""


def charter_value(charter: Charter) -> Value:
    """Return all a charter says: members in their order, then the rules."""
    members = tuple(member_value(member) for member in charter.members)
    return (members, *rules_value(Amend.of(charter)))


def read_charter(value: Value) -> Charter:
    """Return a first charter; ValueError if it is none.

    What members believe of each other comes later, from the changes that follow.
    """
    if not array(value):
        raise ValueError("a charter has members")
    members, *rules = array(value)
    return read_rules(tuple(rules)).founded_by(
        tuple(read_member(one) for one in array(members))
    )


def member_value(member: Member) -> Value:
    """Return party, zone and household key."""
    return party_bytes(member.party), member.zone, member.household_key


def read_member(value: Value) -> Member:
    """Return the member; ValueError if the key is not the party's."""
    party, zone, key = array_of(value, 3)
    member = Member(
        party=read_party(party),
        zone=read_zone_id(zone),
        household_key=byte_string(key, HOUSEHOLD_KEY_BYTES),
    )
    if member.party != party_id(member.household_key):
        raise ValueError("a party is named by its household key")
    return member


def rules_value(rules: Amend) -> tuple[Value, ...]:
    """Return the rules of a charter: zones, then the rest.

    The ordinary line comes last, and only where reputations change anything: a
    community older than them keeps its name.
    """
    line = () if rules.credit_wh is None else (rules.credit_wh,)
    return (
        tuple(_zone_value(zone) for zone in rules.fee_tree.zones),
        rules.fault_model.value,
        rules.billing_basis.value,
        rules.privacy.value,
        rules.admission.value,
        rules.committee_size,
        tariff_value(rules.reference_tariff),
        rules.mechanism.value,
        settlement_value(rules.settlement),
        *line,
    )


def read_rules(value: Value) -> Amend:
    """Return the rules; ValueError if they are none."""
    clauses = array(value)
    if len(clauses) not in {RULES, RULES + 1}:
        raise ValueError(f"{len(clauses)} clauses where {RULES} belong")
    zones, fault, billing, privacy, *more = clauses[:RULES]
    admission, committee, tariff, mechanism, settlement = more
    return Amend(
        fee_tree=FeeTree(tuple(_zone(zone) for zone in array(zones))),
        fault_model=FaultModel(text(fault)),
        billing_basis=BillingBasis(text(billing)),
        privacy=PrivacyMode(text(privacy)),
        admission=Admission(text(admission)),
        committee_size=integer(committee, least=1, most=MEMBERS_MAX),
        reference_tariff=None if tariff is None else read_tariff(tariff),
        mechanism=Mechanism(text(mechanism)),
        settlement=read_settlement(settlement),
        credit_wh=read_credit(clauses[RULES]) if len(clauses) > RULES else None,
    )


def read_zone_id(value: Value) -> ZoneId:
    """Return the name of a zone."""
    name = text(value)
    if not 1 <= len(name) <= ZONE_LENGTH_MAX:
        raise ValueError("a zone has a name, and no long one")
    return ZoneId(name)


def _zone_value(zone: Zone) -> Value:
    return (
        zone.id,
        zone.parent,
        zone.export_fee_micro_per_kwh,
        zone.import_fee_micro_per_kwh,
        zone.export_wh_max,
        zone.import_wh_max,
    )


def _zone(value: Value) -> Zone:
    name, parent, export_fee, import_fee, export_max, import_max = array_of(value, 6)
    return Zone(
        id=read_zone_id(name),
        parent=None if parent is None else read_zone_id(parent),
        export_fee_micro_per_kwh=read_price(export_fee),
        import_fee_micro_per_kwh=read_price(import_fee),
        export_wh_max=_limit(export_max),
        import_wh_max=_limit(import_max),
    )


def _limit(value: Value) -> int | None:
    return None if value is None else integer(value, least=0, most=ENERGY_WH_MAX)
