"""Bodies of this node's own journal entries: values to canonical bytes and back.

Reading raises ValueError for bytes that no version of this node has written.
"""

from dataclasses import dataclass
from typing import Final

from ..devices import DeviceId
from ..forecast import PeriodEnergy
from ..model.party import PartyId
from ..model.period import DeliveryPeriod
from ..peer import Quorum
from ..wire.bodies import decode_body, encode_body
from ..wire.canonical import Value, decode, encode
from ..wire.fields import (
    any_integer,
    array,
    array_of,
    byte_string,
    period,
)
from ..wire.messages import MessageKind, OrderReveal
from .metering import Measured

BODY_BYTES_MAX: Final = 1024 * 1024
BODY_ITEMS_MAX: Final = 256 * 1024


def committed_body(own: OrderReveal) -> bytes:
    """Write the order this node is bound to."""
    return encode_body(own, author=own.order.party)


def read_committed(body: bytes, *, me: PartyId) -> OrderReveal:
    """Read the order this node is bound to."""
    message = decode_body(MessageKind.ORDER_REVEAL, body, author=me)
    assert isinstance(message, OrderReveal), "the kind says so"
    return message


def quorum_body(of: DeliveryPeriod, quorum: Quorum) -> bytes:
    """Write what enough members voted for, and the votes that prove it."""
    return votes_body(of, quorum.digest, quorum.votes)


def votes_body(of: DeliveryPeriod, digest: bytes, votes: tuple[bytes, ...]) -> bytes:
    """Write votes for one thing."""
    return _encode((of.number, digest, votes))


def read_votes(body: bytes) -> tuple[bytes, ...]:
    """Read the votes that locked this node or decided a period."""
    _, _, votes = array_of(_decode(body), 3)
    return tuple(byte_string(vote) for vote in array(votes))


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """What this home's devices counted in a delivery period."""

    period: DeliveryPeriod
    meter: DeviceId
    import_counter_wh: int
    export_counter_wh: int
    energy: PeriodEnergy | None


def observed_body(measured: Measured, energy: PeriodEnergy | None) -> bytes:
    """Write what the meter showed at the end of a period, and what was in it."""
    return _encode(
        (
            measured.period.number,
            measured.meter,
            measured.import_counter_wh,
            measured.export_counter_wh,
            None if energy is None else (energy.load_wh, energy.production_wh),
        )
    )


def read_observed(body: bytes) -> Observed:
    """Read what the devices counted."""
    number, meter, import_wh, export_wh, energy = array_of(_decode(body), 5)
    if not isinstance(meter, str):
        raise ValueError("a meter has a name")  # noqa: TRY004  # bytes, not a call
    return Observed(
        period=period(number),
        meter=DeviceId(meter),
        import_counter_wh=any_integer(import_wh),
        export_counter_wh=any_integer(export_wh),
        energy=None if energy is None else _energy(energy),
    )


def revoked_body(letters: tuple[bytes, ...]) -> bytes:
    """Write a revocation, after the Presences by which its author is known."""
    return _encode(letters)


def read_revoked(body: bytes) -> tuple[bytes, ...]:
    """Read what is to be opened again, in this order."""
    return tuple(byte_string(letter) for letter in array(_decode(body)))


def _energy(value: Value) -> PeriodEnergy:
    load_wh, production_wh = array_of(value, 2)
    return PeriodEnergy(
        load_wh=any_integer(load_wh), production_wh=any_integer(production_wh)
    )


def _encode(value: Value) -> bytes:
    return encode(value, size_max=BODY_BYTES_MAX, items_max=BODY_ITEMS_MAX)


def _decode(body: bytes) -> Value:
    return decode(body, size_max=BODY_BYTES_MAX, items_max=BODY_ITEMS_MAX)
