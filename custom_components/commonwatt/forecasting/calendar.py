"""The home's own days: its time zone, and the public holidays of its country."""

from collections.abc import Callable
from datetime import date, datetime, tzinfo
from functools import cached_property
from typing import Final, Self

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from ..engine.forecast.load import SUNDAY
from ..engine.model.period import SECOND_MS, DeliveryPeriod, Instant

type IsHoliday = Callable[[date], bool]

MINUTES_PER_HOUR: Final = 60


def no_holidays(_day: date) -> bool:
    """Tell of every day that it is an ordinary one."""
    return False


class HomeCalendar:
    """Answers the engine where delivery periods lie in local days."""

    def __init__(self, zone: tzinfo, *, country: str | None = None) -> None:
        self._zone: Final = zone
        self._country: Final = country

    @classmethod
    def of(cls, hass: HomeAssistant) -> Self:
        """Return the calendar of this Home Assistant."""
        return cls(dt_util.get_default_time_zone(), country=hass.config.country)

    def local(self, period: DeliveryPeriod) -> tuple[int, int]:
        """Return number and minute of the local day at which ``period`` starts."""
        moment = self._moment(period.start)
        return moment.toordinal(), moment.hour * MINUTES_PER_HOUR + moment.minute

    def kind(self, day: int) -> int:
        """Return 0 (Monday) to 6 for a local day; a public holiday is a Sunday.

        The first answer loads the holidays (blocking, half a second).
        """
        of_day = date.fromordinal(day)
        return SUNDAY if self._is_holiday(of_day) else of_day.weekday()

    def midnight(self, day: int) -> DeliveryPeriod:
        """Return the first period of a local day."""
        begins = datetime.combine(date.fromordinal(day), datetime.min.time())
        moment = begins.replace(tzinfo=self._zone)
        return DeliveryPeriod.containing(Instant(int(moment.timestamp()) * SECOND_MS))

    def day_of(self, now: Instant) -> int:
        """Return the number of the local day of ``now``."""
        return self._moment(now).toordinal()

    @cached_property
    def _is_holiday(self) -> IsHoliday:
        return _holidays(self._country)

    def _moment(self, at: Instant) -> datetime:
        return datetime.fromtimestamp(at / SECOND_MS, self._zone)


def _holidays(country: str | None) -> IsHoliday:
    """Return the public holidays of a country; none where nobody lists them."""
    # An import that a start of Home Assistant need not wait for.
    from holidays import country_holidays  # noqa: PLC0415

    if country is None:
        return no_holidays
    try:
        return country_holidays(country).__contains__
    except NotImplementedError:
        return no_holidays
