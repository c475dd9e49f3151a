"""CommonWatt: makes a home a member of an Internet of energy.

This is the glue: it knows Home Assistant, hands readings to the engine and carries out
what the engine decided. It computes no price, no signature and no balance.
"""

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ConfigEntryError, ConfigEntryNotReady
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.typing import ConfigType
from homeassistant.util import slugify

from .accounts.home import async_forget_accounts, async_keep_accounts
from .chain.files import async_forget_chain
from .chain.member import async_settler_of_member
from .chain.view import chain_section
from .community.doors import async_doors
from .const import CONF_KIND, DOMAIN, EntryKind
from .control_store import ClaimStore
from .data import CommonWattConfigEntry, CommonWattData
from .device_settings import devices_of
from .drivers.chain import ChainError
from .forecasting.memory import HomeMemory
from .forecasting.roof import RoofWatch
from .forecasting.runtime import HomeForecasts
from .forecasting.sharing import Sharing
from .home import HomeRuntime
from .membership import Membership, async_forget_membership
from .news.desk import NewsDesk
from .panel import (
    async_forget_cards,
    async_hide_panel,
    async_serve_files,
    async_show_panel,
)
from .planning.belongings import Belongings
from .planning.calendars import Calendars
from .planning.outlook import OutlookRuntime
from .planning.outlook.memory import Memory
from .planning.runtime import PlanRuntime
from .planning.steering import Steering
from .planning.trading import Trading
from .scoring.setup import async_forget_standing, async_set_up_scores
from .services import async_register_actions
from .settings import HomeSettings
from .tariff import TariffSource
from .view.live import LiveView
from .votes.board import async_hang_out_votes
from .websocket_api import async_register_commands

if TYPE_CHECKING:
    from .demo.runtime import DemoRuntime

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)

PLATFORMS = [
    Platform.BINARY_SENSOR,
    Platform.BUTTON,
    Platform.CALENDAR,
    Platform.EVENT,
    Platform.NUMBER,
    Platform.SELECT,
    Platform.SENSOR,
    Platform.SWITCH,
    Platform.TIME,
    Platform.TODO,
]


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:  # noqa: ARG001
    """Set up what all entries share."""
    # The first name that becomes an entity id loads tables: not on the event loop.
    await hass.async_add_import_executor_job(slugify, "é")
    async_doors(hass)
    async_register_commands(hass)
    async_register_actions(hass)
    await async_serve_files(hass)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: CommonWattConfigEntry) -> bool:
    """Set up a home, or the demo neighbourhood."""
    # First of all: what is changed while this goes on is not to be missed.
    entry.async_on_unload(entry.add_update_listener(_reload))
    match EntryKind(entry.data[CONF_KIND]):
        case EntryKind.HOME:
            await _set_up_home(hass, entry)
        case EntryKind.DEMO:
            await _set_up_demo(hass, entry)
    await async_set_up_scores(hass, entry)
    await async_hang_out_votes(hass, entry)
    await async_keep_accounts(hass, entry)
    NewsDesk(hass, entry, entry.runtime_data).async_start()
    for platform in PLATFORMS:
        # One after the other: a hundred entities at once would hold up the loop.
        await hass.config_entries.async_forward_entry_setups(entry, [platform])
        await asyncio.sleep(0)
    live = LiveView(hass, entry, entry.runtime_data)
    live.async_start()
    entry.runtime_data.live = live
    await async_show_panel(hass)
    return True


async def async_unload_entry(hass: HomeAssistant, entry: CommonWattConfigEntry) -> bool:
    """Ask for nothing more, give every device back, then let go of everything."""
    if entry.runtime_data.live is not None:
        entry.runtime_data.live.async_close()
    await async_hide_panel(hass)
    if entry.runtime_data.chain is not None:
        await entry.runtime_data.chain.async_stop()
    await entry.runtime_data.stop()
    await entry.runtime_data.home.async_stop()
    return await hass.config_entries.async_unload_platforms(entry, PLATFORMS)


