"""The demo neighbourhood: how fast its clock runs and what its homes follow."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final, override

from homeassistant.config_entries import SOURCE_RECONFIGURE, ConfigFlowResult
from homeassistant.helpers.selector import (
    BooleanSelector,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    TextSelector,
)
import voluptuous as vol

from ..chain.settings import CONF_CHAIN
from ..const import EntryKind
from ..demo.clock import SPEED_MAX
from ..demo.settings import (
    CONF_SEED,
    CONF_SPEED,
    CONF_STOP_AFTER_PERIODS,
    CONF_TRACES,
    PERIODS_MAX,
    SEED_DEFAULT,
    SEED_MAX,
    SPEED_DEFAULT,
    DemoSettings,
)
from ..drivers.chain import ChainSettings
from ..engine.wire.ethereum import Address
from .chain import ChainSteps
from .device import Fields, UserInput

CONF_ON_CHAIN: Final = "settle_on_chain"

_TRACES_ERRORS: Final[Mapping[str, str]] = {
    "no_folder": "traces_no_folder",
    "no_household": "traces_no_household",
    "no_sun": "traces_no_sun",
    "too_large": "traces_too_large",
    "unreadable": "traces_unreadable",
    "bad_time": "traces_bad_time",
    "bad_value": "traces_bad_value",
    "nothing_recorded": "traces_nothing_recorded",
    "no_common_day": "traces_no_common_day",
}


class DemoSteps(ChainSteps):
    """Steps that add the demo neighbourhood, or change it."""

    _demo = DemoSettings()
    """What was answered before the chain is asked for."""

    async def async_step_demo(
        self, user_input: UserInput | None = None
    ) -> ConfigFlowResult:
        """Ask how the demo is to run; one at a time is enough."""
        # A form that somebody left open must not be in the way of another.
        await self.async_set_unique_id(EntryKind.DEMO, raise_on_progress=False)
        self._abort_if_unique_id_configured()
        if user_input is not None:
            settings = DemoSettings.from_data(user_input)
            if (wrong := await self._wrong_traces(settings)) is None:
                return await self._demo_chosen(settings, user_input)
            return self._show_demo("demo", user_input, *wrong)
        return self._show_demo("demo", {})

    async def async_step_reconfigure_demo(
        self, user_input: UserInput | None = None
    ) -> ConfigFlowResult:
        """Change how the demo runs; its days begin anew."""
        entry = self._get_reconfigure_entry()
        if user_input is not None:
            settings = DemoSettings.from_data(user_input)
            if (wrong := await self._wrong_traces(settings)) is None:
                self._chain = DemoSettings.from_data(entry.data).chain
                return await self._demo_chosen(settings, user_input)
            return self._show_demo("reconfigure_demo", user_input, *wrong)
        known = DemoSettings.from_data(entry.data).as_data()
        has_chain = known.pop(CONF_CHAIN) is not None
        suggested = {key: value for key, value in known.items() if value is not None}
        if has_chain:
            suggested[CONF_ON_CHAIN] = True
        return self._show_demo("reconfigure_demo", suggested)

    async def _demo_chosen(
        self, settings: DemoSettings, answers: UserInput
    ) -> ConfigFlowResult:
        """Save, or ask for the chain first."""
        self._demo = settings
        if answers.get(CONF_ON_CHAIN):
            return await self.async_step_chain()
        return self._save_demo(settings)

    @override
    async def async_chain_account(self) -> Address:
        """Return the account of the user's home: it follows from the seed."""
        return await self.hass.async_add_executor_job(account_of, self._demo.seed)

    @override
    async def async_chain_chosen(self, chain: ChainSettings) -> ConfigFlowResult:
        """Save the demo with its chain."""
        return self._save_demo(replace(self._demo, chain=chain))

    def _save_demo(self, settings: DemoSettings) -> ConfigFlowResult:
        if self.source == SOURCE_RECONFIGURE:
            entry = self._get_reconfigure_entry()
            return self.async_update_and_abort(entry, data=settings.as_data())
        return self.async_create_entry(title="CommonWatt demo", data=settings.as_data())

    def _show_demo(
        self,
        step_id: str,
        suggested: Mapping[str, object],
        error: str | None = None,
        where: str = "",
    ) -> ConfigFlowResult:
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(demo_schema(), suggested),
            errors={} if error is None else {CONF_TRACES: error},
            description_placeholders={"where": where, "speed_max": str(SPEED_MAX)},
        )

    async def _wrong_traces(self, settings: DemoSettings) -> tuple[str, str] | None:
        """Return what is wrong with the folder of recordings, and where."""
        if settings.traces is None:
            return None
        return await self.hass.async_add_executor_job(check_traces, settings.traces)


def check_traces(folder: Path) -> tuple[str, str] | None:
    """Return a key of the flow's errors and a place (blocking); None: all is well."""
    # The simulator is loaded only where it is used.
    from ..drivers.traces import TracesError, read_traces  # noqa: PLC0415

    try:
        read_traces(folder)
    except TracesError as err:
        return _TRACES_ERRORS[err.reason], err.where
    return None


def account_of(seed: int) -> Address:
    """Return the account that pays for gas in a demo of this seed (blocking)."""
    # The simulator is loaded only where it is used.
    from ..demo.account import demo_account  # noqa: PLC0415

    return demo_account(seed)


def demo_schema() -> vol.Schema:
    """Return the form of the demo."""
    fields: Fields = {
        vol.Required(CONF_SPEED, default=SPEED_DEFAULT): _whole(1, SPEED_MAX),
        vol.Required(CONF_SEED, default=SEED_DEFAULT): _whole(0, SEED_MAX),
        vol.Optional(CONF_TRACES): TextSelector(),
        vol.Optional(CONF_STOP_AFTER_PERIODS): _whole(1, PERIODS_MAX),
        vol.Optional(CONF_ON_CHAIN): BooleanSelector(),
    }
    return vol.Schema(fields)


def _whole(least: int, most: int) -> NumberSelector:
    return NumberSelector(
        NumberSelectorConfig(min=least, max=most, step=1, mode=NumberSelectorMode.BOX)
    )
