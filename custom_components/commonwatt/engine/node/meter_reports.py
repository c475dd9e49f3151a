"""Saying what the own meter counted: once for each period, and again if corrected."""

from typing import Final

from ..ledger.journal import EntryKind
from ..model.period import DeliveryPeriod, Instant
from ..model.reading import MeterReading
from ..wire.messages import REVISION_MAX, ReadingReport
from .agreements import Refusal, Refused
from .config import NodeConfig
from .household import Household, energy_of
from .metering import Measured
from .origins import Origins
from .outbox import Outbox
from .records import observed_body
from .settling import Settling


class MeterReports:
    """Reports every ended period whose energy is known, in order."""

    def __init__(
        self,
        config: NodeConfig,
        outbox: Outbox,
        *,
        household: Household,
        settling: Settling,
        origins: Origins,
        latest: DeliveryPeriod,
    ) -> None:
        """Begin after ``latest``: what ended before is not ours to report."""
        self._config: Final = config
        self._outbox: Final = outbox
        self._household: Final = household
        self._settling: Final = settling
        self._origins: Final = origins
        self.latest = latest
        """The latest period whose reading was reported, or never will be."""

    def drive(self, now: Instant) -> None:
        """Report what can be reported now; give up on older periods."""
        latest = DeliveryPeriod.containing(now).next(-1)
        while self.latest < latest:
            period = self.latest.next()
            measured = self._household.measured(period)
            if measured is None and period == latest:
                return
            self.latest = period
            if measured is not None:
                self._report(measured, now)

    def correct(self, reading: MeterReading, now: Instant) -> Refused | None:
        """Put a reading in the place of what the meter was thought to have counted."""
        if reading.party != self._config.party:
            return Refused(Refusal.NOT_OURS)
        docket = self._settling.docket(reading.period)
        if docket is None:
            return Refused(Refusal.OVER)
        known = docket.reports.get(self._config.party)
        revision = 0 if known is None else known.revision + 1
        if revision > REVISION_MAX:
            return Refused(Refusal.TOO_MANY)
        message = ReadingReport(
            reading=reading,
            revision=revision,
            salt=self._config.reading_salt(reading.period),
        )
        self._say(message, now)
        return None

    def _report(self, measured: Measured, now: Instant) -> None:
        period, energy = measured.period, energy_of(measured)
        if energy is not None:
            self._household.learn(period, energy)
        own = self._origins.exported(measured)
        self._settling.note_consumption(period, measured.consumption_wh)
        self._settling.note_own(period, own)
        self._outbox.keep(EntryKind.OBSERVED, observed_body(measured, energy), now)
        if self._config.charter_at(period).member(self._config.party) is None:
            return
        reading = MeterReading(
            party=self._config.party,
            period=period,
            import_wh=measured.import_wh,
            export_wh=measured.export_wh,
        )
        message = ReadingReport(
            reading=reading,
            origins=self._origins.told(own),
            salt=self._config.reading_salt(period),
        )
        self._say(message, now)

    def _say(self, message: ReadingReport, now: Instant) -> None:
        """Tell those who settle, ourselves included."""
        circle = self._config.committee.circle(message.reading.period)
        sealed = self._outbox.say_to(message, now, circle)
        self._settling.take_reading(sealed, message, now, is_journaled=True)
