"""Contracts and gifts of this home: offered, agreed, pledged with every bid, ended.

Terms bind for a period only through what both sides commit to in it: here is decided
what this home commits to.  Journals every change whole; moves no energy and no money.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from ..ledger.batch import day_of
from ..ledger.journal import EntryKind
from ..model.contract import (
    PLEDGES_MAX,
    Contract,
    ContractId,
    FeePayer,
    Gift,
    Pledge,
    ShareOfSpread,
    Terms,
    receiver_of,
    supplier_of,
)
from ..model.order import Order, Side
from ..model.party import PartyId
from ..model.period import DAY_MS, PERIOD_MS, DeliveryPeriod, Instant, after
from ..model.tariff import Tariff
from ..model.units import ENERGY_WH_MAX
from ..wire.envelope import Envelope
from ..wire.messages import Consent, Withdrawal
from ..wire.terms import named
from .config import NodeConfig
from .deals import AgreementView, Deal, DealState, deals_body, read_deals
from .events import AgreementChanged
from .moved import EnergyOf, Moved
from .outbox import Outbox

PERIODS_PER_DAY: Final = DAY_MS // PERIOD_MS
ASKED_MAX: Final = 8
"""Unanswered contracts of one member that are kept; more are not listened to."""

_UNNAMED: Final = ContractId("")


class Refusal(StrEnum):
    """Why a command about contracts, gifts or readings is refused."""

    NOT_A_MEMBER = "not_a_member"
    NOT_OURS = "not_ours"
    """A contract between others, or a gift of somebody else."""

    ONESELF = "oneself"
    UNKNOWN = "unknown"
    ALREADY_AGREED = "already_agreed"
    OVER = "over"
    """Ended, or its time has passed, or will have before it begins."""

    TOO_MANY = "too_many"
    OVER_THE_CAP = "over_the_cap"
    """More than this home may give away in the time."""

    OUT_OF_BOUNDS = "out_of_bounds"


@dataclass(frozen=True, slots=True)
class Refused:
    """A command that was not carried out."""

    reason: Refusal


class Agreements:
    """All contracts and gifts this home has a part in."""

    def __init__(self, config: NodeConfig, outbox: Outbox) -> None:
        """Begin without any."""
        self._config: Final = config
        self._outbox: Final = outbox
        self._deals: Final[dict[ContractId, Deal]] = {}
        self._moved: Final = Moved()
        self._journaled_on = -1
        """Day of UTC on which all of this was last written down."""

    # -- commands ----------------------------------------------------------------------

    def propose(self, contract: Contract, now: Instant) -> ContractId | Refused:
        """Offer a contract to the other side, or agree to the same terms of theirs.

        The name the contract comes with does not matter: it follows from the terms.
        """
        if self._me not in {contract.seller, contract.buyer}:
            return Refused(Refusal.NOT_OURS)
        return self._consent(named(contract), now)

    def accept(self, contract: ContractId, now: Instant) -> ContractId | Refused:
        """Agree to a contract the other side has offered."""
        deal = self._deals.get(contract)
        if deal is None or not isinstance(deal.terms, Contract):
            return Refused(Refusal.UNKNOWN)
        return self._consent(deal.terms, now)

    def give(
        self,
        to: PartyId,
        energy_wh: int,
        now: Instant,
        *,
        periods: int = PERIODS_PER_DAY,
        fee_payer: FeePayer = FeePayer.SELLER,
    ) -> ContractId | Refused:
        """Give a member energy as soon as there is some to spare, from the next period.

        Lasts for ``periods`` delivery periods.  On no day more is given away, to all
        together, than the cap of this home.
        """
        if to == self._me:
            return Refused(Refusal.ONESELF)
        if periods < 1 or not 0 < energy_wh <= ENERGY_WH_MAX:
            return Refused(Refusal.OUT_OF_BOUNDS)
        if energy_wh > self.gift_wh_max(periods):
            return Refused(Refusal.OVER_THE_CAP)
        first = DeliveryPeriod.containing(now).next()
        gift = Gift(
            id=_UNNAMED,
            giver=self._me,
            receiver=to,
            energy_wh_max=energy_wh,
            energy_wh_max_day=min(energy_wh, self._config.gift_wh_max_day),
            valid_from=first,
            valid_until=first.next(periods),
            fee_payer=fee_payer,
        )
        return self._consent(named(gift), now)

    def gift_wh_max(self, periods: int) -> int:
        """Return the most that one gift may be that lasts for so many periods."""
        return self._config.gift_wh_max_day * -(-periods // PERIODS_PER_DAY)

    def withdraw(self, contract: ContractId, now: Instant) -> Refused | None:
        """No longer stand by a contract or gift, or turn an offer down.

        What has been committed to for a period is kept.
        """
        deal = self._deals.get(contract)
        if deal is None:
            return Refused(Refusal.UNKNOWN)
        if deal.ended:
            return Refused(Refusal.OVER)
        partner = deal.partner(self._me)
        self._outbox.say(Withdrawal(contract=contract), now, to=partner)
        self._change(replace(deal, ended=True), now)
        return None

    # -- what others say, and what happens ---------------------------------------------

    def take(
        self, envelope: Envelope, message: Consent | Withdrawal, now: Instant
    ) -> None:
        """Take the word of another member."""
        match message:
            case Consent(terms=terms):
                self._take_consent(envelope, terms, now)
            case Withdrawal(contract=contract):
                deal = self._deals.get(contract)
                if deal is None or deal.ended:
                    return
                if deal.partner(self._me) == envelope.author:
                    self._change(replace(deal, ended=True), now)

    def pledges(
        self, period: DeliveryPeriod, order: Order, tariff: Tariff | None
    ) -> tuple[Pledge, ...]:
        """Return what this home stands by in ``period``, besides its order."""
        live = [
            deal.terms
            for deal in self._deals.values()
            if deal.state is DealState.IN_FORCE and deal.terms.covers(period)
        ]
        found: list[Pledge] = []
        given_wh = self._given_wh(period)
        for terms in sorted(live, key=_service_order):
            pledge = self._pledge(terms, period, order, tariff, given_wh=given_wh)
            if pledge is not None:
                found.append(pledge)
                given_wh += pledge.left_wh if isinstance(terms, Gift) else 0
        return tuple(sorted(found[:PLEDGES_MAX], key=lambda pledge: pledge.contract))

    def note_pledged(self, period: DeliveryPeriod, pledges: Iterable[Pledge]) -> None:
        """Know what this home has committed to."""
        left_wh = {pledge.contract: pledge.left_wh for pledge in pledges}
        self._moved.pledge(period, left_wh)

    def note_settled(
        self, period: DeliveryPeriod, energy_wh: EnergyOf, now: Instant
    ) -> None:
        """Know what was moved in a period; said again when it is corrected."""
        self._moved.settle(period, energy_wh)
        if self._deals and day_of(DeliveryPeriod.containing(now)) != self._journaled_on:
            self._write(now)

    def repeat(self, now: Instant) -> None:
        """Offer once more what nobody has answered: it may have been lost."""
        period = DeliveryPeriod.containing(now)
        for contract, deal in sorted(self._deals.items()):
            if deal.is_over(period) or deal.state is not DealState.OFFERED:
                continue
            partner = deal.partner(self._me)
            said_at = deal.said_at
            is_fresh = said_at is not None and now < after(said_at, DAY_MS)
            if deal.ours is not None and is_fresh:
                self._outbox.pass_on(deal.ours, now, to=partner)
            else:
                sealed = self._outbox.say(Consent(terms=deal.terms), now, to=partner)
                self._deals[contract] = replace(deal, ours=sealed.data, said_at=now)

    def resume(self, body: bytes) -> None:
        """Go on from what the journal says stood."""
        self._deals.clear()
        for deal, moved_wh in read_deals(body):
            self._deals[deal.terms.id] = deal
            self._moved.totals[deal.terms.id] = moved_wh

    def view(self, now: Instant) -> tuple[AgreementView, ...]:
        """Return all contracts and gifts, ascending by name."""
        day = day_of(DeliveryPeriod.containing(now))
        return tuple(
            AgreementView(
                terms=deal.terms,
                state=deal.state,
                moved_today_wh=self._moved.settled_wh(contract, day),
                moved_wh=self._moved.totals.get(contract, 0),
            )
            for contract, deal in sorted(self._deals.items())
        )

    # -- how it works ------------------------------------------------------------------

    @property
    def _me(self) -> PartyId:
        return self._config.party

    def _consent(self, terms: Terms, now: Instant) -> ContractId | Refused:
        refusal = self._refusal(terms, now)
        if refusal is not None:
            return Refused(refusal)
        deal = self._deals.get(terms.id, Deal(terms=terms))
        partner = deal.partner(self._me)
        sealed = self._outbox.say(Consent(terms=terms), now, to=partner)
        self._change(replace(deal, ours=sealed.data, said_at=now), now)
        return terms.id

    def _refusal(self, terms: Terms, now: Instant) -> Refusal | None:
        deal = self._deals.get(terms.id, Deal(terms=terms))
        period = DeliveryPeriod.containing(now)
        if self._config.statutes.latest.member(deal.partner(self._me)) is None:
            return Refusal.NOT_A_MEMBER
        if deal.ended or deal.is_over(period) or terms.valid_from >= terms.valid_until:
            return Refusal.OVER
        if deal.ours is not None:
            return Refusal.ALREADY_AGREED
        agreed = [
            other
            for other in self._deals.values()
            if other.ours is not None and not other.ended and not other.is_over(period)
        ]
        return Refusal.TOO_MANY if len(agreed) >= PLEDGES_MAX else None

    def _take_consent(self, envelope: Envelope, terms: Terms, now: Instant) -> None:
        author, period = envelope.author, DeliveryPeriod.containing(now)
        deal = self._deals.get(terms.id)
        if self._me not in {supplier_of(terms), receiver_of(terms)}:
            return
        if deal is None:
            deal = Deal(terms=terms)
            if self._is_pestered_by(author):
                return
        if deal.ended or deal.is_over(period) or deal.partner(self._me) != author:
            return
        if deal.theirs is None:
            self._change(replace(deal, theirs=envelope.data), now)
        elif deal.ours is not None and isinstance(terms, Contract):
            self._outbox.pass_on(deal.ours, now, to=author)

    def _is_pestered_by(self, author: PartyId) -> bool:
        waiting = (
            deal
            for deal in self._deals.values()
            if deal.partner(self._me) == author and deal.ours is None
        )
        return sum(1 for _ in waiting) >= ASKED_MAX

    def _pledge(
        self,
        terms: Terms,
        period: DeliveryPeriod,
        order: Order,
        tariff: Tariff | None,
        *,
        given_wh: int,
    ) -> Pledge | None:
        supplies = supplier_of(terms) == self._me
        left_wh = self._left_wh(terms, period)
        if isinstance(terms, Gift):
            if not supplies:
                return None  # a gift needs no word of who receives it
            left_wh = min(left_wh, self._config.gift_wh_max_day - given_wh)
        if left_wh <= 0:
            return None
        retailer = None
        if isinstance(terms, Contract) and isinstance(terms.price, ShareOfSpread):
            if tariff is None:
                return None
            retailer = (
                tariff.feed_in_micro_per_kwh
                if supplies
                else tariff.import_micro_per_kwh
            )
        ordered_wh = order.energy_wh(Side.SELL if supplies else Side.BUY)
        return Pledge(
            terms=terms if supplies else terms.id,
            energy_wh=min(left_wh, ordered_wh),
            left_wh=left_wh,
            retailer_micro_per_kwh=retailer,
        )

    def _left_wh(self, terms: Terms, period: DeliveryPeriod) -> int:
        used_wh = self._moved.used_wh(terms.id, day_of(period))
        left_wh = terms.energy_wh_max_day - used_wh
        if isinstance(terms, Contract):
            return min(left_wh, terms.energy_wh_max)
        return min(left_wh, terms.energy_wh_max - self._moved.used_in_all_wh(terms.id))

    def _given_wh(self, period: DeliveryPeriod) -> int:
        return sum(
            self._moved.used_wh(contract, day_of(period))
            for contract, deal in self._deals.items()
            if isinstance(deal.terms, Gift) and deal.terms.giver == self._me
        )

    def _change(self, deal: Deal, now: Instant) -> None:
        self._deals[deal.terms.id] = deal
        self._write(now)
        state = deal.state
        self._outbox.report(AgreementChanged(terms=deal.terms, state=state))

    def _write(self, now: Instant) -> None:
        """Journal all that stands, and forget what ran out more than two days ago."""
        period = DeliveryPeriod.containing(now)
        for contract, deal in list(self._deals.items()):
            if deal.is_over(period.next(-2 * PERIODS_PER_DAY)):
                del self._deals[contract]
                self._moved.totals.pop(contract, None)
        self._journaled_on = day_of(period)
        body = deals_body(
            (deal, self._moved.totals.get(contract, 0))
            for contract, deal in sorted(self._deals.items())
        )
        self._outbox.keep(EntryKind.AGREED, body, now)


def _service_order(terms: Terms) -> tuple[int, int, ContractId]:
    """Gifts first, then by priority, then by name."""
    if isinstance(terms, Gift):
        return (0, 0, terms.id)
    return (1, terms.priority, terms.id)
