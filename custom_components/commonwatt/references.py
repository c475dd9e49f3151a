"""Entities of other integrations, by a name that survives when people rename them."""

from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import entity_registry as er

type EntityRef = str
"""Registry id of an entity, or its entity id where the registry does not know it."""


def reference(hass: HomeAssistant, entity_id: str) -> EntityRef:
    """Return what to store for an entity somebody chose."""
    entry = er.async_get(hass).async_get(entity_id)
    return entity_id if entry is None else entry.id


def resolve(hass: HomeAssistant, ref: EntityRef) -> str | None:
    """Return the present entity id; None where the entity is gone for good."""
    return er.async_resolve_entity_id(er.async_get(hass), ref)


def state_of(hass: HomeAssistant, ref: EntityRef) -> State | None:
    """Return the state of an entity, or None where there is none."""
    entity_id = resolve(hass, ref)
    return None if entity_id is None else hass.states.get(entity_id)
