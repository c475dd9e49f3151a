"""A hydrogen store: an electrolyser, a tank and a fuel cell."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Final, Self, override

from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant
from homeassistant.util.json import JsonValueType

from ...engine.dispatch.home import Converter, Horizon, HydrogenStore, Worth
from ...engine.dispatch.story import ActionKind
from ...engine.model.units import PPM, div_floor
from ...quantities import StateProblem, energy_wh, share_ppm
from ...references import EntityRef, state_of
from ...settings import integer, text
from .base import Machine

SUBENTRY_HYDROGEN: Final = "hydrogen"


@dataclass(frozen=True, slots=True, kw_only=True)
class HydrogenSettings:
    """What a subentry says of a hydrogen store; energy is that of the gas."""

    capacity_wh: int
    stored: EntityRef
    """Shows its content: a share or an energy."""

    make_w_max: int
    make_w_min: int
    make_ppm: int
    use_w_max: int
    use_w_min: int
    use_ppm: int
    value_micro_per_kwh: int
    """What a kWh of gas is worth in this season."""

    forms_island: bool

    @classmethod
    def from_data(cls, data: Mapping[str, object]) -> Self:
        """Parse what ``as_data`` wrote."""
        return cls(
            capacity_wh=integer(data, "capacity_wh"),
            stored=text(data, "stored"),
            make_w_max=integer(data, "make_w_max"),
            make_w_min=integer(data, "make_w_min"),
            make_ppm=integer(data, "make_ppm"),
            use_w_max=integer(data, "use_w_max"),
            use_w_min=integer(data, "use_w_min"),
            use_ppm=integer(data, "use_ppm"),
            value_micro_per_kwh=integer(data, "value_micro_per_kwh"),
            forms_island=bool(data["forms_island"]),
        )

    def as_data(self) -> dict[str, JsonValueType]:
        """Return the data of a subentry."""
        return {
            "capacity_wh": self.capacity_wh,
            "stored": self.stored,
            "make_w_max": self.make_w_max,
            "make_w_min": self.make_w_min,
            "make_ppm": self.make_ppm,
            "use_w_max": self.use_w_max,
            "use_w_min": self.use_w_min,
            "use_ppm": self.use_ppm,
            "value_micro_per_kwh": self.value_micro_per_kwh,
            "forms_island": self.forms_island,
        }


class PlannedHydrogen(Machine):
    """A hydrogen store in the plan."""

    actions: ClassVar = (ActionKind.MAKE_HYDROGEN, ActionKind.USE_HYDROGEN)

    def __init__(self, subentry: ConfigSubentry) -> None:
        """Read a subentry."""
        super().__init__(subentry)
        self.settings: Final = HydrogenSettings.from_data(subentry.data)

    @override
    def seen(self, hass: HomeAssistant, horizon: Horizon) -> HydrogenStore:
        settings = self.settings
        stored = stored_wh(hass, settings.stored, settings.capacity_wh)
        return HydrogenStore(
            id=self.id,
            stored_wh=None if isinstance(stored, StateProblem) else stored,
            capacity_wh=settings.capacity_wh,
            electrolyser=Converter(
                power_w_max=settings.make_w_max,
                power_w_min=settings.make_w_min,
                efficiency_ppm=settings.make_ppm,
            ),
            fuel_cell=Converter(
                power_w_max=settings.use_w_max,
                power_w_min=settings.use_w_min,
                efficiency_ppm=settings.use_ppm,
            ),
            worth=(
                Worth(
                    energy_wh=settings.capacity_wh,
                    price_micro_per_kwh=settings.value_micro_per_kwh,
                ),
            ),
            forms_island=settings.forms_island,
        )


def stored_wh(
    hass: HomeAssistant, ref: EntityRef, capacity_wh: int
) -> int | StateProblem:
    """Return what an entity says is stored, as a share or as an energy."""
    state = state_of(hass, ref)
    share = share_ppm(state)
    if not isinstance(share, StateProblem):
        return div_floor(share * capacity_wh, PPM)
    return energy_wh(state)
