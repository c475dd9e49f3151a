"""The good time to run an appliance, told to automations once each time."""

from collections.abc import Mapping
from pathlib import Path
from unittest.mock import patch

from homeassistant.core import HomeAssistant
import pytest

from custom_components.commonwatt.engine.dispatch import AssetId
from custom_components.commonwatt.engine.dispatch.story import (
    Action,
    ActionKind,
    ActionReason,
)
from custom_components.commonwatt.engine.model.period import HOUR_MS, after
from custom_components.commonwatt.news import desk
from custom_components.commonwatt.planning.runtime import PlanRuntime
from tests.glue.test_news import automate
from tests.glue.test_scores import add_sharing_home, data_of


@pytest.fixture(autouse=True)
def _real_storage(hass: HomeAssistant, tmp_path: Path) -> None:
    """Give every test a configuration folder of its own, on a real disk."""
    hass.config.config_dir = str(tmp_path)


def running(plans: PlanRuntime, *, hours: int) -> Action:
    """Return an appliance the plan runs from some hours after now on."""
    return Action(
        asset=AssetId("washer"),
        kind=ActionKind.RUN_APPLIANCE,
        reason=ActionReason.SURPLUS,
        starts_at=after(plans.now, hours * HOUR_MS),
        ends_at=after(plans.now, (hours + 2) * HOUR_MS),
        power_w=1_500,
    )


@pytest.mark.parametrize(
    ("options", "times"),
    [({}, 2), ({"appliance": "WASHER "}, 2), ({"appliance": "X"}, 0)],
)
async def test_the_good_time_fires_when_it_begins_and_not_while_it_lasts(
    hass: HomeAssistant, options: Mapping[str, object], times: int
) -> None:
    entry = await add_sharing_home(hass)
    said = await automate(hass, "good_time", options=options)
    data = data_of(entry)
    watch = desk.NewsDesk(hass, entry, data)
    now, later = running(data.plans, hours=-1), running(data.plans, hours=1)
    with patch.object(data.plans, "plan", object()):
        for planned in (later, now, now, later, now):
            with patch.object(desk, "coming", return_value=[planned]):
                watch._look_at_times()
    await hass.async_block_till_done()

    assert len(said) == times


async def test_without_a_plan_no_time_is_good(hass: HomeAssistant) -> None:
    entry = await add_sharing_home(hass)
    said = await automate(hass, "good_time")
    data = data_of(entry)
    with (
        patch.object(data.plans, "plan", None),
        patch.object(desk, "coming", return_value=[running(data.plans, hours=-1)]),
    ):
        desk.NewsDesk(hass, entry, data)._look_at_times()
    await hass.async_block_till_done()

    assert said == []
