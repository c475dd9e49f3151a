"""Says so when plans stay on the lowest rungs: a home should not sink in silence."""

from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from ..const import DOMAIN
from ..engine.dispatch.home import HomePlan, PlanReason, Rung
from ..engine.model.period import HOUR_MS, Instant

PATIENCE_MS: Final = HOUR_MS
"""A fall-back that lasts longer is no hiccup."""

FALLEN: Final = frozenset({Rung.PREVIOUS, Rung.RULE})


class FallbackWatch:
    """Raises an issue while plans fall back, and takes it away again."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry) -> None:
        self._hass: Final = hass
        self._entry: Final = entry
        self._since: Instant | None = None
        self._issue_id: Final = f"plan_fallback_{entry.entry_id}"

    @callback
    def take(self, plan: HomePlan, now: Instant) -> None:
        """Look at one more plan."""
        if plan.rung not in FALLEN:
            self._since = None
            ir.async_delete_issue(self._hass, DOMAIN, self._issue_id)
            return
        if self._since is None:
            self._since = now
        if now - self._since >= PATIENCE_MS:
            self._report(plan.reason)

    def _report(self, reason: PlanReason) -> None:
        missing = reason is PlanReason.INPUT_MISSING
        ir.async_create_issue(
            self._hass,
            DOMAIN,
            self._issue_id,
            is_fixable=False,
            severity=ir.IssueSeverity.WARNING,
            translation_key="plan_input_missing" if missing else "plan_fallback",
            translation_placeholders={
                "home": self._entry.title,
                "reason": reason.value,
            },
        )
