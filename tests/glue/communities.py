"""Communities for tests: homes that found, invite and join through the real forms.

All homes are in one Home Assistant, whose web server listens on loopback; they talk
through it as they would from house to house.
"""

import asyncio
from collections.abc import Callable
from types import MappingProxyType

from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    SOURCE_USER,
    ConfigEntryState,
    ConfigSubentry,
    SubentryFlowResult,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.commonwatt.community.circle import Circle, Standing
from custom_components.commonwatt.community.identity import (
    async_keep_secrets,
    async_party,
    new_place,
)
from custom_components.commonwatt.community.settings import (
    SUBENTRY_COMMUNITY,
    CommunitySettings,
    HTTPWay,
    WaySettings,
    membership_of,
)
from custom_components.commonwatt.const import DOMAIN
from custom_components.commonwatt.engine.model.party import Charter, Member
from custom_components.commonwatt.engine.model.zone import FeeTree
from custom_components.commonwatt.engine.wire.keys import HouseholdKey
from custom_components.commonwatt.membership import Membership
from custom_components.commonwatt.secret_store import HomeSecrets
from tests.glue.homes import SETTINGS

ANN = HouseholdKey(bytes([1] * 32))
"""A neighbour that is never heard."""

SECONDS_MAX = 300.0
"""Far more than it takes: the machine may be busy."""

type Values = dict[str, object]


async def until(condition: Callable[[], bool]) -> None:
    """Wait until ``condition`` holds."""
    async with asyncio.timeout(SECONDS_MAX):
        while not condition():  # noqa: ASYNC110  # what is waited for has no event
            await asyncio.sleep(0.02)


async def served(listen: ClientSessionGenerator) -> str:
    """Let Home Assistant listen; return its address."""
    client = await listen()
    return str(client.make_url("/").origin())


async def open_community(
    hass: HomeAssistant, entry: MockConfigEntry, choice: str
) -> SubentryFlowResult:
    """Choose from the first menu."""
    menu = await hass.config_entries.subentries.async_init(
        (entry.entry_id, SUBENTRY_COMMUNITY), context={"source": SOURCE_USER}
    )
    assert menu["type"] is FlowResultType.MENU
    assert menu["menu_options"] == ["create", "join"]
    return await choose(hass, menu, choice)


async def manage(
    hass: HomeAssistant, entry: MockConfigEntry, choice: str | None = None
) -> SubentryFlowResult:
    """Open what a member can change, and choose from the menu."""
    subentry = membership_of(entry)
    assert subentry is not None
    menu = await hass.config_entries.subentries.async_init(
        (entry.entry_id, SUBENTRY_COMMUNITY),
        context={
            "source": SOURCE_RECONFIGURE,
            "subentry_id": subentry.subentry_id,
        },
    )
    return menu if choice is None else await choose(hass, menu, choice)


async def choose(
    hass: HomeAssistant, menu: SubentryFlowResult, choice: str
) -> SubentryFlowResult:
    """Choose from a menu."""
    assert menu["type"] is FlowResultType.MENU, menu
    return await answer(hass, menu, {"next_step_id": choice})


async def answer(
    hass: HomeAssistant, form: SubentryFlowResult, values: Values
) -> SubentryFlowResult:
    """Send a form."""
    return await hass.config_entries.subentries.async_configure(form["flow_id"], values)


async def opened(hass: HomeAssistant, step: SubentryFlowResult) -> SubentryFlowResult:
    """Wait until the flow shows something else than progress."""
    flows, flow_id = hass.config_entries.subentries, step["flow_id"]
    await until(lambda: flows.async_get(flow_id)["step_id"] != "knock")
    return await flows.async_configure(flow_id)


def member(entry: MockConfigEntry) -> Membership:
    """Return the membership of a loaded home."""
    membership = entry.runtime_data.membership
    assert isinstance(membership, Membership)
    return membership


