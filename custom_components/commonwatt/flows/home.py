"""The home: its name, its place in the grid and what its retailer charges."""

from collections.abc import Mapping
from typing import Final

from homeassistant.config_entries import ConfigEntry, ConfigFlow, ConfigFlowResult
from homeassistant.const import CONF_NAME
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import section
from homeassistant.helpers.selector import (
    ChooseSelector,
    ChooseSelectorChoiceConfig,
    ChooseSelectorConfig,
    EntitySelector,
    EntitySelectorConfig,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
)
import voluptuous as vol

from ..const import DOMAIN
from ..engine.model.units import MICRO_PER_UNIT, PPM
from ..engine.model.zone import ZoneId
from ..quantities import StateProblem
from ..references import reference, resolve
from ..settings import (
    CONF_GRID_ZONE,
    DEFAULT_GRID_ZONE,
    HomeSettings,
    Price,
    TariffSettings,
    micro_from_units,
    number,
    ppm_from_percent,
    section_of,
    text,
)
from ..tariff import TariffSource
from .home_times import (
    CONF_FORESIGHT,
    CONF_TIMES,
    entered_foresight,
    entered_times,
    foresight_error,
    foresight_schema,
    hours_error,
    parse_foresight,
    parse_hours,
    times_schema,
)

CONF_IMPORT_PRICE: Final = "import_price"
CONF_FEED_IN_PRICE: Final = "feed_in_price"
CONF_COMPONENTS: Final = "components"
CONF_NETWORK: Final = "network"
CONF_LEVIES: Final = "levies"
CONF_VAT: Final = "vat_percent"

NAME_LENGTH_MAX: Final = 64


class HomeSteps(ConfigFlow):
    """Steps that make a home, or change one."""

    async def async_step_home(
        self, user_input: dict[str, object] | None = None
    ) -> ConfigFlowResult:
        """Ask for a new home."""
        errors: dict[str, str] = {}
        if user_input is not None:
            settings = parse_home(self.hass, user_input)
            name = text(user_input, CONF_NAME).strip()
            errors = check_home(self.hass, name, settings, but=None)
            if not errors:
                await self.async_set_unique_id(
                    _unique_id(name), raise_on_progress=False
                )
                return self.async_create_entry(title=name, data=settings.as_data())
        suggested = user_input or {CONF_NAME: self.hass.config.location_name}
        return self._show_home("home", suggested, errors)

    async def async_step_reconfigure_home(
        self, user_input: dict[str, object] | None = None
    ) -> ConfigFlowResult:
        """Change anything about the home; its devices stay."""
        entry = self._get_reconfigure_entry()
        errors: dict[str, str] = {}
        if user_input is not None:
            settings = parse_home(self.hass, user_input)
            name = text(user_input, CONF_NAME).strip()
            errors = check_home(self.hass, name, settings, but=entry)
            if not errors:
                return self.async_update_and_abort(
                    entry,
                    unique_id=_unique_id(name),
                    title=name,
                    data=settings.as_data(),
                )
        suggested = user_input or suggest_home(self.hass, entry)
        return self._show_home("reconfigure_home", suggested, errors)

    def _show_home(
        self, step_id: str, suggested: Mapping[str, object], errors: dict[str, str]
    ) -> ConfigFlowResult:
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(
                home_schema(self.hass), suggested
            ),
            errors=errors,
            description_placeholders={"currency": self.hass.config.currency},
        )


def home_schema(hass: HomeAssistant) -> vol.Schema:
    """Return the form: quick with two prices, exact with the components below them."""
    unit = f"{hass.config.currency}/kWh"
    amount = _number_selector(unit)
    components = {
        vol.Required(CONF_NETWORK, default=0.0): amount,
        vol.Required(CONF_LEVIES, default=0.0): amount,
        vol.Required(CONF_VAT, default=0.0): _number_selector("%"),
    }
    return vol.Schema(
        {
            vol.Required(CONF_NAME): TextSelector(),
            vol.Required(CONF_GRID_ZONE, default=DEFAULT_GRID_ZONE): _zones(hass),
            vol.Required(CONF_IMPORT_PRICE): _price_selector(unit),
            vol.Required(CONF_FEED_IN_PRICE): _price_selector(unit),
            vol.Required(CONF_COMPONENTS): section(
                vol.Schema(components), {"collapsed": True}
            ),
            vol.Required(CONF_TIMES, default={}): section(
                times_schema(unit), {"collapsed": True}
            ),
            vol.Required(CONF_FORESIGHT, default={}): section(
                foresight_schema(), {"collapsed": True}
            ),
        }
    )


def parse_home(hass: HomeAssistant, user_input: Mapping[str, object]) -> HomeSettings:
    """Turn what was entered into settings, in integers."""
    components = section_of(user_input, CONF_COMPONENTS)
    return HomeSettings(
        grid_zone=ZoneId(text(user_input, CONF_GRID_ZONE).strip()),
        tariff=TariffSettings(
            energy=_price(hass, user_input[CONF_IMPORT_PRICE]),
            feed_in=_price(hass, user_input[CONF_FEED_IN_PRICE]),
            hours=parse_hours(section_of(user_input, CONF_TIMES)),
            network_micro_per_kwh=micro_from_units(number(components, CONF_NETWORK)),
            levies_micro_per_kwh=micro_from_units(number(components, CONF_LEVIES)),
            vat_ppm=ppm_from_percent(number(components, CONF_VAT)),
        ),
        foresight=parse_foresight(hass, section_of(user_input, CONF_FORESIGHT)),
    )


