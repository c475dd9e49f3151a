"""Contracts and gifts between nodes: from the offer to what was moved and paid."""

from collections.abc import Callable
from dataclasses import replace
from typing import override

import pytest

from custom_components.commonwatt.engine.ledger.allocation import DeliveryKind
from custom_components.commonwatt.engine.ledger.journal import EntryKind
from custom_components.commonwatt.engine.model.contract import (
    PLEDGES_MAX,
    Contract,
    ContractId,
    FixedPrice,
    PriceRule,
    ShareOfSpread,
)
from custom_components.commonwatt.engine.model.order import Order
from custom_components.commonwatt.engine.model.party import PartyId
from custom_components.commonwatt.engine.model.period import (
    DAY_MS,
    MINUTE_MS,
    DeliveryPeriod,
    after,
)
from custom_components.commonwatt.engine.node import (
    AgreementChanged,
    AgreementView,
    DealState,
    NodeConfig,
    PeriodSettled,
    Refusal,
    Refused,
)
from custom_components.commonwatt.engine.node.agreements import ASKED_MAX
from custom_components.commonwatt.engine.wire.messages import (
    Consent,
    Message,
    Withdrawal,
)
from custom_components.commonwatt.engine.wire.terms import named
from tests.engine.node.street import (
    ANN,
    BEN,
    CAT,
    FIRST,
    START,
    TARIFF,
    Street,
)

LAST = FIRST.next(3 * 96)


class Frugal(Street):
    """A street that gives little away."""

    @override
    def config(self, name: str) -> NodeConfig:
        return replace(super().config(name), gift_wh_max_day=130)


def contract(
    street: Street,
    seller: str = "Ben",
    buyer: str = "Ann",
    *,
    price: PriceRule = FixedPrice(120_000),  # noqa: B008  # a frozen value
    energy_wh_max: int = 60,
    energy_wh_max_day: int = 1_000,
    valid_until: DeliveryPeriod = LAST,
) -> Contract:
    """Return a contract of two homes of the street."""
    return Contract(
        id=ContractId("any"),
        seller=street.parties[seller],
        buyer=street.parties[buyer],
        price=price,
        energy_wh_max=energy_wh_max,
        energy_wh_max_day=energy_wh_max_day,
        valid_from=FIRST,
        valid_until=valid_until,
    )


def agreed(street: Street, terms: Contract) -> ContractId:
    """Let the seller offer a contract and the buyer accept it."""
    seller, buyer = street.names[terms.seller], street.names[terms.buyer]
    contract_id = street.nodes[seller].agreements.propose(terms, street.now)
    assert not isinstance(contract_id, Refused)
    street.run(street.now)
    accepted = street.nodes[buyer].agreements.accept(contract_id, street.now)
    assert accepted == contract_id
    street.run(street.now)
    return contract_id


def view(street: Street, name: str) -> AgreementView:
    """Return the one contract or gift a home has."""
    (found,) = street.status(name).agreements
    return found


def delivered_wh(
    street: Street, period: DeliveryPeriod, kind: DeliveryKind
) -> dict[str, int]:
    """Return the deliveries of a kind as every home has settled them: all alike."""
    settled = {
        name: next(
            event.settlement
            for event in street.reported(name, PeriodSettled)
            if event.period == period
        )
        for name in street.nodes
    }
    first, *others = settled.values()
    assert all(other.community == first.community for other in others)
    return {
        f"{street.names[d.seller]} to {street.names[d.buyer]}": d.energy_wh
        for d in first.deliveries
        if d.kind is kind
    }


def test_a_contract_is_offered_accepted_and_served_before_the_auction() -> None:
    street = Street(ANN, BEN, CAT)
    contract_id = agreed(street, contract(street))

    assert contract_id == named(contract(street)).id
    for name in ("Ann", "Ben"):
        states = [event.state for event in street.reported(name, AgreementChanged)]
        assert states[-1] is DealState.IN_FORCE
        assert view(street, name).state is DealState.IN_FORCE
    assert street.status("Cat").agreements == ()

    street.run(after(FIRST.end, MINUTE_MS))

    assert delivered_wh(street, FIRST, DeliveryKind.CONTRACT) == {"Ben to Ann": 60}
    assert delivered_wh(street, FIRST, DeliveryKind.POSITION)["Ben to Ann"] == 140
    assert view(street, "Ann").moved_wh == view(street, "Ben").moved_today_wh == 60
    assert all(not street.status(name).faults for name in street.homes)


def test_a_contract_is_paid_at_its_own_price() -> None:
    plain, street = Street(ANN, BEN, CAT), Street(ANN, BEN, CAT)
    agreed(street, contract(street))
    earned = {}
    for one in (plain, street):
        one.run(after(FIRST.end, MINUTE_MS))
        [*_, last] = one.reported("Ben", PeriodSettled)
        summary = last.settlement.summary(one.parties["Ben"])
        assert summary is not None
        earned[one is street] = summary.earned_nano

    assert earned[True] - earned[False] == 60 * (120_000 - 80_000)


