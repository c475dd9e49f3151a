"""Equal wishes have equal orders, and a book holds one order for each party."""

from hypothesis import given, strategies as st
import pytest

from custom_components.commonwatt.engine.model.order import (
    STEPS_MAX,
    Order,
    OrderBook,
    PlacedOrder,
    Side,
    Step,
)
from custom_components.commonwatt.engine.model.party import PartyId
from custom_components.commonwatt.engine.model.period import DeliveryPeriod
from custom_components.commonwatt.engine.model.units import ENERGY_WH_MAX
from custom_components.commonwatt.engine.model.zone import ZoneId

PERIOD = DeliveryPeriod(2_000_000)
ALICE, BOB = PartyId("a" * 40), PartyId("b" * 40)
ZONE = ZoneId("lane")


def offer(price: int, energy_wh: int) -> Step:
    return Step(side=Side.SELL, price_micro_per_kwh=price, energy_wh=energy_wh)


def bid(price: int, energy_wh: int) -> Step:
    return Step(side=Side.BUY, price_micro_per_kwh=price, energy_wh=energy_wh)


def placed(
    party: PartyId, *steps: Step, period: DeliveryPeriod = PERIOD
) -> PlacedOrder:
    return PlacedOrder(order=Order.of(party, period, *steps), zone=ZONE)


steps = st.builds(
    Step,
    side=st.sampled_from(Side),
    price_micro_per_kwh=st.integers(-3, 3),
    energy_wh=st.integers(1, 100),
)


@given(st.lists(steps, max_size=20), st.randoms())
def test_an_order_does_not_depend_on_how_it_was_put_together(
    wishes: list[Step], order: object
) -> None:
    shuffled = wishes.copy()
    order.shuffle(shuffled)  # type: ignore[attr-defined]  # a random.Random
    built = Order.of(ALICE, PERIOD, *wishes)
    assert built == Order.of(ALICE, PERIOD, *shuffled)
    for side in Side:
        wanted_wh = sum(s.energy_wh for s in wishes if s.side is side)
        assert built.energy_wh(side) == wanted_wh


def test_steps_out_of_order_are_refused() -> None:
    for wrong in ((offer(2, 1), offer(1, 1)), (offer(1, 1), bid(1, 1))):
        with pytest.raises(ValueError, match="ascend"):
            Order(party=ALICE, period=PERIOD, steps=wrong)


def test_an_order_has_a_bounded_number_of_steps() -> None:
    Order.of(ALICE, PERIOD, *(offer(p, 1) for p in range(STEPS_MAX)))
    with pytest.raises(ValueError, match="at most 16 steps"):
        Order.of(ALICE, PERIOD, *(offer(p, 1) for p in range(STEPS_MAX + 1)))


@pytest.mark.parametrize(
    ("price", "energy_wh", "complaint"),
    [
        (0, 0, "0 Wh is out of bounds"),
        (0, ENERGY_WH_MAX + 1, "Wh is out of bounds"),
        (1 << 28, 1, "price of"),
        (-(1 << 28), 1, "price of"),
    ],
)
def test_a_step_nobody_could_clear_is_refused(
    price: int, energy_wh: int, complaint: str
) -> None:
    with pytest.raises(ValueError, match=complaint):
        offer(price, energy_wh)


def test_a_book_holds_one_order_for_each_party_in_their_order() -> None:
    book = (placed(ALICE, offer(1, 1)), placed(BOB, bid(1, 1)))
    assert OrderBook(period=PERIOD, seed=b"", orders=book).orders == book
    for wrong in (book[::-1], (book[0], book[0])):
        with pytest.raises(ValueError, match="ascend by party"):
            OrderBook(period=PERIOD, seed=b"", orders=wrong)


def test_a_book_refuses_orders_of_another_period() -> None:
    stray = placed(ALICE, offer(1, 1), period=PERIOD.next())
    with pytest.raises(ValueError, match="another delivery period"):
        OrderBook(period=PERIOD, seed=b"", orders=(stray,))


def test_a_book_refuses_more_energy_than_can_be_cleared_exactly() -> None:
    orders = (placed(ALICE, offer(1, ENERGY_WH_MAX)), placed(BOB, bid(1, 1)))
    with pytest.raises(ValueError, match="out of bounds"):
        OrderBook(period=PERIOD, seed=b"", orders=orders)
