"""What diagnostics tell about the node: states and counts, nobody's name or key."""

from homeassistant.util.json import JsonValueType

from .community.report import community_report
from .data import CommonWattConfigEntry
from .engine.node import NodeStatus

type Report = dict[str, JsonValueType]


def node_diagnostics(entry: CommonWattConfigEntry) -> Report:
    """Return the node's part of the diagnostics of an entry."""
    data = entry.runtime_data
    status = data.market.status
    report: Report = {"status": None if status is None else _status(status)}
    report["community"] = community_report(data.membership)
    if (demo := data.demo) is not None:
        report["demo"] = {
            "simulated_time": demo.now,
            "running": demo.running,
            **{k: v for k, v in demo.summary().items() if k != "periods"},
        }
    return report


def _status(status: NodeStatus) -> Report:
    return {
        "at": status.at,
        "period": str(status.period),
        "phase": status.phase.value,
        "round_period": str(status.round_period),
        "members": status.members,
        "members_online": status.members_online,
        "clearing_price_micro_per_kwh": status.clearing_price_micro_per_kwh,
        "clearing_price_final": status.clearing_price_final,
        "position_wh": status.position_wh,
        "bought_wh_total": status.bought_wh_total,
        "sold_wh_total": status.sold_wh_total,
        "saved_nano_total": status.saved_nano_total,
        "saved_basis": status.saved_basis.value,
        "settled_periods": status.settled_periods,
        "last_settled": None
        if status.last_settled is None
        else str(status.last_settled),
        "open_periods": status.open_periods,
        "advice": [
            {
                "device": setpoint.device,
                "value": setpoint.value,
                "expires_at": setpoint.expires_at,
            }
            for setpoint in status.advice
        ],
        "faults": _faults(status),
    }


def _faults(status: NodeStatus) -> Report:
    """Count faults for each peer; peers are numbered, not named."""
    parties = sorted({party for party, _ in status.faults if party is not None})
    names = {party: f"peer {number}" for number, party in enumerate(parties, start=1)}
    counts: dict[str, Report] = {}
    for (party, fault), count in status.faults.items():
        name = "unknown" if party is None else names[party]
        counts.setdefault(name, {})[fault.value] = count
    return {name: counts[name] for name in sorted(counts)}
