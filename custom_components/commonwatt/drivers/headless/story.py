"""What a headless member tells: one JSON object for its status, one for each event."""

from collections.abc import Mapping

from ...engine.model.period import Instant, datetime_from_instant
from ...engine.node import (
    CharterChanged,
    Event,
    MemberOffline,
    MemberOnline,
    NodeStatus,
    PeerFault,
    PeriodFinal,
    PeriodSettled,
)
from ...engine.wire.digests import clearing_digest

type Told = dict[str, bool | int | str | None]


def tell_status(status: NodeStatus, *, linked: int | None) -> Told:
    """Return what a status page shows; null is unknown."""
    return {
        "at": _time(status.at),
        "phase": status.phase.value,
        "round_period": _time(status.round_period.start),
        "members": status.members,
        "members_online": status.members_online,
        "linked": linked,
        "price_micro_per_kwh": status.clearing_price_micro_per_kwh,
        "price_final": status.clearing_price_final,
        "position_wh": status.position_wh,
        "bought_wh_total": status.bought_wh_total,
        "sold_wh_total": status.sold_wh_total,
        "saved_nano_total": status.saved_nano_total,
        "settled_periods": status.settled_periods,
        "open_periods": status.open_periods,
        "waking": status.is_waking,
        "faults": sum(status.faults.values()),
    }


def tell_event(event: Event, at: Instant) -> Told | None:
    """Return a line for an event worth a line."""
    told: Mapping[str, bool | int | str | None]
    match event:
        case PeriodFinal(period=period, result=result):
            told = {
                "event": "period_final",
                "period": period.number,
                "trades": None if result is None else len(result.trades),
                "digest": None
                if result is None
                else clearing_digest(result, seed=b"").hex(),
            }
        case PeriodSettled(period=period):
            told = {"event": "period_settled", "period": period.number}
        case MemberOnline(party=party):
            told = {"event": "member_online", "party": party}
        case MemberOffline(party=party):
            told = {"event": "member_offline", "party": party}
        case CharterChanged(number=number, charter=charter):
            members = len(charter.members)
            told = {"event": "charter_changed", "number": number, "members": members}
        case PeerFault(party=party, fault=fault):
            told = {"event": "peer_fault", "party": party, "fault": fault.value}
        case _:
            return None
    return {"at": _time(at), **told}


def _time(at: Instant) -> str:
    return datetime_from_instant(at).isoformat()
