"""The community's double entry of one period, transaction by transaction."""

from collections.abc import Sequence
from typing import Final

from ..model.posting import Account, AccountKind, Transaction, Unit
from ..model.units import cost_nano
from .allocation import Allocation, Delivery
from .booking import FUND, NETWORK, Booking
from .case import Case, charges_of, energy_of, sharing_terms
from .imbalance import PartyPrices, book_imbalances, book_positions
from .network import net_flows_wh, network_fees_nano
from .restitution import book_charges
from .sharing import split
from .terms import Terms

ENERGY: Final = "energy"
AGREEMENTS: Final = "agreements"
POSITIONS: Final = "positions"
IMBALANCES: Final = "imbalances"
SHARING: Final = "sharing"
RESTITUTION: Final = "restitution"
NETWORK_FEES: Final = "network fees"
COLLECTIVE_ASSETS: Final = "collective assets"


def book_community(
    case: Case, allocation: Allocation, prices: PartyPrices
) -> tuple[Booking, ...]:
    """Return what the community posts; every member comes to the same."""
    sharing = sharing_terms(case, prices)
    money = [
        _agreements(case, allocation),
        book_positions(Booking(POSITIONS, case.held), allocation, prices),
        book_imbalances(
            Booking(IMBALANCES, case.held),
            allocation,
            prices,
            case.rules.spread_micro_per_kwh,
        ),
        _sharing(case, allocation, sharing),
        book_charges(
            Booking(RESTITUTION, case.held), charges_of(case, allocation, prices)
        ),
    ]
    money.append(_network(case, allocation, earlier=money))
    return (_energy(case, allocation), *money, _owners(case, money))


def written(bookings: Sequence[Booking]) -> tuple[Transaction, ...]:
    """Return the transactions of ``bookings`` that have anything in them."""
    transactions = (booking.transaction() for booking in bookings)
    return tuple(entry for entry in transactions if entry is not None)


def _energy(case: Case, allocation: Allocation) -> Booking:
    """Move every metered Wh: between neighbours, the rest from or to the retailer."""
    booking = Booking(ENERGY, case.held)
    for delivery in allocation.deliveries:
        booking.move(
            delivery.energy_wh,
            Unit.WH,
            source=booking.party(delivery.seller),
            target=booking.party(delivery.buyer),
        )
    for party, energy in energy_of(case, allocation).items():
        from_retailer = energy.retailer_import_wh or 0
        to_retailer = energy.retailer_export_wh or 0
        assert min(from_retailer, to_retailer) >= 0, "allocated more than was metered"
        booking.move(
            from_retailer - to_retailer,
            Unit.WH,
            source=Account(kind=AccountKind.RETAILER, party=party),
            target=booking.party(party),
        )
    return booking


def _agreements(case: Case, allocation: Allocation) -> Booking:
    booking = Booking(AGREEMENTS, case.held)
    for fulfilled in allocation.fulfilled:
        trade = fulfilled.agreement.trade
        _sell(
            booking,
            fulfilled.delivery,
            paid=trade.buyer_price_micro_per_kwh,
            received=trade.seller_price_micro_per_kwh,
        )
    return booking


def _sharing(case: Case, allocation: Allocation, terms: Terms) -> Booking:
    booking = Booking(SHARING, case.held)
    for delivery in allocation.shared:
        _sell(
            booking,
            delivery,
            paid=terms.buyer_price(delivery.seller, delivery.buyer),
            received=terms.seller_price(delivery.seller),
        )
    return booking


def _sell(booking: Booking, delivery: Delivery, *, paid: int, received: int) -> None:
    """Pay for delivered energy through the fund, which keeps what the way costs."""
    for source, target, price in (
        (booking.party(delivery.buyer), FUND, paid),
        (FUND, booking.party(delivery.seller), received),
    ):
        nano = cost_nano(energy_wh=delivery.energy_wh, price_micro_per_kwh=price)
        booking.pay(nano, source=source, target=target)


def _network(
    case: Case, allocation: Allocation, *, earlier: Sequence[Booking]
) -> Booking:
    """Pay the network once, for the net path, out of what the fund collected.

    Should imbalances have changed the flows so much that the fund collected too little,
    those whose energy was not as declared make up for it, in proportion.
    """
    booking = Booking(NETWORK_FEES, case.held)
    tree = case.charter.fee_tree
    flows = net_flows_wh(tree, case.zone_of, allocation.deliveries)
    fees = network_fees_nano(tree, flows)
    booking.pay(fees, source=FUND, target=NETWORK)
    short = max(0, fees - sum(b.earned_nano(FUND) for b in earlier))
    weights = allocation.undeclared_wh()
    assert not short or weights, "positions and agreements pay their own way"
    for party, nano in split(case.period, short, weights).items():
        booking.pay(nano, source=booking.party(party), target=FUND)
    return booking


def _owners(case: Case, money: Sequence[Booking]) -> Booking:
    """Pass on to its owners what a collective asset earned or owes."""
    booking = Booking(COLLECTIVE_ASSETS, case.held)
    for asset in case.rules.collective_assets:
        account = booking.party(asset.party)
        earned = sum(b.earned_nano(account) for b in money)
        sign = 1 if earned > 0 else -1
        weights = {owner.party: owner.share_ppm for owner in asset.owners}
        for party, nano in split(case.period, abs(earned), weights).items():
            booking.pay(sign * nano, source=account, target=booking.party(party))
    return booking
