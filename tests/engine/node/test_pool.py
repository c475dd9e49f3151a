"""Gifts to the community's pool: who gives what to whom, and never twice."""

from collections import Counter
from dataclasses import replace
from random import Random

from hypothesis import given, strategies as st
import pytest

from custom_components.commonwatt.engine.ledger.allocation import DeliveryKind
from custom_components.commonwatt.engine.model.contract import PLEDGES_MAX, Gift
from custom_components.commonwatt.engine.model.party import PartyId
from custom_components.commonwatt.engine.model.period import (
    HOUR_MS,
    MINUTE_MS,
    DeliveryPeriod,
    after,
)
from custom_components.commonwatt.engine.model.social import (
    POOL_GIFTS_MAX,
    POOL_PERIODS_MAX,
    REQUEST_PERIODS_MAX,
    SHARES_MAX,
    HelpReason,
    HelpRequest,
    PoolGift,
    PoolShare,
)
from custom_components.commonwatt.engine.model.units import ENERGY_WH_MAX
from custom_components.commonwatt.engine.node import (
    OpenPoolGift,
    OpenRequest,
    PeriodSettled,
    Refusal,
    Refused,
)
from custom_components.commonwatt.engine.node.pool_shares import lacking_wh, served
from custom_components.commonwatt.engine.scores.records import OwnEnergy, record_of
from tests.engine.node.street import ANN, BEN, CAT, FIRST, START, Street

DAN = ("Dan", -1_000, 1_500)
TONIGHT = FIRST.next(20)
LISTENED = DeliveryPeriod.containing(START).next(5)
"""From here on homes that woke at ``START`` have heard all that there is."""

PARTIES = tuple(PartyId(f"{number:02x}" * 20) for number in range(1, 6))


def put(
    party: int, energy_wh: int, *shares: PoolShare, number: int = 1
) -> OpenPoolGift:
    gift = PoolGift(number=number, energy_wh=energy_wh, until=TONIGHT, shares=shares)
    return OpenPoolGift(party=PARTIES[party], gift=gift)


def wanted(party: int, energy_wh: int, number: int = 1) -> OpenRequest:
    request = HelpRequest(number=number, energy_wh=energy_wh, until=TONIGHT)
    return OpenRequest(party=PARTIES[party], request=request, since=START)


def share(party: int, energy_wh: int, number: int = 1) -> PoolShare:
    return PoolShare(
        party=PARTIES[party], request=number, energy_wh=energy_wh, until=TONIGHT
    )


@pytest.mark.parametrize(
    ("gifts", "requests", "left_wh"),
    [
        pytest.param(
            [put(0, 600), put(1, 200)], [wanted(2, 400)], [300, 100], id="split"
        ),
        pytest.param([put(0, 1), put(1, 1)], [wanted(2, 1)], [0, 1], id="tie"),
        pytest.param([put(0, 100)], [wanted(2, 900)], [0], id="all there is"),
        pytest.param([put(0, 100)], [wanted(0, 50)], [100], id="not to itself"),
        pytest.param([put(0, 9)], [wanted(1, 5), wanted(2, 9)], [0], id="urgent first"),
        pytest.param([put(0, 9, share(1, 3))], [wanted(1, 5)], [9], id="once each"),
        pytest.param(
            [put(0, 0, share(1, 3)), put(3, 9)], [wanted(1, 5)], [0, 7], id="the rest"
        ),
        pytest.param([], [wanted(1, 5)], [], id="nothing there"),
        pytest.param(
            [put(0, 9, *(share(1, 1, number) for number in range(SHARES_MAX)))],
            [wanted(2, 5)],
            [9],
            id="no more room",
        ),
    ],
)
def test_the_pool_is_shared_out(
    gifts: list[OpenPoolGift], requests: list[OpenRequest], left_wh: list[int]
) -> None:
    assert [one.gift.energy_wh for one in served(gifts, requests)] == left_wh


ENERGIES = st.integers(1, 20_000)
GIFTS = st.lists(
    st.builds(put, st.integers(0, 4), ENERGIES, number=st.integers(1, 3)),
    max_size=8,
    unique_by=lambda one: (one.party, one.gift.number),
)
REQUESTS = st.lists(
    st.builds(wanted, st.integers(0, 4), ENERGIES, st.integers(1, 3)),
    max_size=8,
    unique_by=lambda one: (one.party, one.request.number),
)


@given(GIFTS, REQUESTS)
def test_nobody_gives_more_than_it_put_in_and_all_that_can_be_given_is(
    gifts: list[OpenPoolGift], requests: list[OpenRequest]
) -> None:
    after_all = served(gifts, requests)

    for old, new in zip(gifts, after_all, strict=True):
        given_wh = sum(one.energy_wh for one in new.gift.shares)
        assert new.gift.energy_wh + given_wh == old.gift.energy_wh
        assert all(one.party != new.party for one in new.gift.shares)
    for one in requests:
        lacks_wh = lacking_wh(after_all, one)
        others_wh = sum(
            new.gift.energy_wh for new in after_all if new.party != one.party
        )
        assert lacks_wh == 0 or others_wh == 0, "need and pool: the lesser is given"
    assert served(after_all, requests) == after_all, (
        "what is served is not served twice"
    )


