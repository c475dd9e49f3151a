"""Errands as the contracts take them: which function, which domain, whose nonces."""

from typing import Final, assert_never

from ...engine.ledger.chain.errands import errand_hash
from ...engine.model.errand import Errand, ErrandKind, SignedErrand
from ...engine.wire.eip712 import domain_separator, typed_digest
from .contracts import Contracts
from .values import AbiValue, Call, ContractName, Question, as_text

CERTIFICATES_NAME: Final = "CommonWatt Certificates"

type Queue = tuple[bytes, bool]
"""An owner, and whether it is about certificates: each has nonces of its own."""


def queue_of(errand: Errand) -> Queue:
    """Return among whose nonces that of an errand is."""
    return errand.owner, errand.kind.is_of_certificates


class ErrandCalls:
    """Errands for the contracts of one community."""

    def __init__(self, contracts: Contracts) -> None:
        """Ask nothing yet."""
        self._contracts: Final = contracts
        self._name_of_credit: str | None = None

    @staticmethod
    def nonces(queue: Queue) -> Question:
        """Return the question how many of a queue were taken."""
        owner, is_of_certificates = queue
        contract = (
            ContractName.CERTIFICATES if is_of_certificates else ContractName.CREDIT
        )
        return Question(contract, "nonces", (owner,))

    def digest(self, errand: Errand) -> bytes:
        """Return what its owner signs."""
        deployment = self._contracts.deployment
        if errand.kind.is_of_certificates:
            name, contract = CERTIFICATES_NAME, deployment.certificates
        else:
            name, contract = self._credit(), deployment.credit
        separator = domain_separator(
            name=name, chain_id=deployment.chain_id, contract=contract
        )
        content = errand_hash(errand, settlement=deployment.settlement)
        return typed_digest(separator, content)

    def call(self, signed: SignedErrand) -> Call:
        """Return the call by which anybody sends it."""
        one, signature = signed.errand, signed.signature
        until: tuple[AbiValue, ...] = (one.deadline_s, signature)
        match one.kind:
            case ErrandKind.PAY_IN:
                parts = (signature[64], signature[:32], signature[32:64])
                return self._contracts.call(
                    ContractName.SETTLEMENT,
                    "payInFor",
                    *(one.owner, one.amount, one.deadline_s, *parts),
                )
            case ErrandKind.TRANSFER:
                handed = (one.owner, one.to, one.amount)
                return self._credited("transferFor", *handed, *until)
            case ErrandKind.WITHDRAW:
                handed = (one.owner, one.to, one.amount)
                return self._credited("withdrawFor", *handed, *until)
            case ErrandKind.TRANSFER_CERTIFICATE:
                given = (one.certificate, one.owner, one.to, one.amount)
                return self._certified("transferFor", *given, *until)
            case ErrandKind.RETIRE:
                used = (one.certificate, one.owner, one.amount, one.purpose)
                return self._certified("retireFor", *used, *until)
            case _:
                assert_never(one.kind)

    def _credited(self, function: str, *arguments: AbiValue) -> Call:
        return self._contracts.call(ContractName.CREDIT, function, *arguments)

    def _certified(self, function: str, *arguments: AbiValue) -> Call:
        return self._contracts.call(ContractName.CERTIFICATES, function, *arguments)

    def _credit(self) -> str:
        """Return the name of the credit, which is that of its domain too."""
        if self._name_of_credit is None:
            (found,) = self._contracts.read(ContractName.CREDIT, "name")
            self._name_of_credit = as_text(found)
        return self._name_of_credit
