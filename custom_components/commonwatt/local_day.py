"""Days as people count them: from midnight to midnight where the home stands."""

from homeassistant.util import dt as dt_util

from .engine.model.period import (
    Instant,
    datetime_from_instant,
    instant_from_datetime,
)


def day_started_at(instant: Instant) -> Instant:
    """Return the last local midnight at or before ``instant``."""
    local = dt_util.as_local(datetime_from_instant(instant))
    return instant_from_datetime(dt_util.start_of_local_day(local))
