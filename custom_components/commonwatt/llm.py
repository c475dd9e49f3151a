"""Tools for Assist and other language models: look at a home, and give energy away.

What writes says so: giving energy away is marked destructive, so that whoever asks is
asked back.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, override

from homeassistant.components.llm import LLMTools
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.llm import (
    LLM_API_ASSIST,
    LLMContext,
    Tool,
    ToolAnnotations,
    ToolInput,
    ToolResult,
)
from homeassistant.util.json import JsonObjectType, JsonValueType
import probatio

from .const import DOMAIN
from .data import CommonWattConfigEntry, CommonWattData
from .engine.model.units import MICRO_PER_UNIT, NANO_PER_UNIT, PPM
from .giving import POOL
from .planning.story import coming_actions

READS: Final = ToolAnnotations(
    read_only=True, destructive=False, idempotent=True, open_world=False
)
GIVES: Final = ToolAnnotations(
    read_only=False, destructive=True, idempotent=False, open_world=True
)
PROMPT: Final = (
    "CommonWatt trades energy with neighbours every quarter of an hour. Prices are per "
    "kWh in the currency that comes with them. What is null is not known."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A tool that only looks."""

    name: str
    title: str
    description: str
    see: Callable[[CommonWattData, str], JsonObjectType]
    """From a home's data and the currency."""


class LookTool(Tool):
    """Tells something of every home that is loaded."""

    annotations = READS
    integration = DOMAIN

    def __init__(self, look: Look) -> None:
        self.name = f"{DOMAIN}__{look.name}"
        self.title = look.title
        self.description = look.description
        self._see: Final = look.see

    @override
    async def async_call(
        self, hass: HomeAssistant, tool_input: ToolInput, llm_context: LLMContext
    ) -> ToolResult:
        """Look."""
        currency = hass.config.currency
        return ToolResult(
            data={
                entry.title: self._see(entry.runtime_data, currency)
                for entry in _loaded(hass)
            }
        )


class SendEnergyTool(Tool):
    """Gives a neighbour or the community's pool energy."""

    name = f"{DOMAIN}__send_energy"
    title = "Send energy to a neighbour"
    description = (
        "Give a neighbour energy as soon as this home has some to spare, or put it at "
        "everybody's disposal: to the pool, from which requests for help are met. It "
        "costs this home what the energy would have earned. Ask before using it."
    )
    annotations = GIVES
    integration = DOMAIN

    def __init__(self, neighbours: list[str]) -> None:
        self.parameters = probatio.Schema(
            {
                probatio.Required("to"): probatio.In(neighbours),
                probatio.Required("energy_kwh"): probatio.All(
                    probatio.Coerce(float), probatio.Range(min=0.1, max=50)
                ),
            }
        )

    @override
    async def async_call(
        self, hass: HomeAssistant, tool_input: ToolInput, llm_context: LLMContext
    ) -> ToolResult:
        """Give, in the name of whoever asked."""
        gift = self.parameters(tool_input.tool_args)
        try:
            answer = await hass.services.async_call(
                DOMAIN,
                "send_energy",
                gift,
                blocking=True,
                context=llm_context.context,
                return_response=True,
            )
        except HomeAssistantError as err:
            return ToolResult(data={"error": str(err)}, error=True)
        assert isinstance(answer, dict)
        return ToolResult(data=answer)


def _price(data: CommonWattData, currency: str) -> JsonObjectType:
    status, tariff = data.market.status, data.home.tariff()
    alone = status is None or status.members == 1
    price = None if status is None or alone else status.clearing_price_micro_per_kwh
    return {
        "neighbours_price_per_kwh": _per_kwh(price),
        "grid_price_per_kwh": _per_kwh(
            None if tariff is None else tariff.import_micro_per_kwh
        ),
        "grid_pays_per_kwh": _per_kwh(
            None if tariff is None else tariff.feed_in_micro_per_kwh
        ),
        "currency": currency,
    }


def _savings(data: CommonWattData, currency: str) -> JsonObjectType:
    status = data.market.status
    if status is None:
        return {"saved_today": None}
    saved = status.saved_nano_today
    return {
        "saved_today": None if saved is None else saved / NANO_PER_UNIT,
        "saved_in_all": status.saved_nano_total / NANO_PER_UNIT,
        "currency": currency,
        "bought_kwh_in_all": status.bought_wh_total / 1000,
        "sold_kwh_in_all": status.sold_wh_total / 1000,
        "self_sufficiency_today_percent": _percent(status.self_sufficiency_ppm),
    }


def _plan(data: CommonWattData, _: str) -> JsonObjectType:
    coming: list[JsonValueType] = [dict(one) for one in coming_actions(data.plans)]
    return {"next": coming}


def _score(data: CommonWattData, _: str) -> JsonObjectType:
    scores = data.scoring.scores
    if scores is None or scores.standing.score is None:
        return {"points_of_100": None}
    mine = scores.standing.reputations.get(data.market.party)
    badges: list[JsonValueType] = [one.value for one in sorted(scores.standing.badges)]
    return {
        "points_of_100": scores.standing.score.points,
        "level": scores.standing.progress.level,
        "reliability_percent": None if mine is None else _percent(mine.trust_ppm),
        "badges": badges,
    }


LOOKS: Final = (
    Look(
        name="get_price",
        title="Get the price of energy",
        description="What a kWh costs now among neighbours and from the grid.",
        see=_price,
    ),
    Look(
        name="get_savings",
        title="Get savings",
        description="What trading with neighbours has saved, today and in all.",
        see=_savings,
    ),
    Look(
        name="get_plan",
        title="Get the plan",
        description="What the home is about to do in the next two days, and why.",
        see=_plan,
    ),
    Look(
        name="get_score",
        title="Get the score",
        description="How the home stands this season: points, level, badges.",
        see=_score,
    ),
)


@callback
def async_get_tools(
    hass: HomeAssistant,
    llm_context: LLMContext,  # noqa: ARG001  # Home Assistant's signature
    api_id: str,
) -> LLMTools | None:
    """Return our tools while a home is loaded."""
    entries = _loaded(hass)
    if api_id != LLM_API_ASSIST or not entries:
        return None
    tools: list[Tool] = [LookTool(look) for look in LOOKS]
    if len(entries) == 1:
        others = entries[0].runtime_data.neighbours()[1:]
        names = sorted({one.name for one in others})
        if names:
            tools.append(SendEnergyTool([*names, POOL]))
    return LLMTools(tools=tools, prompt=PROMPT)


def _loaded(hass: HomeAssistant) -> list[CommonWattConfigEntry]:
    return hass.config_entries.async_loaded_entries(DOMAIN)


def _per_kwh(price_micro: int | None) -> float | None:
    return None if price_micro is None else price_micro / MICRO_PER_UNIT


def _percent(share_ppm: int | None) -> float | None:
    return None if share_ppm is None else share_ppm * 100 / PPM
