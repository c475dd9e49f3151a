"""What a member hands on so that others settle on the same contracts: one line of text.

Nobody has to be trusted for it: whoever reads it looks at the code of the contracts and
at whom they count as members.
"""

from dataclasses import dataclass
from typing import Final, Self

from ..drivers.chain import Deployment
from ..drivers.chain.deployment import Others
from ..engine.wire.ethereum import Address, address_from, checksummed

PREFIX: Final = "commonwatt:chain"
_PARTS: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainLink:
    """Where the contracts of a community lie."""

    chain_id: int
    settlement: Address
    others: Others

    @classmethod
    def of(cls, deployment: Deployment) -> Self:
        """Return what leads to contracts."""
        return cls(
            chain_id=deployment.chain_id,
            settlement=deployment.settlement,
            others=Others(
                certificates=deployment.certificates,
                mandates=deployment.mandates,
                reputation=deployment.reputation,
            ),
        )

    @classmethod
    def read(cls, text: str) -> Self:
        """Read a link, whatever spaces it was pasted with; ValueError if it is none."""
        prefix, _, rest = "".join(text.split()).partition("/")
        parts = rest.split("/")
        if prefix != PREFIX or len(parts) != _PARTS or not parts[0].isdecimal():
            raise ValueError("no link to contracts")
        settlement, certificates, mandates, reputation = map(address_from, parts[1:])
        return cls(
            chain_id=int(parts[0]),
            settlement=settlement,
            others=Others(
                certificates=certificates, mandates=mandates, reputation=reputation
            ),
        )

    @property
    def text(self) -> str:
        """The link as people hand it on."""
        addresses = (
            self.settlement,
            self.others.certificates,
            self.others.mandates,
            self.others.reputation,
        )
        return "/".join((PREFIX, str(self.chain_id), *map(checksummed, addresses)))
