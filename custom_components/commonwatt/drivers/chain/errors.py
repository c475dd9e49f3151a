"""How a chain says that it cannot, or will not, do what it is asked."""

from enum import StrEnum
from typing import Final


class ChainFault(StrEnum):
    """Why something could not be asked of the chain, or was refused."""

    UNREACHABLE = "unreachable"
    """No endpoint answers."""

    WRONG_CHAIN = "wrong_chain"
    """An endpoint serves another chain than the one that was configured."""

    WRONG_CODE = "wrong_code"
    """At the address of a contract is none, or not ours."""

    REFUSED = "refused"
    """A contract does not want it; the detail is the name of its error."""

    TOO_DEAR = "too_dear"
    """Gas costs more than the owner would pay."""

    NO_COINS = "no_coins"
    """The account cannot pay for the gas."""

    BAD_ANSWER = "bad_answer"
    """An endpoint answered something that cannot be."""

    LIBRARY_MISSING = "library_missing"
    """web3 is not installed."""

    DISK = "disk"
    """The outbox cannot be read or written."""

    IN_USE = "in_use"
    """Somebody else has the outbox of this account open."""


class ChainError(Exception):
    """The chain, the way to it or our disk lets us down; nothing is lost by it."""

    def __init__(self, fault: ChainFault, detail: str = "") -> None:
        super().__init__(f"{fault}: {detail}" if detail else str(fault))
        self.fault: Final = fault
        self.detail: Final = detail


class RPCError(Exception):
    """An endpoint is there and answered with an error of JSON-RPC."""

    def __init__(self, message: str, data: bytes | None = None) -> None:
        super().__init__(message)
        self.message: Final = message
        self.data: Final = data
        """What the contract reverted with, if that is why."""


class NoBatchError(Exception):
    """An endpoint takes one question at a time only."""


class NoAnswerError(Exception):
    """An endpoint did not answer, or not in the form of JSON-RPC."""
