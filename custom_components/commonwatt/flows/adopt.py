"""Adopting a device that other integrations already know."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from homeassistant.config_entries import ConfigSubentry, SubentryFlowResult
from homeassistant.const import ATTR_FRIENDLY_NAME, UnitOfEnergy
from homeassistant.core import HomeAssistant
from homeassistant.helpers.selector import (
    EntitySelector,
    EntitySelectorConfig,
    EntityWithDeviceFilterSelectorConfig,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
)
import voluptuous as vol

from ..adoption import POWER, POWER_BACK, ROLES, Role, read_roles
from ..device_settings import AdoptedSettings, settings_of
from ..engine.devices import DeviceKind
from ..quantities import StateProblem
from ..references import reference, resolve, state_of
from ..settings import number
from .device import DeviceFlow, Fields, UserInput, name_errors, name_field
from .sign import is_reversed, power_text, sign_field

CONF_CAPACITY_KWH: Final = "capacity_kwh"

_WH_PER_KWH: Final = 1000


class AdoptSteps(DeviceFlow):
    """Steps that ask for entities, then for what they mean."""

    _adopted: AdoptedSettings

    async def async_step_entities(
        self, user_input: UserInput | None = None
    ) -> SubentryFlowResult:
        """Ask which entities belong to the device."""
        errors: dict[str, str] = {}
        other = ""
        if user_input is not None:
            self._adopted = parse_entities(self.hass, self.kind, user_input)
            other = name_of_duplicate(self._adopted, self.other_devices())
            errors = check_entities(
                self.hass, self.kind, self._adopted, self._entities_before()
            )
            if other:
                errors = {"base": "duplicate_device"}
            if not errors:
                return await self.async_step_entities_confirm()
        return self.async_show_form(
            step_id="entities",
            data_schema=self.add_suggested_values_to_schema(
                entities_schema(self.kind), user_input or self._entities_suggested()
            ),
            errors=errors,
            description_placeholders={"other": other},
        )

    async def async_step_entities_confirm(
        self, user_input: UserInput | None = None
    ) -> SubentryFlowResult:
        """Show what the entities say now, and ask what it means."""
        errors: dict[str, str] = {}
        if user_input is not None:
            errors = name_errors(user_input)
            if not errors:
                reversed_power = is_reversed(user_input)
                settings = replace(self._adopted, reversed_power=reversed_power)
                return self.save(user_input, settings)
        shown_w = self._shown_w()
        fields = name_field(self._entities_name())
        if POWER in self._adopted.entities and POWER_BACK not in self._adopted.entities:
            before = self._entities_before()
            preset = before is not None and before.reversed_power
            fields |= sign_field(self.kind, shown_w, reversed_power=preset)
        return self.async_show_form(
            step_id="entities_confirm",
            data_schema=self.add_suggested_values_to_schema(
                vol.Schema(fields), user_input
            ),
            errors=errors,
            description_placeholders={"power": power_text(shown_w)},
        )

    def _entities_before(self) -> AdoptedSettings | None:
        """Return the settings of the device being changed."""
        if (known := self.known) is None:
            return None
        return AdoptedSettings.from_data(known.data)

    def _entities_suggested(self) -> Mapping[str, object]:
        if (before := self._entities_before()) is None:
            return {}
        entities = {
            role: resolve(self.hass, ref) or ref
            for role, ref in before.entities.items()
        }
        if before.capacity_wh is None:
            return entities
        return {**entities, CONF_CAPACITY_KWH: before.capacity_wh / _WH_PER_KWH}

    def _entities_name(self) -> str:
        if (known := self.known) is not None:
            return known.title
        state = state_of(self.hass, next(iter(self._adopted.entities.values())))
        assert state is not None, "an entity without a state was refused before"
        return str(state.attributes.get(ATTR_FRIENDLY_NAME, state.entity_id))

    def _shown_w(self) -> int | None:
        """Return the power as the entities themselves count it."""
        known = read_roles(self.kind, self._adopted, lambda r: state_of(self.hass, r))
        power, back = known.get(POWER), known.get(POWER_BACK, 0)
        return None if power is None or back is None else power - back


def entities_schema(kind: DeviceKind) -> vol.Schema:
    """Return the form of a kind: one field for each role."""
    fields: Fields = {_marker(role): _entity_selector(role) for role in ROLES[kind]}
    if kind is DeviceKind.BATTERY:
        fields[vol.Optional(CONF_CAPACITY_KWH)] = NumberSelector(
            NumberSelectorConfig(
                step="any",
                mode=NumberSelectorMode.BOX,
                unit_of_measurement=UnitOfEnergy.KILO_WATT_HOUR,
            )
        )
    return vol.Schema(fields)


def parse_entities(
    hass: HomeAssistant, kind: DeviceKind, user_input: UserInput
) -> AdoptedSettings:
    """Turn what was entered into settings; the sign is not known yet."""
    capacity_wh = None
    if CONF_CAPACITY_KWH in user_input:
        capacity_wh = round(number(user_input, CONF_CAPACITY_KWH) * _WH_PER_KWH)
    return AdoptedSettings(
        entities={
            role.name: reference(hass, str(user_input[role.name]))
            for role in ROLES[kind]
            if role.name in user_input
        },
        capacity_wh=capacity_wh,
    )


def check_entities(
    hass: HomeAssistant,
    kind: DeviceKind,
    adopted: AdoptedSettings,
    before: AdoptedSettings | None,
) -> dict[str, str]:
    """Return what is wrong, by field.

    An entity that was accepted ``before`` may be silent just now: that is no reason to
    refuse every other change.
    """
    entities = adopted.entities
    if not entities:
        return {"base": "nothing_selected"}
    if POWER_BACK in entities and POWER not in entities:
        return {POWER: "power_missing"}
    if adopted.capacity_wh is not None and adopted.capacity_wh <= 0:
        return {CONF_CAPACITY_KWH: "capacity_invalid"}
    if len(set(entities.values())) < len(entities):
        return {"base": "entity_twice"}
    trusted = () if before is None else before.entities.values()
    problems = {
        role.name: role.read(state_of(hass, entities[role.name]))
        for role in ROLES[kind]
        if role.name in entities and entities[role.name] not in trusted
    }
    return {
        name: problem
        for name, problem in problems.items()
        if isinstance(problem, StateProblem)
    }


def name_of_duplicate(
    adopted: AdoptedSettings, others: Iterable[ConfigSubentry]
) -> str:
    """Return the name of a device that reads one of the same entities already."""
    mine = set(adopted.entities.values())
    for other in others:
        settings = settings_of(other.data)
        if isinstance(settings, AdoptedSettings) and mine & {
            *settings.entities.values()
        }:
            return other.title
    return ""


def _marker(role: Role) -> vol.Marker:
    return vol.Required(role.name) if role.required else vol.Optional(role.name)


def _entity_selector(role: Role) -> EntitySelector:
    only = EntityWithDeviceFilterSelectorConfig(domain=role.platform)
    if role.device_class is not None:
        only["device_class"] = role.device_class
    return EntitySelector(EntitySelectorConfig(filter=only))
