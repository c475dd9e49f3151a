"""Every trigger runs an automation, and every event entity shows every event it has.

The triggers are those of the integration: one without a scenario here fails.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final
from unittest.mock import patch

from homeassistant.const import EVENT_STATE_CHANGED
from homeassistant.core import Event, EventStateChangedData, HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.commonwatt.engine.ledger.allocation import DeliveryKind
from custom_components.commonwatt.engine.model.community import Leave, Motion
from custom_components.commonwatt.engine.model.contract import ContractId
from custom_components.commonwatt.engine.model.social import HelpReason, HelpRequest
from custom_components.commonwatt.engine.node import (
    HelpAsked,
    MotionClosed,
    MotionOpened,
    PeriodFinal,
    PeriodSettled,
    Thanked,
)
from custom_components.commonwatt.news import desk
from custom_components.commonwatt.news.event import EVENTS
from custom_components.commonwatt.trigger import TRIGGERS
from tests.glue.statuses import NEIGHBOUR, PERIOD, STATUS, matched
from tests.glue.test_good_time import running
from tests.glue.test_news import CHEAP, DEAR, price
from tests.glue.test_scores import (
    add_sharing_home,
    data_of,
    settle_one,
    settlement,
    summary,
)
from tests.glue.test_votes import MOTION

HEARD: Final = "heard"


@pytest.fixture(autouse=True)
def _real_storage(hass: HomeAssistant, tmp_path: Path) -> None:
    """Give every test a configuration folder of its own, on a real disk."""
    hass.config.config_dir = str(tmp_path)


type Scene = Callable[[HomeAssistant, MockConfigEntry], Awaitable[None]]


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """What happens, and what an automation is told then."""

    happen: Scene
    told: frozenset[str] = frozenset()
    """Names in ``trigger``, beside the home's."""

    options: Mapping[str, object] = field(default_factory=dict)


async def trade(_hass: HomeAssistant, entry: MockConfigEntry) -> None:
    feed = data_of(entry).market
    feed.publish(STATUS, [matched(feed.party, NEIGHBOUR)])


async def cheap(_hass: HomeAssistant, entry: MockConfigEntry) -> None:
    price(entry, DEAR)
    price(entry, CHEAP)


async def dear(_hass: HomeAssistant, entry: MockConfigEntry) -> None:
    price(entry, CHEAP)
    price(entry, DEAR)


async def gift(_hass: HomeAssistant, entry: MockConfigEntry) -> None:
    feed = data_of(entry).market
    given = settlement(feed.party, kind=DeliveryKind.GIFT, energy_wh=-1)
    one = replace(
        given.deliveries[0], seller=NEIGHBOUR, buyer=feed.party, energy_wh=700
    )
    settled = replace(given, deliveries=(one,))
    feed.publish(STATUS, [PeriodSettled(period=PERIOD, settlement=settled)])


async def help_asked(_hass: HomeAssistant, entry: MockConfigEntry) -> None:
    request = HelpRequest(
        number=1, energy_wh=6_000, until=PERIOD.next(8), reason=HelpReason.CAR
    )
    asked = HelpAsked(party=NEIGHBOUR, request=request)
    data_of(entry).market.publish(STATUS, [asked])


async def thanks(_hass: HomeAssistant, entry: MockConfigEntry) -> None:
    thanked = Thanked(party=NEIGHBOUR, gift=ContractId("ab" * 32))
    data_of(entry).market.publish(STATUS, [thanked])


