"""Transactions as they travel: EIP-1559 in RLP, signed by a household key.

The key never leaves its object: what it signs is a digest.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from ...engine.wire.ethereum import Address, sign_recoverable
from ...engine.wire.keccak import keccak256
from ...engine.wire.keys import HouseholdKey
from .fees import Fees
from .values import Call

DYNAMIC_FEE: Final = b"\x02"
"""The type of a transaction with a fee and a tip.  Source: EIP-1559."""

_SHORT_MAX: Final = 55

type _Item = int | bytes | Sequence[_Item]


@dataclass(frozen=True, slots=True, kw_only=True)
class Transaction:
    """A call, and who pays how much for it in which turn."""

    chain_id: int
    nonce: int
    call: Call
    gas_max: int
    fees: Fees

    def signed(self, key: HouseholdKey) -> SignedTransaction:
        """Sign it; the same transaction has the same bytes each time."""
        digest = keccak256(self._encoded())
        signature = sign_recoverable(key, digest)
        r, s = int.from_bytes(signature[:32]), int.from_bytes(signature[32:64])
        raw = self._encoded(signature[64] - 27, r, s)
        return SignedTransaction(transaction=self, raw=raw, hash=keccak256(raw))

    def replaced(self, call: Call, fees: Fees) -> Transaction:
        """Return another transaction that can take the place of this one."""
        return replace(self, call=call, fees=fees)

    def _encoded(self, *signature: int) -> bytes:
        fields = (
            self.chain_id,
            self.nonce,
            self.fees.tip_wei,
            self.fees.fee_wei,
            self.gas_max,
            self.call.recipient or b"",
            self.call.value_wei,
            self.call.data,
            (),
        )
        return DYNAMIC_FEE + rlp((*fields, *signature))


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedTransaction:
    """A transaction, its bytes, and the hash by which the chain knows it."""

    transaction: Transaction
    raw: bytes
    hash: bytes


def made_address(maker: Address, nonce: int) -> Address:
    """Return where the contract lies that an account makes with a nonce.

    Source: Ethereum Yellow Paper, section 7.
    """
    return Address(keccak256(rlp((maker, nonce)))[-len(maker) :])


def rlp(item: _Item) -> bytes:
    """Return the recursive length prefix.  Source: Yellow Paper, appendix B."""
    if isinstance(item, int):
        item = item.to_bytes((item.bit_length() + 7) // 8)
    if isinstance(item, bytes):
        if len(item) == 1 and item[0] < 0x80:  # noqa: PLR2004  # its own prefix
            return item
        return _prefix(len(item), 0x80) + item
    content = b"".join(map(rlp, item))
    return _prefix(len(content), 0xC0) + content


def _prefix(length: int, offset: int) -> bytes:
    if length <= _SHORT_MAX:
        return bytes([offset + length])
    size = length.to_bytes((length.bit_length() + 7) // 8)
    return bytes([offset + _SHORT_MAX + len(size)]) + size
