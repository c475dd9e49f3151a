"""Reading decoded values field by field: a value of the right shape, or ValueError."""

from typing import Final

from ..model.party import PARTY_ID_BYTES, CommunityId, PartyId
from ..model.period import PERIOD_MS, DeliveryPeriod, Instant
from .canonical import INTEGER_MAX, INTEGER_MIN, Value

INSTANT_MAX: Final = Instant(253_402_300_799_999)
"""The last millisecond of the year 9999: what comes later has no calendar."""

PERIOD_NUMBER_MAX: Final = INSTANT_MAX // PERIOD_MS


def array_of(value: Value, count: int) -> tuple[Value, ...]:
    """Return an array of exactly ``count`` values."""
    values = array(value)
    if len(values) != count:
        raise ValueError(f"{len(values)} values where {count} belong")
    return values


def array(value: Value) -> tuple[Value, ...]:
    """Return an array."""
    if not isinstance(value, tuple):
        raise ValueError("no array")  # noqa: TRY004  # a peer's fault, not a wrong call
    return value


def integer(value: Value, *, least: int, most: int) -> int:
    """Return an integer within bounds; true and false are none."""
    if (
        not isinstance(value, int)
        or isinstance(value, bool)
        or not least <= value <= most
    ):
        raise ValueError("no integer, or out of bounds")
    return value


def any_integer(value: Value) -> int:
    """Return an integer, whichever can be written."""
    return integer(value, least=INTEGER_MIN, most=INTEGER_MAX)


def byte_string(value: Value, count: int | None = None) -> bytes:
    """Return a byte string, of exactly ``count`` bytes if that is given."""
    if not isinstance(value, bytes) or count not in {None, len(value)}:
        raise ValueError("no byte string, or one of another length")
    return value


def text(value: Value) -> str:
    """Return a text."""
    if not isinstance(value, str):
        raise ValueError("no text")  # noqa: TRY004  # a peer's fault, not a wrong call
    return value


def boolean(value: Value) -> bool:
    """Return true or false."""
    if not isinstance(value, bool):
        raise ValueError("neither true nor false")  # noqa: TRY004  # the same
    return value


def instant(value: Value) -> Instant:
    """Return an instant between 1970 and 9999."""
    return Instant(integer(value, least=0, most=INSTANT_MAX))


def period(value: Value) -> DeliveryPeriod:
    """Return a delivery period between 1970 and 9999."""
    return DeliveryPeriod(integer(value, least=0, most=PERIOD_NUMBER_MAX))


def read_party(value: Value) -> PartyId:
    """Return a party."""
    return PartyId(byte_string(value, PARTY_ID_BYTES).hex())


def party_bytes(party: PartyId) -> bytes:
    """Return the 20 bytes a party has on the wire."""
    return bytes.fromhex(party)


def community_bytes(community: CommunityId) -> bytes:
    """Return the 32 bytes a community has on the wire."""
    return bytes.fromhex(community)
