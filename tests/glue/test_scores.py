"""Scores in Home Assistant: fed by what is settled, shown, kept, forgotten."""

from base64 import b64encode
from dataclasses import replace
from pathlib import Path

from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.commonwatt.const import DOMAIN
from custom_components.commonwatt.data import CommonWattData, Neighbour
from custom_components.commonwatt.demo.settings import DemoSettings
from custom_components.commonwatt.engine.ledger.allocation import (
    Delivery,
    DeliveryKind,
)
from custom_components.commonwatt.engine.ledger.settlement import (
    PartySummary,
    ReadingState,
    Settlement,
)
from custom_components.commonwatt.engine.model.party import BillingBasis, PartyId
from custom_components.commonwatt.engine.model.period import DAY_MS, after
from custom_components.commonwatt.engine.node import PeriodCorrected, PeriodSettled
from custom_components.commonwatt.engine.scores.badges import Badge
from custom_components.commonwatt.engine.scores.saved import read_saved
from tests.glue.demos import add_demo, no_waiting, until_stopped
from tests.glue.homes import add_home
from tests.glue.statuses import NEIGHBOUR, NOON, PERIOD, STATUS
from tests.glue.test_appliances import state_of

type Storage = dict[str, dict[str, object]]


@pytest.fixture(autouse=True)
def _real_storage(hass: HomeAssistant, tmp_path: Path) -> None:
    """Give every test a configuration folder of its own, on a real disk."""
    hass.config.config_dir = str(tmp_path)


def data_of(entry: MockConfigEntry) -> CommonWattData:
    data = entry.runtime_data
    assert isinstance(data, CommonWattData)
    return data


def summary(party: PartyId, net_wh: int) -> PartySummary:
    """Return a member that sold (or bought, negative) all it had."""
    export_wh, import_wh = max(0, net_wh), max(0, -net_wh)
    return PartySummary(
        party=party,
        reading=ReadingState.METERED,
        basis=BillingBasis.SHARING,
        position_wh=net_wh,
        failed_wh=0,
        bought_wh=import_wh,
        sold_wh=export_wh,
        import_wh=import_wh,
        export_wh=export_wh,
        retailer_import_wh=0,
        retailer_export_wh=0,
        earned_nano=0,
        retailer_nano=None,
        cost_nano=None,
        saved_nano=None,
    )


def settlement(
    home: PartyId, *, kind: DeliveryKind, energy_wh: int, days: int = 0
) -> Settlement:
    """Return a period in which the home passed energy to its neighbour."""
    return Settlement(
        period=PERIOD.next(96 * days),
        community=(),
        bills=(),
        parties=(summary(home, energy_wh), summary(NEIGHBOUR, -energy_wh)),
        deliveries=(
            Delivery(seller=home, buyer=NEIGHBOUR, energy_wh=energy_wh, kind=kind),
        ),
    )


async def add_sharing_home(hass: HomeAssistant) -> MockConfigEntry:
    """Return a home that has a neighbour."""
    entry = await add_home(hass, [])
    data = data_of(entry)
    data.neighbours = lambda: tuple(
        Neighbour(party=party, name="", kind="home", power_w=None, is_online=True)
        for party in (data.market.party, NEIGHBOUR)
    )
    return entry


async def settle_one(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    *,
    kind: DeliveryKind = DeliveryKind.POSITION,
    energy_wh: int = 2_000,
    days: int = 0,
) -> None:
    """Let the node settle one period."""
    feed = data_of(entry).market
    settled = settlement(feed.party, kind=kind, energy_wh=energy_wh, days=days)
    feed.publish(
        replace(STATUS, at=after(NOON, days * DAY_MS)),
        [PeriodSettled(period=settled.period, settlement=settled)],
    )
    await hass.async_block_till_done(wait_background_tasks=True)


async def test_before_anything_is_settled_scores_are_unknown(
    hass: HomeAssistant,
) -> None:
    entry = await add_sharing_home(hass)

    for name in ("reliability", "season_score", "level", "streak"):
        assert state_of(hass, f"sensor.home_{name}").state == STATE_UNKNOWN
    assert data_of(entry).shown["score"]() is None
    assert data_of(entry).shown["badges"]() is None


async def test_a_settled_period_shows_in_every_sensor(hass: HomeAssistant) -> None:
    entry = await add_sharing_home(hass)
    await settle_one(hass, entry)

    assert state_of(hass, "sensor.home_reliability").state == "1.1"
    assert "prepaid" not in state_of(hass, "sensor.home_reliability").attributes
    score = state_of(hass, "sensor.home_season_score")
    assert score.attributes["local_share"] == 100
    assert score.attributes["reliability"] == 21
    assert 0 < int(score.state) < 100
    assert state_of(hass, "sensor.home_streak").state == "0"


async def test_the_next_day_it_has_earned_experience(hass: HomeAssistant) -> None:
    entry = await add_sharing_home(hass)
    await settle_one(hass, entry)
    await settle_one(hass, entry, days=1)

    assert state_of(hass, "sensor.home_streak").state == "1"


