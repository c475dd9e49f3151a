"""Walking through flows: menus, forms and what they show."""

from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    SOURCE_USER,
    ConfigEntry,
    ConfigFlowResult,
    SubentryFlowResult,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType

from custom_components.commonwatt.const import DOMAIN
from custom_components.commonwatt.engine.devices import DeviceKind
from tests.glue.homes import settle

type Form = dict[str, object]


async def open_menu(hass: HomeAssistant, choice: str) -> ConfigFlowResult:
    """Start to add an entry and choose from the menu."""
    menu = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_USER}
    )
    assert menu["type"] is FlowResultType.MENU
    assert menu["menu_options"] == ["home", "demo"]
    return await hass.config_entries.flow.async_configure(
        menu["flow_id"], {"next_step_id": choice}
    )


async def reconfigure(hass: HomeAssistant, entry: ConfigEntry) -> ConfigFlowResult:
    """Open the form that changes an entry."""
    return await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_RECONFIGURE, "entry_id": entry.entry_id}
    )


async def fill_in(
    hass: HomeAssistant, form: ConfigFlowResult, values: Form
) -> ConfigFlowResult:
    """Send a form of an entry."""
    result = await hass.config_entries.flow.async_configure(form["flow_id"], values)
    await settle(hass)
    return result


async def add_device(
    hass: HomeAssistant, entry: ConfigEntry, kind: DeviceKind, way: str
) -> SubentryFlowResult:
    """Start to add a device and choose from the menu."""
    menu = await hass.config_entries.subentries.async_init(
        (entry.entry_id, kind), context={"source": SOURCE_USER}
    )
    assert menu["type"] is FlowResultType.MENU
    assert menu["menu_options"] == ["modbus", "entities"]
    return await hass.config_entries.subentries.async_configure(
        menu["flow_id"], {"next_step_id": way}
    )


async def change_device(
    hass: HomeAssistant, entry: ConfigEntry, subentry_id: str
) -> SubentryFlowResult:
    """Open the form that changes a device."""
    kind = entry.subentries[subentry_id].subentry_type
    return await hass.config_entries.subentries.async_init(
        (entry.entry_id, kind),
        context={"source": SOURCE_RECONFIGURE, "subentry_id": subentry_id},
    )


async def fill_in_device(
    hass: HomeAssistant, form: SubentryFlowResult, values: Form
) -> SubentryFlowResult:
    """Send a form of a device."""
    result = await hass.config_entries.subentries.async_configure(
        form["flow_id"], values
    )
    await settle(hass)
    return result


def suggested(form: ConfigFlowResult | SubentryFlowResult) -> Form:
    """Return what a form shows as filled in."""
    schema = form["data_schema"]
    assert schema is not None
    return {
        str(key): key.description["suggested_value"]
        for key in schema.schema
        if key.description
    }


def suggested_in(form: ConfigFlowResult, section: str) -> Form:
    """Return what a section of a form shows as filled in."""
    schema = form["data_schema"]
    assert schema is not None
    return {
        str(key): key.description["suggested_value"]
        for key in schema.schema[section].schema.schema
        if key.description
    }


def preset(form: ConfigFlowResult | SubentryFlowResult) -> Form:
    """Return the defaults of a form."""
    schema = form["data_schema"]
    assert schema is not None
    return {str(key): key.default() for key in schema.schema}


def question(form: SubentryFlowResult, field: str) -> str:
    """Return the key of the texts behind a choice."""
    schema = form["data_schema"]
    assert schema is not None
    return str(schema.schema[field].config["translation_key"])
