"""What a member can have done: inviting, naming, carrying its identity, leaving."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from unittest.mock import patch

from homeassistant.config_entries import (
    SOURCE_REAUTH,
    ConfigEntryState,
    ConfigFlowResult,
    ConfigSubentry,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.commonwatt.community.circle import Standing
from custom_components.commonwatt.community.identity import (
    async_keep_secrets,
    async_party,
    async_seal,
    new_place,
)
from custom_components.commonwatt.community.settings import (
    SUBENTRY_COMMUNITY,
    CommunitySettings,
    HTTPWay,
    WaySettings,
    membership_of,
)
from custom_components.commonwatt.community.watch import (
    BROKER_REFUSED,
    CONTRADICTION,
    CUT_OFF,
    CUT_OFF_MS,
    FLOOD,
    FLOOD_MIN,
    REMOVED,
    CommunityWatch,
)
from custom_components.commonwatt.const import DOMAIN
from custom_components.commonwatt.diagnostics import (
    async_get_config_entry_diagnostics,
)
from custom_components.commonwatt.drivers.transports import Refusal
from custom_components.commonwatt.drivers.transports.mqtt import BrokerFault
from custom_components.commonwatt.engine.model.party import Charter, Member, PartyId
from custom_components.commonwatt.engine.model.period import Instant
from custom_components.commonwatt.engine.model.zone import FeeTree
from custom_components.commonwatt.engine.node import (
    CharterChanged,
    Hindered,
    MemberOffline,
    MemberOnline,
    Obstacle,
)
from custom_components.commonwatt.engine.peer import Fault
from custom_components.commonwatt.engine.wire.invite import read_invite
from custom_components.commonwatt.engine.wire.keys import HouseholdKey
from custom_components.commonwatt.membership import Membership
from custom_components.commonwatt.secret_store import HomeSecrets
from tests.glue.communities import (
    answer,
    choose,
    circle_of,
    manage,
    member,
    stands,
    unload_all,
    until,
)
from tests.glue.forms import suggested
from tests.glue.homes import SETTINGS
from tests.glue.statuses import STATUS

ANN = HouseholdKey(bytes([1] * 32))
"""A neighbour that is never heard."""

type Faults = dict[tuple[PartyId | None, Fault], int]

PASSPHRASE = "correct horse battery"


@pytest.fixture(autouse=True)
async def _real_storage(hass: HomeAssistant, tmp_path: Path) -> AsyncIterator[None]:
    """Give every test a configuration folder of its own, and a web server."""
    hass.config.config_dir = str(tmp_path)
    assert await async_setup_component(hass, "http", {})
    yield
    await unload_all(hass)


async def add_member(
    hass: HomeAssistant, *others: HouseholdKey, secrets: HomeSecrets | None = None
) -> MockConfigEntry:
    """Add a home that founded a community, with ``others`` in its first charter."""
    entry = MockConfigEntry(domain=DOMAIN, title="Home", data=SETTINGS.as_data())
    entry.add_to_hass(hass)
    secrets = secrets or HomeSecrets.create()
    tree = FeeTree.single()
    charter = Charter(
        members=tuple(
            Member(party=key.party, zone=tree.root.id, household_key=key.public)
            for key in (HouseholdKey(secrets.household), *others)
        ),
        fee_tree=tree,
    )
    settings = CommunitySettings.of_founder(
        charter,
        party=await async_party(hass, secrets),
        place=new_place(),
        ways=WaySettings(http=HTTPWay(addresses=("https://home.example",))),
    )
    await async_keep_secrets(hass, entry.entry_id, settings.place, secrets)
    hass.config_entries.async_add_subentry(
        entry,
        ConfigSubentry(
            data=MappingProxyType(settings.as_data()),
            subentry_type=SUBENTRY_COMMUNITY,
            title="Mill Lane",
            unique_id=settings.community,
        ),
    )
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    return entry


def texts_of(form: object) -> list[str]:
    """Return the defaults of a form."""
    assert isinstance(form, dict)
    return [str(key.default()) for key in form["data_schema"].schema if key.default]


# ------------------------------------------------------------------- invitations


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


# -------------------------------------------------------------------- neighbours


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


# ---------------------------------------------------------------------- identity


async def test_an_identity_is_carried_to_another_home(hass: HomeAssistant) -> None:
    entry = await add_member(hass)
    party = member(entry).feed.party
    form = await manage(hass, entry, "export")
    form = await answer(hass, form, {"passphrase": "short"})
    assert form["errors"] == {"passphrase": "passphrase_short"}
    form = await answer(hass, form, {"passphrase": PASSPHRASE})
    assert form["step_id"] == "exported"
    (sealed,) = texts_of(form)
    assert (await answer(hass, form, {}))["reason"] == "exported"

    reply = await hass.services.async_call(
        DOMAIN,
        "export_identity",
        {"passphrase": PASSPHRASE},
        blocking=True,
        return_response=True,
    )
    assert reply is not None
    assert reply["party"] == party
    with pytest.raises(ServiceValidationError) as refused:
        await hass.services.async_call(
            DOMAIN,
            "export_identity",
            {"passphrase": "short"},
            blocking=True,
            return_response=True,
        )
    assert refused.value.translation_key == "passphrase_short"

    for text in (sealed, reply["identity"]):
        assert await reauthenticated(hass, entry, text) == "reauth_successful"


async def reauthenticated(
    hass: HomeAssistant, entry: MockConfigEntry, sealed: object
) -> str:
    """Lose the keys, and bring the sealed ones; return how it ended."""
    form = await without_keys(hass, entry)
    form = await hass.config_entries.flow.async_configure(
        form["flow_id"], {"sealed": sealed, "passphrase": "wrong passphrase"}
    )
    assert form["errors"] == {"base": "identity_wrong_passphrase"}
    done = await hass.config_entries.flow.async_configure(
        form["flow_id"], {"sealed": sealed, "passphrase": PASSPHRASE}
    )
    assert done["type"] is FlowResultType.ABORT, done
    await until(lambda: stands(entry, Standing.MEMBER))
    return str(done["reason"])


async def without_keys(hass: HomeAssistant, entry: MockConfigEntry) -> ConfigFlowResult:
    """Give a home keys of somebody else; return what it asks for when it starts."""
    settings = member(entry).settings
    assert settings is not None
    assert await hass.config_entries.async_unload(entry.entry_id)
    await async_keep_secrets(hass, entry.entry_id, settings.place, HomeSecrets.create())
    assert not await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.SETUP_ERROR
    await hass.async_block_till_done()
    (flow,) = hass.config_entries.flow.async_progress()
    assert flow["context"]["source"] == SOURCE_REAUTH
    return await hass.config_entries.flow.async_configure(flow["flow_id"])


async def test_the_identity_of_another_member_is_refused(hass: HomeAssistant) -> None:
    entry = await add_member(hass)
    sealed = await async_seal(hass, HomeSecrets.create(), PASSPHRASE)
    form = await without_keys(hass, entry)
    assert form["step_id"] == "reauth_confirm"

    form = await hass.config_entries.flow.async_configure(
        form["flow_id"], {"sealed": sealed, "passphrase": PASSPHRASE}
    )

    assert form["errors"] == {"base": "identity_of_another"}


async def test_who_leaves_a_community_behind_needs_no_keys(hass: HomeAssistant) -> None:
    entry = await add_member(hass)
    form = await without_keys(hass, entry)
    subentry = membership_of(entry)
    assert subentry is not None
    hass.config_entries.async_remove_subentry(entry, subentry.subentry_id)

    done = await hass.config_entries.flow.async_configure(
        form["flow_id"], {"sealed": "AAAA", "passphrase": PASSPHRASE}
    )

    assert done["reason"] == "reauth_successful"
    await until(lambda: stands(entry, Standing.ALONE))


async def test_a_founder_may_be_who_it_was_elsewhere(hass: HomeAssistant) -> None:
    secrets = HomeSecrets.create()
    entry = await add_member(hass, secrets=secrets)

    sealed = await async_seal(hass, secrets, PASSPHRASE)

    assert await reauthenticated(hass, entry, sealed) == "reauth_successful"


# ----------------------------------------------------------------------- leaving


async def test_the_last_member_cannot_leave(hass: HomeAssistant) -> None:
    entry = await add_member(hass)
    form = await manage(hass, entry, "leave")

    done = await answer(hass, form, {})

    assert done["reason"] == "hindered_last_member"


async def test_leaving_is_told_to_the_others(hass: HomeAssistant) -> None:
    entry = await add_member(hass, ANN)
    with patch.object(Membership, "async_ask", return_value=b"motion"):
        done = await answer(hass, await manage(hass, entry, "leave"), {})
        await hass.services.async_call(DOMAIN, "leave", {}, blocking=True)
    assert done["reason"] == "leaving"

    with (
        patch.object(
            Membership, "async_ask", return_value=Hindered(Obstacle.NOT_A_MEMBER)
        ),
        pytest.raises(ServiceValidationError) as refused,
    ):
        await hass.services.async_call(DOMAIN, "leave", {}, blocking=True)
    assert refused.value.translation_key == "refused_not_a_member"


async def test_a_community_that_is_deleted_leaves_nothing_behind(
    hass: HomeAssistant, hass_storage: dict[str, object]
) -> None:
    entry = await add_member(hass, ANN)
    settings = member(entry).settings
    assert settings is not None
    await circle_of(entry).directory.async_rename(ANN.party, "Ann")
    assert files_of(hass, settings.place)
    subentry = membership_of(entry)
    assert subentry is not None

    hass.config_entries.async_remove_subentry(entry, subentry.subentry_id)
    await until(lambda: stands(entry, Standing.ALONE))

    assert not files_of(hass, settings.place)
    assert not [name for name in hass_storage if settings.place in name]
    assert member(entry).neighbours()[0].party != settings.party


async def test_everything_of_a_membership_goes_with_the_home(
    hass: HomeAssistant, hass_storage: dict[str, object]
) -> None:
    entry = await add_member(hass)
    assert [name for name in hass_storage if entry.entry_id in name]

    await hass.config_entries.async_remove(entry.entry_id)
    await hass.async_block_till_done()

    assert not [name for name in hass_storage if entry.entry_id in name]
    assert not files_of(hass, entry.entry_id)


# ------------------------------------------------------------- what is to be seen


def files_of(hass: HomeAssistant, name: str) -> list[str]:
    """Return the files that Home Assistant keeps with ``name`` in their names."""
    folder = Path(hass.config.path(".storage"))
    return [file.name for file in folder.iterdir() if name in file.name]


def issues(registry: ir.IssueRegistry) -> set[str]:
    """Return what Home Assistant shows about communities."""
    return {
        str(issue.translation_key)
        for (domain, _), issue in registry.issues.items()
        if domain == DOMAIN and str(issue.translation_key).startswith("community_")
    }


async def test_a_fault_of_the_community_is_shown_until_it_is_over(
    hass: HomeAssistant, issue_registry: ir.IssueRegistry
) -> None:
    entry = await add_member(hass, ANN)
    circle, watch = circle_of(entry), CommunityWatch(hass, entry)

    def look(minutes: int, faults: Faults | None = None) -> set[str]:
        seen = replace(STATUS, at=Instant(minutes * 60_000), faults=faults or {})
        watch.look(circle, seen)
        return issues(issue_registry)

    assert look(1) == set()
    lying: Faults = {(ANN.party, Fault.CONTRADICTION): 1, (None, Fault.REJECTED): 9}
    assert look(1, lying) == set()  # once a minute is enough
    assert look(2, lying) == {CONTRADICTION}
    assert look(3) == set()
    for _ in range(FLOOD_MIN):
        circle.ways.refusals.note("203.0.113.9", Refusal.STRANGER)
    assert look(4) == {FLOOD}
    assert look(30) == {FLOOD}
    an_hour = CUT_OFF_MS // 60_000
    assert look(2 + an_hour) == {CUT_OFF, FLOOD}
    circle.hear([MemberOnline(party=ANN.party)], Instant(0))
    assert look(5 + 2 * an_hour) == set()


async def test_a_home_that_was_removed_is_told(
    hass: HomeAssistant, issue_registry: ir.IssueRegistry
) -> None:
    entry = await add_member(hass, ANN)
    circle = circle_of(entry)
    charter = circle.charter
    without_us = Charter(members=charter.members[1:], fee_tree=charter.fee_tree)

    circle.hear([CharterChanged(number=1, charter=without_us)], Instant(0))
    CommunityWatch(hass, entry).look(circle, STATUS)

    assert member(entry).standing is Standing.REMOVED
    assert issues(issue_registry) == {REMOVED}
    assert circle.settings.party not in circle.ways.roster.parties


async def test_a_broker_that_refuses_us_is_told(
    hass: HomeAssistant, issue_registry: ir.IssueRegistry
) -> None:
    entry = await add_member(hass)
    circle = circle_of(entry)
    circle.ways.broker = Refusing()

    CommunityWatch(hass, entry).look(circle, STATUS)

    assert issues(issue_registry) == {BROKER_REFUSED}


class Refusing:
    """A broker that lets nobody in."""

    is_connected = False
    fault = BrokerFault.REFUSED


async def test_connections_are_shown_to_administrators(hass: HomeAssistant) -> None:
    entry = await add_member(hass, ANN)
    circle = circle_of(entry)
    circle.hear([MemberOnline(party=ANN.party)], Instant(1))
    circle.hear([MemberOffline(party=ANN.party)], Instant(5))
    circle.ways.refusals.note(ANN.party, Refusal.TOO_MUCH)

    assert entry.runtime_data.shown["peers"]() == [
        {
            "id": ANN.party,
            "name": circle.directory.name_of(ANN.party),
            "online": False,
            "last_seen": 5,
            "transport": None,
            "faults": 1,
            "rtt_ms": None,
        }
    ]


async def test_diagnostics_count_and_name_nobody(hass: HomeAssistant) -> None:
    entry = await add_member(hass, ANN)
    circle = circle_of(entry)
    await circle.directory.async_rename(ANN.party, "Ann")
    circle.ways.refusals.note("203.0.113.9", Refusal.STRANGER)

    told = str(await async_get_config_entry_diagnostics(hass, entry))

    for secret in (ANN.party, "Ann", "203.0.113.9", "home.example", "Mill Lane"):
        assert secret not in told
    assert "'refused': {'stranger': 1}" in told
    assert "'standing': 'waking'" in told


async def test_entities_tell_where_the_home_stands(hass: HomeAssistant) -> None:
    entry = await add_member(hass, ANN)

    shown = hass.states.get("sensor.home_membership")
    assert shown is not None
    assert shown.state == "waking"
    reachable = hass.states.get("binary_sensor.home_neighbours_reachable")
    assert reachable is not None
    assert reachable.state == "off"
    assert await hass.config_entries.async_unload(entry.entry_id)
