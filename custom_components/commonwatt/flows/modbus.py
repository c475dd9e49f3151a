"""Adding a device that speaks Modbus: where it is, then what was found there."""

from collections.abc import Iterable, Mapping
from typing import Final

from homeassistant.config_entries import ConfigSubentry, SubentryFlowResult
from homeassistant.const import CONF_HOST, CONF_PORT
from homeassistant.helpers.selector import (
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
)
from homeassistant.helpers.translation import async_get_translations
import voluptuous as vol

from ..const import DOMAIN
from ..device_settings import (
    CONF_DRIVER,
    CONF_UNIT_ID,
    ModbusAddress,
    ModbusSettings,
    settings_of,
)
from ..drivers.modbus import SUNSPEC, IdentifyReason
from ..engine.devices import DeviceKind
from ..probe import FoundDevice, ProbeError, find_device
from ..settings import number, text
from .device import DeviceFlow, Fields, UserInput, name_errors, name_field
from .sign import is_reversed, power_text, sign_field

AUTO: Final = "auto"
DEFAULT_PORT: Final = 502
DEFAULT_UNIT_ID: Final = 1
PORT_MAX: Final = 65_535
UNIT_ID_MAX: Final = 255

DRIVERS: Final[Mapping[DeviceKind, tuple[str, ...]]] = {
    DeviceKind.METER: (AUTO, SUNSPEC, "sdm630"),
    DeviceKind.INVERTER: (AUTO, SUNSPEC),
    DeviceKind.BATTERY: (AUTO, SUNSPEC),
    DeviceKind.CHARGER: (AUTO, "keba_p30"),
}


class ModbusSteps(DeviceFlow):
    """Steps that ask for an address, then show who answered."""

    _address: ModbusAddress
    _found: FoundDevice

    async def async_step_modbus(
        self, user_input: UserInput | None = None
    ) -> SubentryFlowResult:
        """Ask where the device is, and ask the device who it is."""
        errors: dict[str, str] = {}
        other = ""
        if user_input is not None:
            errors = check_address(user_input)
            if not errors:
                errors, other = await self._find(user_input)
            if not errors:
                return await self.async_step_modbus_confirm()
        return self.async_show_form(
            step_id="modbus",
            data_schema=self.add_suggested_values_to_schema(
                modbus_schema(self.kind), user_input or self._modbus_suggested()
            ),
            errors=errors,
            description_placeholders={"other": other},
        )

    async def async_step_modbus_confirm(
        self, user_input: UserInput | None = None
    ) -> SubentryFlowResult:
        """Show who answered and what it says, and ask for a name."""
        errors: dict[str, str] = {}
        if user_input is not None:
            errors = name_errors(user_input)
            if not errors:
                return self.save(user_input, self._settings(user_input))
        identity = self._found.identity
        shown_w = self._found.snapshot.integer(f"{self.kind}_power")
        known = self.known
        name = await self._modbus_name() if known is None else known.title
        fields = name_field(name)
        if self.kind is DeviceKind.METER:
            before = self._modbus_before()
            preset = before is not None and before.reversed_power
            fields |= sign_field(self.kind, shown_w, reversed_power=preset)
        return self.async_show_form(
            step_id="modbus_confirm",
            data_schema=self.add_suggested_values_to_schema(
                vol.Schema(fields), user_input
            ),
            errors=errors,
            description_placeholders={
                "manufacturer": identity.manufacturer,
                "model": identity.model,
                "serial": identity.serial or "?",
                "version": identity.version or "?",
                "power": power_text(shown_w),
            },
        )

    async def _modbus_name(self) -> str:
        """Return maker and model; the parts of a hybrid also say which they are."""
        identity = self._found.identity
        name = f"{identity.manufacturer} {identity.model}".strip()
        if len(identity.kinds) == 1:
            return name
        texts = await async_get_translations(
            self.hass, self.hass.config.language, "config_subentries", [DOMAIN]
        )
        part = texts[f"component.{DOMAIN}.config_subentries.{self.kind}.entry_type"]
        return f"{name} {part.lower()}"

    async def _find(self, user_input: UserInput) -> tuple[dict[str, str], str]:
        """Ask the device; return errors, and the name of a duplicate."""
        self._address = parse_address(user_input)
        driver = text(user_input, CONF_DRIVER)
        try:
            self._found = await find_device(
                self.hass, self._address, self.kind, None if driver == AUTO else driver
            )
        except ProbeError as err:
            return {"base": err.reason}, ""
        if self._is_another():
            return {"base": IdentifyReason.OTHER_DEVICE}, ""
        others = (o for o in self.other_devices() if o.subentry_type == self.kind)
        if other := name_of_duplicate(self._settings({}), others):
            return {"base": "duplicate_device"}, other
        return {}, ""

    def _settings(self, user_input: UserInput) -> ModbusSettings:
        return ModbusSettings(
            address=self._address,
            driver=self._found.identity.driver,
            serial=self._found.identity.serial,
            reversed_power=is_reversed(user_input),
        )

    def _modbus_before(self) -> ModbusSettings | None:
        """Return the settings of the device being changed."""
        known = self.known
        return None if known is None else ModbusSettings.from_data(known.data)

    def _is_another(self) -> bool:
        """Tell whether another device answers than the one being changed.

        Its entities carry the history of the old one: that would be a lie.
        """
        before, serial = self._modbus_before(), self._found.identity.serial
        if before is None or before.serial is None:
            return False
        return serial != before.serial

    def _modbus_suggested(self) -> Mapping[str, object]:
        if (before := self._modbus_before()) is None:
            return {}
        return {
            CONF_HOST: before.address.host,
            CONF_PORT: before.address.port,
            CONF_UNIT_ID: before.address.unit_id,
            CONF_DRIVER: before.driver,
        }


