"""Errands as the contracts check them: what is signed, and for which contract.

Struct hashes only.  Each is bound to one contract by that contract's domain, to one use
by a nonce that the contract counts, and to its time by a deadline.
"""

from typing import Final, assert_never

from ...model.errand import Errand, ErrandKind
from ...wire.eip712 import StructType
from ...wire.ethereum import Address

_PERMIT: Final = StructType(
    "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"
)
"""Source: EIP-2612."""

_TRANSFER: Final = StructType(
    "Transfer(address owner,address to,uint64 amount,uint256 nonce,uint256 deadline)"
)
_WITHDRAWAL: Final = StructType(
    "Withdrawal(address owner,address to,uint64 amount,uint256 nonce,uint256 deadline)"
)
_CERTIFICATE_TRANSFER: Final = StructType(
    "Transfer(bytes32 certificate,address from,address to,uint64 energyWh,"
    "uint256 nonce,uint256 deadline)"
)
_RETIREMENT: Final = StructType(
    "Retirement(bytes32 certificate,address holder,uint64 energyWh,string purpose,"
    "uint256 nonce,uint256 deadline)"
)


def errand_hash(errand: Errand, *, settlement: Address) -> bytes:
    """Return the struct hash that the owner signs, once the domain is added.

    What is paid in goes to ``settlement``, which takes it with the owner's permit.
    """
    one, until = errand, (errand.nonce, errand.deadline_s)
    match errand.kind:
        case ErrandKind.PAY_IN:
            return _PERMIT.struct_hash(one.owner, settlement, one.amount, *until)
        case ErrandKind.TRANSFER:
            return _TRANSFER.struct_hash(one.owner, one.to, one.amount, *until)
        case ErrandKind.WITHDRAW:
            return _WITHDRAWAL.struct_hash(one.owner, one.to, one.amount, *until)
        case ErrandKind.TRANSFER_CERTIFICATE:
            return _CERTIFICATE_TRANSFER.struct_hash(
                one.certificate, one.owner, one.to, one.amount, *until
            )
        case ErrandKind.RETIRE:
            return _RETIREMENT.struct_hash(
                one.certificate, one.owner, one.amount, one.purpose, *until
            )
        case _:
            assert_never(errand.kind)
