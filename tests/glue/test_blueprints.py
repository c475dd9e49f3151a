"""Blueprints: installed with the owner's consent, loaded, and run to their actions."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from freezegun.api import FrozenDateTimeFactory
from homeassistant.auth.models import User
from homeassistant.core import Context, HomeAssistant, ServiceCall
from homeassistant.exceptions import Unauthorized
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    MockUser,
    async_fire_time_changed,
    async_mock_service,
)

from custom_components.commonwatt.actions.blueprints import OURS
from custom_components.commonwatt.const import DOMAIN
from custom_components.commonwatt.engine.ledger.allocation import DeliveryKind
from custom_components.commonwatt.engine.node import PeriodSettled
from tests.glue.statuses import NEIGHBOUR, PERIOD, STATUS
from tests.glue.test_news import CHEAP, DEAR, price
from tests.glue.test_scores import add_sharing_home, data_of, settle_one, settlement

TOP_LEVEL = OURS.parents[2] / "blueprints" / "automation" / DOMAIN
NAMES = sorted(file.stem for file in OURS.glob("*.yaml"))


@pytest.fixture(autouse=True)
def _real_storage(hass: HomeAssistant, tmp_path: Path) -> None:
    """Give every test a configuration folder of its own, on a real disk."""
    hass.config.config_dir = str(tmp_path)


@pytest.fixture(autouse=True)
async def _automation_ends(hass: HomeAssistant) -> AsyncIterator[None]:
    """Let no timer of an automation outlive its test."""
    yield
    if hass.states.get("automation.test") is not None:
        await hass.services.async_call(
            "automation", "turn_off", {"entity_id": "automation.test"}, blocking=True
        )


def test_component_and_repository_have_the_same_set() -> None:
    ours = {file.name: file.read_text("utf-8") for file in OURS.glob("*.yaml")}
    others = {file.name: file.read_text("utf-8") for file in TOP_LEVEL.glob("*.yaml")}

    assert len(ours) >= 8
    assert ours == others


async def install(hass: HomeAssistant) -> Mapping[str, object]:
    answer = await hass.services.async_call(
        DOMAIN, "install_blueprints", {}, blocking=True, return_response=True
    )
    assert isinstance(answer, dict)
    return answer


async def use(
    hass: HomeAssistant, name: str, **inputs: object
) -> tuple[MockConfigEntry, list[ServiceCall]]:
    """Install the blueprints and set up an automation that uses one."""
    entry = await add_sharing_home(hass)
    await install(hass)
    calls = async_mock_service(hass, "notify", "phone")
    config = {
        "alias": "test",
        "use_blueprint": {"path": f"{DOMAIN}/{name}.yaml", "input": inputs},
    }
    assert await async_setup_component(hass, "automation", {"automation": config})
    await hass.async_block_till_done()
    assert hass.states.get("automation.test") is not None, "it loads"
    return entry, calls


def notify(message: str = "{{ message }}") -> list[dict[str, object]]:
    return [{"action": "notify.phone", "data": {"message": message}}]


async def pass_time(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, hours: float
) -> None:
    """Let time pass in steps of a quarter of an hour."""
    for _ in range(round(hours * 4)):
        freezer.tick(timedelta(minutes=15))
        async_fire_time_changed(hass)
        await hass.async_block_till_done()


async def test_what_the_owner_changed_is_kept(hass: HomeAssistant) -> None:
    await add_sharing_home(hass)
    first = await install(hass)
    folder = Path(str(first["folder"]))
    (folder / f"{NAMES[0]}.yaml").write_text("mine", "utf-8")
    (folder / f"{NAMES[1]}.yaml").unlink()
    second = await install(hass)

    assert first["installed"] == [f"{name}.yaml" for name in NAMES]
    assert second["installed"] == [f"{NAMES[1]}.yaml"]
    assert (folder / f"{NAMES[0]}.yaml").read_text("utf-8") == "mine"


async def test_only_administrators_install(
    hass: HomeAssistant, hass_read_only_user: User | MockUser
) -> None:
    await add_sharing_home(hass)
    with pytest.raises(Unauthorized):
        await hass.services.async_call(
            DOMAIN,
            "install_blueprints",
            {},
            blocking=True,
            context=Context(user_id=hass_read_only_user.id),
        )


async def test_an_appliance_runs_in_the_surplus(hass: HomeAssistant) -> None:
    hass.states.async_set("input_boolean.loaded", "on")
    entry, calls = await use(
        hass,
        "run_in_local_surplus",
        ready="input_boolean.loaded",
        start=notify("started"),
    )
    price(entry, DEAR)
    await hass.async_block_till_done()
    assert calls == []

    price(entry, CHEAP)
    await hass.async_block_till_done()
    assert [call.data["message"] for call in calls] == ["started"]


async def test_an_appliance_runs_at_the_latest_without_any(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    freezer.move_to(dt_util.now().replace(hour=15, minute=50, second=0))
    hass.states.async_set("input_boolean.loaded", "on")
    _, calls = await use(
        hass,
        "run_in_local_surplus",
        ready="input_boolean.loaded",
        start=notify("started"),
    )
    await pass_time(hass, freezer, 2)

    assert len(calls) == 1


async def test_a_car_charges_while_neighbours_are_cheap(hass: HomeAssistant) -> None:
    hass.states.async_set("binary_sensor.car", "on")
    entry, calls = await use(
        hass,
        "charge_from_neighbours",
        below=0.12,
        charge=notify("charge"),
        stop=notify("stop"),
        connected="binary_sensor.car",
    )
    for micro in (DEAR, CHEAP, CHEAP - 1, DEAR):
        price(entry, micro)
        await hass.async_block_till_done()

    assert [call.data["message"] for call in calls] == ["stop", "charge", "stop"]


async def test_loads_wait_through_the_peak(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    freezer.move_to(dt_util.now().replace(hour=17, minute=40, second=0))
    off = async_mock_service(hass, "homeassistant", "turn_off")
    on = async_mock_service(hass, "homeassistant", "turn_on")
    _, calls = await use(
        hass, "shed_before_peak", warn=notify("peak"), shed=["switch.pool"]
    )
    await pass_time(hass, freezer, 1)
    assert [call.data["message"] for call in calls] == ["peak"]
    assert [call.data["entity_id"] for call in off] == [["switch.pool"]]
    assert on == []

    await pass_time(hass, freezer, 2)
    assert len(on) == 1


async def test_a_full_battery_gives_once_a_day(hass: HomeAssistant) -> None:
    entry, _ = await use(
        hass,
        "gift_when_full",
        charge="sensor.charge",
        neighbour="Next door",
        energy=2,
    )
    sent = async_mock_service(hass, DOMAIN, "send_energy")
    price(entry, CHEAP)
    for percent in (80, 97, 90, 98):
        hass.states.async_set("sensor.charge", str(percent))
        await hass.async_block_till_done()

    assert [dict(call.data) for call in sent] == [
        {"to": "Next door", "energy_kwh": 2.0}
    ]


async def test_a_storm_raises_the_reserve(hass: HomeAssistant) -> None:
    hass.states.async_set("binary_sensor.storm", "off")
    await use(
        hass,
        "storm_reserve",
        warning="binary_sensor.storm",
        reserve="number.home_reserve",
        hours=12,
        usual=2,
    )
    set_value = async_mock_service(hass, "number", "set_value")
    for state in ("on", "off"):
        hass.states.async_set("binary_sensor.storm", state)
        await hass.async_block_till_done()

    assert [call.data["value"] for call in set_value][-2:] == [12, 2]


async def test_a_mission_is_told_and_the_evening_made_lighter(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    freezer.move_to(dt_util.now().replace(hour=17, minute=50, second=0))
    off = async_mock_service(hass, "homeassistant", "turn_off")
    entry, calls = await use(
        hass,
        "evening_mission",
        tell=notify(),
        progress="sensor.fake_mission",
        wait=["switch.pool"],
    )
    hass.states.async_set("sensor.fake_mission", "10", {"mission": "evening_import"})
    for days in range(14):
        await settle_one(
            hass, entry, kind=DeliveryKind.GIFT, energy_wh=2_000, days=days
        )
    assert {str(call.data["message"]).split()[-1] for call in calls} == {
        "(started)",
        "(accomplished)",
    }
    await pass_time(hass, freezer, 0.5)
    assert len(off) == 1


async def test_a_gift_is_celebrated(hass: HomeAssistant) -> None:
    entry, calls = await use(hass, "thank_for_a_gift", celebrate=notify())
    feed = data_of(entry).market
    given = settlement(feed.party, kind=DeliveryKind.GIFT, energy_wh=-1)
    delivery = replace(
        given.deliveries[0], seller=NEIGHBOUR, buyer=feed.party, energy_wh=700
    )
    settled = replace(given, deliveries=(delivery,))
    feed.publish(STATUS, [PeriodSettled(period=PERIOD, settlement=settled)])
    await hass.async_block_till_done(wait_background_tasks=True)

    assert [call.data["message"] for call in calls] == ["Home: 0.7 kWh"]


async def test_the_week_is_reported(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    sunday = dt_util.now() + timedelta(days=(6 - dt_util.now().weekday()) % 7)
    freezer.move_to(sunday.replace(hour=18, minute=20, second=0))
    entry, calls = await use(hass, "weekly_report", announce=notify())
    await settle_one(hass, entry, kind=DeliveryKind.GIFT, energy_wh=2_500)
    await pass_time(hass, freezer, 0.5)

    assert len(calls) == 1
    assert "gave 2.5 kWh" in str(calls[0].data["message"])
    assert "Season score" in str(calls[0].data["message"])