def modbus_schema(kind: DeviceKind) -> vol.Schema:
    """Return the form of an address."""
    whole = NumberSelector(NumberSelectorConfig(step=1, mode=NumberSelectorMode.BOX))
    drivers = SelectSelectorConfig(
        options=list(DRIVERS[kind]),
        mode=SelectSelectorMode.DROPDOWN,
        translation_key="driver",
    )
    fields: Fields = {
        vol.Required(CONF_HOST): TextSelector(),
        vol.Required(CONF_PORT, default=DEFAULT_PORT): whole,
        vol.Required(CONF_UNIT_ID, default=DEFAULT_UNIT_ID): whole,
        vol.Required(CONF_DRIVER, default=AUTO): SelectSelector(drivers),
    }
    return vol.Schema(fields)


def check_address(user_input: UserInput) -> dict[str, str]:
    """Return what no device could ever answer to, by field."""
    host = text(user_input, CONF_HOST).strip()
    port, unit_id = number(user_input, CONF_PORT), number(user_input, CONF_UNIT_ID)
    errors: dict[str, str] = {}
    if not host or "/" in host or " " in host:
        errors[CONF_HOST] = "host_invalid"
    if not (port.is_integer() and 0 < port <= PORT_MAX):
        errors[CONF_PORT] = "port_invalid"
    if not (unit_id.is_integer() and 0 <= unit_id <= UNIT_ID_MAX):
        errors[CONF_UNIT_ID] = "unit_id_invalid"
    return errors


def parse_address(user_input: UserInput) -> ModbusAddress:
    """Turn what was entered into an address; one spelling for one connection."""
    return ModbusAddress(
        host=text(user_input, CONF_HOST).strip().lower(),
        port=int(number(user_input, CONF_PORT)),
        unit_id=int(number(user_input, CONF_UNIT_ID)),
    )


def name_of_duplicate(
    settings: ModbusSettings, others: Iterable[ConfigSubentry]
) -> str:
    """Return the name of another device that is this very one."""
    for other in others:
        theirs = settings_of(other.data)
        if isinstance(theirs, ModbusSettings) and _same(settings, theirs):
            return other.title
    return ""


def _same(mine: ModbusSettings, theirs: ModbusSettings) -> bool:
    return mine.address == theirs.address or mine.identity == theirs.identity
