"""Triggers and conditions in real automations."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from homeassistant.const import STATE_OFF, STATE_ON, STATE_UNKNOWN
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.trigger import async_get_all_descriptions
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
)

from custom_components.commonwatt.engine.devices import DeviceKind
from custom_components.commonwatt.engine.ledger.allocation import DeliveryKind
from custom_components.commonwatt.engine.model.period import MINUTE_MS, after
from custom_components.commonwatt.engine.node import PeriodFinal, PeriodSettled
from custom_components.commonwatt.news import surplus
from custom_components.commonwatt.news.item import NEWS, News, NewsKind
from custom_components.commonwatt.trigger import TRIGGERS
from tests.glue.homes import add_home, adopted
from tests.glue.statuses import NEIGHBOUR, PERIOD, STATUS, matched
from tests.glue.test_appliances import state_of
from tests.glue.test_scores import (
    add_sharing_home,
    data_of,
    settle_one,
    settlement,
    summary,
)

HEARD = "heard"
CHEAP, DEAR = 100_000, 240_000
"""Below and above the middle of what the grid pays (0.08) and charges (0.25)."""


@pytest.fixture(autouse=True)
def _real_storage(hass: HomeAssistant, tmp_path: Path) -> None:
    """Give every test a configuration folder of its own, on a real disk."""
    hass.config.config_dir = str(tmp_path)


async def automate(
    hass: HomeAssistant,
    trigger: str,
    *,
    options: Mapping[str, object] | None = None,
    conditions: Mapping[str, object] | None = None,
) -> list[Mapping[str, object]]:
    """Set up an automation that tells what its trigger said."""
    config: dict[str, object] = {
        "alias": "test",
        "triggers": {"trigger": f"commonwatt.{trigger}", "options": options or {}},
        "actions": {
            "event": HEARD,
            "event_data": {
                "said": "{{ trigger | string }}",
                "home": "{{ trigger.home }}",
            },
        },
    }
    if conditions is not None:
        config["conditions"] = conditions
    assert await async_setup_component(hass, "automation", {"automation": config})
    await hass.async_block_till_done()
    assert hass.states.get("automation.test") is not None
    said: list[Mapping[str, object]] = []
    hass.bus.async_listen(HEARD, lambda event: said.append(event.data))
    return said


def price(entry: MockConfigEntry, micro_per_kwh: int | None) -> None:
    """Let the neighbours' price change."""
    data_of(entry).market.publish(
        replace(STATUS, clearing_price_micro_per_kwh=micro_per_kwh)
    )


async def test_every_trigger_is_offered_in_words(hass: HomeAssistant) -> None:
    await add_sharing_home(hass)
    descriptions = await async_get_all_descriptions(hass)

    for name in TRIGGERS:
        assert descriptions[f"commonwatt.{name}"] is not None


@pytest.mark.parametrize(
    ("options", "fires"),
    [
        ({}, True),
        ({"direction": "sold"}, True),
        ({"direction": "bought"}, False),
        ({"min_kwh": 0.4}, True),
        ({"min_kwh": 0.5}, False),
    ],
)
async def test_a_trade_fires_where_it_fits(
    hass: HomeAssistant,
    options: dict[str, object],
    fires: bool,  # noqa: FBT001  # a column of the table
) -> None:
    entry = await add_sharing_home(hass)
    said = await automate(hass, "trade_matched", options=options)
    feed = data_of(entry).market
    feed.publish(STATUS, [matched(feed.party, NEIGHBOUR)])
    await hass.async_block_till_done()

    assert bool(said) is fires
    if fires:
        assert said[0]["home"] == entry.title


async def test_a_price_fires_when_it_falls_below_and_not_while_it_is(
    hass: HomeAssistant,
) -> None:
    entry = await add_sharing_home(hass)
    said = await automate(hass, "price_below", options={"below": 0.12})
    for micro in (DEAR, CHEAP, CHEAP - 1, None, DEAR, CHEAP):
        price(entry, micro)
    await hass.async_block_till_done()

    assert len(said) == 2


async def test_another_homes_news_is_not_heard(hass: HomeAssistant) -> None:
    entry = await add_sharing_home(hass)
    said = await automate(
        hass, "price_below", options={"below": 0.12, "config_entry_id": "another"}
    )
    price(entry, CHEAP)
    await hass.async_block_till_done()

    assert said == []


async def test_an_automation_outlives_a_reload(hass: HomeAssistant) -> None:
    entry = await add_sharing_home(hass)
    said = await automate(hass, "price_below", options={"below": 0.12})
    assert await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    price(entry, CHEAP)
    await hass.async_block_till_done()

    assert len(said) == 1


async def test_surplus_begins_and_ends_with_the_price(hass: HomeAssistant) -> None:
    entry = await add_sharing_home(hass)
    began = await automate(hass, "surplus_began")
    assert state_of(hass, "binary_sensor.home_local_surplus").state == STATE_UNKNOWN

    price(entry, CHEAP)
    await hass.async_block_till_done()
    assert state_of(hass, "binary_sensor.home_local_surplus").state == STATE_ON
    price(entry, DEAR)
    await hass.async_block_till_done()
    assert state_of(hass, "binary_sensor.home_local_surplus").state == STATE_OFF
    assert len(began) == 1


async def test_surplus_ends(hass: HomeAssistant) -> None:
    entry = await add_sharing_home(hass)
    ended = await automate(hass, "surplus_ended")
    for micro in (CHEAP, None, DEAR):
        price(entry, micro)
    await hass.async_block_till_done()

    assert len(ended) == 1


