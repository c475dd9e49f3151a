"""Bodies of extracts and attestations.

Clauses: section 4 of ``docs/reference/wire-format.md``.
"""

from collections.abc import Callable, Mapping
from typing import Final, assert_never

from ..model.extract import (
    KNOWN_MAX,
    Attestation,
    ExtractMessage,
    ProvedRecord,
    ResultExtract,
    SettlementExtract,
)
from ..model.party import MEMBERS_MAX, PartyId
from .canonical import Value
from .fields import array, array_of, byte_string, integer, period

DIGEST_BYTES: Final = 32


def extract_value(message: ExtractMessage) -> Value:
    """Return the body of ``message``."""
    match message:
        case ResultExtract(proved=proved) | SettlementExtract(proved=proved):
            return (
                message.period.number,
                proved.record,
                proved.index,
                proved.count,
                proved.siblings,
            )
        case Attestation():
            return (message.period.number, message.known, message.root)
        case _:
            assert_never(message)


def _result(value: Value, _author: PartyId) -> ResultExtract:
    number, *proved = array_of(value, 5)
    return ResultExtract(period=period(number), proved=_proved(tuple(proved)))


def _settlement(value: Value, _author: PartyId) -> SettlementExtract:
    number, *proved = array_of(value, 5)
    return SettlementExtract(period=period(number), proved=_proved(tuple(proved)))


def _proved(value: Value) -> ProvedRecord:
    record, index, count, siblings = array_of(value, 4)
    return ProvedRecord(
        record=byte_string(record),
        index=integer(index, least=0, most=MEMBERS_MAX),
        count=integer(count, least=1, most=MEMBERS_MAX + 1),
        siblings=tuple(byte_string(one, DIGEST_BYTES) for one in array(siblings)),
    )


def _attestation(value: Value, _author: PartyId) -> Attestation:
    number, known, root = array_of(value, 3)
    return Attestation(
        period=period(number),
        known=integer(known, least=0, most=KNOWN_MAX),
        root=byte_string(root, DIGEST_BYTES),
    )


EXTRACT_PARSERS: Final[
    Mapping[type[ExtractMessage], Callable[[Value, PartyId], ExtractMessage]]
] = {
    ResultExtract: _result,
    SettlementExtract: _settlement,
    Attestation: _attestation,
}
