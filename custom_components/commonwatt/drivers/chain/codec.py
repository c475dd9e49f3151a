"""Our contracts' calls as bytes and back, by the interfaces the component carries.

The work is done by web3's codec; here is what this package asks of it.
"""

from typing import Protocol

from .values import AbiValue, ContractName


class Codec(Protocol):
    """Knows the interfaces of all our contracts."""

    def encode(
        self, contract: ContractName, function: str, *arguments: AbiValue
    ) -> bytes:
        """Return the data of a call."""
        ...

    def creation(self, contract: ContractName, *arguments: AbiValue) -> bytes:
        """Return the data that makes a contract."""
        ...

    def decode(
        self, contract: ContractName, function: str, answer: bytes
    ) -> tuple[AbiValue, ...]:
        """Return the results of a function; BAD_ANSWER if they are none."""
        ...

    def error_name(self, data: bytes) -> str:
        """Return the name of the error a contract reverted with."""
        ...

    def template(self, contract: ContractName) -> bytes:
        """Return the code that makes a contract, without its arguments."""
        ...