@pytest.mark.parametrize("trigger", ["gift_received"])
async def test_a_gift_that_arrives_fires(hass: HomeAssistant, trigger: str) -> None:
    entry = await add_sharing_home(hass)
    said = await automate(hass, trigger)
    feed = data_of(entry).market
    given = settlement(feed.party, kind=DeliveryKind.GIFT, energy_wh=-1)
    delivery = replace(
        given.deliveries[0], seller=NEIGHBOUR, buyer=feed.party, energy_wh=700
    )
    feed.publish(
        STATUS,
        [
            PeriodSettled(
                period=PERIOD, settlement=replace(given, deliveries=(delivery,))
            )
        ],
    )
    await hass.async_block_till_done(wait_background_tasks=True)

    assert len(said) == 1


@pytest.mark.parametrize(
    ("options", "fires"),
    [({}, True), ({"badge": "giver"}, True), ({"badge": "rock"}, False)],
)
async def test_a_badge_fires(
    hass: HomeAssistant,
    options: dict[str, object],
    fires: bool,  # noqa: FBT001  # a column of the table
) -> None:
    entry = await add_sharing_home(hass)
    said = await automate(hass, "badge_earned", options=options)
    await settle_one(hass, entry, kind=DeliveryKind.GIFT, energy_wh=10_000)

    assert any("giver" in str(one["said"]) for one in said) is fires


async def test_a_mission_starts_once_and_is_accomplished_once(
    hass: HomeAssistant,
) -> None:
    entry = await add_sharing_home(hass)
    started = await automate(hass, "mission_started", options={"mission": "gifts"})
    done: list[News] = []

    @callback
    def hear(news: News) -> None:
        if news.kind is NewsKind.MISSION_DONE:
            done.append(news)

    async_dispatcher_connect(hass, NEWS, hear)
    for days in range(14):  # three weeks are touched, so each kind of mission once
        await settle_one(
            hass,
            entry,
            kind=DeliveryKind.GIFT,
            energy_wh=2_000,
            days=days,
        )

    assert len(started) == 1
    assert len(done) == 1


@pytest.mark.parametrize(
    ("trigger", "nets", "times"),
    [
        ("island_began", (-400, 300, 200), 1),
        ("island_ended", (300, 200, -400), 1),
        ("island_ended", (-400,), 0),
    ],
)
async def test_a_community_that_needs_no_grid_fires(
    hass: HomeAssistant, trigger: str, nets: tuple[int, ...], times: int
) -> None:
    entry = await add_sharing_home(hass)
    said = await automate(hass, trigger)
    feed = data_of(entry).market
    for net_wh in nets:
        settled = replace(
            settlement(feed.party, kind=DeliveryKind.POSITION, energy_wh=0),
            parties=(summary(feed.party, net_wh), summary(NEIGHBOUR, 0)),
        )
        feed.publish(STATUS, [PeriodSettled(period=PERIOD, settlement=settled)])
    await hass.async_block_till_done(wait_background_tasks=True)

    assert len(said) == times


async def test_a_void_round_fires(hass: HomeAssistant) -> None:
    entry = await add_sharing_home(hass)
    said = await automate(hass, "round_void")
    data_of(entry).market.publish(STATUS, [PeriodFinal(period=PERIOD, result=None)])
    await hass.async_block_till_done()

    assert len(said) == 1


@pytest.mark.parametrize(
    ("condition", "options", "micro", "holds"),
    [
        ("market_open", {}, DEAR, True),
        ("price_is_below", {"below": 0.12}, CHEAP, True),
        ("price_is_below", {"below": 0.12}, DEAR, False),
        ("price_is_below", {"below": 0.12}, None, False),
        ("surplus_lasts", {"minutes": 0}, CHEAP, True),
        ("surplus_lasts", {"minutes": 0}, DEAR, False),
        ("surplus_lasts", {"minutes": 60}, CHEAP, False),
    ],
)
async def test_conditions_tell_how_things_stand(
    hass: HomeAssistant,
    condition: str,
    options: dict[str, object],
    micro: int | None,
    holds: bool,  # noqa: FBT001  # a column of the table
) -> None:
    entry = await add_sharing_home(hass)
    said = await automate(
        hass,
        "round_void",
        conditions={"condition": f"commonwatt.{condition}", "options": options},
    )
    price(entry, micro)
    feed = data_of(entry).market
    status = feed.status
    assert status is not None
    feed.publish(status, [PeriodFinal(period=PERIOD, result=None)])
    await hass.async_block_till_done()

    assert bool(said) is holds


@pytest.mark.parametrize(("minutes", "lasts"), [(0, True), (30, True), (90, False)])
async def test_a_surplus_lasts_as_long_as_the_plan_says(
    hass: HomeAssistant,
    monkeypatch: pytest.MonkeyPatch,
    minutes: int,
    lasts: bool,  # noqa: FBT001  # a column of the table
) -> None:
    entry = await add_sharing_home(hass)
    price(entry, CHEAP)
    data = data_of(entry)
    now = data.home.clock()
    monkeypatch.setattr(surplus, "surplus_until", lambda *_: after(now, 60 * MINUTE_MS))

    assert surplus.surplus_lasts(data, now, minutes) is lasts


@pytest.mark.parametrize(
    ("power_w", "state"), [(-900, STATE_ON), (-50, STATE_OFF), (700, STATE_OFF)]
)
async def test_an_exporting_meter_is_a_surplus(
    hass: HomeAssistant, power_w: int, state: str
) -> None:
    hass.states.async_set(
        "sensor.meter",
        str(power_w),
        {"device_class": "power", "unit_of_measurement": "W"},
    )
    await add_home(hass, [adopted(DeviceKind.METER, {"power": "sensor.meter"})])

    assert state_of(hass, "binary_sensor.home_local_surplus").state == state
