"""Repairs the owner can do from Home Assistant's list of issues."""

from pathlib import Path
from typing import Final

from homeassistant.components.repairs import RepairsFlow, RepairsFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir

from .const import DOMAIN
from .journal_file import CONF_FILE, delete_damaged

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


async def async_create_fix_flow(
    hass: HomeAssistant,  # noqa: ARG001  # what Home Assistant calls it with
    issue_id: str,  # noqa: ARG001
    data: IssueData | None,
) -> RepairsFlow:
    """Return the flow for an issue; damaged journals are the only ones with one."""
    assert data is not None, "the issue names the file"
    return DamagedJournalFlow(str(data[CONF_FILE]))
