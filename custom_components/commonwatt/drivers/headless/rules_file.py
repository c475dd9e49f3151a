"""The rules of a community as JSON that people read, change and put to the vote.

How energy that nobody traded is shared, and what remains on a bill, is carried along as
the bytes it has on the wire: it is taken over, not written by hand.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from ...engine.model.community import Amend
from ...engine.model.party import (
    COMMITTEE_SIZE,
    Admission,
    BillingBasis,
    FaultModel,
    Mechanism,
    PrivacyMode,
)
from ...engine.model.settlement_rules import SettlementRules
from ...engine.model.tariff import Tariff
from ...engine.model.zone import FeeTree, Zone, ZoneId
from ...engine.wire.canonical import decode, encode
from ...engine.wire.settlement_rules import read_settlement, settlement_value
from .json_fields import JSON, a_list, a_number, a_text, an_object

_ZONE_FEES: Final = ("export_fee_micro_per_kwh", "import_fee_micro_per_kwh")
_ZONE_LIMITS: Final = ("export_wh_max", "import_wh_max")
_TARIFF: Final = (
    "energy_micro_per_kwh",
    "network_micro_per_kwh",
    "levies_micro_per_kwh",
    "vat_ppm",
    "feed_in_micro_per_kwh",
)


def rules_object(rules: Amend) -> dict[str, JSON]:
    """Return the rules as a JSON object."""
    return {
        "mechanism": rules.mechanism.value,
        "fault_model": rules.fault_model.value,
        "billing_basis": rules.billing_basis.value,
        "privacy": rules.privacy.value,
        "admission": rules.admission.value,
        "committee_size": rules.committee_size,
        "reference_tariff": _tariff_object(rules.reference_tariff),
        "zones": [_zone_object(zone) for zone in rules.fee_tree.zones],
        "settlement": encode(settlement_value(rules.settlement)).hex(),
        "credit_wh": rules.credit_wh,
    }


def rules_of(value: Mapping[str, JSON]) -> Amend:
    """Return the rules; ValueError or KeyError says what is wrong.

    Only ``zones``, ``fault_model`` and ``billing_basis`` must be there.
    """
    tariff = value.get("reference_tariff")
    settlement = value.get("settlement")
    size = a_number(value.get("committee_size"))
    return Amend(
        fee_tree=FeeTree(
            tuple(_zone(an_object(zone)) for zone in a_list(value["zones"]))
        ),
        fault_model=FaultModel(a_text(value["fault_model"])),
        billing_basis=BillingBasis(a_text(value["billing_basis"])),
        privacy=_chosen(value, "privacy", PrivacyMode.OPEN),
        admission=_chosen(value, "admission", Admission.VOTE),
        committee_size=COMMITTEE_SIZE if size is None else size,
        reference_tariff=None if tariff is None else _tariff(an_object(tariff)),
        mechanism=_chosen(value, "mechanism", Mechanism.AUCTION),
        settlement=SettlementRules()
        if settlement is None
        else read_settlement(decode(bytes.fromhex(a_text(settlement)))),
        credit_wh=a_number(value.get("credit_wh")),
    )


def _chosen[Choice: StrEnum](
    value: Mapping[str, JSON], name: str, default: Choice
) -> Choice:
    found = value.get(name)
    return default if found is None else type(default)(a_text(found))


def _tariff_object(tariff: Tariff | None) -> dict[str, JSON] | None:
    if tariff is None:
        return None
    return {name: getattr(tariff, name) for name in _TARIFF}


def _tariff(value: Mapping[str, JSON]) -> Tariff:
    prices = {name: a_number(value.get(name)) or 0 for name in _TARIFF}
    return Tariff(**prices)


def _zone_object(zone: Zone) -> dict[str, JSON]:
    return {
        "id": zone.id,
        "parent": zone.parent,
        "export_fee_micro_per_kwh": zone.export_fee_micro_per_kwh,
        "import_fee_micro_per_kwh": zone.import_fee_micro_per_kwh,
        "export_wh_max": zone.export_wh_max,
        "import_wh_max": zone.import_wh_max,
    }


def _zone(value: Mapping[str, JSON]) -> Zone:
    parent = value["parent"]
    export_fee, import_fee = (a_number(value[name]) or 0 for name in _ZONE_FEES)
    export_wh_max, import_wh_max = (a_number(value[name]) for name in _ZONE_LIMITS)
    return Zone(
        id=ZoneId(a_text(value["id"])),
        parent=None if parent is None else ZoneId(a_text(parent)),
        export_fee_micro_per_kwh=export_fee,
        import_fee_micro_per_kwh=import_fee,
        export_wh_max=export_wh_max,
        import_wh_max=import_wh_max,
    )
