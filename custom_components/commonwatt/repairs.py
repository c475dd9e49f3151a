"""What the owner can do from Home Assistant's list of issues."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

from homeassistant.components.repairs import RepairsFlow, RepairsFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.service import async_get_config_entry

from .const import DOMAIN
from .data import CommonWattConfigEntry
from .journal_file import CONF_FILE, delete_damaged

if TYPE_CHECKING:
    from .accounts.dashboard import Offer

type IssueData = dict[str, str | int | float | None]


class DamagedJournalFlow(RepairsFlow):
    """Ask what is to become of a damaged journal that was put aside."""

    def __init__(self, file: str) -> None:
        self._file: Final = file

    async def async_step_init(
        self,
        user_input: dict[str, str] | None = None,  # noqa: ARG002  # a step's signature
    ) -> RepairsFlowResult:
        """Offer to keep the file or to delete it."""
        return self.async_show_menu(
            step_id="init",
            menu_options=["keep", "delete"],
            description_placeholders={CONF_FILE: self._file},
        )

    async def async_step_keep(
        self,
        user_input: dict[str, str] | None = None,  # noqa: ARG002  # a step's signature
    ) -> RepairsFlowResult:
        """Leave the file where it is and speak of it no more."""
        ir.async_ignore_issue(self.hass, DOMAIN, self.issue_id, ignore=True)
        return self.async_abort(
            reason="journal_kept", description_placeholders={CONF_FILE: self._file}
        )

    async def async_step_delete(
        self,
        user_input: dict[str, str] | None = None,  # noqa: ARG002  # a step's signature
    ) -> RepairsFlowResult:
        """Delete the file for good."""
        try:
            await self.hass.async_add_executor_job(delete_damaged, Path(self._file))
        except OSError as err:
            return self.async_abort(
                reason="journal_not_deleted",
                description_placeholders={CONF_FILE: self._file, "error": str(err)},
            )
        return self.async_create_entry(data={})


class DashboardFlow(RepairsFlow):
    """Say what would change in the Energy dashboard, then ask."""

    def __init__(self, entry: CommonWattConfigEntry, offer: Offer | None) -> None:
        self._entry: Final = entry
        self._offer: Final = offer

    async def async_step_init(
        self,
        user_input: dict[str, str] | None = None,  # noqa: ARG002  # a step's signature
    ) -> RepairsFlowResult:
        """Tell which source would be replaced; give up where nobody can tell."""
        told = {"home": self._entry.title}
        if self._offer is None:
            return self.async_abort(
                reason="dashboard_unclear", description_placeholders=told
            )
        return self.async_show_menu(
            step_id="init",
            menu_options=["set_up", "leave"],
            description_placeholders={**told, "removed": self._offer.removed},
        )

    async def async_step_set_up(
        self,
        user_input: dict[str, str] | None = None,  # noqa: ARG002  # a step's signature
    ) -> RepairsFlowResult:
        """Do what was told."""
        from .accounts.dashboard import async_set_up  # noqa: PLC0415  # see below

        assert self._offer is not None, "there was something to say yes to"
        await async_set_up(self.hass, self._entry, self._offer)
        return self.async_create_entry(data={})

    async def async_step_leave(
        self,
        user_input: dict[str, str] | None = None,  # noqa: ARG002  # a step's signature
    ) -> RepairsFlowResult:
        """Change nothing and speak of it no more."""
        ir.async_ignore_issue(self.hass, DOMAIN, self.issue_id, ignore=True)
        return self.async_abort(reason="dashboard_left")


async def async_create_fix_flow(
    hass: HomeAssistant,
    issue_id: str,  # noqa: ARG001  # what Home Assistant calls it with
    data: IssueData | None,
) -> RepairsFlow:
    """Return the flow for an issue: of a damaged journal, or of the dashboard."""
    assert data is not None, "the issue says what it is about"
    if CONF_FILE in data:
        return DamagedJournalFlow(str(data[CONF_FILE]))
    # The code of the dashboard is there by now: it has raised the issue.
    from .accounts.dashboard import CONF_ENTRY, async_find  # noqa: PLC0415

    entry: CommonWattConfigEntry = async_get_config_entry(
        hass, DOMAIN, str(data[CONF_ENTRY])
    )
    return DashboardFlow(entry, await async_find(hass, entry))
