"""What a member can have done: inviting, naming, changing its ways."""

from unittest.mock import patch

from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import (
    HomeAssistantError,
    ServiceValidationError,
    Unauthorized,
)
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from custom_components.commonwatt.community.circle import Standing
from custom_components.commonwatt.community.settings import (
    HTTPWay,
)
from custom_components.commonwatt.const import DOMAIN
from custom_components.commonwatt.engine.wire.certificate import SessionCertificate
from custom_components.commonwatt.engine.wire.invite import read_invite
from custom_components.commonwatt.membership import Membership
from tests.glue.communities import (
    ANN,
    add_member,
    answer,
    choose,
    circle_of,
    manage,
    member,
    stands,
    until,
)
from tests.glue.forms import suggested
from tests.glue.homes import SETTINGS

pytestmark = pytest.mark.usefixtures("web_server")


async def test_an_invitation_is_a_code_to_scan_and_a_text_to_copy(
    hass: HomeAssistant,
) -> None:
    entry = await add_member(hass)
    form = await manage(hass, entry, "invite")

    form = await answer(hass, form, {"days": 3, "zone": "community"})

    assert form["step_id"] == "invitation"
    schema = form["data_schema"]
    assert schema is not None
    code, text = schema.schema.values()
    (link,) = [str(key.default()) for key in schema.schema if str(key) == "link"]
    assert code.config["data"] == link
    assert text.config["multiline"]
    invite = read_invite(link)
    assert invite.community == circle_of(entry).settings.community
    assert invite.addresses == ("https://home.example",)
    done = await answer(hass, form, {})
    assert done["reason"] == "invited"


async def test_whoever_wakes_invites_nobody(hass: HomeAssistant) -> None:
    entry = await add_member(hass, ANN)
    assert member(entry).standing is Standing.WAKING

    form = await manage(hass, entry, "invite")
    form = await answer(hass, form, {"days": 3, "zone": "community"})
    assert form["errors"] == {"base": "hindered_waking"}

    with pytest.raises(ServiceValidationError) as refused:
        await hass.services.async_call(
            DOMAIN, "invite", {}, blocking=True, return_response=True
        )
    assert refused.value.translation_key == "hindered_waking"


async def test_an_invitation_is_to_a_zone_there_is(hass: HomeAssistant) -> None:
    await add_member(hass)

    with pytest.raises(ServiceValidationError) as refused:
        await hass.services.async_call(
            DOMAIN, "invite", {"zone": "moon"}, blocking=True, return_response=True
        )

    assert refused.value.translation_key == "no_such_zone"
    assert refused.value.translation_placeholders == {
        "zone": "moon",
        "known": "community",
    }


@pytest.mark.parametrize("action", ["invite", "leave"])
async def test_a_node_that_stands_still_does_nothing(
    hass: HomeAssistant, action: str
) -> None:
    await add_member(hass)
    with (
        patch.object(Membership, "async_ask", side_effect=RuntimeError),
        pytest.raises(HomeAssistantError) as failed,
    ):
        await hass.services.async_call(
            DOMAIN, action, {}, blocking=True, return_response=action == "invite"
        )
    assert failed.value.translation_key == "node_stopped"


async def test_a_home_on_its_own_has_nobody_to_invite_to(hass: HomeAssistant) -> None:
    entry = MockConfigEntry(domain=DOMAIN, title="Home", data=SETTINGS.as_data())
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)

    with pytest.raises(ServiceValidationError) as refused:
        await hass.services.async_call(DOMAIN, "leave", {}, blocking=True)

    assert refused.value.translation_key == "not_in_a_community"


async def session_of(entry: MockConfigEntry) -> SessionCertificate:
    """Return the certificate of the key that a home signs with now."""
    found = await entry.runtime_data.ask(
        lambda node, now: node._outbox.session(now).certificate
    )
    assert isinstance(found, SessionCertificate)
    return found


