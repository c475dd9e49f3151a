"""Forms over REST, filled in the way a browser does; every text is looked up."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from tools.hass import JSON, Hass, text

from .diary import WalkError
from .parsing import an_object, objects, texts_of
from .texts import Texts

ENTRIES: Final = "/api/config/config_entries/flow"
DEVICES: Final = "/api/config/config_entries/subentries/flow"
REPAIRS: Final = "/api/repairs/issues/fix"
DOMAIN: Final = "commonwatt"

type Answers = Mapping[str, JSON]


@dataclass(frozen=True, slots=True)
class Step:
    """Where a flow is: a menu, a form, or its end."""

    path: str
    place: str
    """Where its texts are."""

    shown: Mapping[str, JSON]

    @property
    def errors(self) -> dict[str, str]:
        """What the form says is wrong, by field."""
        return texts_of(self.shown.get("errors"))

    @property
    def placeholders(self) -> dict[str, str]:
        """What fills the gaps of its sentences."""
        return texts_of(self.shown.get("description_placeholders"))

    @property
    def fields(self) -> dict[str, dict[str, JSON]]:
        """The fields of the form by name."""
        schema = objects(self.shown["data_schema"])
        return {str(field["name"]): field for field in schema}

    @property
    def filled_in(self) -> dict[str, JSON]:
        """What the form shows before anybody types."""
        return _filled_in(objects(self.shown["data_schema"]))

    def must_be(self, kind: str) -> None:
        """Raise WalkError unless the flow has come to this."""
        if self.shown["type"] != kind:
            raise WalkError(f"{kind} was expected at {self.place}: {self.shown}")


@dataclass(frozen=True, slots=True)
class Flows:
    """Starts flows and goes on with them."""

    hass: Hass
    texts: Texts

    async def add_entry(self, choice: str) -> Step:
        """Start to add an entry and choose from the menu."""
        menu = await self._begin(ENTRIES, "config", {"handler": DOMAIN})
        return await self.answer(menu, {"next_step_id": choice})

    async def change_entry(self, entry_id: str) -> Step:
        """Open the form that changes an entry."""
        start: Answers = {"handler": DOMAIN, "entry_id": entry_id}
        return await self._begin(ENTRIES, "config", start)

    async def add_device(self, entry_id: str, kind: str, way: str) -> Step:
        """Start to add a device and choose the way to it."""
        start: Answers = {"handler": [entry_id, kind]}
        menu = await self._begin(DEVICES, f"config_subentries.{kind}", start)
        return await self.answer(menu, {"next_step_id": way})

    async def change_device(self, entry_id: str, kind: str, subentry_id: str) -> Step:
        """Open the form that changes a device."""
        start: Answers = {"handler": [entry_id, kind], "subentry_id": subentry_id}
        return await self._begin(DEVICES, f"config_subentries.{kind}", start)

    async def repair(self, issue_id: str) -> Step:
        """Open what mends an issue."""
        start: Answers = {"handler": DOMAIN, "issue_id": issue_id}
        return await self._begin(REPAIRS, "issues.damaged_journal.fix_flow", start)

    async def answer(self, step: Step, answers: Answers) -> Step:
        """Fill in a form, or choose from a menu."""
        return await self._post(step.path, step.place, answers)

    async def _begin(self, path: str, place: str, start: Answers) -> Step:
        first = await self._post(path, place, start)
        if "flow_id" not in first.shown:
            return first
        flow_id = text(dict(first.shown), "flow_id")
        return Step(f"{path}/{flow_id}", place, first.shown)

    async def _post(self, path: str, place: str, body: Answers) -> Step:
        shown = an_object(await self.hass.post(path, body))
        self.texts.check_step(place, shown)
        return Step(path, place, shown)


def _filled_in(schema: list[dict[str, JSON]]) -> dict[str, JSON]:
    values: dict[str, JSON] = {}
    for field in schema:
        name = str(field["name"])
        described = field.get("description")
        if field.get("type") == "expandable":
            values[name] = _filled_in(objects(field["schema"]))
        elif isinstance(described, dict) and "suggested_value" in described:
            values[name] = described["suggested_value"]
        elif "default" in field:
            values[name] = field["default"]
    return values
