"""A car: how full it is, when it leaves in an ordinary week, and what it may give."""

from collections.abc import Mapping
from typing import Final, override

from homeassistant.helpers.selector import (
    ObjectSelector,
    ObjectSelectorConfig,
    TimeSelector,
)
import voluptuous as vol

from ..engine.devices import DeviceKind
from ..engine.model.units import PPM
from ..planning.cars import SUBENTRY_CAR, CarSettings, WeekTrip
from ..planning.machines.hydrogen import stored_wh
from ..settings import optional_text, rows_of, text
from .belonging import (
    W_PER_KW,
    BelongingFlow,
    energy,
    entity,
    percent,
    power,
    ppm,
    thousandths,
    without_nothing,
)
from .device import UserInput
from .home_times import weekdays_selector

ROWS_MAX: Final = 21
TARGET_DEFAULT: Final = 80


class CarFlow(BelongingFlow):
    """Adds a car that tells how full it is."""

    @override
    def why_not(self) -> str | None:
        points = self._get_entry().get_subentries_of_type(DeviceKind.CHARGER)
        return None if any(points) else "no_charger"

    @override
    def fields(self) -> vol.Schema:
        week = ObjectSelectorConfig(
            multiple=True,
            translation_key="car_week",
            label_field="leaves",
            description_field="target",
            fields={
                "leaves": {"required": True, "selector": TimeSelector()},
                "back": {"required": False, "selector": TimeSelector()},
                "target": {"required": True, "selector": percent()},
                "days": {"required": False, "selector": weekdays_selector()},
            },
        )
        return vol.Schema(
            {
                vol.Required("charger"): self.subentries(DeviceKind.CHARGER),
                vol.Required("soc"): entity("sensor", "input_number"),
                vol.Required("capacity_wh", default=60): energy(),
                vol.Optional("week"): ObjectSelector(week),
                vol.Optional("calendar"): entity("calendar"),
                vol.Required("target_ppm", default=TARGET_DEFAULT): percent(),
                vol.Required("discharge_w_max", default=0): power(),
                vol.Required("reserve_ppm", default=40): percent(),
            }
        )

    @override
    def read(self, user_input: UserInput) -> tuple[dict[str, str], CarSettings | None]:
        soc = self.chosen(user_input, "soc")
        assert soc is not None, "the form requires it"
        settings = CarSettings(
            charger=text(user_input, "charger"),
            soc=soc,
            capacity_wh=thousandths(user_input, "capacity_wh"),
            week=tuple(map(_trip, rows_of(user_input, "week"))),
            calendar=self.chosen(user_input, "calendar"),
            target_ppm=ppm(user_input, "target_ppm"),
            discharge_w_max=thousandths(user_input, "discharge_w_max"),
            reserve_ppm=ppm(user_input, "reserve_ppm"),
        )
        errors = self._errors(settings)
        return errors, None if errors else settings

    def _errors(self, settings: CarSettings) -> dict[str, str]:
        seen = stored_wh(self.hass, settings.soc, settings.capacity_wh)
        errors = self.silent("soc", settings.soc, seen)
        if settings.capacity_wh <= 0:
            errors["capacity_wh"] = "capacity_invalid"
        if len(settings.week) > ROWS_MAX:
            errors["week"] = "week_too_long"
        if not settings.week and settings.calendar is None:
            errors["base"] = "never_leaves"
        others = self._get_entry().get_subentries_of_type(SUBENTRY_CAR)
        mine = self.known_data
        if any(
            other.data["charger"] == settings.charger
            for other in others
            if other.data is not mine
        ):
            errors["charger"] = "charger_taken"
        return errors

    @override
    def entered(self, data: Mapping[str, object]) -> dict[str, object]:
        settings = CarSettings.from_data(data)
        return without_nothing(
            {
                "charger": settings.charger,
                "soc": self.shown(settings.soc),
                "capacity_wh": settings.capacity_wh / W_PER_KW,
                "week": [_row(trip) for trip in settings.week] or None,
                "calendar": self.shown(settings.calendar),
                "target_ppm": settings.target_ppm * 100 / PPM,
                "discharge_w_max": settings.discharge_w_max / W_PER_KW,
                "reserve_ppm": settings.reserve_ppm * 100 / PPM,
            }
        )


def _trip(row: Mapping[str, object]) -> WeekTrip:
    return WeekTrip.from_data(
        {
            "days": row.get("days", ()),
            "leaves": text(row, "leaves"),
            "back": optional_text(row, "back"),
            "target_ppm": ppm({**row}, "target"),
        }
    )


def _row(trip: WeekTrip) -> dict[str, object]:
    return without_nothing(
        {
            "leaves": trip.leaves.isoformat(),
            "back": None if trip.back is None else trip.back.isoformat(),
            "target": trip.target_ppm * 100 / PPM,
            "days": list(trip.days),
        }
    )