async def async_remove_entry(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Delete what was kept on disk."""
    await ClaimStore(hass, entry.entry_id).remove()
    await HomeMemory(hass, entry.entry_id).remove()
    await Memory(hass, entry.entry_id).remove()
    await async_forget_standing(hass, entry.entry_id)
    await async_forget_accounts(hass, entry.entry_id)
    await async_forget_membership(hass, entry.entry_id)
    await async_forget_chain(hass, entry.entry_id)
    await async_hide_panel(hass)
    await async_forget_cards(hass)


async def _reload(hass: HomeAssistant, entry: CommonWattConfigEntry) -> None:
    """Start anew with what was changed: settings, or a device more or less."""
    hass.config_entries.async_schedule_reload(entry.entry_id)


async def _set_up_home(hass: HomeAssistant, entry: CommonWattConfigEntry) -> None:
    settings = HomeSettings.from_data(entry.data)
    tariff = TariffSource(hass=hass, settings=settings.tariff)
    home = HomeRuntime(hass, entry, devices_of(entry), tariff=tariff.current)
    membership = await Membership.async_open(hass, entry, home)
    outlook = OutlookRuntime(hass, entry, settings)
    forecasts = await HomeForecasts.async_open(hass, entry, home)
    plans = PlanRuntime(
        hass,
        entry,
        home,
        membership.feed,
        Belongings.of(entry),
        outlook=outlook,
        forecasts=forecasts,
    )
    sharing = Sharing(hass, forecasts, membership.async_ask, membership.feed)
    roof = RoofWatch(hass, entry, forecasts, sharing, membership.async_ask)
    entry.runtime_data = CommonWattData(
        home=home,
        market=membership.feed,
        plans=plans,
        forecasts=forecasts,
        sharing=sharing,
        roof=roof,
        ask=membership.async_ask,
        journal=membership.journal,
        neighbours=membership.neighbours,
        membership=membership,
        stop=membership.async_stop,
        shown={"peers": membership.peers},
    )
    forecasts.async_start()
    await home.async_start()
    await membership.async_start()
    await _settle_on_chain(hass, entry, membership)
    await sharing.async_start(entry)
    roof.async_start()
    await plans.async_start()
    await outlook.async_start(plans.async_request)
    calendars = Calendars(hass, plans.belongings.cars)
    await calendars.async_start(entry, plans.async_request)
    await Trading(hass, home, plans, membership.async_ask).async_start(entry)
    Steering(home, plans, membership.feed).async_start(entry)


async def _settle_on_chain(
    hass: HomeAssistant, entry: CommonWattConfigEntry, membership: Membership
) -> None:
    """Settle the community on its chain, if it has one."""
    try:
        chain = await async_settler_of_member(hass, entry, membership)
    except ChainError as err:
        raise ConfigEntryNotReady(
            translation_domain=DOMAIN, translation_key="chain_books"
        ) from err
    if chain is not None:
        entry.runtime_data.chain = chain
        entry.runtime_data.shown["chain"] = partial(chain_section, chain)
        chain.async_start()


async def _set_up_demo(hass: HomeAssistant, entry: CommonWattConfigEntry) -> None:
    try:
        demo_runtime = await hass.async_add_import_executor_job(_load_demo)
    except ModuleNotFoundError as err:
        if err.name != "pymodbus":
            raise
        # Home Assistant has brought it along so far; we do not ask for a version.
        raise ConfigEntryError(
            translation_domain=DOMAIN, translation_key="simulator_missing"
        ) from err
    demo = await demo_runtime.async_open(hass, entry)
    entry.runtime_data = CommonWattData(
        home=demo.home,
        market=demo.feed,
        plans=demo.plans,
        forecasts=demo.forecasts,
        ask=demo.async_ask,
        journal=demo.journal,
        neighbours=demo.neighbours,
        stop=demo.async_stop,
        demo=demo,
        chain=demo.chain,
    )
    if demo.chain is not None:
        shown = partial(chain_section, demo.chain)
        entry.runtime_data.shown["chain"] = shown
    await demo.home.async_start()
    await demo.plans.async_start()
    await Trading(hass, demo.home, demo.plans, demo.async_ask).async_start(entry)
    demo.async_start()


def _load_demo() -> type[DemoRuntime]:
    """Load the simulator, which a real home never needs."""
    from .demo.runtime import DemoRuntime  # noqa: PLC0415

    return DemoRuntime
