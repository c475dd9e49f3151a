"""Belongings of a home that are no devices: one form each, to add them and to change.

A form knows its fields, what is wrong with an answer and what the answer means; adding,
changing and showing are the same for all.
"""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Final, Protocol

from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    ConfigSubentryFlow,
    SubentryFlowResult,
)
from homeassistant.const import CONF_NAME
from homeassistant.helpers.selector import (
    EntitySelector,
    EntitySelectorConfig,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    TextSelector,
)
from homeassistant.util.json import JsonValueType
import voluptuous as vol

from ..engine.model.units import MICRO_PER_UNIT, PPM
from ..quantities import StateProblem
from ..references import EntityRef, reference, resolve
from ..settings import number, text
from .device import UserInput, name_errors

W_PER_KW: Final = 1_000
POWER_KW_MAX: Final = 1_000
ENERGY_KWH_MAX: Final = 100_000


class Settings(Protocol):
    """What a subentry keeps."""

    def as_data(self) -> dict[str, JsonValueType]:
        """Return it as JSON."""
        ...


class BelongingFlow(ConfigSubentryFlow):
    """Adds one belonging to a home, or changes it."""

    def why_not(self) -> str | None:
        """Return why there can be no new one in this home; None if there can."""
        return None

    @abstractmethod
    def fields(self) -> vol.Schema:
        """Return the form, without the name."""

    @abstractmethod
    def read(self, user_input: UserInput) -> tuple[dict[str, str], Settings | None]:
        """Return what is wrong, by field, or else the settings."""

    @abstractmethod
    def entered(self, data: Mapping[str, object]) -> dict[str, object]:
        """Return the form as it would have to be filled in, without the name."""

    async def async_step_user(
        self, user_input: UserInput | None = None
    ) -> SubentryFlowResult:
        """Ask for a new one."""
        if (reason := self.why_not()) is not None:
            return self.async_abort(reason=reason)
        return self._answer("user", user_input)

    async def async_step_reconfigure(
        self, user_input: UserInput | None = None
    ) -> SubentryFlowResult:
        """Change anything about it."""
        return self._answer("reconfigure", user_input)

    def _answer(self, step_id: str, user_input: UserInput | None) -> SubentryFlowResult:
        errors: dict[str, str] = {}
        if user_input is not None:
            wrong, settings = self.read(user_input)
            errors = {**name_errors(user_input), **wrong}
            if settings is not None and not errors:
                return self._save(text(user_input, CONF_NAME).strip(), settings)
        name = vol.Schema({vol.Required(CONF_NAME): TextSelector()})
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(
                name.extend(self.fields().schema), user_input or self._suggested()
            ),
            errors=errors,
            description_placeholders={"currency": self.hass.config.currency},
        )

    def _save(self, name: str, settings: Settings) -> SubentryFlowResult:
        if self.source != SOURCE_RECONFIGURE:
            return self.async_create_entry(title=name, data=settings.as_data())
        return self.async_update_and_abort(
            self._get_entry(),
            self._get_reconfigure_subentry(),
            title=name,
            data=settings.as_data(),
        )

    def _suggested(self) -> dict[str, object]:
        if self.source != SOURCE_RECONFIGURE:
            return {}
        known = self._get_reconfigure_subentry()
        return {CONF_NAME: known.title, **self.entered(known.data)}

    # ------------------------------------------------------------ what fields need

    @property
    def known_data(self) -> Mapping[str, object]:
        """What was saved before; nothing for a new one."""
        if self.source != SOURCE_RECONFIGURE:
            return {}
        return self._get_reconfigure_subentry().data

    def chosen(self, user_input: UserInput, key: str) -> EntityRef | None:
        """Return what to keep for an entity that was chosen, if one was."""
        entity_id = user_input.get(key)
        return reference(self.hass, str(entity_id)) if entity_id else None

    def shown(self, ref: object) -> str | None:
        """Return the entity id of what was kept."""
        return resolve(self.hass, str(ref)) or str(ref) if ref else None

    def silent(
        self, key: str, ref: EntityRef | None, seen: int | StateProblem
    ) -> dict[str, str]:
        """Return what is wrong with an entity.

        One that was accepted before may be silent just now: that is no reason to refuse
        every other change.
        """
        if ref is None or ref == self.known_data.get(key):
            return {}
        return {key: str(seen)} if isinstance(seen, StateProblem) else {}

    def subentries(self, kind: str) -> SelectSelector:
        """Return a choice among the home's subentries of a kind."""
        options = [
            SelectOptionDict(value=subentry.subentry_id, label=subentry.title)
            for subentry in self._get_entry().get_subentries_of_type(kind)
        ]
        return SelectSelector(SelectSelectorConfig(options=options))


def amount(unit: str, *, least: float = 0, most: float) -> NumberSelector:
    """Return a field for a number in a unit."""
    return NumberSelector(
        NumberSelectorConfig(
            min=least,
            max=most,
            step="any",
            mode=NumberSelectorMode.BOX,
            unit_of_measurement=unit,
        )
    )


def power() -> NumberSelector:
    """Return a field for a power."""
    return amount("kW", most=POWER_KW_MAX)


def energy() -> NumberSelector:
    """Return a field for an energy."""
    return amount("kWh", most=ENERGY_KWH_MAX)


def percent(*, least: float = 0, most: float = 100) -> NumberSelector:
    """Return a field for a share."""
    return amount("%", least=least, most=most)


def entity(*domains: str) -> EntitySelector:
    """Return a field for an entity."""
    return EntitySelector(EntitySelectorConfig(domain=list(domains)))


def thousandths(user_input: UserInput, key: str) -> int:
    """Return kW in W, and kWh in Wh."""
    return round(number(user_input, key) * W_PER_KW)


def ppm(user_input: UserInput, key: str) -> int:
    """Return a percentage in parts per million."""
    return round(number(user_input, key) * PPM / 100)


def micro(user_input: UserInput, key: str) -> int:
    """Return an amount of currency in micro-currency."""
    return round(number(user_input, key) * MICRO_PER_UNIT)


def without_nothing(entered: Mapping[str, object]) -> dict[str, object]:
    """Return what was filled in."""
    return {key: value for key, value in entered.items() if value is not None}