def circle_of(entry: MockConfigEntry) -> Circle:
    """Return the community of a member."""
    circle = member(entry).circle
    assert circle is not None
    return circle


def stands(entry: MockConfigEntry, standing: Standing) -> bool:
    """Tell whether a home is loaded and stands like this."""
    return entry.state is ConfigEntryState.LOADED and member(entry).standing is standing


async def found(
    hass: HomeAssistant, entry: MockConfigEntry, address: str, **rules: object
) -> None:
    """Found a community that can be reached at ``address``."""
    form = await open_community(hass, entry, "create")
    form = await answer(hass, form, {"name": "Mill Lane", **rules})
    assert form["step_id"] == "ways", form
    done = await answer(hass, form, {"ways": ["http"], "addresses": [address]})
    assert done["type"] is FlowResultType.CREATE_ENTRY, done
    await until(lambda: stands(entry, Standing.MEMBER))


async def invited(hass: HomeAssistant, entry: MockConfigEntry) -> str:
    """Return an invitation by a member."""
    reply = await hass.services.async_call(
        DOMAIN,
        "invite",
        {"config_entry_id": entry.entry_id},
        blocking=True,
        return_response=True,
    )
    assert reply is not None
    return str(reply["link"])


async def knocked(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    link: str,
    *,
    address: str | None = None,
    **values: object,
) -> SubentryFlowResult:
    """Paste an invitation and knock; return what is shown then.

    With an ``address`` others can dial the home.
    """
    form = await open_community(hass, entry, "join")
    form = await answer(hass, form, {"name": "Mill Lane", "link": link, **values})
    assert form["step_id"] == "ways", form
    ways: Values = {"ways": ["http"], "dial": suggested_dial(form)}
    if address is not None:
        ways["addresses"] = [address]
    step = await answer(hass, form, ways)
    assert step["type"] is FlowResultType.SHOW_PROGRESS, step
    return await opened(hass, step)


def suggested_dial(form: SubentryFlowResult) -> object:
    """Return the addresses the form was filled in with."""
    schema = form["data_schema"]
    assert schema is not None
    (field,) = [key for key in schema.schema if str(key) == "dial"]
    return field.description["suggested_value"]


async def join(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    link: str,
    *,
    address: str | None = None,
    **values: object,
) -> None:
    """Join, and wait until the home is a member."""
    form = await knocked(hass, entry, link, address=address, **values)
    assert form["step_id"] == "charter", form
    done = await answer(hass, form, {})
    assert done["type"] is FlowResultType.CREATE_ENTRY, done
    await until(lambda: stands(entry, Standing.MEMBER))


async def unload_all(hass: HomeAssistant) -> None:
    """Let all homes go before the test ends: their links would linger."""
    await hass.async_block_till_done()
    for entry in hass.config_entries.async_loaded_entries(DOMAIN):
        assert await hass.config_entries.async_unload(entry.entry_id)


async def rules(
    hass: HomeAssistant, home: MockConfigEntry, **values: object
) -> SubentryFlowResult:
    """Fill in the rules of a new community."""
    form = await open_community(hass, home, "create")
    return await answer(hass, form, {"name": "Mill Lane", **values})


async def go_on(
    hass: HomeAssistant, home: MockConfigEntry, form: SubentryFlowResult
) -> CommunitySettings:
    """Finish without anybody being able to call; return what was kept."""
    menu = await answer(hass, form, {"ways": ["http"]})
    assert menu["step_id"] == "unreachable"
    done = await choose(hass, menu, "connected")
    assert done["type"] is FlowResultType.CREATE_ENTRY
    await until(lambda: stands(home, Standing.MEMBER))
    subentry = membership_of(home)
    assert subentry is not None
    return CommunitySettings.from_data(subentry.data)


def errors_of(form: SubentryFlowResult) -> dict[str, str]:
    """Return what a form says is wrong."""
    assert form["type"] is FlowResultType.FORM, form
    return form["errors"] or {}


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
