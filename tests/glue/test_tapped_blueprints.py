"""Blueprints that ask on the phone: a tap there, and only that, does something."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_mock_service,
)

from custom_components.commonwatt.const import DOMAIN
from custom_components.commonwatt.data import Neighbour
from custom_components.commonwatt.engine.model.community import Motion
from custom_components.commonwatt.engine.model.social import HelpReason, HelpRequest
from custom_components.commonwatt.engine.node import HelpAsked, MotionOpened
from tests.glue.statuses import HOME, NEIGHBOUR, PERIOD, STATUS
from tests.glue.test_blueprints import use
from tests.glue.test_scores import data_of
from tests.glue.test_votes import MOTION


@pytest.fixture(autouse=True)
def _real_storage(hass: HomeAssistant, tmp_path: Path) -> None:
    """Give every test a configuration folder of its own, on a real disk."""
    hass.config.config_dir = str(tmp_path)


async def until(condition: Callable[[], object]) -> None:
    """Wait for something: an automation that waits for a tap is never done."""
    async with asyncio.timeout(60):
        while not condition():  # noqa: ASYNC110  # nothing to be told by
            await asyncio.sleep(0.01)


def waits(hass: HomeAssistant) -> bool:
    """Tell whether somebody listens for taps."""
    return "mobile_app_notification_action" in hass.bus.async_listeners()


def asked(entry: MockConfigEntry, energy_wh: int) -> None:
    """Let a neighbour ask for energy."""
    request = HelpRequest(
        number=1,
        energy_wh=energy_wh,
        until=PERIOD.next(8),
        reason=HelpReason.CAR,
    )
    data_of(entry).market.publish(STATUS, [HelpAsked(party=NEIGHBOUR, request=request)])


@pytest.mark.parametrize(("wanted_wh", "given_kwh"), [(3_000, 3), (9_000, 5)])
async def test_a_request_is_answered_with_a_tap(
    hass: HomeAssistant, wanted_wh: int, given_kwh: int
) -> None:
    entry, calls = await use(hass, "answer_a_request", phone="notify.phone")
    data_of(entry).neighbours = lambda: (
        Neighbour(party=HOME, name="", kind="home", power_w=None, is_online=True),
        Neighbour(party=NEIGHBOUR, name="Ben", kind="home", power_w=0, is_online=True),
    )
    sent = async_mock_service(hass, DOMAIN, "send_energy")
    asked(entry, wanted_wh)
    await until(lambda: calls)
    await until(lambda: waits(hass))
    assert [call.data["message"] for call in calls] == [
        f"Ben needs energy: {given_kwh}.0 kWh"
    ]
    assert sent == []

    button = calls[0].data["data"]["actions"][0]
    for tapped in ("somebody_elses", button["action"]):
        hass.bus.async_fire("mobile_app_notification_action", {"action": tapped})
    await until(lambda: sent)

    assert [dict(call.data) for call in sent] == [
        {"to": "Ben", "energy_kwh": given_kwh}
    ]


@pytest.mark.parametrize(("button", "approve"), [(0, True), (1, False)])
async def test_a_vote_is_cast_with_a_tap(
    hass: HomeAssistant,
    button: int,
    approve: bool,  # noqa: FBT001  # a column of the table
) -> None:
    entry, calls = await use(hass, "answer_a_vote", phone="notify.phone")
    cast = async_mock_service(hass, DOMAIN, "vote")
    opened = MotionOpened(
        motion=bytes.fromhex(MOTION.id),
        change=Motion(change=MOTION.change, deadline=MOTION.deadline),
    )
    data_of(entry).market.publish(replace(STATUS, motions=(MOTION,)), [opened])
    await until(lambda: calls)
    await until(lambda: waits(hass))
    assert [call.data["title"] for call in calls] == ["Who lets homes in"]

    tapped = calls[0].data["data"]["actions"][button]["action"]
    hass.bus.async_fire("mobile_app_notification_action", {"action": tapped})
    await until(lambda: cast)

    assert [dict(call.data) for call in cast] == [
        {"proposal": MOTION.id, "approve": approve}
    ]