def test_what_the_day_allows_is_never_passed_even_before_it_is_settled() -> None:
    street = Street(ANN, BEN, CAT)
    agreed(street, contract(street, energy_wh_max_day=150))
    street.run(after(FIRST.next(4).end, MINUTE_MS))

    moved = [
        delivered_wh(street, FIRST.next(n), DeliveryKind.CONTRACT).get("Ben to Ann", 0)
        for n in range(5)
    ]
    assert moved == [60, 60, 30, 0, 0]
    assert view(street, "Ann").moved_wh == 150


def test_a_gift_comes_first_and_costs_who_is_given_nothing() -> None:
    street = Street(ANN, BEN, CAT)
    given = street.nodes["Ben"].agreements.give(street.parties["Cat"], 100, street.now)
    assert not isinstance(given, Refused)
    street.run(after(FIRST.next().end, MINUTE_MS))

    assert delivered_wh(street, FIRST, DeliveryKind.GIFT) == {"Ben to Cat": 100}
    assert delivered_wh(street, FIRST.next(), DeliveryKind.GIFT) == {}
    assert view(street, "Cat").moved_wh == view(street, "Ben").moved_wh == 100
    assert isinstance(street.reported("Cat", AgreementChanged)[0], AgreementChanged)


def test_whoever_does_not_bid_can_be_given_what_is_left() -> None:
    street = Street(ANN, BEN, CAT)
    street.nodes["Cat"].set_tariff(None, street.now)
    street.nodes["Ben"].agreements.give(street.parties["Cat"], 70, street.now)
    street.run(after(FIRST.end, MINUTE_MS))

    assert delivered_wh(street, FIRST, DeliveryKind.GIFT) == {"Ben to Cat": 70}


def test_all_gifts_of_a_day_together_stay_within_the_cap() -> None:
    street = Frugal(ANN, BEN, CAT)
    ben = street.nodes["Ben"]
    for name in ("Ann", "Cat"):
        ben.agreements.give(street.parties[name], 100, street.now)
    street.run(after(FIRST.next(2).end, MINUTE_MS))

    given = [
        sum(delivered_wh(street, FIRST.next(n), DeliveryKind.GIFT).values())
        for n in range(3)
    ]
    assert sum(given) == 130


def test_a_share_of_the_spread_is_known_to_all_though_tariffs_are_not() -> None:
    street = Street(ANN, BEN, CAT)
    agreed(street, contract(street, price=ShareOfSpread(250_000)))
    street.run(after(FIRST.end, MINUTE_MS))

    (fulfilled,) = street.reported("Cat", PeriodSettled)[-1].settlement.fulfilled
    low, high = TARIFF.feed_in_micro_per_kwh, TARIFF.import_micro_per_kwh
    price = low + (high - low) // 4
    assert fulfilled.agreement.trade.buyer_price_micro_per_kwh == price
    assert delivered_wh(street, FIRST, DeliveryKind.CONTRACT) == {"Ben to Ann": 60}


def test_without_a_tariff_nobody_pledges_a_share_of_the_spread() -> None:
    street = Street(ANN, BEN, CAT)
    agreed(street, contract(street, price=ShareOfSpread(250_000)))
    order = named_order(street)

    assert street.nodes["Ben"].agreements.pledges(FIRST, order, None) == ()
    assert street.nodes["Ben"].agreements.pledges(FIRST, order, TARIFF) != ()


def named_order(street: Street) -> Order:
    """Return an order of Ben that asks for nothing."""
    return Order.of(street.parties["Ben"], FIRST)


def test_an_answer_that_got_lost_is_asked_for_again() -> None:
    street = Street(ANN, BEN, CAT)
    terms = contract(street)

    def lost(_sender: str, _receiver: str, message: Message) -> bool:
        return isinstance(message, Consent)

    street.lost = lost
    contract_id = street.nodes["Ben"].agreements.propose(terms, street.now)
    street.run(after(START, MINUTE_MS))
    assert street.status("Ann").agreements == ()

    street.lost = lambda *_: False
    street.run(after(START, 16 * MINUTE_MS))
    assert view(street, "Ann").state is DealState.ASKED

    street.lost = lost
    assert (
        street.nodes["Ann"].agreements.accept(named(terms).id, street.now)
        == contract_id
    )
    street.run(street.now)
    assert view(street, "Ben").state is DealState.OFFERED
    street.lost = lambda *_: False
    street.run(after(START, 31 * MINUTE_MS))
    assert view(street, "Ben").state is DealState.IN_FORCE


