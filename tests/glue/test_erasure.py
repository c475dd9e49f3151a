"""Whoever leaves is forgotten: the link between players and homes is nowhere left.

Looked for in every place that keeps or shows something of a home; another test hides a
needle in each of them, so that the search is known to search.
"""

from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
import json
import logging
from pathlib import Path
from typing import Final

from homeassistant.components.recorder import get_instance
from homeassistant.components.recorder.models import (
    StatisticData,
    StatisticMeanType,
    StatisticMetaData,
)
from homeassistant.components.recorder.statistics import async_add_external_statistics
from homeassistant.components.recorder.util import session_scope
from homeassistant.const import UnitOfEnergy
from homeassistant.core import HomeAssistant
from homeassistant.helpers import (
    device_registry as dr,
    entity_registry as er,
    issue_registry as ir,
)
from homeassistant.helpers.storage import Store
from homeassistant.util import dt as dt_util
from homeassistant.util.unit_conversion import EnergyConverter
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)
from sqlalchemy import inspect, text

from custom_components.commonwatt.chain.files import chain_folder
from custom_components.commonwatt.const import DOMAIN, LOGGER
from custom_components.commonwatt.diagnostics import async_get_config_entry_diagnostics
from custom_components.commonwatt.engine.ledger.allocation import DeliveryKind
from custom_components.commonwatt.engine.ledger.journal import EntryKind, JournalEntry
from custom_components.commonwatt.engine.model.social import League, ScoreCard
from custom_components.commonwatt.engine.scores.leaderboard import pseudonym
from custom_components.commonwatt.home import wall_clock
from custom_components.commonwatt.scoring.pseudonyms import (
    async_forget_pseudonyms,
    async_pseudonym_key,
)
from tests.glue.statuses import NEIGHBOUR, STATUS
from tests.glue.test_scores import Storage, add_sharing_home, data_of, settle_one

pytestmark = pytest.mark.usefixtures("recorder_mock")

NEEDLE: Final = "a1b2c3d4e5f60718293a4b5c6d7e8f90"

type Places = Mapping[str, bytes]


