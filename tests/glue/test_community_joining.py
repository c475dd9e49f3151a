"""Joining through the forms, with every way to get it wrong."""

from unittest.mock import patch

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.commonwatt.community.circle import Standing
from custom_components.commonwatt.community.settings import (
    membership_of,
)
from custom_components.commonwatt.community.visit import Visit
from custom_components.commonwatt.community.watch import (
    SPENT,
    forget_issues,
    show_spent,
)
from custom_components.commonwatt.const import DOMAIN
from custom_components.commonwatt.engine.model.community import Invitation
from custom_components.commonwatt.engine.model.party import (
    CommunityId,
)
from custom_components.commonwatt.engine.model.period import Instant
from custom_components.commonwatt.engine.model.zone import ZoneId
from custom_components.commonwatt.engine.wire.invite import Invite
from custom_components.commonwatt.flows.community import join as joining
from tests.engine.wire.community import ALICE, NOW
from tests.glue.communities import (
    Values,
    answer,
    choose,
    circle_of,
    errors_of,
    found,
    go_on,
    invited,
    knocked,
    manage,
    member,
    open_community,
    opened,
    rules,
    served,
    stands,
    until,
)
from tests.glue.forms import suggested
from tests.glue.homes import add_home

pytestmark = pytest.mark.usefixtures("web_server")


async def test_what_is_no_invitation_is_refused(
    hass: HomeAssistant, home: MockConfigEntry
) -> None:
    form = await open_community(hass, home, "join")
    form = await answer(hass, form, {"name": " ", "link": "commonwatt:join?i=AAAA"})
    assert errors_of(form) == {"name": "name_invalid"}
    form = await answer(hass, form, {"name": "Mill Lane", "link": "come in"})
    assert errors_of(form) == {"link": "link_invalid"}
    link = Invite(community=CommunityId("ab" * 32), invitation=b"sealed").link
    form = await answer(
        hass,
        form,
        {"name": "Mill Lane", "link": link, "identity": {"sealed": "AAAA"}},
    )
    assert errors_of(form) == {"base": "identity_not_a_vault"}


async def test_an_invitation_that_has_expired_is_for_those_who_come_back(
    hass: HomeAssistant, home: MockConfigEntry
) -> None:
    sealed = ALICE.seal(
        Invitation(zone=ZoneId("lane"), expires_at=NOW, nonce=bytes(16))
    )
    link = Invite(community=CommunityId("ab" * 32), invitation=sealed).link
    form = await open_community(hass, home, "join")

    def entered(**identity: str) -> Values:
        return {"name": "Mill Lane", "link": link, "identity": identity}

    with patch.object(joining, "wall_clock", return_value=Instant(NOW - 1)):
        shown = await answer(hass, form, entered())
        assert shown["step_id"] == "ways"
    form = await open_community(hass, home, "join")
    with patch.object(joining, "wall_clock", return_value=NOW):
        form = await answer(hass, form, entered())
        assert errors_of(form) == {"link": "link_expired"}
        form = await answer(hass, form, entered(household_key="1f" * 32))
        assert form["step_id"] == "ways"


async def test_an_invitation_that_let_in_another_home_is_told(
    hass: HomeAssistant, home: MockConfigEntry, issue_registry: ir.IssueRegistry
) -> None:
    link = Invite(community=CommunityId("ab" * 32), invitation=b"sealed").link
    with (
        patch.object(Visit, "async_until"),
        patch.object(Visit, "charter", new=object()),
        patch.object(Visit, "is_spent", new=True),
    ):
        form = await open_community(hass, home, "join")
        form = await answer(hass, form, {"name": "Mill Lane", "link": link})
        step = await answer(hass, form, {"ways": ["http"]})
        if step["type"] is FlowResultType.SHOW_PROGRESS:
            step = await opened(hass, step)

    assert step["type"] is FlowResultType.ABORT
    assert step["reason"] == "invitation_used"

    show_spent(hass, home)
    assert issue_registry.async_get_issue(DOMAIN, f"{SPENT}_{home.entry_id}")
    forget_issues(hass, home.entry_id)
    assert not issue_registry.async_get_issue(DOMAIN, f"{SPENT}_{home.entry_id}")


