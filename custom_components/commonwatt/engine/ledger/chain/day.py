"""A day of the journal in the form of the chain: leaves, trees and the batch.

Every member computes the same batch from the same journal, so that the committee can
sign it and all others can check what it signed.
"""

from collections.abc import Iterable, Mapping, Sequence, Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Final

from ...model.party import PartyId
from ...model.posting import Account, AccountKind, Unit
from ...wire.domain import Domain, tagged_digest
from ...wire.ethereum import ADDRESS_BYTES, Address
from ..balances import Balances
from ..certificates import GranularCertificate
from ..merkle import InclusionProof, is_included, merkle_root, prove
from .cover import covered
from .structs import Balance, Batch, OriginClaim
from .sum_tree import EMPTY_ROOT, SumTree

FUND: Final = Address((1).to_bytes(ADDRESS_BYTES))
NETWORK: Final = Address((2).to_bytes(ADDRESS_BYTES))
"""The accounts of all, named as in ``contracts/src/Community.sol``."""

GENESIS: Final = bytes(32)
"""What the first batch follows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainDay:
    """A batch and everything that can be proved against it."""

    batch: Batch
    balances: tuple[Balance, ...]
    """Ascending by account."""

    origins: tuple[OriginClaim, ...]
    """Ascending by certificate."""

    accounts: bytes
    """The first record of the journal: what it says of every account.

    The balances differ from it where somebody owes more than it covers.
    """

    proof: InclusionProof
    """That the record of the accounts is under the root of the journal."""

    @property
    def is_proved(self) -> bool:
        """Tell whether the record of the accounts is what this batch was made from."""
        proof = self.proof
        return not proof.index and is_included(self.accounts, proof, self.batch.journal)

    @property
    def balance_tree(self) -> SumTree:
        """The tree of all accounts; hashes everything, so keep it."""
        return SumTree([balance.node for balance in self.balances])

    @property
    def origin_tree(self) -> SumTree:
        """The tree of the certificates; only if there are any."""
        return SumTree([origin.node for origin in self.origins])

    def index_of(self, account: Address) -> int:
        """Return the place of an account; LookupError if it has none."""
        for index, balance in enumerate(self.balances):
            if balance.account == account:
                return index
        raise LookupError(account.hex())


def nets_of(
    closing: Balances, addresses: Mapping[PartyId, Address]
) -> dict[Address, int]:
    """Return the money of every account of the chain: they sum to zero.

    What waits for the reading of a member (suspense) counts as its own.  ``closing`` is
    without retailers' bills.
    """
    nets = dict.fromkeys((FUND, NETWORK, *addresses.values()), 0)
    for (account, unit), amount in closing.items():
        if unit is Unit.NANO:
            nets[_address(account, addresses)] += amount
    assert sum(nets.values()) == 0, "postings sum to zero"
    return nets


def stated_nets(
    closing: Balances,
    addresses: Mapping[PartyId, Address],
    floors_nano: Mapping[Address, int],
) -> dict[Address, int] | None:
    """Return what a batch may state: :func:`nets_of`, no account below its floor.

    None if too much was released for that: then no batch can be made before somebody
    pays in.
    """
    return covered(nets_of(closing, addresses), floors_nano)


def placed(
    nets_nano: Mapping[Address, int], known: AbstractSet[Address]
) -> dict[Address, int]:
    """Return the nets of the accounts that contracts know, each of them once.

    What belongs to a member that was not admitted on the chain yet stands at the fund
    until it is.
    """
    nets = {account: nets_nano.get(account, 0) for account in sorted(known)}
    nets[FUND] += sum(nano for at, nano in nets_nano.items() if at not in known)
    return nets


def released_after(
    before_nano: Mapping[Address, int],
    nets_nano: Mapping[Address, int],
    *,
    reserve_nano: int = 0,
) -> dict[Address, int]:
    """Release all that was earned beyond a reserve; what was released stays so.

    The reserve is what a home may owe before the next batch stands: where credit is
    backed and there are no lines, it has to cover the worst days in between.
    """
    return {
        account: max(before_nano.get(account, 0), net - reserve_nano, 0)
        for account, net in nets_nano.items()
    }


def salt_of(secret: bytes, name: bytes) -> bytes:
    """Return the salt of one leaf, from what only members know about the day."""
    return tagged_digest(Domain.CHAIN_SALT, secret + name)


def chain_day(
    *,
    number: int,
    day: int,
    prev: bytes,
    nets_nano: Mapping[Address, int],
    released_nano: Mapping[Address, int],
    records: Sequence[bytes],
    metered_wh: int,
    certificates: Mapping[Address, Iterable[GranularCertificate]] | None = None,
) -> ChainDay:
    """Return the batch of a day, and its leaves.

    ``records`` are those of a closed day, the accounts first; ``certificates`` those
    that leave the community, by holder.
    """
    assert records, "every day has a record of the accounts"
    secret = tagged_digest(Domain.CHAIN_SALT, b"".join(records))
    balances = tuple(
        Balance(
            account=account,
            net_nano=net,
            released_nano=released_nano.get(account, 0),
            salt=salt_of(secret, account),
        )
        for account, net in sorted(nets_nano.items())
    )
    origins = _origins(certificates or {}, secret)
    batch = Batch(
        number=number,
        day=day,
        prev=prev,
        balances=SumTree([balance.node for balance in balances]).root,
        certificates=_root(origins),
        journal=merkle_root(records),
        metered_wh=metered_wh,
    )
    return ChainDay(
        batch=batch,
        balances=balances,
        origins=origins,
        accounts=records[0],
        proof=prove(records, 0),
    )


def with_origins(
    known: ChainDay,
    *,
    records: Sequence[bytes],
    certificates: Mapping[Address, Iterable[GranularCertificate]],
) -> ChainDay | None:
    """Return a batch together with the certificates that leave by it.

    None: it was not made from these records and certificates.
    """
    secret = tagged_digest(Domain.CHAIN_SALT, b"".join(records))
    origins = _origins(certificates, secret)
    is_made_of = (merkle_root(records), _root(origins)) == (
        known.batch.journal,
        known.batch.certificates,
    )
    return replace(known, origins=origins) if is_made_of else None


def _root(origins: Sequence[OriginClaim]) -> bytes:
    if not origins:
        return EMPTY_ROOT
    return SumTree([origin.node for origin in origins]).root


def _origins(
    certificates: Mapping[Address, Iterable[GranularCertificate]], secret: bytes
) -> tuple[OriginClaim, ...]:
    claims = (
        OriginClaim(
            certificate=(name := bytes.fromhex(certificate.id)),
            holder=holder,
            energy_wh=certificate.parcel.energy_wh,
            salt=salt_of(secret, name),
        )
        for holder, held in certificates.items()
        for certificate in held
    )
    return tuple(sorted(claims, key=lambda claim: claim.certificate))


def _address(account: Account, addresses: Mapping[PartyId, Address]) -> Address:
    match account.kind:
        case AccountKind.FUND:
            return FUND
        case AccountKind.NETWORK:
            return NETWORK
        case _:
            assert account.kind is not AccountKind.RETAILER, "no bills on a chain"
            assert account.party is not None, "a personal account has a person"
            return addresses[account.party]
