"""Books and trees for the tests of the market: strategies, short hands, big ones."""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from random import Random

from hypothesis import strategies as st

from custom_components.commonwatt.engine.model.order import (
    Order,
    OrderBook,
    PlacedOrder,
    Side,
    Step,
)
from custom_components.commonwatt.engine.model.party import PartyId
from custom_components.commonwatt.engine.model.period import DeliveryPeriod
from custom_components.commonwatt.engine.model.zone import FeeTree, Zone, ZoneId

PERIOD = DeliveryPeriod(1_983_000)
SEED = bytes(range(32))
ROOT = ZoneId("root")


def party(number: int) -> PartyId:
    """Return a party; its identity looks nothing like its number."""
    return PartyId(sha256(number.to_bytes(4, "big")).hexdigest()[:40])


def sell(energy_wh: int, price: int) -> Step:
    """Return an offer."""
    return Step(side=Side.SELL, price_micro_per_kwh=price, energy_wh=energy_wh)


def buy(energy_wh: int, price: int) -> Step:
    """Return a bid."""
    return Step(side=Side.BUY, price_micro_per_kwh=price, energy_wh=energy_wh)


def zone(
    name: str,
    parent: str = ROOT,
    *,
    fees: tuple[int, int] = (0, 0),
    limits: tuple[int | None, int | None] = (None, None),
) -> Zone:
    """Return a zone with (export, import) fees and (export, import) limits."""
    return Zone(
        id=ZoneId(name),
        parent=ZoneId(parent),
        export_fee_micro_per_kwh=fees[0],
        import_fee_micro_per_kwh=fees[1],
        export_wh_max=limits[0],
        import_wh_max=limits[1],
    )


def tree_of(*zones: Zone) -> FeeTree:
    """Return a tree of ``zones`` below a root."""
    return FeeTree((Zone(id=ROOT, parent=None), *zones))


def book_of(
    orders: Mapping[int, tuple[str, Iterable[Step]]], *, seed: bytes = SEED
) -> OrderBook:
    """Return the book of parties by number: where each sits and what it wants."""
    placed = [
        PlacedOrder(order=Order.of(party(number), PERIOD, *steps), zone=ZoneId(name))
        for number, (name, steps) in orders.items()
    ]
    placed.sort(key=lambda item: item.order.party)
    return OrderBook(period=PERIOD, seed=seed, orders=tuple(placed))


def one_zone(*steps: Step) -> OrderBook:
    """Return a book at the root where every step belongs to a party of its own."""
    return book_of({number: (ROOT, [step]) for number, step in enumerate(steps)})


@st.composite
def trees(draw: st.DrawFn, zones_max: int = 7) -> FeeTree:
    """Draw chains, stars and all between, with free, closed and narrow edges."""
    count = draw(st.integers(0, zones_max - 1))
    limit = st.none() | st.sampled_from([0, 0, 1, 3, 5, 10])
    names = draw(st.permutations([f"z{index}" for index in range(count)]))
    zones = [Zone(id=ROOT, parent=None)]
    for name in names:
        parent = draw(st.sampled_from(zones)).id
        export_fee = draw(st.integers(-2, 3))
        import_fee = draw(st.integers(max(-2, -export_fee), 3))
        limits = draw(st.tuples(limit, limit))
        zones.append(zone(name, parent, fees=(export_fee, import_fee), limits=limits))
    return FeeTree(tuple(zones))


STEPS = st.builds(
    Step,
    side=st.sampled_from(Side),
    price_micro_per_kwh=st.integers(-4, 8),
    energy_wh=st.integers(1, 9),
)


@st.composite
def markets(
    draw: st.DrawFn, zones_max: int = 7, parties_max: int = 10
) -> tuple[OrderBook, FeeTree]:
    """Draw a tree and a book full of ties, sparse zones and one-sided books."""
    tree = draw(trees(zones_max))
    names = [item.id for item in tree.zones]
    orders = draw(
        st.lists(
            st.tuples(st.sampled_from(names), st.lists(STEPS, min_size=1, max_size=4)),
            max_size=parties_max,
        )
    )
    return book_of(dict(enumerate(orders)), seed=draw(st.binary(max_size=4))), tree


def random_tree(random: Random, count: int) -> FeeTree:
    """Return a tree of ``count`` zones of any depth."""
    zones = [Zone(id=ROOT, parent=None)]
    for index in range(1, count):
        export_fee = random.randint(-5, 60)
        limits = [random.choice([None, 0, 200, 1_000, 5_000]) for _ in range(2)]
        zones.append(
            zone(
                f"{random.randrange(10**6)}-{index}",
                random.choice(zones[-random.choice([1, 5, 50]) :]).id,
                fees=(export_fee, random.randint(abs(export_fee), 60)),
                limits=(limits[0], limits[1]),
            )
        )
    return FeeTree(tuple(zones))


def random_book(
    random: Random, tree: FeeTree, parties: int, *, ticks: int | None = None
) -> OrderBook:
    """Return a book in which some zones mostly sell and others mostly buy."""
    orders = {}
    leaning = {item.id: random.choice([0.1, 0.5, 0.9]) for item in tree.zones}
    ticks = ticks or random.choice([1, 10, 100])
    for number in range(parties):
        name = random.choice(tree.zones).id
        side = Side.SELL if random.random() < leaning[name] else Side.BUY
        steps = [
            Step(
                side=side,
                price_micro_per_kwh=random.randrange(-50, 400, ticks),
                energy_wh=random.randint(1, 300),
            )
            for _ in range(random.randint(1, 6))
        ]
        orders[number] = (name, steps)
    return book_of(orders)
