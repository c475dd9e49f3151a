"""Certificates on the chain: recorded in a batch that stands, and ready to leave.

A day's root binds the record of every certificate; those that nobody in the community
has used up are leaves of a tree that a contract checks.
"""

from dataclasses import dataclass
from functools import partial

from homeassistant.util.json import JsonValueType

from ..drivers.chain import ChainHome
from ..engine.ledger.certificates import CertificateId
from ..engine.ledger.merkle import is_included, prove
from .settler import Settler
from .wallet import PostedDay


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvedOnChain:
    """What was checked of one certificate."""

    number: int
    """Of the batch."""

    day: int
    is_recorded: bool
    """Its record leads to the root of the journal that the batch states."""

    stands: bool
    """The contract confirms that this batch stands."""

    is_free: bool
    """Nobody has used it up: it may leave the community."""

    is_proved: bool
    """The contract checked the proof of its leaf; only what is free has one."""

    @property
    def section(self) -> dict[str, JsonValueType]:
        """Return the outcome as panel and actions show it."""
        return {
            "batch": self.number,
            "day": self.day,
            "recorded": self.is_recorded,
            "stands": self.stands,
            "free": self.is_free,
            "proved": self.is_proved,
            "valid": self.is_recorded
            and self.stands
            and (self.is_proved or not self.is_free),
        }


async def async_prove(
    settler: Settler, certificate: CertificateId
) -> ProvedOnChain | None:
    """Check a certificate against the chain; None if no batch that stands has it.

    Raises:
        ChainError: the chain cannot be asked.
    """
    found = settler.day_with(certificate)
    if found is None:
        return None
    return await settler.async_ask(partial(_proved, found, certificate))


def origin_index(day: PostedDay, certificate: CertificateId) -> int | None:
    """Return the leaf of a certificate that may leave; None: it was used up."""
    name = bytes.fromhex(certificate)
    origins = enumerate(day.posted.origins)
    return next((at for at, one in origins if one.certificate == name), None)


def _proved(
    day: PostedDay, certificate: CertificateId, home: ChainHome
) -> ProvedOnChain:
    records, place = day.closed.records, day.closed.places[certificate]
    batch = day.posted.batch
    index = origin_index(day, certificate)
    return ProvedOnChain(
        number=batch.number,
        day=batch.day,
        is_recorded=is_included(records[place], prove(records, place), batch.journal),
        stands=home.batches.stands(day.posted),
        is_free=index is not None,
        is_proved=index is not None and home.certificates.proves(day.posted, index),
    )
