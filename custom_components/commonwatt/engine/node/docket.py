"""What is known about one delivery period on its way to being settled."""

from dataclasses import dataclass, field

from ..ledger.settlement import Settlement, settle
from ..model.party import PartyId
from ..model.period import DeliveryPeriod
from ..model.reading import MeterReading
from ..model.tariff import Tariff
from ..wire.envelope import Envelope
from .case import Outcome
from .config import NodeConfig


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What a period was settled from, and what came of it."""

    outcome: Outcome
    settlement: Settlement


@dataclass(slots=True, kw_only=True)
class Docket:
    """Readings as they come in, and this home's own circumstances."""

    period: DeliveryPeriod
    readings: dict[PartyId, MeterReading] = field(default_factory=dict)
    sealed: dict[PartyId, bytes] = field(default_factory=dict)
    tariff: Tariff | None = None
    consumption_wh: int | None = None
    settled: Settled | None = None

    def add(self, envelope: Envelope, reading: MeterReading) -> bytes | None:
        """Take a reading; return the envelope of an earlier one that says otherwise."""
        known = self.readings.setdefault(reading.party, reading)
        sealed = self.sealed.setdefault(reading.party, envelope.data)
        return None if known == reading else sealed

    def settle(self, outcome: Outcome, config: NodeConfig) -> Settlement:
        """Settle with the readings that are there.

        Only our own tariff goes in: the bills of others are not our business.
        """
        tariffs = {} if self.tariff is None else {config.party: self.tariff}
        known = outcome.cleared
        settlement = settle(
            period=self.period,
            charter=config.charter,
            result=outcome.result,
            readings=self.readings,
            tariffs=tariffs,
            rules=config.rules,
            reclearing=None if known is None else known.reclearing,
            agreements=() if known is None else known.agreements(config.charter),
            deadline_passed=True,
        )
        self.settled = Settled(outcome=outcome, settlement=settlement)
        return settlement
