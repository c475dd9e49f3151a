"""What a node writes into its journal about learning with the neighbours."""

from typing import Final

from ..forecast.federation import Record
from ..model.federation import COHORT_MAX
from ..wire.canonical import decode, encode
from ..wire.federation import name_value, read_name
from ..wire.fields import (
    array,
    array_of,
    byte_string,
    integer,
    party_bytes,
    read_party,
)

RECORD_BYTES_MAX: Final = 512 * 1024


def learned_body(record: Record) -> bytes:
    """Return a sum that came about, and whom this node has summed with so far."""
    return encode(
        (
            name_value(record.name),
            record.homes,
            record.data,
            tuple(tuple(map(party_bytes, sorted(past))) for past in record.past),
        ),
        size_max=RECORD_BYTES_MAX,
    )


def read_learned(body: bytes) -> Record:
    """Read a record; ValueError if no version of this node has written it."""
    name, homes, data, past = array_of(decode(body, size_max=RECORD_BYTES_MAX), 4)
    return Record(
        name=read_name(name),
        homes=integer(homes, least=1, most=COHORT_MAX),
        data=byte_string(data),
        past=tuple(
            frozenset(map(read_party, array(parties))) for parties in array(past)
        ),
    )
