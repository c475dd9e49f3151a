"""Whether everything a form shows has its words, in every language we promise.

The texts come from Home Assistant as a browser gets them.  A label that is missing, or
a sentence with a gap nobody fills, is an error of ours.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
import re
from typing import Final, Self

from tools.hass import JSON, Hass

from .diary import WalkError
from .parsing import an_object, objects, optional_object, texts_of

LANGUAGES: Final = ("en", "fr")
CATEGORIES: Final = ("config", "config_subentries", "exceptions", "issues", "selector")
PREFIX: Final = "component.commonwatt."

_GAP: Final = re.compile(r"\{(\w+)\}")


@dataclass(slots=True)
class Texts:
    """Every text of ours, by language and key."""

    known: dict[str, dict[str, str]]
    looked_up: set[str] = field(default_factory=set)

    @classmethod
    async def load(cls, hass: Hass) -> Self:
        """Ask Home Assistant for them."""
        known: dict[str, dict[str, str]] = {}
        for language in LANGUAGES:
            known[language] = {}
            for category in CATEGORIES:
                answer = await hass.command(
                    "frontend/get_translations",
                    language=language,
                    category=category,
                    integration=["commonwatt"],
                )
                known[language] |= texts_of(an_object(answer)["resources"])
        return cls(known)

    def get(self, key: str, placeholders: Mapping[str, JSON] | None = None) -> str:
        """Return the English text; WalkError where any language lacks it."""
        full = PREFIX + key
        self.looked_up.add(full)
        for language in LANGUAGES:
            text = self.known[language].get(full)
            if not text:
                raise WalkError(f"no text in {language}: {key}")
            gaps = set(_GAP.findall(text)) - set(placeholders or ())
            if gaps:
                raise WalkError(f"nobody fills {gaps} in {language}: {key}: {text}")
        return self.known[LANGUAGES[0]][full].format(**(placeholders or {}))

    def check_step(self, place: str, step: Mapping[str, JSON]) -> None:
        """Look up everything a step shows; ``place`` is where its texts are."""
        placeholders = optional_object(step.get("description_placeholders"))
        for key in _keys_of(step):
            self.get(f"{place}.{key}", placeholders)
        for key in _choices_of(step):
            self.get(f"selector.{key}")


def _keys_of(step: Mapping[str, JSON]) -> Iterator[str]:
    here = f"step.{step.get('step_id')}"
    match step["type"]:
        case "form":
            yield f"{here}.title"
            yield from _fields_of(here, step["data_schema"])
            yield from (f"error.{key}" for key in texts_of(step["errors"]).values())
        case "menu":
            options = step["menu_options"]
            assert isinstance(options, list), "ours are lists"
            yield from (f"{here}.menu_options.{option}" for option in options)
        case "abort":
            yield f"abort.{step['reason']}"
        case _:
            pass


def _fields_of(here: str, schema: JSON) -> Iterator[str]:
    yield f"{here}.description"
    for field_ in objects(schema):
        if field_.get("type") == "expandable":
            section = f"{here}.sections.{field_['name']}"
            yield f"{section}.name"
            yield from _fields_of(section, field_["schema"])
        else:
            yield f"{here}.data.{field_['name']}"
            yield f"{here}.data_description.{field_['name']}"


def _choices_of(step: Mapping[str, JSON]) -> Iterator[str]:
    """Yield the keys of what can be chosen from a list of ours."""
    if step["type"] != "form":
        return
    for field_ in objects(step["data_schema"]):
        selector = optional_object(field_.get("selector"))
        select = optional_object(selector.get("select"))
        if (key := select.get("translation_key")) is not None:
            options = select["options"]
            assert isinstance(options, list), "a list to choose from"
            for option in options:
                value = (
                    option if isinstance(option, str) else an_object(option)["value"]
                )
                yield f"{key}.options.{value}"
