"""What panel and cards see and do, over a real WebSocket."""

import asyncio
from pathlib import Path

from homeassistant.auth.const import GROUP_ID_READ_ONLY, GROUP_ID_USER
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
from pytest_homeassistant_custom_component.typing import (
    MockHAClientWebSocket,
    WebSocketGenerator,
)

from custom_components.commonwatt.demo.settings import DemoSettings
from tests.glue.demos import add_demo, demo_of, no_waiting, until_stopped

pytestmark = pytest.mark.usefixtures("socket_enabled")

type Message = dict[str, object]

DAY = DemoSettings(speed=900, stop_after_periods=3)


@pytest.fixture(autouse=True)
def _real_storage(hass: HomeAssistant, tmp_path: Path) -> None:
    """Give every test a configuration folder of its own, on a real disk."""
    hass.config.config_dir = str(tmp_path)


@pytest.fixture
async def entry(hass: HomeAssistant) -> MockConfigEntry:
    """Return a demo that has lived for three delivery periods and stands still."""
    assert await async_setup_component(hass, "websocket_api", {})
    with no_waiting():
        entry = await add_demo(hass, DAY)
        await until_stopped(hass, entry)
    return entry


async def ask(client: MockHAClientWebSocket, kind: str, **arguments: object) -> Message:
    """Send a command and return its answer, events in between left out."""
    await client.send_json_auto_id({"type": f"commonwatt/{kind}", **arguments})
    while True:
        answer: Message = await client.receive_json()
        if answer["type"] == "result":
            return answer


async def event(client: MockHAClientWebSocket) -> dict[str, dict[str, object]]:
    """Return the next event of the subscription."""
    async with asyncio.timeout(10):
        answer = await client.receive_json()
        while answer["type"] != "event":
            answer = await client.receive_json()
    found: dict[str, dict[str, object]] = answer["event"]
    return found


async def snapshot(client: MockHAClientWebSocket) -> dict[str, object]:
    """Subscribe and return the first picture."""
    assert (await ask(client, "live"))["success"]
    return (await event(client))["snapshot"]


async def changed(client: MockHAClientWebSocket, section: str) -> object:
    """Wait until a section has changed and return it."""
    while True:
        delta = (await event(client)).get("delta", {})
        if section in delta:
            return delta[section]


async def test_the_panel_shows_what_node_and_devices_say(
    hass: HomeAssistant, entry: MockConfigEntry, hass_ws_client: WebSocketGenerator
) -> None:
    client = await hass_ws_client(hass)
    seen = await snapshot(client)

    demo = demo_of(entry)
    status = demo.feed.status
    assert status is not None
    now, homes, flows = seen["now"], seen["homes"], seen["flows"]
    assert isinstance(now, dict)
    assert isinstance(homes, list)
    assert isinstance(flows, dict)
    assert now["price_micro"] == status.clearing_price_micro_per_kwh
    assert now["neighbour_w"] == status.neighbour_power_w
    assert now["consumption_w"] == demo.home.consumption_w()
    assert [home["me"] for home in homes] == [True, *[False] * 11]
    assert homes[1]["power_w"] == demo.homes[1].state.grid_w
    parties = {home["id"] for home in homes}
    assert flows["links"]
    assert {party for link in flows["links"] for party in link[:2]} <= parties
    market = seen["market"]
    assert isinstance(market, dict)
    assert sum(row[2] or 0 for row in market["days"]) == status.bought_wh_total
    assert sum(row[3] or 0 for row in market["days"]) == status.sold_wh_total


@pytest.mark.usefixtures("socket_enabled", "entry")
async def test_every_certificate_that_is_shown_can_be_verified(
    hass: HomeAssistant, hass_ws_client: WebSocketGenerator
) -> None:
    client = await hass_ws_client(hass)
    proof = (await snapshot(client))["proof"]
    # The node is asked for them once somebody looks.
    while not (isinstance(proof, dict) and proof["certificates"]):
        proof = await changed(client, "proof")

    for shown in proof["certificates"][:5]:
        answer = await ask(
            client,
            "certificate/verify",
            certificate=shown["id"],
            start=shown["start"],
        )
        found = answer["result"]
        assert isinstance(found, dict)
        assert found["valid"]
        assert found["certificate"] == shown
        assert found["lineage"][-1]["parent"] is None
    unknown = await ask(
        client, "certificate/verify", certificate="0" * 64, start=shown["start"]
    )
    assert unknown["error"]["code"] == "certificate_unknown"  # type: ignore[index]


async def test_a_gift_is_given_and_taken_back(
    hass: HomeAssistant, entry: MockConfigEntry, hass_ws_client: WebSocketGenerator
) -> None:
    client = await hass_ws_client(hass)
    seen = await snapshot(client)
    assert seen["gifts"] == []
    neighbour = demo_of(entry).homes[7].party

    given = await ask(client, "gift/give", to=neighbour, energy_wh=500)
    assert given["success"]
    gifts = await changed(client, "gifts")
    assert isinstance(gifts, list)
    assert [(g["receiver"], g["energy_wh"], g["state"]) for g in gifts] == [
        (neighbour, 500, "in_force")
    ]

    taken = await ask(client, "gift/withdraw", gift=gifts[0]["id"])
    assert taken["success"]
    gifts = await changed(client, "gifts")
    assert isinstance(gifts, list)
    assert [g["state"] for g in gifts] == ["ended"]

    given = await ask(client, "gift/give", to="pool", energy_wh=700)
    assert given["result"] == {"id": "pool/1"}
    pool = await changed(client, "pool")
    assert isinstance(pool, dict)
    assert pool["energy_wh"] == 700
    assert (await ask(client, "gift/withdraw", gift="pool/1"))["success"]
    assert await changed(client, "pool") == {"energy_wh": 0, "mine": []}