def suggest_home(hass: HomeAssistant, entry: ConfigEntry) -> dict[str, object]:
    """Return the form as it would have to be filled in for ``entry``."""
    settings = HomeSettings.from_data(entry.data)
    tariff = settings.tariff
    return {
        CONF_NAME: entry.title,
        CONF_GRID_ZONE: settings.grid_zone,
        CONF_IMPORT_PRICE: _entered(hass, tariff.energy),
        CONF_FEED_IN_PRICE: _entered(hass, tariff.feed_in),
        CONF_COMPONENTS: {
            CONF_NETWORK: tariff.network_micro_per_kwh / MICRO_PER_UNIT,
            CONF_LEVIES: tariff.levies_micro_per_kwh / MICRO_PER_UNIT,
            CONF_VAT: tariff.vat_ppm * 100 / PPM,
        },
        CONF_TIMES: entered_times(tariff),
        CONF_FORESIGHT: entered_foresight(hass, settings.foresight),
    }


def check_home(
    hass: HomeAssistant, name: str, settings: HomeSettings, *, but: ConfigEntry | None
) -> dict[str, str]:
    """Return what is wrong, by field; ``but`` is the entry being changed."""
    before = HomeSettings.from_data(but.data).foresight if but else None
    errors = {
        "base": hours_error(settings.tariff)
        or foresight_error(hass, settings.foresight, before),
        CONF_NAME: _name_error(hass, name, but),
        CONF_GRID_ZONE: None if settings.grid_zone else "zone_missing",
    }
    for field, error in _price_errors(hass, settings.tariff, but).items():
        errors[field] = errors.get(field) or error
    return {field: error for field, error in errors.items() if error is not None}


def _name_error(hass: HomeAssistant, name: str, but: ConfigEntry | None) -> str | None:
    if not 0 < len(name) <= NAME_LENGTH_MAX:
        return "name_invalid"
    taken = any(
        name.casefold() == entry.title.casefold() or _unique_id(name) == entry.unique_id
        for entry in hass.config_entries.async_entries(DOMAIN)
        if entry is not but
    )
    return "name_exists" if taken else None


def _price_errors(
    hass: HomeAssistant, settings: TariffSettings, but: ConfigEntry | None
) -> dict[str, str | None]:
    """Read the prices as the home will.

    An entity that was accepted before may be silent just now: that is no reason to
    refuse every other change.
    """
    source = TariffSource(hass=hass, settings=settings)
    known = HomeSettings.from_data(but.data).tariff.entity_ids if but else ()
    fields = {CONF_IMPORT_PRICE: settings.energy, CONF_FEED_IN_PRICE: settings.feed_in}
    prices = {
        field: source.read(price)
        for field, price in fields.items()
        if price not in known
    }
    problems = {f: str(p) for f, p in prices.items() if isinstance(p, StateProblem)}
    if problems:
        return {**problems}
    if isinstance(settings.energy, int) and settings.energy <= 0:
        # What the form holds before anybody typed a price.
        return {CONF_IMPORT_PRICE: "price_missing"}
    return {"base": _bounds_error(settings, prices)}


def _bounds_error(
    settings: TariffSettings, prices: Mapping[str, int | StateProblem]
) -> str | None:
    """Return an error for prices and components that no market could clear."""
    known = {field: price for field, price in prices.items() if isinstance(price, int)}
    try:
        settings.tariff(
            energy=known.get(CONF_IMPORT_PRICE, 0),
            feed_in=known.get(CONF_FEED_IN_PRICE, 0),
        )
    except ValueError:
        return "price_out_of_bounds"
    return None


def _unique_id(name: str) -> str:
    return f"home_{name.casefold()}"


def _price(hass: HomeAssistant, value: object) -> Price:
    """Return micro-currency per kWh, or the entity that was chosen."""
    if isinstance(value, str):
        return reference(hass, value)
    assert isinstance(value, int | float), "the selector gives a number or an entity"
    return micro_from_units(value)


def _entered(hass: HomeAssistant, price: Price) -> float | str:
    if isinstance(price, int):
        return price / MICRO_PER_UNIT
    return resolve(hass, price) or price


def _zones(hass: HomeAssistant) -> SelectSelector:
    """Offer the zones other homes are in, and any other name."""
    known = {
        str(entry.data[CONF_GRID_ZONE])
        for entry in hass.config_entries.async_entries(DOMAIN)
        if CONF_GRID_ZONE in entry.data
    }
    return SelectSelector(
        SelectSelectorConfig(
            options=sorted(known | {DEFAULT_GRID_ZONE}),
            custom_value=True,
            mode=SelectSelectorMode.DROPDOWN,
        )
    )


def _number_selector(unit: str) -> NumberSelector:
    return NumberSelector(
        NumberSelectorConfig(
            step="any", mode=NumberSelectorMode.BOX, unit_of_measurement=unit
        )
    )


def _price_selector(unit: str) -> ChooseSelector:
    """Offer a number or an entity (as plain data, or Home Assistant refuses both)."""
    entity = EntitySelector(EntitySelectorConfig(domain=["sensor", "input_number"]))
    choices: dict[str, NumberSelector | EntitySelector] = {
        "fixed": _number_selector(unit),
        "entity": entity,
    }
    return ChooseSelector(
        ChooseSelectorConfig(
            choices={
                name: ChooseSelectorChoiceConfig(
                    selector=choice.serialize()["selector"]
                )
                for name, choice in choices.items()
            },
            translation_key="price",
        )
    )