async def two_weeks_of_gifts(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    for days in range(14):
        kind = DeliveryKind.GIFT
        await settle_one(hass, entry, kind=kind, energy_wh=2_000, days=days)


async def island(_hass: HomeAssistant, entry: MockConfigEntry) -> None:
    feed = data_of(entry).market
    for net_wh in (300, -400, 300):
        settled = replace(
            settlement(feed.party, kind=DeliveryKind.POSITION, energy_wh=0),
            parties=(summary(feed.party, net_wh), summary(NEIGHBOUR, 0)),
        )
        feed.publish(STATUS, [PeriodSettled(period=PERIOD, settlement=settled)])


async def void(_hass: HomeAssistant, entry: MockConfigEntry) -> None:
    data_of(entry).market.publish(STATUS, [PeriodFinal(period=PERIOD, result=None)])


async def good_time(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    data = data_of(entry)
    watch = desk.NewsDesk(hass, entry, data)
    action = running(data.plans, hours=-1)
    with (
        patch.object(data.plans, "plan", object()),
        patch.object(desk, "coming", return_value=[action]),
    ):
        watch._look_at_times()


async def votes(_hass: HomeAssistant, entry: MockConfigEntry) -> None:
    digest = bytes.fromhex(MOTION.id)
    change = Motion(change=Leave(), deadline=MOTION.deadline)
    status = replace(STATUS, motions=(MOTION,))
    for event in (
        MotionOpened(motion=digest, change=change),
        MotionClosed(motion=digest, adopted=True),
        MotionClosed(motion=digest, adopted=False),
    ):
        data_of(entry).market.publish(status, [event])


VOTE: Final = frozenset(
    {"proposal", "title", "description", "neighbour", "own", "until"}
)
MISSION: Final = frozenset({"mission", "goal_kwh"})
PRICE: Final = frozenset({"price_per_kwh", "price_before"})

SCENARIOS: Final[Mapping[str, Scenario]] = {
    "trade_matched": Scenario(
        happen=trade,
        told=frozenset({"direction", "energy_kwh", "price_per_kwh", "delivery_start"}),
    ),
    "price_below": Scenario(happen=cheap, told=PRICE, options={"below": 0.12}),
    "price_above": Scenario(happen=dear, told=PRICE, options={"above": 0.12}),
    "surplus_began": Scenario(happen=cheap),
    "surplus_ended": Scenario(happen=dear),
    "gift_received": Scenario(happen=gift, told=frozenset({"energy_kwh"})),
    "help_asked": Scenario(
        happen=help_asked,
        told=frozenset({"neighbour", "energy_kwh", "reason", "until"}),
        options={"reason": "car"},
    ),
    "thanked": Scenario(happen=thanks, told=frozenset({"neighbour"})),
    "badge_earned": Scenario(happen=two_weeks_of_gifts, told=frozenset({"badge"})),
    "mission_started": Scenario(happen=two_weeks_of_gifts, told=MISSION),
    "mission_done": Scenario(happen=two_weeks_of_gifts, told=MISSION),
    "island_began": Scenario(happen=island, told=frozenset({"period"})),
    "island_ended": Scenario(happen=island, told=frozenset({"period"})),
    "good_time": Scenario(
        happen=good_time, told=frozenset({"appliance", "reason", "until"})
    ),
    "vote_opened": Scenario(happen=votes, told=VOTE),
    "vote_passed": Scenario(happen=votes, told=VOTE),
    "vote_failed": Scenario(happen=votes, told=VOTE),
    "round_void": Scenario(happen=void, told=frozenset({"period"})),
}


def automation(name: str, scenario: Scenario) -> dict[str, object]:
    """Return an automation that passes on what its trigger says."""
    told = {key: f"{{{{ trigger.{key} }}}}" for key in ("home", *scenario.told)}
    return {
        "alias": name,
        "triggers": {"trigger": f"commonwatt.{name}", "options": scenario.options},
        "actions": {"event": HEARD, "event_data": {"name": name, **told}},
    }


async def test_every_trigger_runs_its_automation_and_every_event_is_shown(
    hass: HomeAssistant,
) -> None:
    assert SCENARIOS.keys() == TRIGGERS.keys()
    entry = await add_sharing_home(hass)
    named = tuple(replace(one, name="Ann") for one in data_of(entry).neighbours())
    data_of(entry).neighbours = lambda: named
    config = [automation(name, scenario) for name, scenario in SCENARIOS.items()]
    assert await async_setup_component(hass, "automation", {"automation": config})
    heard: dict[str, Mapping[str, str]] = {}
    shown: dict[str, set[str]] = {}

    def hear(event: Event) -> None:
        heard.setdefault(event.data["name"], event.data)

    def see(event: Event[EventStateChangedData]) -> None:
        state = event.data["new_state"]
        if state is not None and state.domain == "event":
            happened = state.attributes.get("event_type")
            shown.setdefault(state.object_id, set()).add(str(happened))

    hass.bus.async_listen(HEARD, hear)
    hass.bus.async_listen(EVENT_STATE_CHANGED, see)
    for scene in dict.fromkeys(one.happen for one in SCENARIOS.values()):
        await scene(hass, entry)
        await hass.async_block_till_done(wait_background_tasks=True)

    assert heard.keys() == TRIGGERS.keys()
    for name, scenario in SCENARIOS.items():
        assert heard[name]["home"] == entry.title
        assert all(heard[name][key] != "" for key in scenario.told), heard[name]
    for entity, kinds in EVENTS.items():
        assert shown[f"home_{entity}"] >= {*kinds.values()}
    assert "sold" in shown["home_trade"]
    assert "giver" in shown["home_badge"]