async def test_a_gift_nobody_could_give_is_refused(
    hass: HomeAssistant, entry: MockConfigEntry, hass_ws_client: WebSocketGenerator
) -> None:
    client = await hass_ws_client(hass)
    demo = demo_of(entry)

    refused = [
        (await ask(client, "gift/give", to=to, energy_wh=energy_wh))["error"]["code"]  # type: ignore[index]
        for to, energy_wh in (
            (demo.feed.party, 500),
            ("0" * 40, 500),
            (demo.homes[1].party, 1_000_000),
        )
    ]

    assert refused == ["gift_oneself", "gift_not_a_member", "gift_over_the_cap"]


async def test_who_is_no_administrator_arms_nothing_and_sees_no_settings(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    hass_ws_client: WebSocketGenerator,
    hass_admin_user: MockUser,
) -> None:
    administrator = await hass_ws_client(hass)
    seen = await snapshot(administrator)
    control = seen["control"]
    assert isinstance(control, list)
    assert control
    assert control[0]["armed"]
    device = control[0]["id"]

    group = await hass.auth.async_get_group(GROUP_ID_USER)
    assert group is not None
    hass_admin_user.groups = [group]
    client = await hass_ws_client(hass)
    seen = await snapshot(client)
    assert seen["control"] is None
    refused = await ask(client, "control/arm", devices=[device], armed=False)
    assert refused["error"]["code"] == "unauthorized"  # type: ignore[index]
    assert demo_of(entry).home.any_armed


async def test_administrators_arm_and_disarm(
    hass: HomeAssistant, entry: MockConfigEntry, hass_ws_client: WebSocketGenerator
) -> None:
    client = await hass_ws_client(hass)
    demo = demo_of(entry)
    devices = [d.config.id for d in demo.home.devices if d.control is not None]

    armed = []
    for wanted in (False, True):
        answer = await ask(client, "control/arm", devices=devices, armed=wanted)
        assert answer["success"]
        armed.append(demo.home.any_armed)

    assert armed == [False, True]
    refused = await ask(client, "control/arm", devices=["toaster"], armed=True)
    assert refused["error"]["code"] == "device_unknown"  # type: ignore[index]


async def test_who_may_only_look_gives_nothing_away(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    hass_ws_client: WebSocketGenerator,
    hass_admin_user: MockUser,
) -> None:
    group = await hass.auth.async_get_group(GROUP_ID_READ_ONLY)
    assert group is not None
    hass_admin_user.groups = [group]
    client = await hass_ws_client(hass)
    seen = await snapshot(client)
    home = seen["home"]
    assert isinstance(home, dict)
    assert not home["may_act"]

    answer = await ask(
        client, "gift/give", to=demo_of(entry).homes[1].party, energy_wh=500
    )

    assert answer["error"]["code"] == "unauthorized"  # type: ignore[index]


async def test_whoever_looks_is_told_when_the_home_goes_and_finds_it_again(
    hass: HomeAssistant, entry: MockConfigEntry, hass_ws_client: WebSocketGenerator
) -> None:
    client = await hass_ws_client(hass)
    await snapshot(client)
    assert await hass.config_entries.async_unload(entry.entry_id)
    while not (await event(client)).get("closed"):
        continue
    refused = await ask(client, "live")
    assert refused["error"]["code"] == "home_not_loaded"  # type: ignore[index]

    assert await hass.config_entries.async_setup(entry.entry_id)

    assert (await snapshot(client))["home"]["kind"] == "demo"  # type: ignore[index]
    listed = await ask(client, "homes")
    assert listed["result"][0]["entry_id"] == entry.entry_id  # type: ignore[index]


async def test_nobody_is_asked_while_nobody_looks(
    hass: HomeAssistant, entry: MockConfigEntry, hass_ws_client: WebSocketGenerator
) -> None:
    client = await hass_ws_client(hass)
    await snapshot(client)
    live = entry.runtime_data.live
    assert live._cancel_timer is not None

    await client.close()
    await asyncio.sleep(0.1)
    await hass.async_block_till_done()

    assert live._cancel_timer is None


async def test_a_section_that_fails_takes_no_other_one_away(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    hass_ws_client: WebSocketGenerator,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail() -> None:
        raise LookupError("a bug in another room")

    entry.runtime_data.shown["votes"] = fail
    client = await hass_ws_client(hass)

    seen = await snapshot(client)
    entry.runtime_data.live.async_refresh()

    assert seen["votes"] is None
    assert seen["now"]
    assert caplog.text.count("goes without its section votes") == 1
