"""What the owner should know about the community: shown in Home Assistant's repairs."""

from collections import Counter
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from ..const import DOMAIN
from ..drivers.transports import Refusal
from ..engine.model.party import PartyId
from ..engine.model.period import HOUR_MS, MINUTE_MS, Instant, after
from ..engine.node import NodeStatus
from ..engine.peer import Fault
from .circle import Circle
from .omissions import Omissions

CUT_OFF_MS: Final = HOUR_MS
"""So long nobody may be heard before the owner is told."""

FLOOD_MIN: Final = 2_000
"""Refusals in an hour that are more than chance: somebody tries the door."""

REMOVED: Final = "community_removed"
CUT_OFF: Final = "community_cut_off"
BROKER_REFUSED: Final = "community_broker_refused"
CONTRADICTION: Final = "community_contradiction"
OMISSION: Final = "community_omission"
FLOOD: Final = "community_flood"
SPENT: Final = "community_invitation_used"
ISSUES: Final = (
    REMOVED,
    CUT_OFF,
    BROKER_REFUSED,
    CONTRADICTION,
    OMISSION,
    FLOOD,
    SPENT,
)

_OF_STRANGERS: Final = frozenset(
    {
        Refusal.STRANGER,
        Refusal.UNPROVED,
        Refusal.REVOKED,
        Refusal.CROWDED,
        Refusal.MALFORMED,
    }
)


class CommunityWatch:
    """Looks at how the home stands among its neighbours, once a minute."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry) -> None:
        """Begin with nothing amiss."""
        self._hass: Final = hass
        self._entry: Final = entry
        self._looked_at: Instant | None = None
        self._heard_at: Instant | None = None
        self._counted_at: Instant | None = None
        self._counted = 0
        self._is_flooded = False
        self._omissions: Final = Omissions()

    @callback
    def look(self, circle: Circle, status: NodeStatus) -> None:
        """Show what is amiss, and take back what is not any more."""
        now = status.at
        last = self._looked_at
        if last is not None and now < after(last, MINUTE_MS):
            return
        self._looked_at = now
        liars = [
            circle.directory.name_of(party)
            for party in _liars(status)
            if party is not None
        ]
        self._show(REMOVED, wanted=not circle.is_member)
        self._show(CUT_OFF, wanted=self._is_cut_off(circle, now))
        self._show(BROKER_REFUSED, wanted=_is_refused(circle))
        self._show(CONTRADICTION, wanted=bool(liars), names=", ".join(liars))
        lacking = self._omissions.look(status.faults, now)
        names = ", ".join(map(circle.directory.name_of, lacking))
        self._show(OMISSION, wanted=bool(lacking), names=names)
        self._show(FLOOD, wanted=self._is_flood(circle, now))

    def _is_cut_off(self, circle: Circle, now: Instant) -> bool:
        if self._heard_at is None or circle.anybody_online or not circle.others:
            self._heard_at = now
        return circle.is_member and now >= after(self._heard_at, CUT_OFF_MS)

    def _is_flood(self, circle: Circle, now: Instant) -> bool:
        """Count by the hour: whether the last whole hour was too much, or this one."""
        count = sum(
            count
            for (_, reason), count in circle.ways.refusals.counts.items()
            if reason in _OF_STRANGERS
        )
        too_much = count - self._counted >= FLOOD_MIN
        if self._counted_at is None or now >= after(self._counted_at, HOUR_MS):
            self._counted_at, self._counted = now, count
            self._is_flooded = too_much
        return self._is_flooded or too_much

    @callback
    def _show(self, issue: str, *, wanted: bool, names: str = "") -> None:
        if wanted:
            _show(self._hass, self._entry, issue, names=names)
            return
        issue_id = _issue_id(self._entry.entry_id, issue)
        ir.async_delete_issue(self._hass, DOMAIN, issue_id)


@callback
def show_spent(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Say that the invitation a home waits with has let in somebody else."""
    _show(hass, entry, SPENT)


@callback
def forget_issues(hass: HomeAssistant, entry_id: str) -> None:
    """Say no more about a community the home does not belong to."""
    for issue in ISSUES:
        ir.async_delete_issue(hass, DOMAIN, _issue_id(entry_id, issue))


def _show(
    hass: HomeAssistant, entry: ConfigEntry, issue: str, *, names: str = ""
) -> None:
    ir.async_create_issue(
        hass,
        DOMAIN,
        _issue_id(entry.entry_id, issue),
        is_fixable=False,
        severity=ir.IssueSeverity.WARNING,
        translation_key=issue,
        translation_placeholders={"home": entry.title, "names": names},
    )


def _issue_id(entry_id: str, issue: str) -> str:
    return f"{issue}_{entry_id}"


def _liars(status: NodeStatus) -> list[PartyId | None]:
    """Return who has signed what cannot both be honest."""
    counts: Counter[PartyId | None] = Counter()
    for (party, fault), count in status.faults.items():
        if fault is Fault.CONTRADICTION:
            counts[party] += count
    return sorted(counts, key=str)


def _is_refused(circle: Circle) -> bool:
    broker = circle.ways.broker
    return broker is not None and broker.fault == "refused"
