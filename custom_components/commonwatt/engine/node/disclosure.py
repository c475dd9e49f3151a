"""What a committee tells those who are not on it: their own parts, with proofs.

Owns how parts are proved and sent; what they say is for :mod:`.result_extracts` and
:mod:`.settlement_extracts`.  Says nothing where everybody settles.
"""

from collections.abc import Collection
from typing import Final

from ..ledger.merkle import InclusionProof, prove, root_of
from ..model.extract import (
    RECORD_BYTES_MAX,
    ProvedRecord,
    ResultExtract,
    SettlementExtract,
)
from ..model.party import PartyId
from ..model.period import DeliveryPeriod, Instant
from .committee import Committee
from .outbox import Outbox

type Extract = type[ResultExtract | SettlementExtract]


class Disclosure:
    """The voice of one member of the committee."""

    def __init__(self, committee: Committee, outbox: Outbox) -> None:
        """Speak by ``outbox``."""
        self._committee: Final = committee
        self._outbox: Final = outbox

    def show(
        self,
        extract: Extract,
        period: DeliveryPeriod,
        records: tuple[bytes, ...],
        now: Instant,
        *,
        to: Collection[PartyId] | None = None,
    ) -> None:
        """Show members their records: those that are ours to speak to, or ``to``.

        A part too large to travel is shown to nobody; no home has one.
        """
        if self._outbox.is_muted or self._outbox.is_waking or not records:
            return
        first = len(records) - len(self._committee.members(period))
        for party in self._committee.wards(period) if to is None else to:
            place = self._committee.place(party, period)
            if place is None or len(records[first + place]) > RECORD_BYTES_MAX:
                continue
            proved = proved_record(records, first + place)
            message = extract(period=period, proved=proved)
            circle = self._committee.circle(period) or ()
            self._outbox.show(message, now, to=party, by=circle)


def proved_record(records: tuple[bytes, ...], index: int) -> ProvedRecord:
    """Return a record with its proof, ready to travel."""
    proof = prove(records, index)
    return ProvedRecord(
        record=records[index],
        index=proof.index,
        count=proof.count,
        siblings=proof.siblings,
    )


def root_shown(proved: ProvedRecord) -> bytes | None:
    """Return the root that a record is proved to be under; None: its proof is none."""
    proof = InclusionProof(
        index=proved.index, count=proved.count, siblings=proved.siblings
    )
    return root_of(proved.record, proof)
