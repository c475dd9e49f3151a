"""Where the electricity came from: shares by source, and the certificates behind."""

from collections.abc import Iterable

from homeassistant.util.json import JsonValueType

from ..data import CommonWattData
from ..engine.ledger.certificates import GranularCertificate, Holding
from ..engine.model.party import PartyId
from ..engine.node import OriginShare
from .lookup import Lookup, Proof
from .now import Section


def proof_section(data: CommonWattData, lookup: Lookup | None) -> Section:
    """Return the mix of the day and of the month, and the latest certificates."""
    status = data.market.status
    holdings = () if lookup is None else lookup.holdings
    return {
        "day": [] if status is None else _mix(status.origin_today),
        "month": [] if status is None else _mix(status.origin_month),
        "carbon_g_per_kwh": (None if status is None else status.carbon_g_per_kwh_today),
        "certificates": [certificate(one, data.market.party) for one in holdings],
    }


def certificate(holding: Holding, me: PartyId) -> Section:
    """Return a certificate as a list shows it."""
    shown = _content(holding.certificate)
    return shown | {
        "state": holding.state.value,
        "used_for": holding.used_for,
        "holder": holding.holder,
        "mine": holding.holder == me,
    }


def proof(found: Proof, me: PartyId) -> Section:
    """Return a certificate that was checked, with all it descends from."""
    return {
        "valid": found.is_whole,
        "certificate": certificate(found.holding, me),
        "lineage": [_content(one) for one in found.lineage],
    }


def _content(one: GranularCertificate) -> Section:
    parcel, device = one.parcel, one.parcel.origin.device
    return {
        "id": one.id,
        "community": one.community,
        "start": one.period.start,
        "end": one.period.end,
        "producer": one.producer,
        "source": parcel.origin.source.value,
        "stored": parcel.origin.stored,
        "device": None if device is None else device.id,
        "energy_wh": parcel.energy_wh,
        "carbon_mg": parcel.carbon_mg,
        "parent": one.parent,
        "serial": one.serial,
    }


def _mix(shares: Iterable[OriginShare]) -> list[JsonValueType]:
    return [
        {
            "supplier": share.supplier.value,
            "source": share.source.value,
            "share_ppm": share.share_ppm,
        }
        for share in shares
    ]