@pytest.fixture(autouse=True)
def _real_storage(
    hass: HomeAssistant, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Give every test a configuration folder of its own, on a real disk."""
    hass.config.config_dir = str(tmp_path)
    caplog.set_level(logging.INFO)
    caplog.set_level(logging.DEBUG, logger=LOGGER.name)


def links(key: bytes, *names: str) -> list[bytes]:
    """Return every way to write the key, and the pseudonyms it makes."""
    texts = (key.hex(), key.hex().upper(), b64encode(key).decode(), repr(key), *names)
    return [key, *(one.encode() for one in texts)]


def places_of(wanted: Iterable[bytes], places: Places) -> set[str]:
    """Return where any of the wanted is."""
    needles = [*wanted]
    return {
        place
        for place, content in places.items()
        if any(needle in content for needle in needles)
    }


def on_disk(folder: Path) -> dict[str, bytes]:
    """Return the content of every file, journals and folders of chains among them."""
    return {
        f"file {file.relative_to(folder)}": file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file()
    }


def recorded(hass: HomeAssistant) -> dict[str, bytes]:
    """Return every row of every table of the recorder: states, statistics, events."""
    with session_scope(hass=hass, read_only=True) as session:
        tables = inspect(session.connection()).get_table_names()
        return {
            f"recorder {table}": repr(
                session.execute(text(f"SELECT * FROM {table}")).all()  # noqa: S608  # its own tables
            ).encode()
            for table in tables
        }


async def everywhere(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    storage: Storage,
    log: pytest.LogCaptureFixture,
) -> Places:
    """Return all that is kept or shown of a home, Home Assistant's own places too."""
    await async_wait_recording_done(hass)
    folder = Path(hass.config.config_dir)
    found = {
        **await hass.async_add_executor_job(on_disk, folder),
        **await get_instance(hass).async_add_executor_job(recorded, hass),
    }
    shown: dict[str, object] = {
        "panel": [tell() for tell in data_of(entry).shown.values()],
        "diagnostics": await async_get_config_entry_diagnostics(hass, entry),
        "states": [state.as_dict() for state in hass.states.async_all()],
        "entry": [dict(entry.data), dict(entry.options), entry.title],
        "storage": storage,
        "entity registry": [repr(one) for one in er.async_get(hass).entities.values()],
        "device registry": [repr(one) for one in dr.async_get(hass).devices],
        "issues": [repr(one) for one in ir.async_get(hass).issues.values()],
        "log": log.text,
    }
    found |= {
        name: json.dumps(one, default=str).encode() for name, one in shown.items()
    }
    return found


async def test_leaving_destroys_what_links_players_to_homes(
    hass: HomeAssistant, hass_storage: Storage, caplog: pytest.LogCaptureFixture
) -> None:
    entry = await add_sharing_home(hass)
    await settle_one(hass, entry, kind=DeliveryKind.GIFT, energy_wh=2_500)
    data = data_of(entry)
    assert data.scoring.scores is not None
    season = data.scoring.scores.standing.season
    key = await async_pseudonym_key(hass, entry.entry_id)
    parties = (data.market.party, NEIGHBOUR)
    names = [pseudonym(key, party, season) for party in parties]
    card = ScoreCard(
        season=season, league=League.PANELS, bucket=60, improvement=0, is_shown=True
    )
    playing = replace(STATUS, score_cards=dict.fromkeys(parties, card))
    data.market.publish(playing)
    await hass.async_block_till_done()
    before = await everywhere(hass, entry, hass_storage, caplog)
    assert places_of(links(key), before) == {"storage"}, "the test can find it"

    data.market.publish(replace(playing, is_member=False))
    await hass.async_block_till_done()
    after = await everywhere(hass, entry, hass_storage, caplog)

    assert places_of(links(key, *names), after) == set()
    assert data.shown["leaderboard"]() is None
    await hass.config_entries.async_unload(entry.entry_id)


def write_journal(_hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Have the home's journal hold the needle."""
    note = JournalEntry(kind=EntryKind.SENT, at=wall_clock(), body=NEEDLE.encode())
    data_of(entry).journal.append([note])


def keep_on_chain(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Have the chain's folder hold it."""
    folder = chain_folder(hass, entry.entry_id)
    folder.mkdir(parents=True)
    (folder / "outbox.db").write_text(NEEDLE)


def count_it(hass: HomeAssistant, _entry: MockConfigEntry) -> None:
    """Have a statistic be called like it."""
    metadata = StatisticMetaData(
        mean_type=StatisticMeanType.NONE,
        has_sum=True,
        name=NEEDLE,
        source=DOMAIN,
        statistic_id=f"{DOMAIN}:needle",
        unit_class=EnergyConverter.UNIT_CLASS,
        unit_of_measurement=UnitOfEnergy.KILO_WATT_HOUR,
    )
    hour = dt_util.utcnow().replace(minute=0, second=0, microsecond=0)
    rows = [StatisticData(start=hour, state=1, sum=1)]
    async_add_external_statistics(hass, metadata, rows)


def name_entity(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Have an entity be called like it."""
    registry = er.async_get(hass)
    entity = er.async_entries_for_config_entry(registry, entry.entry_id)[0]
    registry.async_update_entity(entity.entity_id, name=NEEDLE)


def name_device(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Have a device be called like it."""
    registry = dr.async_get(hass)
    device = dr.async_entries_for_config_entry(registry, entry.entry_id)[0]
    registry.async_update_device(device.id, name_by_user=NEEDLE)


def raise_issue(hass: HomeAssistant, _entry: MockConfigEntry) -> None:
    """Have an issue hold it."""
    ir.async_create_issue(
        hass,
        DOMAIN,
        NEEDLE,
        is_fixable=False,
        severity=ir.IssueSeverity.WARNING,
        translation_key="journal_in_use",
    )


def show_it(_hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Have the panel show it."""
    data_of(entry).shown["needle"] = lambda: NEEDLE


def say_it(_hass: HomeAssistant, _entry: MockConfigEntry) -> None:
    """Have the log say it."""
    LOGGER.debug("It is %s", NEEDLE)


def have_state(hass: HomeAssistant, _entry: MockConfigEntry) -> None:
    """Have a state hold it, and so the recorder."""
    hass.states.async_set("sensor.needle", "1", {"of": NEEDLE})


HIDING: Final[
    Mapping[str, tuple[Callable[[HomeAssistant, MockConfigEntry], None], str]]
] = {
    "journal": (write_journal, "file .storage"),
    "chain": (keep_on_chain, "file .storage"),
    "statistics": (count_it, "recorder statistics_meta"),
    "recorded state": (have_state, "recorder state_attributes"),
    "state": (have_state, "states"),
    "entity": (name_entity, "entity registry"),
    "device": (name_device, "device registry"),
    "issue": (raise_issue, "issues"),
    "panel": (show_it, "panel"),
    "log": (say_it, "log"),
}


async def test_a_needle_is_found_wherever_it_is_hidden(
    hass: HomeAssistant, hass_storage: Storage, caplog: pytest.LogCaptureFixture
) -> None:
    entry = await add_sharing_home(hass)
    before = await everywhere(hass, entry, hass_storage, caplog)
    assert places_of([NEEDLE.encode()], before) == set()

    for name, (hide, place) in HIDING.items():
        hide(hass, entry)
        await hass.async_block_till_done()
        after = await everywhere(hass, entry, hass_storage, caplog)
        found = places_of([NEEDLE.encode()], after)
        assert any(one.startswith(place) for one in found), (name, found)
    store = Store[str](hass, 1, f"{DOMAIN}.needle")
    await store.async_save(NEEDLE)
    stored = await everywhere(hass, entry, hass_storage, caplog)
    assert "storage" in places_of([NEEDLE.encode()], stored)
    await hass.config_entries.async_unload(entry.entry_id)


async def test_a_home_that_comes_back_is_somebody_else(hass: HomeAssistant) -> None:
    entry = await add_sharing_home(hass)
    first = await async_pseudonym_key(hass, entry.entry_id)
    data_of(entry).market.publish(replace(STATUS, is_member=False))
    await hass.async_block_till_done()
    assert await hass.config_entries.async_reload(entry.entry_id)

    assert await async_pseudonym_key(hass, entry.entry_id) != first
    await hass.config_entries.async_unload(entry.entry_id)


async def test_a_damaged_key_is_drawn_anew(
    hass: HomeAssistant, hass_storage: Storage
) -> None:
    entry = await add_sharing_home(hass)
    first = await async_pseudonym_key(hass, entry.entry_id)
    for damaged in ("no hexadecimal", "abcd"):
        await async_forget_pseudonyms(hass, entry.entry_id)
        hass_storage[f"{DOMAIN}.pseudonyms.{entry.entry_id}"] = {
            "version": 1,
            "data": damaged,
        }
        key = await async_pseudonym_key(hass, entry.entry_id)
        assert len(key) == len(first)
        assert key != first
    await hass.config_entries.async_unload(entry.entry_id)


async def test_deleting_a_home_leaves_no_key_behind(
    hass: HomeAssistant, hass_storage: Storage, caplog: pytest.LogCaptureFixture
) -> None:
    entry = await add_sharing_home(hass)
    key = await async_pseudonym_key(hass, entry.entry_id)
    assert await hass.config_entries.async_remove(entry.entry_id)
    await hass.async_block_till_done()
    await async_wait_recording_done(hass)
    left = {
        **await hass.async_add_executor_job(on_disk, Path(hass.config.config_dir)),
        **await get_instance(hass).async_add_executor_job(recorded, hass),
        "storage": json.dumps(hass_storage).encode(),
        "log": caplog.text.encode(),
    }

    assert places_of(links(key), left) == set()
