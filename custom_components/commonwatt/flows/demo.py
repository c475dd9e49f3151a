"""The demo neighbourhood: how fast its clock runs and what its homes follow."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from homeassistant.config_entries import ConfigFlow, ConfigFlowResult
from homeassistant.helpers.selector import (
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    TextSelector,
)
import voluptuous as vol

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
from .device import Fields, UserInput

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


class DemoSteps(ConfigFlow):
    """Steps that add the demo neighbourhood, or change it."""

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
                return self.async_create_entry(
                    title="CommonWatt demo", data=settings.as_data()
                )
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
                return self.async_update_and_abort(entry, data=settings.as_data())
            return self._show_demo("reconfigure_demo", user_input, *wrong)
        known = DemoSettings.from_data(entry.data).as_data()
        suggested = {key: value for key, value in known.items() if value is not None}
        return self._show_demo("reconfigure_demo", suggested)

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


def demo_schema() -> vol.Schema:
    """Return the form of the demo."""
    fields: Fields = {
        vol.Required(CONF_SPEED, default=SPEED_DEFAULT): _whole(1, SPEED_MAX),
        vol.Required(CONF_SEED, default=SEED_DEFAULT): _whole(0, SEED_MAX),
        vol.Optional(CONF_TRACES): TextSelector(),
        vol.Optional(CONF_STOP_AFTER_PERIODS): _whole(1, PERIODS_MAX),
    }
    return vol.Schema(fields)


def _whole(least: int, most: int) -> NumberSelector:
    return NumberSelector(
        NumberSelectorConfig(min=least, max=most, step=1, mode=NumberSelectorMode.BOX)
    )
