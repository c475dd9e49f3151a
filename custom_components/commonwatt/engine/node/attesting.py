"""A member of a committee vouches for what it settled and shows others their parts.

Clauses 7.4 and 7.5 of ``docs/reference/community.md``.
"""

from collections.abc import Mapping
from typing import Final

from ..ledger.merkle import merkle_root
from ..ledger.settlement import Settlement
from ..model.extract import Attestation, SettlementExtract
from ..model.party import PartyId
from ..model.period import DeliveryPeriod, Instant
from .config import NodeConfig
from .disclosure import Disclosure
from .docket import Docket
from .outbox import Outbox
from .settlement_extracts import settlement_records


class Attesting:
    """What this member attests; outside the committee, nothing."""

    def __init__(self, config: NodeConfig, outbox: Outbox) -> None:
        """Owe nothing yet."""
        self._config: Final = config
        self._outbox: Final = outbox
        self._disclosure: Final = Disclosure(config.committee, outbox)
        self._owed: Final[set[DeliveryPeriod]] = set()
        """What was settled while this node could say nothing."""

    def attest(self, docket: Docket, settlement: Settlement, now: Instant) -> None:
        """Vouch for a settlement and show the others their parts; later, if mute."""
        period = docket.period
        committee = self._config.committee.at(period)
        if committee is None or not self._config.committee.settles(period):
            return
        docket.records = settlement_records(
            settlement, seed=docket.seed, salts=docket.salts
        )
        if self._outbox.is_muted or self._outbox.is_waking:
            self._owed.add(period)
            return
        message = Attestation(
            period=period, known=docket.known, root=merkle_root(docket.records)
        )
        if docket.entrusted.has(message, self._config.party):
            return
        docket.entrusted.attest(self._outbox.say(message, now), message, committee)
        self._disclosure.show(SettlementExtract, period, docket.records, now)

    def drive(self, dockets: Mapping[DeliveryPeriod, Docket], now: Instant) -> None:
        """Say what is owed, once this node may speak."""
        if self._outbox.is_muted or self._outbox.is_waking:
            return
        for period in sorted(self._owed):
            docket = dockets.get(period)
            if docket is not None and docket.booked is not None:
                self.attest(docket, docket.booked, now)
        self._owed.clear()

    def show(self, docket: Docket, party: PartyId, now: Instant) -> None:
        """Show a member outside the committee its part in what we settled."""
        self._disclosure.show(
            SettlementExtract, docket.period, docket.records, now, to=(party,)
        )
