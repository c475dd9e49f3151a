"""Whoever leaves is forgotten: the link between players and homes is nowhere left."""

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
import json
from pathlib import Path

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.commonwatt.diagnostics import async_get_config_entry_diagnostics
from custom_components.commonwatt.engine.ledger.allocation import DeliveryKind
from custom_components.commonwatt.engine.model.social import League, ScoreCard
from custom_components.commonwatt.engine.scores.leaderboard import pseudonym
from custom_components.commonwatt.scoring.pseudonyms import async_pseudonym_key
from tests.glue.statuses import NEIGHBOUR, STATUS
from tests.glue.test_scores import Storage, add_sharing_home, data_of, settle_one


@pytest.fixture(autouse=True)
def _real_storage(hass: HomeAssistant, tmp_path: Path) -> None:
    """Give every test a configuration folder of its own, on a real disk."""
    hass.config.config_dir = str(tmp_path)


def links(key: bytes, *names: str) -> list[str]:
    """Return every way to write the key, and the pseudonyms it makes."""
    return [key.hex(), b64encode(key).decode(), repr(key), *names]


def on_disk(folder: Path) -> Iterator[str]:
    """Yield the content of every file, as text."""
    for file in folder.rglob("*"):
        if file.is_file():
            yield file.read_bytes().decode("utf-8", "replace")


async def everywhere(
    hass: HomeAssistant, entry: MockConfigEntry, folder: Path, storage: Storage
) -> list[str]:
    """Return all that is kept or shown of a home, Home Assistant's stores too."""
    sections = [tell() for tell in data_of(entry).shown.values()]
    diagnostics = await async_get_config_entry_diagnostics(hass, entry)
    states = [state.as_dict() for state in hass.states.async_all()]
    files = await hass.async_add_executor_job(lambda: [*on_disk(folder)])
    shown = (json.dumps(one, default=str) for one in (sections, diagnostics, states))
    return [*shown, str(dict(entry.data)), *files, json.dumps(storage)]


async def test_leaving_destroys_what_links_players_to_homes(
    hass: HomeAssistant, tmp_path: Path, hass_storage: Storage
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
    before = await everywhere(hass, entry, tmp_path, hass_storage)
    assert any(key.hex() in text for text in before), "the test can find it"

    data.market.publish(replace(playing, is_member=False))
    await hass.async_block_till_done()
    after = await everywhere(hass, entry, tmp_path, hass_storage)

    assert not [link for link in links(key, *names) if any(link in t for t in after)]
    assert data.shown["leaderboard"]() is None


async def test_a_home_that_comes_back_is_somebody_else(hass: HomeAssistant) -> None:
    entry = await add_sharing_home(hass)
    first = await async_pseudonym_key(hass, entry.entry_id)
    data_of(entry).market.publish(replace(STATUS, is_member=False))
    await hass.async_block_till_done()
    assert await hass.config_entries.async_reload(entry.entry_id)

    assert await async_pseudonym_key(hass, entry.entry_id) != first


async def test_deleting_a_home_leaves_no_key_behind(
    hass: HomeAssistant, tmp_path: Path, hass_storage: Storage
) -> None:
    entry = await add_sharing_home(hass)
    key = await async_pseudonym_key(hass, entry.entry_id)
    assert await hass.config_entries.async_remove(entry.entry_id)
    await hass.async_block_till_done()
    files = await hass.async_add_executor_job(lambda: [*on_disk(tmp_path)])
    left = [*files, json.dumps(hass_storage)]

    assert not [link for link in links(key) if any(link in text for text in left)]
