"""The calendar of a home, and what language models may see and do."""

from datetime import timedelta
from pathlib import Path

from homeassistant.components.llm import LLMTools
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers.llm import (
    LLM_API_ASSIST,
    LLMContext,
    ToolInput,
    ToolResult,
)
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_mock_service,
)

from custom_components.commonwatt import calendar
from custom_components.commonwatt.const import DOMAIN
from custom_components.commonwatt.engine.dispatch import AssetId
from custom_components.commonwatt.engine.dispatch.story import (
    Action,
    ActionKind,
    ActionReason,
)
from custom_components.commonwatt.engine.ledger.allocation import DeliveryKind
from custom_components.commonwatt.engine.model.period import (
    HOUR_MS,
    after,
)
from custom_components.commonwatt.llm import async_get_tools
from custom_components.commonwatt.planning import story
from tests.glue.test_appliances import state_of
from tests.glue.test_news import CHEAP, price
from tests.glue.test_scores import add_sharing_home, data_of, settle_one

TOOLS = {"get_price", "get_savings", "get_plan", "get_score", "send_energy"}


@pytest.fixture(autouse=True)
def _real_storage(hass: HomeAssistant, tmp_path: Path) -> None:
    """Give every test a configuration folder of its own, on a real disk."""
    hass.config.config_dir = str(tmp_path)


@pytest.fixture
async def entry(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> MockConfigEntry:
    """A home that is about to charge its car."""
    entry = await add_sharing_home(hass)
    now = data_of(entry).plans.now
    charging = Action(
        asset=AssetId("car"),
        kind=ActionKind.CHARGE_CAR,
        reason=ActionReason.CHEAP,
        starts_at=after(now, HOUR_MS),
        ends_at=after(now, 3 * HOUR_MS),
        power_w=7_000,
    )
    for module in (calendar, story):
        monkeypatch.setattr(module, "coming", lambda _: [charging])
    await settle_one(hass, entry, kind=DeliveryKind.GIFT)
    return entry


async def events(hass: HomeAssistant, hours: int) -> list[dict[str, str]]:
    """Return what the calendar has for the next hours, and a moment."""
    until = dt_util.now() + timedelta(hours=hours, seconds=5)
    answer = await hass.services.async_call(
        "calendar",
        "get_events",
        {
            "entity_id": "calendar.home_energy_calendar",
            "start_date_time": dt_util.now().isoformat(),
            "end_date_time": until.isoformat(),
        },
        blocking=True,
        return_response=True,
    )
    assert answer is not None
    calendar = answer["calendar.home_energy_calendar"]
    assert isinstance(calendar, dict)
    found = calendar["events"]
    assert isinstance(found, list)
    return [
        {k: str(v) for k, v in one.items()} for one in found if isinstance(one, dict)
    ]


async def test_the_plan_is_in_the_calendar(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    def cars(found: list[dict[str, str]]) -> list[dict[str, str]]:
        return [one for one in found if "car" in one["summary"]]

    (planned,) = cars(await events(hass, 2))
    assert "car" in planned["description"]
    assert planned["description"] != planned["summary"]
    assert cars(await events(hass, 0)) == []
    data_of(entry).scoring._listeners[0]()
    assert state_of(hass, "calendar.home_energy_calendar").state in {"on", "off"}


async def tools(hass: HomeAssistant, api: str = LLM_API_ASSIST) -> LLMTools | None:
    return async_get_tools(hass, context(), api)


def context() -> LLMContext:
    return LLMContext(
        platform="test",
        context=Context(),
        language="en",
        assistant="conversation",
        device_id=None,
    )


async def call(hass: HomeAssistant, name: str, **arguments: object) -> ToolResult:
    offered = await tools(hass)
    assert offered is not None
    tool = next(one for one in offered.tools if one.name == f"{DOMAIN}__{name}")
    given = ToolInput(tool_name=tool.name, tool_args=arguments)
    result = await tool.async_call(hass, given, context())
    assert isinstance(result, ToolResult)
    return result


@pytest.mark.usefixtures("entry")
async def test_what_only_looks_says_so(hass: HomeAssistant) -> None:
    offered = await tools(hass)
    assert offered is not None

    names = {tool.name.removeprefix(f"{DOMAIN}__") for tool in offered.tools}
    assert names == TOOLS
    for tool in offered.tools:
        looks = tool.name != f"{DOMAIN}__send_energy"
        assert tool.annotations.read_only is looks
        assert tool.annotations.destructive is not looks
        assert tool.integration == DOMAIN


async def test_models_see_price_plan_savings_and_score(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    price(entry, CHEAP)
    seen = {
        name: (await call(hass, name)).data["Home"]
        for name in ("get_price", "get_savings", "get_score", "get_plan")
    }

    assert isinstance(seen["get_price"], dict)
    assert seen["get_price"]["neighbours_price_per_kwh"] == 0.1
    assert seen["get_price"]["grid_price_per_kwh"] == 0.25
    assert isinstance(seen["get_savings"], dict)
    assert seen["get_savings"]["saved_today"] == 1.23
    assert isinstance(seen["get_score"], dict)
    assert isinstance(seen["get_score"]["points_of_100"], int)
    plan = seen["get_plan"]
    assert isinstance(plan, dict)
    assert isinstance(plan["next"], list)
    (coming,) = plan["next"]
    assert isinstance(coming, dict)
    assert (coming["what"], coming["power_w"]) == ("charge_car", 7_000)


async def test_models_give_through_the_same_action_as_people(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    name = data_of(entry).neighbours()[1].name
    refused = await call(hass, "send_energy", to=name, energy_kwh=1)
    assert refused.error
    assert "not a member" in str(refused.data["error"])

    calls = async_mock_service(
        hass, DOMAIN, "send_energy", response={"agreement": "given"}
    )
    given = await call(hass, "send_energy", to=name, energy_kwh=1.5)
    assert given.data == {"agreement": "given"}
    assert calls[0].data["energy_kwh"] == 1.5


@pytest.mark.usefixtures("entry")
async def test_other_interfaces_are_offered_nothing(hass: HomeAssistant) -> None:
    assert await tools(hass, "something else") is None


async def test_without_a_home_there_are_no_tools(hass: HomeAssistant) -> None:
    assert await tools(hass) is None