async def test_a_stolen_session_key_is_good_for_nothing(hass: HomeAssistant) -> None:
    entry = await add_member(hass)
    stolen = await session_of(entry)
    form = await manage(hass, entry, "renew")
    done = await answer(hass, form, {})

    assert done["reason"] == "renewed"
    await until(lambda: circle_of(entry).ways.roster.has_revoked(stolen))
    second = await session_of(entry)
    assert second != stolen

    await hass.services.async_call(DOMAIN, "renew_key", {}, blocking=True)
    await until(lambda: circle_of(entry).ways.roster.has_revoked(second))
    third = await session_of(entry)

    assert await hass.config_entries.async_reload(entry.entry_id)
    await until(lambda: stands(entry, Standing.MEMBER))
    roster = circle_of(entry).ways.roster
    assert [roster.has_revoked(one) for one in (stolen, second, third)] == [
        True,
        True,
        False,
    ]
    assert await session_of(entry) == third


async def test_only_administrators_renew_keys(
    hass: HomeAssistant, hass_read_only_user: MockUser
) -> None:
    await add_member(hass)

    with pytest.raises(Unauthorized):
        await hass.services.async_call(
            DOMAIN,
            "renew_key",
            {},
            blocking=True,
            context=Context(user_id=hass_read_only_user.id),
        )


async def test_whoever_wakes_renews_no_key(hass: HomeAssistant) -> None:
    entry = await add_member(hass, ANN)

    done = await answer(hass, await manage(hass, entry, "renew"), {})

    assert done["reason"] == "hindered_waking"
    with pytest.raises(ServiceValidationError) as refused:
        await hass.services.async_call(DOMAIN, "renew_key", {}, blocking=True)
    assert refused.value.translation_key == "hindered_waking"


async def test_a_neighbour_is_called_what_the_owner_says(hass: HomeAssistant) -> None:
    entry = await add_member(hass, ANN)
    form = await manage(hass, entry, "neighbour")

    done = await answer(hass, form, {"neighbour": ANN.party, "name": " Ann "})

    assert done["reason"] == "neighbour_named"
    me, ann = entry.runtime_data.neighbours()
    assert (me.name, ann.name, ann.is_online) == ("Home", "Ann", False)
    assert await hass.config_entries.async_reload(entry.entry_id)
    assert entry.runtime_data.neighbours()[1].name == "Ann"
    form = await manage(hass, entry, "neighbour")
    await answer(hass, form, {"neighbour": ANN.party})
    assert entry.runtime_data.neighbours()[1].name == (
        f"Neighbour {ANN.party[:4].upper()}"
    )


async def test_a_lone_founder_has_nobody_to_name(hass: HomeAssistant) -> None:
    entry = await add_member(hass)

    done = await manage(hass, entry, "neighbour")

    assert done["reason"] == "no_neighbours"


@pytest.mark.usefixtures("socket_enabled")
async def test_ways_can_be_changed(hass: HomeAssistant) -> None:
    entry = await add_member(hass)
    form = await manage(hass, entry, "ways")
    assert suggested(form)["addresses"] == ["https://home.example"]

    nowhere = "http://127.0.0.1:9"
    menu = await answer(
        hass,
        form,
        {"ways": ["http"], "addresses": [nowhere], "dial": [f"{nowhere}/lovelace"]},
    )
    done = await choose(hass, menu, "connected")

    assert done["reason"] == "reconfigure_successful"
    expected = HTTPWay(addresses=(nowhere,), dial=(nowhere,))
    await until(
        lambda: (
            stands(entry, Standing.MEMBER)
            and circle_of(entry).settings.ways.http == expected
        )
    )


async def test_a_home_that_is_not_loaded_changes_nothing(hass: HomeAssistant) -> None:
    entry = await add_member(hass)
    assert await hass.config_entries.async_unload(entry.entry_id)

    done = await manage(hass, entry)

    assert done["reason"] == "home_not_loaded"
