"""Where a community's contracts lie, and whether they are ours.

A contract counts as ours if its code is what our compiler made, but for the values its
constructor put in, and if it names the others as its own.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Self

from ...engine.wire.ethereum import Address, address_from, checksummed
from .client import ChainClient
from .errors import ChainError, ChainFault
from .values import ContractName, Question, as_address

WORD_BYTES: Final = 32
_PUSH32: Final = 0x7F
_PLACE: Final = bytes([_PUSH32]) + bytes(WORD_BYTES)
"""Pushes a word that is filled in when a contract is made; no other code has it."""

_NAMED: Final = (
    (ContractName.SETTLEMENT, "COMMUNITY", ContractName.COMMUNITY),
    (ContractName.SETTLEMENT, "CREDIT", ContractName.CREDIT),
    (ContractName.CREDIT, "SETTLEMENT", ContractName.SETTLEMENT),
    (ContractName.CERTIFICATES, "SETTLEMENT", ContractName.SETTLEMENT),
    (ContractName.CERTIFICATES, "COMMUNITY", ContractName.COMMUNITY),
    (ContractName.MANDATES, "COMMUNITY", ContractName.COMMUNITY),
    (ContractName.REPUTATION, "COMMUNITY", ContractName.COMMUNITY),
)
"""Who names whom: a contract, its function, and what it must answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """The contracts of one community on one chain."""

    chain_id: int
    community: Address
    settlement: Address
    credit: Address
    certificates: Address
    mandates: Address
    reputation: Address
    code: Mapping[ContractName, bytes]
    """SHA-256 of the code, to be the same on every connection."""

    def address(self, name: ContractName) -> Address:
        """Return where a contract lies."""
        return {
            ContractName.COMMUNITY: self.community,
            ContractName.SETTLEMENT: self.settlement,
            ContractName.CREDIT: self.credit,
            ContractName.CERTIFICATES: self.certificates,
            ContractName.MANDATES: self.mandates,
            ContractName.REPUTATION: self.reputation,
        }[name]

    @property
    def value(self) -> dict[str, int | str | dict[str, str]]:
        """The deployment as JSON."""
        return {
            "chain_id": self.chain_id,
            **{name.lower(): checksummed(self.address(name)) for name in ContractName},
            "code": {name.lower(): self.code[name].hex() for name in ContractName},
        }

    @classmethod
    def read(cls, value: Mapping[str, object]) -> Self:
        """Read a deployment; ValueError if it is none."""
        code = value.get("code")
        if not isinstance(code, Mapping):
            raise ValueError("a deployment without code")  # noqa: TRY004  # bad input
        return cls(
            chain_id=int(str(value.get("chain_id"))),
            community=_address(value, ContractName.COMMUNITY),
            settlement=_address(value, ContractName.SETTLEMENT),
            credit=_address(value, ContractName.CREDIT),
            certificates=_address(value, ContractName.CERTIFICATES),
            mandates=_address(value, ContractName.MANDATES),
            reputation=_address(value, ContractName.REPUTATION),
            code={
                name: bytes.fromhex(str(code.get(name.lower())))
                for name in ContractName
            },
        )

    def check(self, code_at: Callable[[Address], bytes]) -> None:
        """Raise ChainError WRONG_CODE unless all code is what it was."""
        for name in ContractName:
            if sha256(code_at(self.address(name))).digest() != self.code[name]:
                raise ChainError(ChainFault.WRONG_CODE, name)


def find(client: ChainClient, settlement: Address, others: Others) -> Deployment:
    """Look at contracts that somebody names, and make sure that they are ours.

    Raises ChainError WRONG_CODE with the name of the contract that is not.
    """
    answers = client.read_all(
        [
            (settlement, Question(ContractName.SETTLEMENT, "CREDIT")),
            (settlement, Question(ContractName.SETTLEMENT, "COMMUNITY")),
        ]
    )
    credit, community = (as_address(*answer) for answer in answers)
    contracts = {
        ContractName.COMMUNITY: community,
        ContractName.SETTLEMENT: settlement,
        ContractName.CREDIT: credit,
        ContractName.CERTIFICATES: others.certificates,
        ContractName.MANDATES: others.mandates,
        ContractName.REPUTATION: others.reputation,
    }
    code = {name: client.code(address) for name, address in contracts.items()}
    for name, found in code.items():
        if not is_made_from(found, client.codec.template(name)):
            raise ChainError(ChainFault.WRONG_CODE, name)
    answers = client.read_all(
        [(contracts[name], Question(name, function)) for name, function, _ in _NAMED]
    )
    for (name, _, expected), answer in zip(_NAMED, answers, strict=True):
        if as_address(*answer) != contracts[expected]:
            raise ChainError(ChainFault.WRONG_CODE, name)
    return Deployment(
        chain_id=client.chain_id,
        community=community,
        settlement=settlement,
        credit=credit,
        certificates=others.certificates,
        mandates=others.mandates,
        reputation=others.reputation,
        code={name: sha256(found).digest() for name, found in code.items()},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Others:
    """The contracts that the settlement does not name."""

    certificates: Address
    mandates: Address
    reputation: Address


def _address(value: Mapping[str, object], name: ContractName) -> Address:
    return address_from(str(value.get(name.lower())))


def is_made_from(code: bytes, template: bytes) -> bool:
    """Tell whether ``code`` is what ``template`` leaves on the chain.

    The template holds the code with places for the constructor's values; everything
    else must be the same, byte by byte.
    """
    if not code:
        return False
    start = code[:WORD_BYTES]
    at = template.find(start)
    while at >= 0:
        candidate = template[at : at + len(code)]
        if len(candidate) == len(code) and _filled(candidate, code) == code:
            return True
        at = template.find(start, at + 1)
    return False


def _filled(template: bytes, code: bytes) -> bytes:
    """Return the template with the values that ``code`` has in its places."""
    filled = bytearray(template)
    at = template.find(_PLACE)
    while at >= 0:
        filled[at + 1 : at + len(_PLACE)] = code[at + 1 : at + len(_PLACE)]
        at = template.find(_PLACE, at + len(_PLACE))
    return bytes(filled)
