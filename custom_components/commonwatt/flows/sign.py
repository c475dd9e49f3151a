"""Which way does power flow?  Asked by what is happening right now.

Nobody knows by heart whether a meter counts import as positive, but everybody knows
whether the sun is shining: the question shows the present value, and its answers spell
out what that value would mean.
"""

from collections.abc import Mapping
from enum import Enum, auto
from typing import Final

from homeassistant.const import UnitOfPower
from homeassistant.helpers.selector import (
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)
import voluptuous as vol

from ..engine.devices import DeviceKind
from .device import Fields, UserInput

CONF_SIGN: Final = "sign"
AS_OURS: Final = "as_ours"
REVERSED: Final = "reversed"

_W_PER_KW: Final = 1000


class _Moment(Enum):
    """What the source shows when the question comes up."""

    POSITIVE = auto()
    NEGATIVE = auto()
    IDLE = auto()


_QUESTIONS: Final[Mapping[DeviceKind, Mapping[_Moment, str]]] = {
    DeviceKind.METER: {
        _Moment.POSITIVE: "meter_sign_positive",
        _Moment.NEGATIVE: "meter_sign_negative",
        _Moment.IDLE: "meter_sign_idle",
    },
    DeviceKind.INVERTER: {
        _Moment.POSITIVE: "inverter_sign_positive",
        _Moment.NEGATIVE: "inverter_sign_negative",
        _Moment.IDLE: "inverter_sign_idle",
    },
    DeviceKind.BATTERY: {
        _Moment.POSITIVE: "battery_sign_positive",
        _Moment.NEGATIVE: "battery_sign_negative",
        _Moment.IDLE: "battery_sign_idle",
    },
    DeviceKind.CHARGER: {
        _Moment.POSITIVE: "charger_sign_positive",
        _Moment.NEGATIVE: "charger_sign_negative",
        _Moment.IDLE: "charger_sign_idle",
    },
}
"""Whose texts spell out the answers for that moment."""


def sign_field(
    kind: DeviceKind, shown_w: int | None, *, reversed_power: bool
) -> Fields:
    """Return the question; ``shown_w`` is the value as the source counts it."""
    answers = SelectSelectorConfig(
        options=[AS_OURS, REVERSED],
        mode=SelectSelectorMode.LIST,
        translation_key=_QUESTIONS[kind][_moment(shown_w)],
    )
    preset = REVERSED if reversed_power else AS_OURS
    return {vol.Required(CONF_SIGN, default=preset): SelectSelector(answers)}


def is_reversed(user_input: UserInput) -> bool:
    """Return the answer; False where the question was not asked."""
    return user_input.get(CONF_SIGN) == REVERSED


def power_text(power_w: int | None) -> str:
    """Return a power as people read it."""
    if power_w is None:
        return "?"
    if abs(power_w) < _W_PER_KW:
        return f"{power_w} {UnitOfPower.WATT}"
    return f"{power_w / _W_PER_KW:.1f} {UnitOfPower.KILO_WATT}"


def _moment(shown_w: int | None) -> _Moment:
    if not shown_w:
        return _Moment.IDLE
    return _Moment.POSITIVE if shown_w > 0 else _Moment.NEGATIVE
