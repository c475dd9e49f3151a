"""What a home has done by whoever has coins: a wish for its contracts, signed.

A contract takes each once, by its nonce, and until its deadline.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

ACCOUNT_BYTES: Final = 20
WORD_BYTES: Final = 32
SIGNATURE_BYTES: Final = 65
PURPOSE_BYTES_MAX: Final = 200
AMOUNT_MAX: Final = (1 << 63) - 1
NONCE_MAX: Final = (1 << 32) - 1
DEADLINE_S_MAX: Final = (1 << 40) - 1

NOBODY: Final = bytes(ACCOUNT_BYTES)
NO_CERTIFICATE: Final = bytes(WORD_BYTES)


class ErrandKind(IntEnum):
    """What is to be done, and which fields of an errand count for it."""

    PAY_IN = 0
    """``amount`` of credit into the pool, in favour of the owner's own account."""

    TRANSFER = 1
    """``amount`` of credit into the hands of ``to``."""

    WITHDRAW = 2
    """``amount`` of credit back for coins, which go to ``to``."""

    TRANSFER_CERTIFICATE = 3
    """``amount`` Wh of ``certificate`` into the hands of ``to``."""

    RETIRE = 4
    """``amount`` Wh of ``certificate`` used up, for ``purpose``."""

    @property
    def is_of_certificates(self) -> bool:
        """Whether it is about certificates, and not about credit."""
        return self in {ErrandKind.TRANSFER_CERTIFICATE, ErrandKind.RETIRE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """One wish; what its kind does not ask for is empty."""

    kind: ErrandKind
    owner: bytes
    """Whose key signs it, and whose it is: 20 bytes."""

    amount: int
    """Nano-currency, or Wh of a certificate."""

    to: bytes = NOBODY
    certificate: bytes = NO_CERTIFICATE
    purpose: str = ""
    nonce: int
    """How many of this owner's the contract has taken before."""

    deadline_s: int
    """Seconds since the epoch: after it no contract takes it."""

    def __post_init__(self) -> None:
        """Refuse what no contract would take, and fields that would say nothing."""
        is_bounded = (
            0 < self.amount <= AMOUNT_MAX
            and 0 <= self.nonce <= NONCE_MAX
            and 0 < self.deadline_s <= DEADLINE_S_MAX
            and len(self.purpose.encode()) <= PURPOSE_BYTES_MAX
        )
        if not is_bounded:
            raise ValueError("an errand out of bounds")
        names_somebody = self.kind not in {ErrandKind.PAY_IN, ErrandKind.RETIRE}
        if (self.to != NOBODY) is not names_somebody:
            raise ValueError("somebody to give it to, where that is asked for")
        if (self.certificate != NO_CERTIFICATE) is not self.kind.is_of_certificates:
            raise ValueError("a certificate, where it is about one")
        if self.purpose and self.kind is not ErrandKind.RETIRE:
            raise ValueError("a purpose is for what is used up")


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedErrand:
    """An errand for any member to send, with its owner's signature."""

    errand: Errand
    signature: bytes
    """r, s and v: 65 bytes."""
