"""What a chain is asked and answers, in our own types."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from ...engine.wire.ethereum import ADDRESS_BYTES, Address
from .errors import ChainError, ChainFault

type AbiValue = int | str | bytes | Sequence[AbiValue]
"""An argument or result of a contract; structs are sequences, addresses 20 bytes."""

type Json = bool | int | float | str | list[Json] | dict[str, Json] | None
"""What JSON can say."""


type Request = tuple[str, Sequence[Json]]
"""A method of JSON-RPC and its parameters."""


class At(StrEnum):
    """As of which block something is asked."""

    LATEST = "latest"
    """As of now: for people to look at, and to try what is about to be sent."""

    FINALIZED = "finalized"
    """As of the block that no reorganisation takes back: for what we rely on."""


class ContractName(StrEnum):
    """Our contracts, by the names of their artifacts."""

    COMMUNITY = "Community"
    SETTLEMENT = "Settlement"
    CREDIT = "Credit"
    CERTIFICATES = "Certificates"
    MANDATES = "Mandates"
    REPUTATION = "Reputation"


@dataclass(frozen=True, slots=True)
class Question:
    """A function of one of our contracts, and what it is asked about."""

    contract: ContractName
    function: str
    arguments: tuple[AbiValue, ...] = ()


type Answer = tuple[AbiValue, ...]
"""What a function returns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """The head of a block."""

    number: int
    timestamp_s: int
    base_fee_wei: int
    """Of one unit of gas."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What became of a transaction."""

    block: int
    is_success: bool
    fee_wei: int
    """Paid for all its gas."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """Something to be done by a contract, or a contract to be made (no recipient)."""

    recipient: Address | None
    data: bytes
    value_wei: int = 0


def as_int(value: AbiValue) -> int:
    """Return a number a contract answered; ChainError if it is none."""
    if isinstance(value, int):
        return value
    raise ChainError(ChainFault.BAD_ANSWER, "a number was expected")


def as_bytes(value: AbiValue) -> bytes:
    """Return bytes a contract answered; ChainError if there are none."""
    if isinstance(value, bytes):
        return value
    raise ChainError(ChainFault.BAD_ANSWER, "bytes were expected")


def as_text(value: AbiValue) -> str:
    """Return a text a contract answered; ChainError if there is none."""
    if isinstance(value, str):
        return value
    raise ChainError(ChainFault.BAD_ANSWER, "a text was expected")


def as_address(value: AbiValue) -> Address:
    """Return an address a contract answered; ChainError if it is none."""
    found = as_bytes(value)
    if len(found) != ADDRESS_BYTES:
        raise ChainError(ChainFault.BAD_ANSWER, "an address was expected")
    return Address(found)


def as_items(value: AbiValue) -> Sequence[AbiValue]:
    """Return the parts of a struct or array; ChainError if there are none."""
    if isinstance(value, int | str | bytes):
        raise ChainError(ChainFault.BAD_ANSWER, "a sequence was expected")
    return value
