"""The contracts of one community, ready to be asked and to be sent something."""

from dataclasses import dataclass

from .client import ChainClient
from .deployment import Deployment
from .outbox import Outbox
from .outbox_file import Job
from .values import AbiValue, Answer, At, Call, ContractName, Question


@dataclass(frozen=True, slots=True, kw_only=True)
class Contracts:
    """Reads from the contracts; queues what is to be done by them."""

    client: ChainClient
    outbox: Outbox
    deployment: Deployment

    def read(
        self,
        contract: ContractName,
        function: str,
        *arguments: AbiValue,
        at: At = At.LATEST,
    ) -> Answer:
        """Return what a function answers; ChainError REFUSED if it reverts."""
        address = self.deployment.address(contract)
        return self.client.read(contract, address, function, *arguments, at=at)

    def read_all(self, *questions: Question, at: At = At.LATEST) -> list[Answer]:
        """Return what all of them answer, asked at once; REFUSED if one reverts."""
        return self.client.read_all(
            [(self.deployment.address(one.contract), one) for one in questions], at
        )

    def call(self, contract: ContractName, function: str, *arguments: AbiValue) -> Call:
        """Return a call of a function."""
        data = self.client.codec.encode(contract, function, *arguments)
        return Call(recipient=self.deployment.address(contract), data=data)

    def send(
        self, name: str, contract: ContractName, function: str, *arguments: AbiValue
    ) -> Job:
        """Queue a call under the name of what it is for.

        ChainError REFUSED with the name of the contract's error if it would fail now.
        """
        return self.outbox.attempt(name, self.call(contract, function, *arguments))
