"""Parts of a home's form about time: prices by the hour, and who tells the future."""

from collections.abc import Mapping
from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.helpers.selector import (
    EntitySelector,
    EntitySelectorConfig,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    ObjectSelector,
    ObjectSelectorConfig,
    SelectSelector,
    SelectSelectorConfig,
    TimeSelector,
)
import voluptuous as vol

from ..hour_prices import (
    CONF_DAYS,
    CONF_PRICE,
    CONF_SINCE,
    CONF_UNTIL,
    ROWS_MAX,
    WEEKDAYS,
    HourPrice,
)
from ..quantities import StateProblem, carbon_mg_per_kwh
from ..references import EntityRef, reference, resolve, state_of
from ..settings import (
    CONF_CARBON,
    CONF_CARBON_MARGINAL,
    CONF_FORECASTS,
    ForesightSettings,
    TariffSettings,
    micro_from_units,
    number,
    rows_of,
    text,
)

CONF_TIMES: Final = "times"
CONF_HOURS: Final = "hours"
CONF_FORESIGHT: Final = "foresight"


def times_schema(unit: str) -> vol.Schema:
    """Return the table of prices that count at some times only."""
    price = NumberSelectorConfig(
        step="any", mode=NumberSelectorMode.BOX, unit_of_measurement=unit
    )
    table = ObjectSelectorConfig(
        multiple=True,
        translation_key="hour_prices",
        label_field=CONF_PRICE,
        description_field=CONF_SINCE,
        fields={
            CONF_SINCE: {"required": True, "selector": TimeSelector()},
            CONF_UNTIL: {"required": True, "selector": TimeSelector()},
            CONF_PRICE: {"required": True, "selector": NumberSelector(price)},
            CONF_DAYS: {"required": False, "selector": weekdays_selector()},
        },
    )
    return vol.Schema({vol.Optional(CONF_HOURS): ObjectSelector(table)})


def weekdays_selector() -> SelectSelector:
    """Return a choice of days; none means every day."""
    return SelectSelector(
        SelectSelectorConfig(
            options=list(WEEKDAYS), multiple=True, translation_key="weekdays"
        )
    )


def foresight_schema() -> vol.Schema:
    """Return the entities that tell the future, and what power emits."""
    tellers = EntitySelectorConfig(domain=["sensor", "event"], multiple=True)
    sensor = EntitySelector(EntitySelectorConfig(domain="sensor"))
    return vol.Schema(
        {
            vol.Optional(CONF_FORECASTS): EntitySelector(tellers),
            vol.Optional(CONF_CARBON): sensor,
            vol.Optional(CONF_CARBON_MARGINAL): sensor,
        }
    )


def parse_hours(user_input: Mapping[str, object]) -> tuple[HourPrice, ...]:
    """Turn the table into settings."""
    return tuple(
        HourPrice.from_data(
            {
                CONF_DAYS: row.get(CONF_DAYS, ()),
                CONF_SINCE: text(row, CONF_SINCE),
                CONF_UNTIL: text(row, CONF_UNTIL),
                "price_micro_per_kwh": micro_from_units(number(row, CONF_PRICE)),
            }
        )
        for row in rows_of(user_input, CONF_HOURS)
    )


def parse_foresight(
    hass: HomeAssistant, user_input: Mapping[str, object]
) -> ForesightSettings:
    """Turn the entities into settings."""
    tellers = user_input.get(CONF_FORECASTS, ())
    assert isinstance(tellers, list | tuple), "the selector gives a list"

    def chosen(key: str) -> EntityRef | None:
        entity_id = user_input.get(key)
        return reference(hass, str(entity_id)) if entity_id else None

    return ForesightSettings(
        prices=tuple(reference(hass, str(entity_id)) for entity_id in tellers),
        carbon=chosen(CONF_CARBON),
        carbon_marginal=chosen(CONF_CARBON_MARGINAL),
    )


def hours_error(settings: TariffSettings) -> str | None:
    """Return what is wrong with the table of prices."""
    if not settings.hours:
        return None
    if not isinstance(settings.energy, int):
        return "hours_beside_entity"
    if len(settings.hours) > ROWS_MAX:
        return "hours_too_many"
    try:
        for row in settings.hours:
            settings.tariff(energy=row.price_micro_per_kwh, feed_in=0)
    except ValueError:
        return "price_out_of_bounds"
    return None


def foresight_error(
    hass: HomeAssistant, mine: ForesightSettings, known: ForesightSettings | None
) -> str | None:
    """Return what is wrong with the entities; those ``known`` may be silent now."""
    trusted = () if known is None else (known.carbon, known.carbon_marginal)
    for ref in (mine.carbon, mine.carbon_marginal):
        if ref is None or ref in trusted:
            continue
        if isinstance(carbon_mg_per_kwh(state_of(hass, ref)), StateProblem):
            return "carbon_unusable"
    return None


def entered_times(settings: TariffSettings) -> dict[str, object]:
    """Return the table as it was filled in."""
    if not settings.hours:
        return {}
    return {CONF_HOURS: [row.as_row() for row in settings.hours]}


def entered_foresight(
    hass: HomeAssistant, settings: ForesightSettings
) -> dict[str, object]:
    """Return the entities as they were chosen."""
    entered: dict[str, object] = {
        key: resolve(hass, ref) or ref
        for key, ref in (
            (CONF_CARBON, settings.carbon),
            (CONF_CARBON_MARGINAL, settings.carbon_marginal),
        )
        if ref is not None
    }
    if settings.prices:
        entered[CONF_FORECASTS] = [resolve(hass, r) or r for r in settings.prices]
    return entered
