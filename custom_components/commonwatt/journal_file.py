"""The journal of a home among Home Assistant's files: opened, reported, forgotten.

A damaged journal goes on with what is sound of it.  The damaged file stays until the
owner says otherwise, and Home Assistant's repairs show that it is there.
"""

from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
import re
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryError, ConfigEntryNotReady
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.storage import STORAGE_DIR

from .const import DOMAIN, LOGGER
from .drivers.journal import (
    JournalError,
    JournalFault,
    OpenedJournal,
    SQLiteJournal,
)
from .engine.model.period import Instant

ISSUE_PREFIX: Final = "damaged_journal_"
CONF_FILE: Final = "file"

_LOG_SUFFIX: Final = "-wal"

_FAULT_TEXTS: Final[Mapping[JournalFault, str]] = {
    JournalFault.DISK_FULL: "journal_disk_full",
    JournalFault.IN_USE: "journal_in_use",
    JournalFault.UNREACHABLE: "journal_unreachable",
    JournalFault.FROM_THE_FUTURE: "journal_from_the_future",
    JournalFault.DAMAGED: "journal_damaged_again",
}


def journal_path(hass: HomeAssistant, entry_id: str, place: str | None = None) -> Path:
    """Return where a home's journal lies: of one membership, or of the home alone."""
    name = entry_id if place is None else f"{entry_id}.{place}"
    return Path(hass.config.path(STORAGE_DIR, f"{DOMAIN}.{name}.db"))


async def async_open_journal(
    hass: HomeAssistant, entry: ConfigEntry, path: Path, *, now: Instant
) -> SQLiteJournal:
    """Open a journal of ``entry`` and report what is wrong with it.

    Raises:
        ConfigEntryNotReady: it cannot be opened now; trying again may help.
        ConfigEntryError: trying again will not help.
    """
    try:
        opened = await hass.async_add_executor_job(
            partial(SQLiteJournal.open, path, now=now)
        )
    except JournalError as err:
        raise journal_not_ready(path, err) from err
    report_journal_fault(hass, entry, path, None)
    _report(hass, entry, opened)
    return opened.journal


def journal_not_ready(
    path: Path, err: JournalError
) -> ConfigEntryNotReady | ConfigEntryError:
    """Tell the owner why the journal cannot be used, and whether waiting helps."""
    later = err.fault is not JournalFault.FROM_THE_FUTURE
    failure = ConfigEntryNotReady if later else ConfigEntryError
    return failure(
        translation_domain=DOMAIN,
        translation_key=_FAULT_TEXTS[err.fault],
        translation_placeholders={CONF_FILE: str(path)},
    )


@callback
def _report(hass: HomeAssistant, entry: ConfigEntry, opened: OpenedJournal) -> None:
    """Show every damaged file that is still there."""
    if (damaged := opened.damaged) is not None:
        LOGGER.error(
            "The journal of %s is damaged (%s): its first %d entries go on, the damaged"
            " file is kept as %s",
            entry.title,
            damaged.damage.kind,
            damaged.salvaged,
            damaged.kept_as,
        )
    for file in _without_logs(opened.aside):
        ir.async_create_issue(
            hass,
            DOMAIN,
            f"{ISSUE_PREFIX}{file.name}",
            data={CONF_FILE: str(file)},
            is_fixable=True,
            severity=ir.IssueSeverity.ERROR,
            translation_key="damaged_journal",
            translation_placeholders={CONF_FILE: str(file), "home": entry.title},
        )


@callback
def report_journal_fault(
    hass: HomeAssistant, entry: ConfigEntry, path: Path, fault: JournalFault | None
) -> None:
    """Show that the journal cannot be written just now, or that it can again."""
    issue_id = f"journal_fault_{entry.entry_id}"
    if fault is None:
        ir.async_delete_issue(hass, DOMAIN, issue_id)
        return
    LOGGER.error("The journal of %s cannot be written: %s", entry.title, fault)
    ir.async_create_issue(
        hass,
        DOMAIN,
        issue_id,
        is_fixable=False,
        severity=ir.IssueSeverity.ERROR,
        translation_key=_FAULT_TEXTS[fault],
        translation_placeholders={CONF_FILE: str(path), "home": entry.title},
    )


def _without_logs(files: Iterable[Path]) -> list[Path]:
    """Return the files without their write-ahead logs; they come and go together."""
    names = (file.name.removesuffix(_LOG_SUFFIX) for file in files)
    return sorted(
        {file.with_name(name) for file, name in zip(files, names, strict=True)}
    )


def delete_damaged(file: Path) -> None:
    """Delete a damaged journal and its write-ahead log (blocking)."""
    for path in (file, file.with_name(file.name + _LOG_SUFFIX)):
        path.unlink(missing_ok=True)


async def async_forget_journal(hass: HomeAssistant, entry_id: str) -> None:
    """Delete everything that was kept of a home that is gone."""
    alone = journal_path(hass, entry_id)
    of_places = journal_path(hass, entry_id, "*")
    for path in (alone, of_places):
        await hass.async_add_executor_job(_delete_all, path)
    _forget_issues(hass, f"{DOMAIN}.{entry_id}.")


async def async_forget_place(hass: HomeAssistant, entry_id: str, place: str) -> None:
    """Delete the journal of a membership that is gone."""
    path = journal_path(hass, entry_id, place)
    await hass.async_add_executor_job(_delete_all, path)
    _forget_issues(hass, path.name)


async def async_places(hass: HomeAssistant, entry_id: str) -> frozenset[str]:
    """Return every place of which there is a journal, or at least keys."""
    folder = Path(hass.config.path(STORAGE_DIR))
    name = re.compile(rf"{DOMAIN}\.{re.escape(entry_id)}\.([0-9a-f]{{16}})\.(db|keys)")
    files = await hass.async_add_executor_job(lambda: list(folder.glob(f"{DOMAIN}.*")))
    found = (name.fullmatch(file.name) for file in files)
    return frozenset(match[1] for match in found if match is not None)


@callback
def _forget_issues(hass: HomeAssistant, file: str) -> None:
    for domain, issue_id in list(ir.async_get(hass).issues):
        if domain == DOMAIN and issue_id.startswith(f"{ISSUE_PREFIX}{file}"):
            ir.async_delete_issue(hass, DOMAIN, issue_id)


def _delete_all(path: Path) -> None:
    for file in path.parent.glob(f"{path.name}*"):
        file.unlink(missing_ok=True)
