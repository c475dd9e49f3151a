"""A device of the home: what both ways to it share.

Over Modbus or from existing entities, the last step shows what was found, in words, and
asks for a name; only then anything is saved.
"""

from typing import Final

from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    ConfigSubentry,
    ConfigSubentryFlow,
    SubentryFlowResult,
)
from homeassistant.const import CONF_NAME
from homeassistant.helpers.selector import (
    BooleanSelector,
    EntitySelector,
    NumberSelector,
    SelectSelector,
    TextSelector,
)
import voluptuous as vol

from ..const import DOMAIN
from ..device_settings import DEVICE_TYPES, DeviceSettings
from ..engine.devices import DeviceKind
from ..settings import text

NAME_LENGTH_MAX: Final = 64

type UserInput = dict[str, object]
type Fields = dict[
    vol.Marker,
    TextSelector | SelectSelector | EntitySelector | NumberSelector | BooleanSelector,
]


class DeviceFlow(ConfigSubentryFlow):
    """The kind of device, the one in hand, the others there are, and saving."""

    @property
    def kind(self) -> DeviceKind:
        """What the user wants to add."""
        return DeviceKind(self._subentry_type)

    @property
    def known(self) -> ConfigSubentry | None:
        """The device being changed; None for a new one."""
        if self.source != SOURCE_RECONFIGURE:
            return None
        return self._get_reconfigure_subentry()

    def other_devices(self) -> list[ConfigSubentry]:
        """Return every device of every home, but for the one in hand."""
        known = self.known
        return [
            subentry
            for entry in self.hass.config_entries.async_entries(DOMAIN)
            for subentry in entry.subentries.values()
            if subentry.subentry_type in DEVICE_TYPES
            and (known is None or subentry.subentry_id != known.subentry_id)
        ]

    def save(
        self, user_input: UserInput, settings: DeviceSettings
    ) -> SubentryFlowResult:
        """Add the device, or change the one in hand."""
        name = text(user_input, CONF_NAME).strip()
        unique_id = f"{self.kind}_{settings.identity}"
        if (known := self.known) is None:
            return self.async_create_entry(
                title=name, data=settings.as_data(), unique_id=unique_id
            )
        return self.async_update_and_abort(
            self._get_entry(),
            known,
            title=name,
            data=settings.as_data(),
            unique_id=unique_id,
        )


def name_field(suggested: str) -> Fields:
    """Return the field every last step has."""
    return {vol.Required(CONF_NAME, default=suggested): TextSelector()}


def name_errors(user_input: UserInput) -> dict[str, str]:
    """Return what is wrong with the name that was entered."""
    fits = 0 < len(text(user_input, CONF_NAME).strip()) <= NAME_LENGTH_MAX
    return {} if fits else {CONF_NAME: "name_invalid"}