def test_an_offer_is_signed_anew_once_a_day() -> None:
    street = Street(ANN, BEN)
    street.crash("Ann")
    street.nodes["Ben"].agreements.propose(contract(street), street.now)
    street.now = after(START, DAY_MS)
    street.run(after(street.now, MINUTE_MS))

    consents = [
        entry
        for entry in street.journaled("Ben", EntryKind.SENT)
        if isinstance(street.opened(entry.body).message, Consent)
    ]
    assert len(consents) == 2


def test_a_contract_somebody_withdraws_from_ends_for_both() -> None:
    street = Street(ANN, BEN, CAT)
    contract_id = agreed(street, contract(street))
    street.run(after(FIRST.start, -2 * MINUTE_MS))

    assert street.nodes["Ann"].agreements.withdraw(contract_id, street.now) is None
    street.run(after(FIRST.next().end, MINUTE_MS))

    for name in ("Ann", "Ben"):
        assert view(street, name).state is DealState.ENDED
    assert delivered_wh(street, FIRST, DeliveryKind.CONTRACT) == {"Ben to Ann": 60}
    assert delivered_wh(street, FIRST.next(), DeliveryKind.CONTRACT) == {}
    again = street.nodes["Ann"].agreements.withdraw(contract_id, street.now)
    assert again == Refused(Refusal.OVER)
    assert street.nodes["Ben"].agreements.accept(contract_id, street.now) == Refused(
        Refusal.OVER
    )


def test_only_the_partner_can_end_a_contract_and_strangers_to_it_change_nothing() -> (
    None
):
    street = Street(ANN, BEN, CAT)
    terms = named(contract(street))
    agreed(street, terms)
    for message in (Withdrawal(contract=terms.id), Consent(terms=cats_own(street))):
        data = street.lie("Cat", message, sequence=900)
        street.nodes["Ann"].receive(data, street.now)

    assert view(street, "Ann").state is DealState.IN_FORCE


def cats_own(street: Street) -> Contract:
    """Return a contract that Ann has no part in."""
    return named(contract(street, "Ben", "Cat"))


def test_nobody_is_pestered_with_offers_without_end() -> None:
    street = Street(ANN, BEN)
    for number in range(ASKED_MAX + 4):
        message = Consent(terms=named(contract(street, energy_wh_max=1 + number)))
        data = street.lie("Ben", message, sequence=900 + number)
        street.nodes["Ann"].receive(data, street.now)

    assert len(street.status("Ann").agreements) == ASKED_MAX


type Command = Callable[[Street], ContractId | Refused | None]

REFUSALS: dict[Refusal, Command] = {
    Refusal.NOT_OURS: lambda street: street.nodes["Cat"].agreements.propose(
        contract(street), street.now
    ),
    Refusal.NOT_A_MEMBER: lambda street: street.nodes["Ben"].agreements.propose(
        replace(contract(street), buyer=PartyId("ee" * 20)), street.now
    ),
    Refusal.ONESELF: lambda street: street.nodes["Ben"].agreements.give(
        street.parties["Ben"], 100, street.now
    ),
    Refusal.UNKNOWN: lambda street: street.nodes["Ben"].agreements.accept(
        ContractId("ab" * 32), street.now
    ),
    Refusal.OVER: lambda street: street.nodes["Ben"].agreements.propose(
        contract(street, valid_until=FIRST), street.now
    ),
    Refusal.OVER_THE_CAP: lambda street: street.nodes["Ben"].agreements.give(
        street.parties["Ann"], 10_001, street.now
    ),
    Refusal.OUT_OF_BOUNDS: lambda street: street.nodes["Ben"].agreements.give(
        street.parties["Ann"], 0, street.now
    ),
}


@pytest.mark.parametrize("reason", REFUSALS, ids=str)
def test_a_command_that_makes_no_sense_is_refused(reason: Refusal) -> None:
    street = Street(ANN, BEN, CAT)

    assert REFUSALS[reason](street) == Refused(reason)
    assert not street.journaled("Ben", EntryKind.AGREED)


def test_what_is_agreed_already_is_not_agreed_again() -> None:
    street = Street(ANN, BEN, CAT)
    agreed(street, contract(street))
    ben = street.nodes["Ben"].agreements

    assert ben.propose(contract(street), street.now) == Refused(Refusal.ALREADY_AGREED)
    assert ben.withdraw(ContractId("ab" * 32), street.now) == Refused(Refusal.UNKNOWN)


def test_a_home_agrees_to_no_more_than_it_can_pledge() -> None:
    street = Street(ANN, BEN, CAT)
    ben = street.nodes["Ben"].agreements
    for number in range(PLEDGES_MAX):
        offer = contract(street, energy_wh_max=1 + number)
        assert not isinstance(ben.propose(offer, street.now), Refused)

    one_more = contract(street, energy_wh_max=99)
    assert ben.propose(one_more, street.now) == Refused(Refusal.TOO_MANY)
