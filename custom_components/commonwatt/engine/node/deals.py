"""One contract or gift of this home, and how it stands."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from ..model.contract import Contract, Terms, receiver_of, supplier_of
from ..model.party import PartyId
from ..model.period import DeliveryPeriod, Instant
from ..model.units import ENERGY_WH_MAX
from ..wire.canonical import Value, decode, encode
from ..wire.fields import array, array_of, boolean, byte_string, instant, integer
from ..wire.terms import read_terms, terms_value

_BODY_BYTES_MAX: Final = 256 * 1024
_BODY_ITEMS_MAX: Final = 16 * 1024
_TOTAL_WH_MAX: Final = ENERGY_WH_MAX << 20


class DealState(StrEnum):
    """Every way a contract or gift can stand."""

    OFFERED = "offered"
    """By us; the other side has not agreed yet."""

    ASKED = "asked"
    """By the other side; it is ours to agree."""

    IN_FORCE = "in_force"
    ENDED = "ended"
    """One side no longer stands by it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deal:
    """Terms, and the signatures under them."""

    terms: Terms
    ours: bytes | None = None
    """Our sealed consent."""

    theirs: bytes | None = None
    """The other side's."""

    said_at: Instant | None = None
    """When we sealed ours."""

    ended: bool = False

    @property
    def state(self) -> DealState:
        """How the deal stands for us."""
        if self.ended:
            return DealState.ENDED
        if isinstance(self.terms, Contract) and None in {self.ours, self.theirs}:
            return DealState.ASKED if self.ours is None else DealState.OFFERED
        return DealState.IN_FORCE

    def partner(self, me: PartyId) -> PartyId:
        """Return the other side."""
        supplier, receiver = supplier_of(self.terms), receiver_of(self.terms)
        return receiver if supplier == me else supplier

    def is_over(self, period: DeliveryPeriod) -> bool:
        """Tell whether the terms have run out before ``period``."""
        return period >= self.terms.valid_until


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementView:
    """A contract or gift, for whoever shows it."""

    terms: Terms
    state: DealState
    moved_today_wh: int
    """Settled on the present day of UTC."""

    moved_wh: int


def deals_body(deals: Iterable[tuple[Deal, int]]) -> bytes:
    """Write deals with what they have moved in all."""
    value: Value = tuple(
        (
            terms_value(deal.terms),
            deal.ours,
            deal.theirs,
            deal.said_at,
            deal.ended,
            moved_wh,
        )
        for deal, moved_wh in deals
    )
    return encode(value, size_max=_BODY_BYTES_MAX, items_max=_BODY_ITEMS_MAX)


def read_deals(body: bytes) -> tuple[tuple[Deal, int], ...]:
    """Read deals with what they have moved in all; ValueError for other bytes."""
    value = decode(body, size_max=_BODY_BYTES_MAX, items_max=_BODY_ITEMS_MAX)
    return tuple(_deal(one) for one in array(value))


def _deal(value: Value) -> tuple[Deal, int]:
    terms, ours, theirs, said_at, ended, moved = array_of(value, 6)
    deal = Deal(
        terms=read_terms(terms),
        ours=None if ours is None else byte_string(ours),
        theirs=None if theirs is None else byte_string(theirs),
        said_at=None if said_at is None else instant(said_at),
        ended=boolean(ended),
    )
    return deal, integer(moved, least=-_TOTAL_WH_MAX, most=_TOTAL_WH_MAX)