async def test_the_broker_of_an_invitation_is_suggested(
    hass: HomeAssistant, home: MockConfigEntry
) -> None:
    invite = Invite(
        community=CommunityId("ab" * 32),
        invitation=b"sealed",
        addresses=("mqtts://broker.example:8883",),
    )
    form = await open_community(hass, home, "join")
    form = await answer(hass, form, {"name": "Mill Lane", "link": invite.link})
    assert suggested(form)["ways"] == ["broker"]

    form = await answer(hass, form, {"ways": ["broker"]})

    assert suggested(form) == {"host": "broker.example", "port": 8883, "tls": True}


async def test_silence_is_told_and_may_be_tried_again(
    hass: HomeAssistant, home: MockConfigEntry
) -> None:
    link = Invite(community=CommunityId("ab" * 32), invitation=b"sealed").link
    form = await open_community(hass, home, "join")
    form = await answer(hass, form, {"name": "Mill Lane", "link": link})
    with patch.object(joining, "KNOCK_SECONDS_MAX", 0.1):
        step = await answer(hass, form, {"ways": ["http"]})
        assert step["progress_action"] == "knock"
        menu = await opened(hass, step)
        assert menu["step_id"] == "silence"
        assert menu["menu_options"] == ["knock", "ways"]
        menu = await opened(hass, await choose(hass, menu, "knock"))
    assert menu["step_id"] == "silence"


async def test_a_form_that_is_closed_knocks_no_longer(
    hass: HomeAssistant, home: MockConfigEntry
) -> None:
    link = Invite(community=CommunityId("ab" * 32), invitation=b"sealed").link
    form = await open_community(hass, home, "join")
    form = await answer(hass, form, {"name": "Mill Lane", "link": link})
    step = await answer(hass, form, {"ways": ["http"]})

    hass.config_entries.subentries.async_abort(step["flow_id"])

    # A task that went on would linger and fail this test.
    await hass.async_block_till_done()
    assert member(home).standing is Standing.ALONE


@pytest.mark.usefixtures("socket_enabled")
async def test_one_reads_the_charter_before_one_joins(
    hass: HomeAssistant, hass_client_no_auth: ClientSessionGenerator
) -> None:
    first, second = [await add_home(hass, name=name) for name in ("One", "Two")]
    await found(hass, first, await served(hass_client_no_auth))

    form = await knocked(hass, second, await invited(hass, first))

    assert form["step_id"] == "charter"
    told = form["description_placeholders"]
    assert told is not None
    assert told["members"] == "1"
    assert told["admission"] == "Whoever invites"
    assert told["tariff"] == "0.2500 EUR/kWh"
    hass.config_entries.subentries.async_abort(form["flow_id"])
    await until(lambda: circle_of(first).settings is not None)
    assert circle_of(first).others == ()
    assert member(second).standing is Standing.ALONE


async def test_a_guest_may_change_its_ways(
    hass: HomeAssistant, home: MockConfigEntry
) -> None:
    settings = await go_on(hass, home, await rules(hass, home))
    subentry = membership_of(home)
    assert subentry is not None
    invite = Invite(community=settings.community, invitation=b"sealed")
    hass.config_entries.async_update_subentry(
        home, subentry, data={**subentry.data, "invite": invite.link}
    )
    await until(lambda: stands(home, Standing.GUEST))

    form = await manage(hass, home)

    assert form["step_id"] == "ways"


@pytest.mark.usefixtures("socket_enabled")
async def test_an_address_of_whoever_joins_is_tried_out_too(
    hass: HomeAssistant, home: MockConfigEntry
) -> None:
    link = Invite(community=CommunityId("ab" * 32), invitation=b"sealed").link
    form = await open_community(hass, home, "join")
    form = await answer(hass, form, {"name": "Mill Lane", "link": link})

    menu = await answer(
        hass, form, {"ways": ["http"], "addresses": ["http://127.0.0.1:9"]}
    )

    assert menu["step_id"] == "unreachable"
