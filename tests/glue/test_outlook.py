"""Prices and carbon of the coming days: announced, asked for, learned, planned with."""

from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant, ServiceCall, SupportsResponse
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import entity_registry as er
from homeassistant.util.json import JsonValueType
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.commonwatt.const import DOMAIN
from custom_components.commonwatt.engine.dispatch.home import Horizon, Prices
from custom_components.commonwatt.engine.model.period import (
    PERIOD_MS,
    Instant,
    instant_from_datetime,
)
from custom_components.commonwatt.engine.model.zone import ZoneId
from custom_components.commonwatt.hour_prices import HourPrice
from custom_components.commonwatt.planning.outlook import OutlookRuntime
from custom_components.commonwatt.settings import (
    ForesightSettings,
    HomeSettings,
    Price,
    TariffSettings,
)
from tests.glue.homes import settle

NOW: Final = "2026-03-26T08:02:00+00:00"
EIGHT: Final = instant_from_datetime(datetime(2026, 3, 26, 8, tzinfo=UTC))
PRICE: Final = "sensor.price"
EUR: Final = {"unit_of_measurement": "EUR/kWh"}


@pytest.fixture(autouse=True)
async def in_paris(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> AsyncIterator[None]:
    """Begin on a morning in Paris; at the end, let go of everything."""
    freezer.move_to(NOW)
    await hass.config.async_set_time_zone("Europe/Paris")
    hass.config.currency = "EUR"
    yield
    for entry in hass.config_entries.async_entries(DOMAIN):
        await entry._async_process_on_unload(hass)


def settings_with(
    energy: Price = PRICE,
    *,
    feed_in: Price = 80_000,
    hours: tuple[HourPrice, ...] = (),
    foresight: ForesightSettings | None = None,
    network: int = 0,
    vat_ppm: int = 0,
) -> HomeSettings:
    """Return a home at these prices."""
    tariff = TariffSettings(
        energy=energy,
        feed_in=feed_in,
        hours=hours,
        network_micro_per_kwh=network,
        vat_ppm=vat_ppm,
    )
    return HomeSettings(
        grid_zone=ZoneId("community"),
        tariff=tariff,
        foresight=foresight or ForesightSettings(),
    )


async def start(hass: HomeAssistant, settings: HomeSettings) -> OutlookRuntime:
    """Return a running outlook."""
    entry = MockConfigEntry(domain=DOMAIN, entry_id="home", data=settings.as_data())
    assert HomeSettings.from_data(entry.data) == settings
    entry.add_to_hass(hass)
    outlook = OutlookRuntime(hass, entry, settings)
    await outlook.async_start(lambda: None)
    await settle(hass)
    return outlook


def quarters(outlook: OutlookRuntime, count: int = 8, *, start: int = EIGHT) -> Prices:
    """Return the prices of some quarters of an hour."""
    horizon = Horizon.uniform(Instant(start), step_ms=PERIOD_MS, count=count)
    return outlook.prices(horizon)


def hourly(*prices: float, first: datetime) -> list[dict[str, object]]:
    """Return records of one hour each."""
    return [
        {
            "start": (first + timedelta(hours=hour)).isoformat(),
            "end": (first + timedelta(hours=hour + 1)).isoformat(),
            "value": price,
        }
        for hour, price in enumerate(prices)
    ]


async def test_announced_prices_reach_the_steps_with_fees_and_tax(
    hass: HomeAssistant,
) -> None:
    records = hourly(0.10, 0.30, first=datetime(2026, 3, 26, 8, tzinfo=UTC))
    hass.states.async_set(PRICE, "0.10", {**EUR, "raw_today": records})

    outlook = await start(hass, settings_with(network=50_000, vat_ppm=200_000))

    prices = quarters(outlook).import_micro_per_kwh
    assert prices == (180_000,) * 4 + (420_000,) * 4


async def test_an_hour_of_the_plan_costs_the_mean_of_its_quarters(
    hass: HomeAssistant,
) -> None:
    quarter = timedelta(minutes=15)
    begin = datetime(2026, 3, 26, 8, tzinfo=UTC)
    records = [
        {"start": (begin + i * quarter).isoformat(), "price": price}
        for i, price in enumerate((10, 20, 30, 40))
    ]
    hass.states.async_set(
        PRICE, "10", {"unit_of_measurement": "ct/kWh", "prices": records}
    )
    outlook = await start(hass, settings_with())

    horizon = Horizon.uniform(EIGHT, step_ms=4 * PERIOD_MS, count=1)

    assert outlook.prices(horizon).import_micro_per_kwh == (250_000,)


async def test_beyond_what_is_announced_the_day_before_is_expected(
    hass: HomeAssistant,
) -> None:
    records = hourly(*range(24), first=datetime(2026, 3, 25, 23, tzinfo=UTC))
    hass.states.async_set(
        PRICE, "9", {"unit_of_measurement": "ct/kWh", "prices": records}
    )
    outlook = await start(hass, settings_with())

    tomorrow = quarters(outlook, 4, start=EIGHT + 24 * 3_600_000)

    assert tomorrow.import_micro_per_kwh == (90_000,) * 4


async def test_a_price_that_never_changed_is_taken_to_stay(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    hass.states.async_set(PRICE, "0.20", EUR)
    outlook = await start(hass, settings_with())
    freezer.tick(timedelta(hours=1))

    hass.states.async_set(PRICE, "0.25", EUR)
    await settle(hass)

    assert (
        quarters(outlook, start=EIGHT + 3_600_000).import_micro_per_kwh
        == (250_000,) * 8
    )


async def test_a_price_nobody_knows_is_unknown(hass: HomeAssistant) -> None:
    hass.states.async_set(PRICE, "unavailable")
    outlook = await start(hass, settings_with())

    assert quarters(outlook).import_micro_per_kwh == (None,) * 8
    assert quarters(outlook).export_micro_per_kwh == (None,) * 8


async def test_a_price_out_of_all_bounds_is_unknown(hass: HomeAssistant) -> None:
    hass.states.async_set(PRICE, "1e9", EUR)
    outlook = await start(hass, settings_with())

    assert quarters(outlook).import_micro_per_kwh == (None,) * 8


async def test_another_entity_may_tell_the_future(hass: HomeAssistant) -> None:
    records = hourly(0.10, 0.30, first=datetime(2026, 3, 26, 8, tzinfo=UTC))
    hass.states.async_set(PRICE, "0.10", EUR)
    hass.states.async_set("event.rates", "unknown", {"rates": records})
    hass.states.async_set("sensor.late", "7", {**EUR, "prices": records[:1]})
    foresight = ForesightSettings(prices=("event.rates", "sensor.late", "event.none"))

    outlook = await start(hass, settings_with(foresight=foresight))

    assert quarters(outlook).import_micro_per_kwh[-1] == 300_000


async def test_feeding_in_may_have_coming_prices_of_its_own(
    hass: HomeAssistant,
) -> None:
    records = hourly(0.10, -0.05, first=datetime(2026, 3, 26, 8, tzinfo=UTC))
    hass.states.async_set(PRICE, "0.10", {**EUR, "prices": records})

    outlook = await start(hass, settings_with(250_000, feed_in=PRICE))

    prices = quarters(outlook)
    assert prices.import_micro_per_kwh == (250_000,) * 8
    assert prices.export_micro_per_kwh == (100_000,) * 4 + (-50_000,) * 4


async def test_prices_by_the_hour_follow_the_clock_on_the_wall(
    hass: HomeAssistant,
) -> None:
    night = HourPrice.from_data(
        {
            "days": [],
            "since": "22:30:00",
            "until": "06:30:00",
            "price_micro_per_kwh": 150_000,
        }
    )
    weekend = HourPrice.from_data(
        {
            "days": ["sat", "sun"],
            "since": "00:00:00",
            "until": "00:00:00",
            "price_micro_per_kwh": 120_000,
        }
    )
    settings = settings_with(250_000, hours=(night, weekend))
    outlook = await start(hass, settings)
    late = instant_from_datetime(datetime(2026, 3, 26, 21, tzinfo=UTC))
    early = instant_from_datetime(datetime(2026, 3, 27, 5, tzinfo=UTC))
    saturday = instant_from_datetime(datetime(2026, 3, 28, 11, tzinfo=UTC))

    assert quarters(outlook, 4, start=late).import_micro_per_kwh == (
        250_000,
        250_000,
        150_000,
        150_000,
    )
    assert quarters(outlook, 4, start=early).import_micro_per_kwh == (
        150_000,
        150_000,
        250_000,
        250_000,
    )
    assert quarters(outlook, 1, start=saturday).import_micro_per_kwh == (120_000,)


async def test_what_was_learned_outlives_a_restart_but_not_another_entity(
    hass: HomeAssistant, hass_storage: dict[str, object]
) -> None:
    period = EIGHT // PERIOD_MS
    hass_storage[f"{DOMAIN}.outlook.home"] = {
        "version": 1,
        "key": f"{DOMAIN}.outlook.home",
        "data": {
            "energy": {
                "entity": PRICE,
                "values": [[period - 96 + i, 100_000 + i] for i in range(96)],
            },
            "feed_in": {"entity": "sensor.sold", "values": [[period - 95, 7]]},
        },
    }
    hass.states.async_set(PRICE, "0.5", EUR)
    hass.states.async_set("sensor.other", "0.01", EUR)

    outlook = await start(hass, settings_with(feed_in="sensor.other"))

    prices = quarters(outlook, 3)
    assert prices.import_micro_per_kwh == (500_000, 100_001, 100_002)
    assert prices.export_micro_per_kwh == (10_000,) * 3


type Answer = Mapping[str, object]


def integration(
    hass: HomeAssistant, platform: str, unique_id: str, action: str, answer: Answer
) -> list[Mapping[str, object]]:
    """Make the price an entity of an integration that answers; return what it heard."""
    entry = MockConfigEntry(domain=platform, entry_id="theirs")
    entry.add_to_hass(hass)
    er.async_get(hass).async_get_or_create(
        "sensor",
        platform,
        unique_id,
        suggested_object_id="price",
        config_entry=entry,
    )
    heard: list[Mapping[str, object]] = []

    async def answering(call: ServiceCall) -> dict[str, JsonValueType]:
        heard.append(call.data)
        key = str(call.data.get("date", call.data.get("incl_vat", "")))
        if key not in answer:
            raise ServiceValidationError("nothing known")
        found = answer[key]
        assert isinstance(found, dict)
        return found

    hass.services.async_register(
        platform, action, answering, supports_response=SupportsResponse.ONLY
    )
    return heard


async def test_nord_pool_is_asked_for_both_days_in_its_own_unit(
    hass: HomeAssistant,
) -> None:
    first = datetime(2026, 3, 26, 8, tzinfo=UTC)
    answer = {
        "2026-03-26": {
            "FI": hourly(900, 900, first=first),
            "SE3": hourly(100, 300, first=first),
        },
    }
    heard = integration(
        hass, "nordpool", "SE3-current_price", "get_prices_for_date", answer
    )
    hass.states.async_set(PRICE, "0.10", EUR)

    outlook = await start(hass, settings_with())

    assert [call["date"] for call in heard] == ["2026-03-26", "2026-03-27"]
    assert heard[0]["config_entry"] == "theirs"
    assert quarters(outlook).import_micro_per_kwh == (100_000,) * 4 + (300_000,) * 4


async def test_the_series_is_the_one_the_entity_shows(hass: HomeAssistant) -> None:
    first = datetime(2026, 3, 26, 8, tzinfo=UTC)
    answer = {
        "True": {"prices": hourly(0.121, 0.363, first=first)},
        "False": {"prices": hourly(0.10, 0.30, first=first)},
    }
    integration(hass, "energyzero", "current_price", "get_energy_prices", answer)
    hass.states.async_set(PRICE, "0.1", EUR)

    outlook = await start(hass, settings_with())

    assert quarters(outlook).import_micro_per_kwh[-1] == 300_000


async def test_who_cannot_be_asked_is_not(hass: HomeAssistant) -> None:
    er.async_get(hass).async_get_or_create(
        "sensor", "tibber", "price", suggested_object_id="price"
    )
    hass.states.async_set(PRICE, "0.1", EUR)

    outlook = await start(hass, settings_with())

    assert quarters(outlook).import_micro_per_kwh == (100_000,) * 8


async def test_the_next_day_is_asked_for_until_it_is_known(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    heard = integration(hass, "tibber", "price", "get_prices", {"": {"prices": {}}})
    hass.states.async_set(PRICE, "0.1", EUR)
    await start(hass, settings_with())
    assert len(heard) == 1
    assert heard[0]["start"] == "2026-03-26T00:00:00+01:00"
    assert heard[0]["end"] == "2026-03-28T00:00:00+01:00"

    freezer.move_to("2026-03-26T08:16:00+00:00")
    async_fire_time_changed(hass)
    await settle(hass)

    assert len(heard) == 2


async def test_a_known_future_is_asked_for_once_an_hour(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    first = datetime(2026, 3, 26, 8, tzinfo=UTC)
    answer = {"": {"prices": hourly(*range(30), first=first)}}
    heard = integration(hass, "tibber", "price", "get_prices", answer)
    hass.states.async_set(PRICE, "0.1", EUR)
    await start(hass, settings_with())

    for minute in (16, 31, 46):
        freezer.move_to(f"2026-03-26T08:{minute}:00+00:00")
        async_fire_time_changed(hass)
        await settle(hass)
    assert len(heard) == 1

    freezer.move_to("2026-03-26T09:16:00+00:00")
    async_fire_time_changed(hass)
    await settle(hass)
    assert len(heard) == 2
