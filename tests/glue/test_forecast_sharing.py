"""Learning with the neighbours: nothing without the owner's word, and all at once."""

from datetime import timedelta
from typing import Final

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import numpy as np
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)

from custom_components.commonwatt.engine.devices import DeviceKind
from custom_components.commonwatt.engine.forecast import PeriodEnergy
from custom_components.commonwatt.engine.forecast.load import (
    Experience,
    Prior,
    first_coefficients,
)
from custom_components.commonwatt.engine.model.period import (
    DeliveryPeriod,
    Instant,
    instant_from_datetime,
)
from custom_components.commonwatt.engine.node import NeighboursLearned, Node
from custom_components.commonwatt.forecasting.sharing import Sharing
from tests.glue.homes import add_home, adopted, settle
from tests.glue.pasts import by_hour, flow, utc

NOW: Final = utc(2026, 6, 17, 10)
SWITCH: Final = "switch.home_learn_with_neighbours"
STATE: Final = "sensor.home_learning_with_neighbours"


@pytest.fixture
async def entry(
    recorder_mock: object,  # noqa: ARG001  # first of all
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
) -> MockConfigEntry:
    """Return a home that knows six weeks of itself."""
    freezer.move_to(NOW)
    await hass.config.async_set_time_zone("Europe/Paris")
    used = by_hour({5: 900, 6: 700, 17: 1500, 18: 1800}, 300)
    first = NOW - timedelta(days=42)
    flow(hass, "sensor.grid", used, first=first, end=NOW)
    await async_wait_recording_done(hass)
    hass.states.async_set("sensor.grid", "300", {"unit_of_measurement": "W"})
    return await add_home(hass, [adopted(DeviceKind.METER, {"power": "sensor.grid"})])


def sharing_of(entry: MockConfigEntry) -> Sharing:
    """Return a home's part in learning."""
    sharing: Sharing = entry.runtime_data.sharing
    return sharing


async def switch(hass: HomeAssistant, service: str) -> None:
    """Let the owner decide."""
    await hass.services.async_call(
        "switch", service, {"entity_id": SWITCH}, blocking=True
    )
    await settle(hass)


def shown(hass: HomeAssistant, entity_id: str) -> str:
    """Return what an entity shows."""
    state = hass.states.get(entity_id)
    assert state is not None, entity_id
    return state.state


@pytest.mark.usefixtures("entry")
async def test_nothing_is_shared_without_the_owners_word(hass: HomeAssistant) -> None:
    state = hass.states.get(SWITCH)

    assert state is not None
    assert state.state == "off"
    assert "at least five homes" in state.attributes["meaning"]
    assert shown(hass, STATE) == "off"
    assert shown(hass, "sensor.home_homes_in_the_sum") == "unknown"


@pytest.mark.usefixtures("entry")
async def test_a_home_without_neighbours_learns_alone(hass: HomeAssistant) -> None:
    await switch(hass, "turn_on")

    assert shown(hass, SWITCH) == "on"
    assert shown(hass, STATE) == "too_few"
    state = hass.states.get(STATE)
    assert state is not None
    assert state.attributes["homes_taking_part"] == 1


async def test_the_owners_word_outlives_a_restart(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    await switch(hass, "turn_on")
    assert await hass.config_entries.async_reload(entry.entry_id)
    await settle(hass)
    assert shown(hass, SWITCH) == "on"
    assert shown(hass, STATE) == "too_few"

    await switch(hass, "turn_off")
    assert shown(hass, STATE) == "off"
    assert await hass.config_entries.async_reload(entry.entry_id)
    await settle(hass)
    assert shown(hass, SWITCH) == "off"


def prior_of(experience: Experience) -> Prior:
    """Return what five such homes would know together."""
    total = 5 * experience.contribution(first_coefficients())
    prior = Prior.from_sum(np.asarray(total))
    assert prior is not None
    return prior


async def test_what_neighbours_know_is_tried_as_soon_as_it_is_there(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    sharing, forecasts = sharing_of(entry), entry.runtime_data.forecasts
    experience = forecasts.foresight.learned_load.experience
    assert experience is not None
    prior = prior_of(experience)

    def learn(node: Node, _now: Instant) -> None:
        node.learning.prior = prior

    await entry.runtime_data.ask(learn)
    assert await sharing.async_prior() is None

    await switch(hass, "turn_on")
    before = forecasts.foresight.learned_load
    assert await sharing.async_prior() is prior
    feed = entry.runtime_data.market
    feed.publish(feed.status, (NeighboursLearned(week=2900, homes=5),))
    await settle(hass)

    assert forecasts.foresight.learned_load is not before
    await switch(hass, "turn_off")
    assert forecasts.foresight.learned_load.from_neighbours is False


async def test_the_node_bids_by_the_forecast(entry: MockConfigEntry) -> None:
    evening = DeliveryPeriod.containing(instant_from_datetime(NOW.replace(hour=18)))

    def ask(node: Node, _now: Instant) -> PeriodEnergy | None:
        return node._household.expected(evening)

    found: PeriodEnergy | None = await entry.runtime_data.ask(ask)

    assert found is not None
    assert found.load_wh == pytest.approx(450, rel=0.1)
    assert found.production_wh == 0


async def test_a_home_that_taught_has_a_week_of_teaching(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    feed, book = entry.runtime_data.market, entry.runtime_data.scoring.own.book
    await switch(hass, "turn_on")
    for week in (2900, 2901):
        feed.publish(feed.status, (NeighboursLearned(week=week, homes=5),))
        await settle(hass)

    assert [taught for _, taught in book.trainings] == [True], "it was the same week"
