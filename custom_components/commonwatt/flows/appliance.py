"""An appliance that may wait: how it runs, and between which times."""

from collections.abc import Mapping
from typing import Final

from homeassistant.config_entries import (
    ConfigSubentryFlow,
    SubentryFlowResult,
)
from homeassistant.const import CONF_NAME, UnitOfPower, UnitOfTime
from homeassistant.helpers.selector import (
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectSelector,
    SelectSelectorConfig,
    TextSelector,
    TimeSelector,
)
import voluptuous as vol

from ..planning.appliances import (
    CONF_DONE_BY,
    CONF_EARLIEST,
    CONF_MINUTES,
    CONF_POWER,
    CONF_PROFILE,
    CONF_RUN,
    MINUTES_MAX,
    POWER_W_MAX,
    PROFILE_STEP_MINUTES,
    ApplianceSettings,
    RunKind,
)
from ..settings import number, text
from .device import UserInput, name_errors

QUARTERS_MAX: Final = MINUTES_MAX // PROFILE_STEP_MINUTES


class ApplianceFlow(ConfigSubentryFlow):
    """Adds an appliance to a home, or changes one."""

    async def async_step_user(
        self, user_input: UserInput | None = None
    ) -> SubentryFlowResult:
        """Ask for a new appliance."""
        errors: dict[str, str] = {}
        if user_input is not None:
            errors, settings = read_appliance(user_input)
            if settings is not None:
                return self.async_create_entry(
                    title=text(user_input, CONF_NAME).strip(), data=settings.as_data()
                )
        return self._show("user", user_input or {}, errors)

    async def async_step_reconfigure(
        self, user_input: UserInput | None = None
    ) -> SubentryFlowResult:
        """Change anything about an appliance."""
        known = self._get_reconfigure_subentry()
        errors: dict[str, str] = {}
        if user_input is not None:
            errors, settings = read_appliance(user_input)
            if settings is not None:
                return self.async_update_and_abort(
                    self._get_entry(),
                    known,
                    title=text(user_input, CONF_NAME).strip(),
                    data=settings.as_data(),
                )
        before = ApplianceSettings.from_data(known.data)
        return self._show(
            "reconfigure", user_input or _entered(known.title, before), errors
        )

    def _show(
        self, step_id: str, suggested: Mapping[str, object], errors: dict[str, str]
    ) -> SubentryFlowResult:
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(SCHEMA, suggested),
            errors=errors,
        )


def _count(unit: str, highest: int) -> NumberSelector:
    return NumberSelector(
        NumberSelectorConfig(
            min=1,
            max=highest,
            step=1,
            mode=NumberSelectorMode.BOX,
            unit_of_measurement=unit,
        )
    )


SCHEMA: Final = vol.Schema(
    {
        vol.Required(CONF_NAME): TextSelector(),
        vol.Required(CONF_RUN, default=RunKind.CONTIGUOUS.value): SelectSelector(
            SelectSelectorConfig(
                options=[kind.value for kind in RunKind], translation_key="run_kind"
            )
        ),
        vol.Required(CONF_POWER, default=1000): _count(UnitOfPower.WATT, POWER_W_MAX),
        vol.Required(CONF_MINUTES, default=60): _count(UnitOfTime.MINUTES, MINUTES_MAX),
        vol.Optional(CONF_PROFILE): TextSelector(),
        vol.Required(CONF_EARLIEST, default="08:00:00"): TimeSelector(),
        vol.Required(CONF_DONE_BY, default="20:00:00"): TimeSelector(),
    }
)


def read_appliance(
    user_input: UserInput,
) -> tuple[dict[str, str], ApplianceSettings | None]:
    """Return what is wrong, by field, or else the settings."""
    errors = name_errors(user_input)
    profile_w = _profile_w(user_input)
    if profile_w is None:
        return {**errors, CONF_PROFILE: "profile_invalid"}, None
    settings = _settings(user_input, profile_w)
    if settings.run is RunKind.INTERRUPTIBLE and profile_w:
        errors[CONF_PROFILE] = "profile_not_interruptible"
    if settings.minutes > settings.window_minutes:
        errors["base"] = "window_too_short"
    return errors, None if errors else settings


def _settings(user_input: UserInput, profile_w: tuple[int, ...]) -> ApplianceSettings:
    run = RunKind(text(user_input, CONF_RUN))
    minutes = round(number(user_input, CONF_MINUTES))
    power_w = round(number(user_input, CONF_POWER))
    if profile_w:
        minutes = len(profile_w) * PROFILE_STEP_MINUTES
    elif run is RunKind.CONTIGUOUS:
        profile_w = _flat(power_w, minutes)
    else:
        profile_w = (power_w,)
    data = {
        CONF_RUN: run.value,
        CONF_PROFILE: profile_w,
        CONF_MINUTES: minutes,
        CONF_EARLIEST: text(user_input, CONF_EARLIEST),
        CONF_DONE_BY: text(user_input, CONF_DONE_BY),
    }
    return ApplianceSettings.from_data(data)


def _flat(power_w: int, minutes: int) -> tuple[int, ...]:
    """Return a constant power by quarters of an hour; the last may be a part of one."""
    quarters, rest = divmod(minutes, PROFILE_STEP_MINUTES)
    tail = (power_w * rest // PROFILE_STEP_MINUTES,) if rest else ()
    return (power_w,) * quarters + tail


def _profile_w(user_input: UserInput) -> tuple[int, ...] | None:
    """Return the powers that were typed; None if they are none."""
    typed = str(user_input.get(CONF_PROFILE, "")).replace(";", ",").strip(", ")
    if not typed:
        return ()
    try:
        profile_w = tuple(int(part) for part in typed.split(","))
    except ValueError:
        return None
    fits = min(profile_w) >= 0 and 0 < max(profile_w) <= POWER_W_MAX
    return profile_w if fits and len(profile_w) <= QUARTERS_MAX else None


def _entered(name: str, settings: ApplianceSettings) -> dict[str, object]:
    """Return the form as it would have to be filled in."""
    entered: dict[str, object] = {
        CONF_NAME: name,
        CONF_RUN: settings.run.value,
        CONF_POWER: max(settings.profile_w),
        CONF_MINUTES: settings.minutes,
        CONF_EARLIEST: settings.earliest.isoformat(),
        CONF_DONE_BY: settings.done_by.isoformat(),
    }
    flat = _flat(max(settings.profile_w), settings.minutes)
    if settings.run is RunKind.CONTIGUOUS and settings.profile_w != flat:
        entered[CONF_PROFILE] = ", ".join(map(str, settings.profile_w))
    return entered
