"""What a home alone knows: watched, said in time, kept for itself, told in words."""

from pathlib import Path
from typing import Final

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.commonwatt.const import DOMAIN
from custom_components.commonwatt.data import CommonWattData
from custom_components.commonwatt.engine.devices import DeviceKind
from custom_components.commonwatt.engine.ledger.allocation import DeliveryKind
from custom_components.commonwatt.engine.model.party import PartyId
from custom_components.commonwatt.engine.model.period import (
    DAY_MS,
    DeliveryPeriod,
)
from custom_components.commonwatt.engine.model.standing import Vouch
from custom_components.commonwatt.engine.node import NeighboursLearned, PeriodCorrected
from custom_components.commonwatt.engine.scores.badges import Badge, earned
from custom_components.commonwatt.engine.scores.missions import (
    MissionKind,
    kind_of_week,
    monday_of,
)
from custom_components.commonwatt.engine.scores.own.evenings import is_event
from custom_components.commonwatt.engine.scores.own.feeding import facts_of
from custom_components.commonwatt.engine.scores.own.saved import read_own
from custom_components.commonwatt.engine.scores.reputation import Reputation
from custom_components.commonwatt.scoring.known import Known, newcomers_helped
from tests.glue.homes import add_home, adopted, settle
from tests.glue.statuses import HOME, NEIGHBOUR, PERIOD, STATUS, STRANGER
from tests.glue.test_appliances import state_of
from tests.glue.test_plan import later, show
from tests.glue.test_scores import (
    Storage,
    add_sharing_home,
    data_of,
    settle_one,
    settlement,
)

MORNING: Final = "2026-03-26T08:02:00+00:00"
BATTERY_WH: Final = 10_000


@pytest.fixture(autouse=True)
def _real_storage(hass: HomeAssistant, tmp_path: Path) -> None:
    """Give every test a configuration folder of its own, on a real disk."""
    hass.config.config_dir = str(tmp_path)


async def add_equipped_home(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, at: str = MORNING
) -> CommonWattData:
    """Return a home with sun, a battery and a charging car."""
    freezer.move_to(at)
    await hass.config.async_set_time_zone("Europe/Paris")
    live(hass, 0)
    entry = await add_home(
        hass,
        [
            adopted(DeviceKind.METER, {"power": "sensor.grid"}),
            adopted(DeviceKind.INVERTER, {"power": "sensor.sun"}),
            adopted(
                DeviceKind.BATTERY,
                {"power": "sensor.battery", "state_of_charge": "sensor.soc"},
                capacity_wh=BATTERY_WH,
            ),
            adopted(
                DeviceKind.CHARGER,
                {"power": "sensor.car", "connected": "binary_sensor.car"},
            ),
        ],
    )
    return data_of(entry)


def live(hass: HomeAssistant, step: int, *, soc_percent: int = 50) -> None:
    """Show 1 kW from the grid, 2 from the sun, 1.2 into the car; no two steps alike."""
    show(hass, "sensor.grid", str(1_000 + step % 2))
    show(hass, "sensor.sun", str(2_000 - step % 2))
    show(hass, "sensor.battery", "0")
    show(hass, "sensor.soc", str(soc_percent), "%")
    show(hass, "sensor.car", "1200")
    hass.states.async_set("binary_sensor.car", "on")


