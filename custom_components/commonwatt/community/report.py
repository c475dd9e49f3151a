"""What diagnostics tell about a membership: counts and rules, nobody's name or key."""

from collections import Counter

from homeassistant.util.json import JsonValueType

from ..engine.model.party import Charter
from ..membership import Membership
from .circle import Circle
from .ways import Ways

type Report = dict[str, JsonValueType]


def community_report(membership: Membership | None) -> Report | None:
    """Return the community's part of the diagnostics of a home; None in the demo."""
    if membership is None:
        return None
    report: Report = {"standing": membership.standing.value}
    if (circle := membership.circle) is not None:
        report |= _circle(circle)
    return report


def _circle(circle: Circle) -> Report:
    return {
        "charter": _charter(circle.charter),
        "named": len(circle.directory.names),
        "anybody_online": circle.anybody_online,
        "ways": _ways(circle.ways),
    }


def _charter(charter: Charter) -> Report:
    return {
        "members": len(charter.members),
        "zones": len(charter.fee_tree.zones),
        "quorum": charter.quorum,
        "fault_model": charter.fault_model.value,
        "billing_basis": charter.billing_basis.value,
        "privacy": charter.privacy.value,
        "admission": charter.admission.value,
        "committee_size": charter.committee_size,
    }


def _ways(ways: Ways) -> Report:
    """Count addresses instead of telling them; count refusals by their reason."""
    http, broker = ways.settings.http, ways.broker
    refused: Counter[str] = Counter()
    for (_, reason), count in ways.refusals.counts.items():
        refused[reason.value] += count
    return {
        "http": None
        if http is None
        else {
            "addresses": len(http.addresses),
            "dial": len(http.dial),
            "linked": len(ways.linked),
        },
        "broker": None
        if broker is None
        else {
            "connected": broker.is_connected,
            "fault": None if broker.fault is None else broker.fault.value,
        },
        "refused": dict(sorted(refused.items())),
    }
