"""Typed data as a contract hashes it (EIP-712): flat structs and their domain.

Owns struct hashes, domain separators and the digest that is signed.  Knows the types
our contracts use, no arrays and no structs within structs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
import re
from typing import Final

from .keccak import keccak256

type TypedValue = int | bytes | str
"""An integer or truth value; an address or bytes32; a text."""

_WORD_BYTES: Final = 32
_ADDRESS_BYTES: Final = 20
_INTEGER: Final = re.compile(r"(u?)int(\d+)")


@dataclass(frozen=True)
class StructType:
    """A struct by its EIP-712 name, such as ``Objection(bytes32 batch)``.

    Its struct hash is ``keccak256(typeHash, fields...)``, one word each.
    """

    definition: str

    @cached_property
    def type_hash(self) -> bytes:
        """The digest of the definition."""
        return keccak256(self.definition.encode())

    @cached_property
    def fields(self) -> Mapping[str, str]:
        """Types by name, in their order."""
        inner = self.definition.partition("(")[2].rstrip(")")
        pairs = (field.split(" ") for field in inner.split(",") if field)
        return {name: kind for kind, name in pairs}

    def struct_hash(self, *values: TypedValue) -> bytes:
        """Return the digest of one struct; the values are those of its fields."""
        words = map(_word, self.fields.values(), values, strict=True)
        return keccak256(self.type_hash + b"".join(words))


_DOMAIN: Final = StructType(
    "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
)
DOMAIN_VERSION: Final = "1"


def domain_separator(*, name: str, chain_id: int, contract: bytes) -> bytes:
    """Return what binds a signature to one contract on one chain."""
    return _DOMAIN.struct_hash(name, DOMAIN_VERSION, chain_id, contract)


def typed_digest(separator: bytes, struct_hash: bytes) -> bytes:
    """Return the 32 bytes that are signed."""
    return keccak256(b"\x19\x01" + separator + struct_hash)


def _word(kind: str, value: TypedValue) -> bytes:
    """Encode one field in 32 bytes; a value that its type cannot hold is our bug."""
    if isinstance(value, str):
        assert kind == "string", f"no text fits into {kind}"
        return keccak256(value.encode())
    if isinstance(value, bytes):
        size = {"bytes32": _WORD_BYTES, "address": _ADDRESS_BYTES}.get(kind)
        assert len(value) == size, f"{len(value)} bytes are no {kind}"
        return value.rjust(_WORD_BYTES, b"\x00")
    return _integer_word(kind, value)


def _integer_word(kind: str, value: int) -> bytes:
    if kind == "bool":
        return int(bool(value)).to_bytes(_WORD_BYTES)
    match = _INTEGER.fullmatch(kind)
    assert match is not None, f"no integer fits into {kind}"
    is_signed, bits = not match[1], int(match[2])
    low, high = (-(1 << bits - 1), 1 << bits - 1) if is_signed else (0, 1 << bits)
    assert low <= value < high, f"{value} is beyond {kind}"
    return value.to_bytes(_WORD_BYTES, signed=is_signed)