async def live_on(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    minutes: int,
    *,
    soc_percent: int = 50,
) -> None:
    """Let time pass in steps of five minutes."""
    for step in range(minutes // 5):
        live(hass, step + 1, soc_percent=soc_percent)
        await later(hass, freezer, 300)


async def test_what_devices_show_is_written_down_period_by_period(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    data = await add_equipped_home(hass, freezer)
    await live_on(hass, freezer, 50)

    seen = data.scoring.own.book.save().seen
    first = DeliveryPeriod.containing(data.home.clock()).next(-3)
    assert [one.period for one in seen] == [first.next(n) for n in range(3)]
    assert seen[-1].used_wh in range(745, 755)
    assert seen[-1].made_wh in range(495, 505)
    assert seen[-1].car_wh in range(295, 305)
    assert seen[-1].carbon_g_per_kwh is None, "nobody told where it is known"


async def test_every_period_is_spoken_of_before_its_gate_closes(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    data = await add_equipped_home(hass, freezer)
    await live_on(hass, freezer, 40)

    said = data.scoring.own.book.sayings.all()
    periods = [one.period for one in said]
    first = DeliveryPeriod.containing(data.home.clock()).next(-2)
    assert set(periods) >= {first.next(1), first.next(2), first.next(3)}
    assert all(len(one.guesses_wh) == 3 for one in said)


async def test_an_unknown_power_leaves_a_period_unseen(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    data = await add_equipped_home(hass, freezer)
    for _ in range(8):
        await later(hass, freezer, 300)
        show(hass, "sensor.car", "unavailable")
        await settle(hass)

    assert len(data.scoring.own.book.save().seen) <= 1


async def test_a_reserve_kept_through_an_alert_is_a_badge(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    data = await add_equipped_home(hass, freezer)
    await live_on(hass, freezer, 10)
    wishes = data.plans.wishes
    wishes.reserve_hours, wishes.critical_w = 12, 500
    await live_on(hass, freezer, 15)
    await live_on(hass, freezer, 70, soc_percent=80)
    assert data.scoring.own.book.storms == 0, "the alert is not over"
    wishes.reserve_hours = 0
    await live_on(hass, freezer, 5, soc_percent=80)

    assert data.scoring.own.book.storms == 1
    book = data.scoring.own.book
    facts = facts_of(book, {}, data.scoring.own.circumstances(0), today=20_000)
    assert Badge.STORM_KEEPER in earned(facts.deeds)


async def test_who_joins_promises_before_the_evening_and_nobody_else(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    day = next(day for day in range(20_538, 20_600) if is_event(day))
    data = await add_equipped_home(hass, freezer, "2026-03-26T15:32:00+00:00")
    here = data.home.clock() // DAY_MS
    freezer.tick((day - here) * 86_400)
    await live_on(hass, freezer, 5)
    assert data.scoring.own.book.joined == frozenset()

    data.scoring.own.joins_evenings = True
    await live_on(hass, freezer, 30)
    assert data.scoring.own.book.joined == {day}


async def test_a_training_without_this_home_is_no_week_of_teaching(
    hass: HomeAssistant,
) -> None:
    entry = await add_home(hass, [])
    data = data_of(entry)
    data.market.publish(STATUS, [NeighboursLearned(week=1, homes=7)])
    await settle(hass)

    assert [taught for _, taught in data.scoring.own.book.trainings] == [False]


def believed(trust: int) -> Reputation:
    return Reputation(good_micro=trust)


@pytest.mark.parametrize(
    ("vouch", "good", "helped"),
    [
        (Vouch(by=HOME, newcomer=NEIGHBOUR, day=0), 20_000_000, 1),
        (Vouch(by=HOME, newcomer=NEIGHBOUR, day=0), 0, 0),
        (Vouch(by=HOME, newcomer=NEIGHBOUR, day=20), 20_000_000, 0),
        (Vouch(by=STRANGER, newcomer=NEIGHBOUR, day=0), 20_000_000, 0),
    ],
)
def test_a_newcomer_is_helped_when_it_keeps_its_word(
    vouch: Vouch, good: int, helped: int
) -> None:
    known = Known(panels_w={}, vouches=(vouch,))
    reputations: dict[PartyId, Reputation] = {NEIGHBOUR: believed(good)}

    assert newcomers_helped(known, HOME, reputations, 40) == helped
    assert newcomers_helped(known, HOME, {}, 40) == 0


async def test_what_a_home_knows_of_itself_survives_a_restart_and_goes_with_it(
    hass: HomeAssistant, hass_storage: Storage
) -> None:
    entry = await add_home(hass, [])
    await settle_one(hass, entry)
    book = data_of(entry).scoring.own.book
    book.join(20_000)
    before = book.save()
    key = f"{DOMAIN}.own_scores.{entry.entry_id}"

    assert await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    assert key in hass_storage
    assert data_of(entry).scoring.own.book.save() == before

    await hass.config_entries.async_remove(entry.entry_id)
    await hass.async_block_till_done()
    assert key not in hass_storage


async def test_a_book_nobody_can_read_is_begun_anew(
    hass: HomeAssistant, hass_storage: Storage, caplog: pytest.LogCaptureFixture
) -> None:
    entry = await add_home(hass, [])
    assert await hass.config_entries.async_unload(entry.entry_id)
    hass_storage[f"{DOMAIN}.own_scores.{entry.entry_id}"] = {
        "version": 1,
        "data": "bm8gYm9vaw==",
    }
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()

    assert "knew of itself cannot be read" in caplog.text
    assert not data_of(entry).scoring.own.book.days
    with pytest.raises(ValueError):  # noqa: PT011  # any reason will do
        read_own(b"no book")


def parts_of(entry: MockConfigEntry) -> dict[str, tuple[object, str]]:
    """Return points and reason of every part the panel shows, by name."""
    section = data_of(entry).shown["score"]()
    assert isinstance(section, dict)
    parts = section["parts"]
    assert isinstance(parts, list)
    found: dict[str, tuple[object, str]] = {}
    for part in parts:
        assert isinstance(part, dict)
        found[str(part["name"])] = part["points"], str(part["why"])
    return found


async def test_what_was_not_measured_has_no_points_and_says_what_is_missing(
    hass: HomeAssistant,
) -> None:
    entry = await add_home(hass, [])
    await settle_one(hass, entry)
    parts = parts_of(entry)

    points, why = parts["Self-sufficiency"]
    assert points is None
    assert "battery" in why
    assert list(parts)[-1] != "Local energy"
    attributes = state_of(hass, "sensor.home_season_score").attributes
    assert attributes["self_sufficiency"] is None
    assert attributes["local_share"] == 100
    assert "self_consumption" not in attributes, "a consumer's weighs nothing"


async def test_the_weekly_report_tells_what_went_best_and_what_could_be_gained(
    hass: HomeAssistant,
) -> None:
    entry = await add_sharing_home(hass)
    await settle_one(hass, entry)
    answer = await hass.services.async_call(
        DOMAIN,
        "get_report",
        {"config_entry_id": entry.entry_id},
        blocking=True,
        return_response=True,
    )
    assert answer is not None
    text, parts = answer["text"], answer["parts"]
    assert isinstance(text, str)
    assert isinstance(parts, dict)
    assert "Best: Local energy (100). Most to be gained: Generosity (0)." in text
    assert parts["local_share"] == 100
    assert parts["carbon"] is None


async def test_missions_that_are_over_are_remembered_and_how_they_ended(
    hass: HomeAssistant,
) -> None:
    entry = await add_sharing_home(hass)
    book = data_of(entry).scoring.own.book
    for days in range(0, 7 * 7, 7):
        kind = DeliveryKind.GIFT if days % 2 else DeliveryKind.POSITION
        await settle_one(hass, entry, kind=kind, days=days)

    missions = dict(book.missions)
    assert len(missions) >= 3
    assert {kind_of_week(day) for day in missions} >= {
        MissionKind.GIFTS,
        MissionKind.LOCAL_ENERGY,
    }
    assert all(day == monday_of(day) for day in missions)
    assert True in missions.values()
    assert False in missions.values()


async def test_a_late_reading_changes_what_the_home_knows_of_itself(
    hass: HomeAssistant,
) -> None:
    entry = await add_sharing_home(hass)
    await settle_one(hass, entry)
    feed = data_of(entry).market
    less = settlement(feed.party, kind=DeliveryKind.POSITION, energy_wh=500)
    feed.publish(STATUS, [PeriodCorrected(period=PERIOD, difference=less)])
    await settle(hass)

    assert dict(data_of(entry).scoring.own.book.save().metered)[PERIOD].net_wh == -500
