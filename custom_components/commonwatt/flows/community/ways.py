"""How a home is connected to its community: asked, and tried out before it is kept."""

from abc import abstractmethod
import asyncio
from collections.abc import Mapping
import ssl
from typing import Final
from urllib.parse import urlsplit

from homeassistant.config_entries import ConfigSubentryFlow, SubentryFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.network import NoURLAvailableError, get_url
from homeassistant.helpers.selector import (
    BooleanSelector,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectSelector,
    SelectSelectorConfig,
    TextSelector,
    TextSelectorConfig,
)
import voluptuous as vol

from ...community.broker_trial import async_broker_error
from ...community.doors import async_doors
from ...community.settings import BrokerWay, HTTPWay, WaySettings
from ...drivers.transports import meeting_place
from ...drivers.transports.http import answers, clean_address
from ...engine.model.party import CommunityId
from ...settings import number, optional_text, text
from ..device import UserInput
from .fields import long_text, password

CONF_WAYS: Final = "ways"
CONF_ADDRESSES: Final = "addresses"
CONF_DIAL: Final = "dial"
HTTP: Final = "http"
BROKER: Final = "broker"
HOME_ASSISTANT_MQTT: Final = "home_assistant_mqtt"

PORT: Final = 1883
PORT_MAX: Final = 65_535
ADDRESSES_MAX: Final = 8
MQTT_SCHEMES: Final[Mapping[str, bool]] = {"mqtt": False, "mqtts": True}
"""Schemes of a broker's address, and whether it is encrypted."""


class WaySteps(ConfigSubentryFlow):
    """Steps that ask for the ways, try them, and go on to ``async_step_connected``."""

    _ways = WaySettings(http=HTTPWay())
    """What the form shows, and in the end what was chosen."""

    _broker_told: BrokerWay | None = None
    """A broker that an invitation names."""

    @property
    @abstractmethod
    def community(self) -> CommunityId:
        """The community in hand."""

    @property
    @abstractmethod
    def must_be_found(self) -> bool:
        """Whether somebody has to be able to dial this home: it has nobody to dial."""

    @abstractmethod
    async def async_step_connected(
        self, user_input: UserInput | None = None
    ) -> SubentryFlowResult:
        """Go on: the ways are chosen."""

    async def async_step_ways(
        self, user_input: UserInput | None = None
    ) -> SubentryFlowResult:
        """Ask how the home is connected."""
        errors: dict[str, str] = {}
        if user_input is not None:
            chosen = _strings(user_input, CONF_WAYS)
            errors = _way_errors(self.hass, chosen, user_input)
            if not errors:
                self._ways = WaySettings(
                    http=_http_way(user_input) if HTTP in chosen else None,
                    broker=self._ways.broker if BROKER in chosen else None,
                    home_assistant_mqtt=HOME_ASSISTANT_MQTT in chosen,
                )
                if BROKER in chosen:
                    return await self.async_step_broker()
                return await self._try_out()
        return self.async_show_form(
            step_id="ways",
            data_schema=self.add_suggested_values_to_schema(
                _ways_schema(), user_input or self._entered_ways()
            ),
            errors=errors,
        )

    async def async_step_broker(
        self, user_input: UserInput | None = None
    ) -> SubentryFlowResult:
        """Ask for a broker, and try to get in."""
        error: str | None = None
        known = self._ways.broker or self._broker_told
        suggested = {} if known is None else _entered_broker(known)
        if user_input is not None:
            broker, suggested = _broker_way(user_input), user_input
            error = _certificate_error(broker) or await async_broker_error(
                self.hass, broker
            )
            if error is None:
                self._ways = WaySettings(
                    http=self._ways.http,
                    broker=broker,
                    home_assistant_mqtt=self._ways.home_assistant_mqtt,
                )
                return await self._try_out()
        return self.async_show_form(
            step_id="broker",
            data_schema=self.add_suggested_values_to_schema(
                _broker_schema(), suggested
            ),
            errors={} if error is None else {"base": error},
        )

    async def async_step_unreachable(
        self,
        user_input: UserInput | None = None,  # noqa: ARG002  # a step's signature
    ) -> SubentryFlowResult:
        """Say that nobody can dial this home, and what can be done."""
        http = self._ways.http
        tried = () if http is None else http.addresses
        return self.async_show_menu(
            step_id="unreachable",
            menu_options=["ways", "connected"],
            description_placeholders={"addresses": ", ".join(tried) or "-"},
        )

    async def _try_out(self) -> SubentryFlowResult:
        http = self._ways.http
        has_broker = self._ways.broker is not None or self._ways.home_assistant_mqtt
        if http is None or (not http.addresses and not self.must_be_found):
            return await self.async_step_connected()
        if await self._answers(http.addresses) or (has_broker and not http.addresses):
            return await self.async_step_connected()
        return await self.async_step_unreachable()

    async def _answers(self, addresses: tuple[str, ...]) -> bool:
        """Ask at each address whether this very home answers there."""
        place = meeting_place(self.community)
        client = async_get_clientsession(self.hass)
        with async_doors(self.hass).tried_out(place):
            found = await asyncio.gather(
                *(answers(client, one, meeting_place=place) for one in addresses)
            )
        return any(found)

    def _entered_ways(self) -> dict[str, object]:
        """Return the form as it would have to be filled in."""
        ways = self._ways
        chosen = [HTTP] if ways.http is not None else []
        if ways.broker is not None or self._broker_told is not None:
            chosen.append(BROKER)
        if ways.home_assistant_mqtt:
            chosen.append(HOME_ASSISTANT_MQTT)
        http = ways.http or HTTPWay()
        return {
            CONF_WAYS: chosen,
            CONF_ADDRESSES: list(http.addresses) or own_addresses(self.hass),
            CONF_DIAL: list(http.dial),
        }


