"""Integrations that tell coming prices only when asked, by an action of theirs."""

from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto
from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util
from homeassistant.util.json import JsonValueType
import voluptuous as vol

from ...const import LOGGER

DAYS_ASKED: Final = 2
"""Today and tomorrow: no market has told more."""

type Question = dict[str, JsonValueType]
type Variants = tuple[Mapping[str, JsonValueType], ...]


class Span(Enum):
    """How an action is told which days are meant."""

    DATE = auto()
    """One day at a time."""

    RANGE = auto()
    """From a start to an end."""

    NONE = auto()
    """It answers with all there is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One action that answers with prices."""

    action: str
    span: Span
    entry_key: str | None = None
    """Where it wants to be told the config entry."""

    unit: str = "/kWh"
    """Of what it answers; without money: the home's currency."""

    variants: Variants = ({},)
    """Ways to ask; which one the entity shows is told by its present value."""


_MARKET: Final[Variants] = ({"incl_vat": True}, {"incl_vat": False})
_ALL_IN: Final[Variants] = ({"incl_vat": True, "price_type": "all_in"},)
_INVOICE: Final[Variants] = ({"incl_vat": True, "price_type": "invoice"},)

OFFERS: Final[Mapping[str, tuple[Offer, ...]]] = {
    "nordpool": (
        Offer(
            action="get_prices_for_date",
            span=Span.DATE,
            entry_key="config_entry",
            unit="/MWh",
        ),
    ),
    "tibber": (Offer(action="get_prices", span=Span.RANGE),),
    "energyzero": (
        Offer(
            action="get_energy_prices",
            span=Span.RANGE,
            entry_key="config_entry",
            variants=(*_MARKET, *_ALL_IN),
        ),
    ),
    "easyenergy": (
        Offer(
            action="get_energy_usage_prices",
            span=Span.RANGE,
            entry_key="config_entry",
            variants=(*_MARKET, *_INVOICE),
        ),
        Offer(
            action="get_energy_return_prices",
            span=Span.RANGE,
            entry_key="config_entry",
        ),
    ),
    "amberelectric": (
        Offer(
            action="get_forecasts",
            span=Span.NONE,
            entry_key="config_entry_id",
            variants=({"channel_type": "general"}, {"channel_type": "feed_in"}),
        ),
    ),
}
"""By integration."""


async def answers(
    hass: HomeAssistant, entity_id: str
) -> AsyncIterator[tuple[Offer, list[object]]]:
    """Yield what the integration behind an entity answers, for each way to ask."""
    entry = er.async_get(hass).async_get(entity_id)
    if entry is None:
        return
    for offer in OFFERS.get(entry.platform, ()):
        if not hass.services.has_service(entry.platform, offer.action):
            continue
        for variant in offer.variants:
            found = [
                answer
                for question in _questions(offer, variant, entry.config_entry_id)
                if (answer := await _ask(hass, entry.platform, offer, question))
            ]
            if found:
                yield offer, found


def _questions(
    offer: Offer, variant: Mapping[str, JsonValueType], entry_id: str | None
) -> Iterator[Question]:
    named = {} if offer.entry_key is None else {offer.entry_key: entry_id}
    today = dt_util.start_of_local_day()
    match offer.span:
        case Span.DATE:
            for ahead in range(DAYS_ASKED):
                day = (today + timedelta(days=ahead)).date()
                yield {**named, **variant, "date": day.isoformat()}
        case Span.RANGE:
            end = dt_util.start_of_local_day(today + timedelta(days=DAYS_ASKED))
            span = {"start": today.isoformat(), "end": end.isoformat()}
            yield {**named, **variant, **span}
        case Span.NONE:
            yield {**named, **variant}


async def _ask(
    hass: HomeAssistant, domain: str, offer: Offer, question: Question
) -> object | None:
    """Return an answer; None where there is none: tomorrow is often not known yet."""
    try:
        return await hass.services.async_call(
            domain, offer.action, question, blocking=True, return_response=True
        )
    except (HomeAssistantError, vol.Invalid) as err:
        LOGGER.debug("%s.%s did not answer: %s", domain, offer.action, err)
        return None
