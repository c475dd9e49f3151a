"""What all actions share: the home that is meant, a neighbour by name, refusals."""

from collections.abc import Callable, Mapping
from typing import Final

from homeassistant.core import ServiceCall
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service import async_get_config_entry
import voluptuous as vol

from ..const import DOMAIN
from ..data import CommonWattConfigEntry, Neighbour
from ..engine.model.period import Instant
from ..engine.node import Node, Refusal, Refused

ATTR_CONFIG_ENTRY: Final = "config_entry_id"

type Fields = dict[vol.Marker, object]

REFUSALS: Final[Mapping[Refusal, str]] = {
    Refusal.NOT_A_MEMBER: "refused_not_a_member",
    Refusal.NOT_OURS: "refused_not_ours",
    Refusal.ONESELF: "refused_oneself",
    Refusal.UNKNOWN: "refused_unknown",
    Refusal.ALREADY_AGREED: "refused_already_agreed",
    Refusal.OVER: "refused_over",
    Refusal.TOO_MANY: "refused_too_many",
    Refusal.OVER_THE_CAP: "refused_over_the_cap",
    Refusal.OUT_OF_BOUNDS: "refused_out_of_bounds",
}

OF_A_HOME: Final[Fields] = {vol.Optional(ATTR_CONFIG_ENTRY): cv.string}


def schema(fields: Fields) -> vol.Schema:
    """Return the schema of an action of a home."""
    return vol.Schema({**OF_A_HOME, **fields})


def home_of(call: ServiceCall) -> CommonWattConfigEntry:
    """Return the home that is meant: the named one, or the only one there is."""
    entry: CommonWattConfigEntry = async_get_config_entry(
        call.hass, DOMAIN, call.data.get(ATTR_CONFIG_ENTRY)
    )
    return entry


def neighbour_called(entry: CommonWattConfigEntry, name: str) -> Neighbour:
    """Return the one neighbour with a name, or with that party.

    Raises:
        ServiceValidationError: nobody is called that, or several are.
    """
    wanted = name.strip().casefold()
    others = entry.runtime_data.neighbours()[1:]
    found = [
        one for one in others if wanted in {one.party, one.name.strip().casefold()}
    ]
    if len(found) == 1:
        return found[0]
    raise ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key="several_neighbours" if found else "no_neighbour",
        translation_placeholders={
            "name": name,
            "known": ", ".join(sorted(one.name for one in others)) or "-",
        },
    )


async def ask[Answer](
    entry: CommonWattConfigEntry, question: Callable[[Node, Instant], Answer]
) -> Answer:
    """Ask the home's node.

    Raises:
        HomeAssistantError: the node has stopped.
    """
    try:
        return await entry.runtime_data.ask(question)
    except RuntimeError as err:
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="node_stopped",
            translation_placeholders={"home": entry.title},
        ) from err


def granted[Answer](answer: Answer | Refused) -> Answer:
    """Return what was granted.

    Raises:
        ServiceValidationError: it was refused; the text says why.
    """
    if isinstance(answer, Refused):
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key=REFUSALS[answer.reason],
        )
    return answer