@given(GIFTS, REQUESTS, st.randoms(use_true_random=False))
def test_the_order_in_which_gifts_were_heard_does_not_matter(
    gifts: list[OpenPoolGift], requests: list[OpenRequest], random: Random
) -> None:
    mixed = list(gifts)
    random.shuffle(mixed)
    shared_out = {(one.party, one.gift) for one in served(gifts, requests)}
    assert {(one.party, one.gift) for one in served(mixed, requests)} == shared_out


@pytest.mark.parametrize(("number", "energy_wh"), [(1, -1), (1 << 32, 1)])
def test_a_gift_to_the_pool_stays_in_bounds(number: int, energy_wh: int) -> None:
    with pytest.raises(ValueError, match="bounds"):
        PoolGift(number=number, energy_wh=energy_wh, until=FIRST)


@pytest.mark.parametrize(
    ("energy_wh", "request_number"), [(0, 1), (ENERGY_WH_MAX + 1, 1), (1, 1 << 32)]
)
def test_a_share_stays_in_bounds(energy_wh: int, request_number: int) -> None:
    with pytest.raises(ValueError, match="bounds"):
        share(1, energy_wh, request_number)


@pytest.mark.parametrize(
    "shares", [(share(2, 1), share(1, 1)), (share(1, 1), share(1, 2))]
)
def test_shares_ascend_each_once(shares: tuple[PoolShare, ...]) -> None:
    with pytest.raises(ValueError, match="ascend"):
        put(0, 1, *shares)


# -- a street ------------------------------------------------------------------------


def gifts_wh(street: Street) -> Counter[str]:
    """Return what all gifts promise, by giver and receiver, as givers see them."""
    found = Counter[str]()
    for name in street.nodes:
        for one in street.status(name).agreements:
            if isinstance(one.terms, Gift) and street.parties[name] == one.terms.giver:
                to = street.names[one.terms.receiver]
                found[f"{name} to {to}"] += one.terms.energy_wh_max
    return found


def left_wh(street: Street, name: str) -> dict[str, int]:
    """Return what is left in the pool, as a home sees it."""
    return {
        street.names[one.party]: one.gift.energy_wh for one in street.status(name).pool
    }


def filled_street() -> Street:
    """Return a street that has listened, with 900 Wh of Ben and 300 Wh of Dan."""
    street = Street(ANN, BEN, CAT, DAN)
    street.run(after(START, MINUTE_MS))
    assert street.nodes["Ben"].social.pool.put(900, TONIGHT, street.now) == 1
    assert street.nodes["Dan"].social.pool.put(300, TONIGHT, street.now) == 1
    street.run(after(LISTENED.start, MINUTE_MS))
    return street


def test_a_request_is_met_from_two_contributors_and_settled() -> None:
    street = filled_street()
    asked = street.nodes["Cat"].social.ask(200, TONIGHT, HelpReason.OTHER, street.now)
    assert not isinstance(asked, Refused)
    street.run(after(LISTENED.next(4).end, MINUTE_MS))

    assert gifts_wh(street) == {"Ben to Cat": 150, "Dan to Cat": 50}
    for name in street.homes:
        assert left_wh(street, name) == {"Ben": 750, "Dan": 250}
    moved, own = Counter[str](), OwnEnergy()
    for event in street.reported("Ann", PeriodSettled):
        record = record_of(
            event.settlement, None, party=street.parties["Ben"], evening=False
        )
        own = own.plus(record.own)
        for one in event.settlement.deliveries:
            if one.kind is DeliveryKind.GIFT:
                moved[street.names[one.seller]] += one.energy_wh
    assert moved == {"Ben": 150, "Dan": 50}
    assert own.given == ((street.parties["Cat"], 150),), "generosity counts it"
    assert all(not street.status(name).faults for name in street.homes)


def test_a_restart_gives_nothing_twice_and_the_pool_goes_on() -> None:
    street = filled_street()
    cat = street.nodes["Cat"].social
    cat.ask(200, TONIGHT, HelpReason.OTHER, street.now)
    street.run(after(LISTENED.end, MINUTE_MS))
    assert gifts_wh(street) == {"Ben to Cat": 150, "Dan to Cat": 50}
    street.crash("Ben")
    street.wake("Ben")
    street.run(after(street.now, 2 * HOUR_MS))
    assert gifts_wh(street) == {"Ben to Cat": 150, "Dan to Cat": 50}
    assert left_wh(street, "Ben") == left_wh(street, "Cat") == {"Ben": 750, "Dan": 250}

    cat.ask(80, TONIGHT, HelpReason.OTHER, street.now)
    street.run(after(street.now, HOUR_MS))
    assert gifts_wh(street) == {"Ben to Cat": 210, "Dan to Cat": 70}