def own_addresses(hass: HomeAssistant) -> list[str]:
    """Return where this Home Assistant says it can be reached from outside."""
    try:
        address = get_url(
            hass, allow_internal=False, allow_cloud=False, prefer_external=True
        )
    except NoURLAvailableError:
        return []
    return [address]


def broker_at(address: str) -> BrokerWay | None:
    """Return the broker an invitation names as ``mqtt://host:port``; None: it is none.

    Nobody's password travels in an invitation.
    """
    try:
        url = urlsplit(address)
        port = url.port
    except ValueError:
        return None
    if url.scheme not in MQTT_SCHEMES or not url.hostname:
        return None
    return BrokerWay(host=url.hostname, port=port or PORT, tls=MQTT_SCHEMES[url.scheme])


def _ways_schema() -> vol.Schema:
    many = TextSelector(TextSelectorConfig(multiple=True))
    ways = SelectSelector(
        SelectSelectorConfig(
            options=[HTTP, BROKER, HOME_ASSISTANT_MQTT],
            multiple=True,
            translation_key="community_way",
        )
    )
    return vol.Schema(
        {
            vol.Required(CONF_WAYS): ways,
            vol.Optional(CONF_ADDRESSES): many,
            vol.Optional(CONF_DIAL): many,
        }
    )


def _broker_schema() -> vol.Schema:
    port = NumberSelector(
        NumberSelectorConfig(min=1, max=PORT_MAX, step=1, mode=NumberSelectorMode.BOX)
    )
    return vol.Schema(
        {
            vol.Required("host"): TextSelector(),
            vol.Required("port", default=PORT): port,
            vol.Optional("username"): TextSelector(),
            vol.Optional("password"): password(),
            vol.Required("tls", default=False): BooleanSelector(),
            vol.Optional("certificate"): long_text(),
        }
    )


def _way_errors(
    hass: HomeAssistant, chosen: tuple[str, ...], user_input: UserInput
) -> dict[str, str]:
    if not chosen:
        return {CONF_WAYS: "no_way"}
    if HOME_ASSISTANT_MQTT in chosen and "mqtt" not in hass.config.components:
        return {CONF_WAYS: "no_mqtt"}
    errors: dict[str, str] = {}
    for field in (CONF_ADDRESSES, CONF_DIAL):
        entered = _strings(user_input, field)
        if len(entered) > ADDRESSES_MAX or not all(map(clean_address, entered)):
            errors[field] = "address_invalid"
    return errors


def _http_way(user_input: UserInput) -> HTTPWay:
    return HTTPWay(
        addresses=_addresses(user_input, CONF_ADDRESSES),
        dial=_addresses(user_input, CONF_DIAL),
    )


def _broker_way(user_input: UserInput) -> BrokerWay:
    return BrokerWay(
        host=text(user_input, "host").strip(),
        port=round(number(user_input, "port")),
        username=optional_text(user_input, "username"),
        password=optional_text(user_input, "password"),
        tls=bool(user_input["tls"]),
        certificate=optional_text(user_input, "certificate"),
    )


def _entered_broker(broker: BrokerWay) -> dict[str, object]:
    """Return the form as it was filled in."""
    data = broker.as_data()
    return {key: value for key, value in data.items() if value is not None}


def _certificate_error(broker: BrokerWay) -> str | None:
    if broker.certificate is None:
        return None
    try:
        ssl.create_default_context(cadata=broker.certificate)
    except ssl.SSLError, ValueError:
        return "certificate_invalid"
    return None


def _addresses(user_input: UserInput, field: str) -> tuple[str, ...]:
    cleaned = map(clean_address, _strings(user_input, field))
    return tuple(dict.fromkeys(address for address in cleaned if address is not None))


def _strings(user_input: UserInput, field: str) -> tuple[str, ...]:
    values = user_input.get(field, ())
    assert isinstance(values, list | tuple), "the selector gives a list"
    return tuple(str(value).strip() for value in values if str(value).strip())