async def test_a_home_alone_has_nobody_to_keep_its_word_to(
    hass: HomeAssistant,
) -> None:
    entry = await add_home(hass, [])
    await settle_one(hass, entry)

    assert state_of(hass, "sensor.home_reliability").state == STATE_UNKNOWN
    assert state_of(hass, "sensor.home_mission_of_the_week").state == STATE_UNKNOWN


async def test_a_badge_is_an_event_once(hass: HomeAssistant) -> None:
    entry = await add_sharing_home(hass)
    assert state_of(hass, "event.home_badge").state == STATE_UNKNOWN

    await settle_one(hass, entry, kind=DeliveryKind.GIFT, energy_wh=10_000)
    given = state_of(hass, "event.home_badge")
    await settle_one(hass, entry, kind=DeliveryKind.GIFT, energy_wh=10_000)

    assert given.attributes["event_type"] == Badge.GIVER
    assert state_of(hass, "event.home_badge").state == given.state


async def test_a_correction_takes_the_place_of_what_was_settled(
    hass: HomeAssistant,
) -> None:
    entry = await add_sharing_home(hass)
    await settle_one(hass, entry)
    feed = data_of(entry).market
    less = settlement(feed.party, kind=DeliveryKind.GIFT, energy_wh=500)
    feed.publish(STATUS, [PeriodCorrected(period=PERIOD, difference=less)])
    await hass.async_block_till_done(wait_background_tasks=True)

    scores = data_of(entry).scoring.scores
    assert scores is not None
    assert scores.standing.career.net_given_wh == 500


async def test_the_panel_is_told_in_words(hass: HomeAssistant) -> None:
    entry = await add_sharing_home(hass)
    await settle_one(hass, entry, kind=DeliveryKind.GIFT, energy_wh=10_000)
    shown = {
        name: section()
        for name, section in data_of(entry).shown.items()
        if name in {"score", "badges", "missions"}
    }

    score, badges = shown["score"], shown["badges"]
    assert isinstance(score, dict)
    assert score["level"] == "Level 0"
    assert isinstance(badges, list)
    assert len(badges) == len(Badge)
    first = badges[0]
    assert isinstance(first, dict)
    assert (first["id"], first["name"], first["earned"]) == ("giver", "Giver", True)
    assert isinstance(shown["missions"], list)


async def test_the_book_survives_a_restart(
    hass: HomeAssistant, hass_storage: Storage
) -> None:
    entry = await add_sharing_home(hass)
    await settle_one(hass, entry)
    before = data_of(entry).scoring._book.save()

    assert await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()

    assert f"{DOMAIN}.scores.{entry.entry_id}" in hass_storage
    assert data_of(entry).scoring._book.save() == before


async def test_a_book_nobody_can_read_is_begun_anew(
    hass: HomeAssistant, hass_storage: Storage, caplog: pytest.LogCaptureFixture
) -> None:
    entry = await add_home(hass, [])
    assert await hass.config_entries.async_unload(entry.entry_id)
    hass_storage[f"{DOMAIN}.scores.{entry.entry_id}"] = {
        "version": 1,
        "data": b64encode(b"no book").decode(),
    }
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()

    assert "score book cannot be read" in caplog.text
    assert data_of(entry).scoring._book.save().days == ()
    with pytest.raises(ValueError):  # noqa: PT011  # any reason will do
        read_saved(b"no book")


async def test_a_home_that_is_removed_leaves_no_book(
    hass: HomeAssistant, hass_storage: Storage
) -> None:
    entry = await add_home(hass, [])
    assert await hass.config_entries.async_reload(entry.entry_id)
    key = f"{DOMAIN}.scores.{entry.entry_id}"
    assert key in hass_storage

    await hass.config_entries.async_remove(entry.entry_id)
    await hass.async_block_till_done()

    assert key not in hass_storage


@pytest.mark.usefixtures("socket_enabled")
async def test_the_street_of_the_demo_keeps_score(hass: HomeAssistant) -> None:
    with no_waiting():
        entry = await add_demo(hass, DemoSettings(speed=900, stop_after_periods=4))
        await until_stopped(hass, entry)
    await hass.async_block_till_done(wait_background_tasks=True)

    scores = data_of(entry).scoring.scores
    assert scores is not None
    assert len(scores.standing.reputations) == 12
    assert Badge.FIRST_TRADE in scores.standing.badges
    assert state_of(hass, "sensor.demo_reliability").state not in {
        STATE_UNKNOWN,
        STATE_UNAVAILABLE,
    }
    assert data_of(entry).scoring._store is None
    own = data_of(entry).scoring.own
    saved = own.book.save()
    assert len(saved.seen) >= 2
    assert all(one.used_wh > 0 and one.carbon_g_per_kwh for one in saved.seen)
    assert {one.period for one in saved.seen} & dict(saved.metered).keys()
    assert any(one.guesses_wh[1] is not None for one in saved.sayings)
    assert own.store() is not None
    assert own._store is None, "the days of the demo are lived anew each time"
