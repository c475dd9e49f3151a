"""A generator that can be asked for power, such as a biogas CHP."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Final, Self, override

from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant
from homeassistant.util.json import JsonValueType

from ...engine.dispatch import AssetId
from ...engine.dispatch.home import Generator, Horizon
from ...engine.dispatch.story import ActionKind
from ...settings import integer, optional_text
from .base import Machine

SUBENTRY_GENERATOR: Final = "generator"


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneratorSettings:
    """What a subentry says of a generator."""

    power_w_max: int
    power_w_min: int
    cost_micro_per_kwh: int
    start_micro: int
    heat_ppm: int
    warms: str | None
    """Subentry of the tank its heat goes to."""

    @classmethod
    def from_data(cls, data: Mapping[str, object]) -> Self:
        """Parse what ``as_data`` wrote."""
        return cls(
            power_w_max=integer(data, "power_w_max"),
            power_w_min=integer(data, "power_w_min"),
            cost_micro_per_kwh=integer(data, "cost_micro_per_kwh"),
            start_micro=integer(data, "start_micro"),
            heat_ppm=integer(data, "heat_ppm"),
            warms=optional_text(data, "warms"),
        )

    def as_data(self) -> dict[str, JsonValueType]:
        """Return the data of a subentry."""
        return {
            "power_w_max": self.power_w_max,
            "power_w_min": self.power_w_min,
            "cost_micro_per_kwh": self.cost_micro_per_kwh,
            "start_micro": self.start_micro,
            "heat_ppm": self.heat_ppm,
            "warms": self.warms,
        }


class PlannedGenerator(Machine):
    """A generator in the plan."""

    actions: ClassVar = (ActionKind.RUN_GENERATOR,)

    def __init__(self, subentry: ConfigSubentry) -> None:
        """Read a subentry."""
        super().__init__(subentry)
        self.settings: Final = GeneratorSettings.from_data(subentry.data)

    @override
    def seen(self, hass: HomeAssistant, horizon: Horizon) -> Generator:
        settings = self.settings
        return Generator(
            id=self.id,
            power_w_max=settings.power_w_max,
            power_w_min=settings.power_w_min,
            cost_micro_per_kwh=settings.cost_micro_per_kwh,
            start_micro=settings.start_micro,
            heat_ppm=settings.heat_ppm,
            warms=None if settings.warms is None else AssetId(settings.warms),
        )
