"""Certificates of origin on the chain: brought there by proof, handed on, used up."""

from typing import Final

from ...engine.ledger.chain.day import ChainDay
from ...engine.wire.ethereum import Address
from .contracts import Contracts
from .outbox_file import Job
from .values import AbiValue, ContractName, as_int


class Certificates:
    """Certificates that left the community, in the hands of whoever holds them."""

    def __init__(self, contracts: Contracts) -> None:
        """Ask nothing yet."""
        self._contracts: Final = contracts
        self._me: Final = contracts.outbox.account

    def proves(self, day: ChainDay, index: int) -> bool:
        """Have the contract check that a certificate is in a batch that stands."""
        (answer,) = self._contracts.read(
            ContractName.CERTIFICATES, "proves", *_proof(day, index)
        )
        return bool(answer)

    def claim(self, day: ChainDay, index: int) -> Job:
        """Bring a certificate to the chain, into the hands of its holder; once."""
        name = f"certificate:{day.origins[index].certificate.hex()}"
        return self._contracts.send(
            name, ContractName.CERTIFICATES, "claim", *_proof(day, index)
        )

    def held_wh(self, certificate: bytes, holder: Address | None = None) -> int:
        """Return how many Wh of a certificate are in somebody's hands; ours if None."""
        return as_int(
            *self._contracts.read(
                ContractName.CERTIFICATES,
                "balanceOf",
                holder or self._me,
                int.from_bytes(certificate),
            )
        )

    def transfer(
        self, certificate: bytes, to: Address, energy_wh: int, name: str
    ) -> Job:
        """Hand some Wh of a certificate on."""
        return self._contracts.send(
            name,
            ContractName.CERTIFICATES,
            "safeTransferFrom",
            self._me,
            to,
            int.from_bytes(certificate),
            energy_wh,
            b"",
        )

    def retire(
        self, certificate: bytes, energy_wh: int, purpose: str, name: str
    ) -> Job:
        """Use some Wh of a certificate up, for a purpose everybody can read."""
        return self._contracts.send(
            name,
            ContractName.CERTIFICATES,
            "retire",
            certificate,
            energy_wh,
            purpose,
        )

    def retired_wh(self, certificate: bytes) -> int:
        """Return how many Wh of a certificate have been used up."""
        return as_int(
            *self._contracts.read(ContractName.CERTIFICATES, "retiredWh", certificate)
        )


def _proof(day: ChainDay, index: int) -> tuple[AbiValue, AbiValue, AbiValue]:
    place = day.origin_tree.place(index)
    return day.batch.abi, day.origins[index].abi, place.abi