def test_what_is_taken_back_or_over_is_not_given() -> None:
    street = filled_street()
    pool = street.nodes["Ben"].social.pool
    assert pool.take_back(1, street.now) is None
    assert pool.take_back(1, street.now) == Refused(Refusal.UNKNOWN)
    assert pool.take_back(7, street.now) == Refused(Refusal.UNKNOWN)
    assert left_wh(street, "Ben") == {"Dan": 300}
    street.nodes["Cat"].social.ask(200, TONIGHT, HelpReason.OTHER, street.now)
    street.run(after(LISTENED.next(1).start, MINUTE_MS))

    assert gifts_wh(street) == {"Dan to Cat": 200}
    street.run(after(TONIGHT.start, MINUTE_MS))
    assert left_wh(street, "Ann") == {}


def test_what_is_taken_back_at_the_last_instant_is_kept() -> None:
    street = filled_street()
    street.nodes["Cat"].social.ask(200, TONIGHT, HelpReason.OTHER, street.now)
    start = LISTENED.next().start
    street.run(after(start, -1))
    assert street.nodes["Ben"].social.pool.take_back(1, start) is None
    street.run(after(start, MINUTE_MS))

    assert gifts_wh(street) == {"Dan to Cat": 50}


def test_a_share_that_cannot_be_given_yet_is_given_later() -> None:
    street = filled_street()
    agreements, ann = street.nodes["Ben"].agreements, street.parties["Ann"]
    names = [
        agreements.give(ann, energy_wh, street.now)
        for energy_wh in range(1, 1 + PLEDGES_MAX)
    ]
    street.nodes["Cat"].social.ask(200, TONIGHT, HelpReason.OTHER, street.now)
    street.run(after(LISTENED.end, MINUTE_MS))
    assert gifts_wh(street)["Ben to Cat"] == 0
    assert left_wh(street, "Cat")["Ben"] == 900

    for name in names:
        assert not isinstance(name, Refused)
        agreements.withdraw(name, street.now)
    street.run(after(LISTENED.next().end, MINUTE_MS))
    assert gifts_wh(street)["Ben to Cat"] == 150


def test_a_member_has_a_few_gifts_in_the_pool_at_most() -> None:
    street = Street(ANN, BEN)
    street.run(after(START, MINUTE_MS))
    for number in range(POOL_GIFTS_MAX + 1):
        gift = PoolGift(number=number, energy_wh=1 + number, until=TONIGHT)
        data = street.lie("Ben", gift, sequence=5_000 + number)
        street.nodes["Ann"].receive(data, street.now)

    kept = [one.gift.number for one in street.status("Ann").pool]
    assert kept == list(range(1, POOL_GIFTS_MAX + 1))


def test_only_what_can_be_given_is_put_in() -> None:
    street = Street(ANN, BEN)
    street.run(after(START, MINUTE_MS))
    pool = street.nodes["Ben"].social.pool
    late = DeliveryPeriod.containing(street.now).next(POOL_PERIODS_MAX + 1)
    for energy_wh, until in ((0, TONIGHT), (1, late), (1, FIRST.next(-9))):
        refused = pool.put(energy_wh, until, street.now)
        assert refused == Refused(Refusal.OUT_OF_BOUNDS)
    too_much = pool.put(900_000, TONIGHT, street.now)
    assert too_much == Refused(Refusal.OVER_THE_CAP)
    for _ in range(POOL_GIFTS_MAX):
        assert isinstance(pool.put(1, TONIGHT, street.now), int)
    assert pool.put(1, TONIGHT, street.now) == Refused(Refusal.TOO_MANY)


def test_who_has_fallen_silent_gives_nothing() -> None:
    street = filled_street()
    street.crash("Dan")
    street.run(after(street.now, 2 * HOUR_MS + HOUR_MS))
    assert left_wh(street, "Ann") == {"Ben": 900}
    street.nodes["Cat"].social.ask(200, TONIGHT, HelpReason.OTHER, street.now)
    street.run(after(street.now, HOUR_MS // 2))

    assert gifts_wh(street) == {"Ben to Cat": 200}


def test_gifts_that_last_too_long_or_answer_too_long_are_not_believed() -> None:
    street = Street(ANN, BEN)
    street.run(after(START, MINUTE_MS))
    current = DeliveryPeriod.containing(street.now)
    long_share = replace(share(1, 5), until=current.next(REQUEST_PERIODS_MAX + 1))
    fine = PoolGift(number=1, energy_wh=5, until=TONIGHT)
    for sequence, gift in enumerate(
        (
            replace(fine, until=current.next(POOL_PERIODS_MAX + 1)),
            replace(fine, shares=(long_share,)),
            fine,
        ),
        start=5_000,
    ):
        street.nodes["Ann"].receive(
            street.lie("Ben", gift, sequence=sequence), street.now
        )
        assert bool(street.status("Ann").pool) is (gift == fine)
