"""Small neighbourhoods to settle: parties by letter, books by hand, random periods."""

from collections.abc import Mapping
from dataclasses import dataclass

from hypothesis import strategies as st

from custom_components.commonwatt.engine.ledger.rules import (
    Reclearing,
    SettlementRules,
)
from custom_components.commonwatt.engine.ledger.settlement import Settlement, settle
from custom_components.commonwatt.engine.market import clear, zone_prices
from custom_components.commonwatt.engine.model.order import (
    Order,
    OrderBook,
    PlacedOrder,
    Side,
    Step,
)
from custom_components.commonwatt.engine.model.party import (
    BillingBasis,
    Charter,
    Member,
    PartyId,
)
from custom_components.commonwatt.engine.model.period import DeliveryPeriod
from custom_components.commonwatt.engine.model.reading import MeterReading
from custom_components.commonwatt.engine.model.tariff import Tariff
from custom_components.commonwatt.engine.model.zone import FeeTree, Zone, ZoneId

PERIOD = DeliveryPeriod(1_900_000)
RETAIL = 250_000
FEED_IN = 80_000
TARIFF = Tariff(
    energy_micro_per_kwh=120_000,
    network_micro_per_kwh=80_000,
    levies_micro_per_kwh=50_000,
    feed_in_micro_per_kwh=FEED_IN,
)
STREET = ZoneId("street")
LEFT, RIGHT = ZoneId("left"), ZoneId("right")
TWO_SIDES = FeeTree(
    (
        Zone(id=STREET, parent=None),
        Zone(
            id=LEFT,
            parent=STREET,
            export_fee_micro_per_kwh=3_000,
            import_fee_micro_per_kwh=7_000,
        ),
        Zone(
            id=RIGHT,
            parent=STREET,
            export_fee_micro_per_kwh=5_000,
            import_fee_micro_per_kwh=2_000,
            import_wh_max=1_500,
        ),
    )
)


def party(letter: str) -> PartyId:
    """Return the party called ``letter`` (one hexadecimal digit)."""
    return PartyId(letter * 40)


A, B, C, D, E, F = (party(letter) for letter in "abcdef")


def charter_of(
    *parties: PartyId,
    basis: BillingBasis = BillingBasis.PRIVATE,
    tree: FeeTree | None = None,
    zones: Mapping[PartyId, ZoneId] | None = None,
) -> Charter:
    """Return the charter of some parties, in one zone unless told otherwise."""
    tree = tree or FeeTree.single(STREET)
    return Charter(
        members=tuple(
            Member(
                party=p,
                zone=(zones or {}).get(p, tree.root.id),
                household_key=b"\2" * 33,
            )
            for p in parties
        ),
        fee_tree=tree,
        billing_basis=basis,
    )


def offer(energy_wh: int, price: int = FEED_IN) -> Step:
    """Return an offer."""
    return Step(side=Side.SELL, price_micro_per_kwh=price, energy_wh=energy_wh)


def bid(energy_wh: int, price: int = RETAIL) -> Step:
    """Return a bid."""
    return Step(side=Side.BUY, price_micro_per_kwh=price, energy_wh=energy_wh)


def book_of(charter: Charter, orders: Mapping[PartyId, tuple[Step, ...]]) -> OrderBook:
    """Return the book of some parties' steps."""
    return OrderBook(
        period=PERIOD,
        seed=b"seed",
        orders=tuple(
            PlacedOrder(
                order=Order.of(member.party, PERIOD, *orders[member.party]),
                zone=member.zone,
            )
            for member in sorted(charter.members, key=lambda member: member.party)
            if member.party in orders
        ),
    )


def reading(p: PartyId, *, import_wh: int = 0, export_wh: int = 0) -> MeterReading:
    """Return what ``p`` metered."""
    return MeterReading(
        party=p, period=PERIOD, import_wh=import_wh, export_wh=export_wh
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Evening:
    """One period with everything needed to settle it."""

    charter: Charter
    book: OrderBook
    metered: Mapping[PartyId, tuple[int, int]]
    """Import and export; a party left out has no reading."""

    rules: SettlementRules = SettlementRules()  # noqa: RUF009  # frozen
    deadline_passed: bool = False
    market_seen: bool = True

    def settle(self) -> Settlement:
        """Clear and settle."""
        return settle(
            period=PERIOD,
            charter=self.charter,
            result=clear(self.book, self.charter.fee_tree),
            readings={
                p: reading(p, import_wh=i, export_wh=e)
                for p, (i, e) in self.metered.items()
            },
            tariffs={m.party: TARIFF for m in self.charter.members},
            rules=self.rules,
            reclearing=(
                Reclearing(book=self.book, prices=zone_prices)
                if self.market_seen
                else None
            ),
            deadline_passed=self.deadline_passed,
        )


PRICES = st.integers(40, 300).map(lambda cents: cents * 1_000)
ENERGIES = st.integers(1, 1_000)


@st.composite
def evenings(draw: st.DrawFn) -> Evening:
    """Draw a period of two to six parties in one or three zones."""
    parties = [A, B, C, D, E, F][: draw(st.integers(2, 6))]
    tree = draw(st.sampled_from([FeeTree.single(STREET), TWO_SIDES]))
    zones = [zone.id for zone in tree.zones]
    charter = charter_of(
        *parties,
        tree=tree,
        zones={p: draw(st.sampled_from(zones)) for p in parties},
        basis=draw(st.sampled_from(BillingBasis)),
    )
    step = st.builds(
        Step, side=st.sampled_from(Side), price_micro_per_kwh=PRICES, energy_wh=ENERGIES
    )
    orders = {
        p: tuple(draw(st.lists(step, max_size=4)))
        for p in parties
        if draw(st.integers(0, 4))
    }
    energy = st.one_of(st.just(0), ENERGIES, st.integers(0, 4_000))
    metered = {
        p: (draw(energy), draw(energy)) for p in parties if draw(st.integers(0, 5))
    }
    return Evening(
        charter=charter,
        book=book_of(charter, orders),
        metered=metered,
        rules=SettlementRules(
            sharing_price_micro_per_kwh=draw(st.none() | PRICES),
            spread_micro_per_kwh=draw(st.sampled_from([0, 2_000])),
        ),
        deadline_passed=draw(st.booleans()),
        market_seen=draw(st.booleans()),
    )
