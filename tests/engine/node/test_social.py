"""Requests, thanks, score cards and live power between nodes, and as bytes."""

from dataclasses import replace

from hypothesis import given, strategies as st
import pytest

from custom_components.commonwatt.engine.model.contract import ContractId
from custom_components.commonwatt.engine.model.party import PartyId
from custom_components.commonwatt.engine.model.period import (
    HOUR_MS,
    MINUTE_MS,
    DeliveryPeriod,
    after,
)
from custom_components.commonwatt.engine.model.social import (
    POWER_W_MAX,
    REQUEST_PERIODS_MAX,
    REQUESTS_MAX,
    SHARES_MAX,
    HelpReason,
    HelpRequest,
    League,
    LivePower,
    PoolGift,
    PoolShare,
    ScoreCard,
    SocialMessage,
    Thanks,
)
from custom_components.commonwatt.engine.model.units import ENERGY_WH_MAX
from custom_components.commonwatt.engine.node import (
    HelpAsked,
    Refusal,
    Refused,
    Thanked,
)
from custom_components.commonwatt.engine.wire.bodies import (
    BOUNDS,
    decode_body,
    encode_body,
    kind_of,
)
from custom_components.commonwatt.engine.wire.fields import PERIOD_NUMBER_MAX
from tests.engine.node.street import ANN, BEN, FIRST, START, Street
from tests.engine.wire.community import ALICE

CARD = ScoreCard(season=7, league=League.PANELS, bucket=60, improvement=-5)
TONIGHT = FIRST.next(20)
NAMES = st.binary(min_size=20, max_size=20).map(lambda name: PartyId(name.hex()))
IDS = st.binary(min_size=32, max_size=32).map(lambda name: ContractId(name.hex()))
BUCKETS = st.integers(0, 20).map(lambda step: 5 * step)

NUMBERS = st.integers(0, (1 << 32) - 1)
PERIODS = st.integers(0, PERIOD_NUMBER_MAX).map(DeliveryPeriod)
SHARES = st.lists(
    st.builds(
        PoolShare,
        party=NAMES,
        request=NUMBERS,
        energy_wh=st.integers(1, ENERGY_WH_MAX),
        until=PERIODS,
    ),
    max_size=SHARES_MAX,
    unique_by=lambda share: (share.party, share.request),
).map(lambda found: tuple(sorted(found, key=lambda one: (one.party, one.request))))

MESSAGES: st.SearchStrategy[SocialMessage] = st.one_of(
    st.builds(
        PoolGift,
        number=NUMBERS,
        energy_wh=st.integers(0, ENERGY_WH_MAX),
        until=PERIODS,
        shares=SHARES,
    ),
    st.builds(
        HelpRequest,
        number=st.integers(0, (1 << 32) - 1),
        energy_wh=st.integers(0, ENERGY_WH_MAX),
        until=st.integers(0, 10**6).map(DeliveryPeriod),
        reason=st.sampled_from(HelpReason),
    ),
    st.builds(Thanks, to=NAMES, gift=IDS),
    st.builds(
        ScoreCard,
        season=st.integers(0, 1_000),
        league=st.sampled_from(League),
        bucket=BUCKETS,
        improvement=BUCKETS.map(lambda bucket: bucket - 50),
        is_shown=st.booleans(),
    ),
    st.builds(
        LivePower,
        power_w=st.none() | st.integers(-POWER_W_MAX, POWER_W_MAX),
    ),
)


@given(MESSAGES)
def test_messages_survive_the_wire_within_their_bounds(message: SocialMessage) -> None:
    kind = kind_of(message)
    body = encode_body(message, author=ALICE.party)

    assert len(body) <= BOUNDS[kind].size_max
    assert decode_body(kind, body, author=ALICE.party) == message


@given(MESSAGES, st.integers(0, 200), st.integers(1, 255))
def test_changed_bytes_are_another_message_or_none(
    message: SocialMessage, place: int, change: int
) -> None:
    body = bytearray(encode_body(message, author=ALICE.party))
    body[place % len(body)] ^= change
    try:
        read = decode_body(kind_of(message), bytes(body), author=ALICE.party)
    except ValueError:
        return
    assert read != message


@pytest.mark.parametrize(
    ("season", "bucket", "improvement"),
    [(7, 61, 0), (7, 105, 0), (7, -5, 0), (7, 60, 3), (-1, 60, 0)],
)
def test_a_card_holds_buckets_only(season: int, bucket: int, improvement: int) -> None:
    with pytest.raises(ValueError, match=r"bucket|season"):
        ScoreCard(
            season=season,
            league=League.PANELS,
            bucket=bucket,
            improvement=improvement,
        )


@pytest.mark.parametrize(("number", "energy_wh"), [(1, -1), (1 << 32, 1)])
def test_a_request_stays_in_bounds(number: int, energy_wh: int) -> None:
    with pytest.raises(ValueError, match="bounds"):
        HelpRequest(number=number, energy_wh=energy_wh, until=FIRST)


def test_a_request_reaches_everybody_once_and_ends_in_time() -> None:
    street = Street(ANN, BEN)
    street.run(after(START, MINUTE_MS))
    number = street.nodes["Ann"].social.ask(6_000, TONIGHT, HelpReason.CAR, street.now)
    street.run(after(START, 2 * HOUR_MS))

    (heard,) = street.reported("Ben", HelpAsked)
    assert heard.request.energy_wh == 6_000
    assert heard.request.number == number
    assert street.reported("Ann", HelpAsked) == []
    assert [one.request for one in street.status("Ben").requests] == [heard.request]

    street.run(TONIGHT.start)
    assert street.status("Ben").requests == ()


def test_a_request_can_be_taken_back() -> None:
    street = Street(ANN, BEN)
    street.run(after(START, MINUTE_MS))
    ann = street.nodes["Ann"].social
    number = ann.ask(6_000, TONIGHT, HelpReason.CAR, street.now)
    assert isinstance(number, int)
    street.run(after(street.now, MINUTE_MS))
    assert ann.end_request(number, street.now) is None
    street.run(after(street.now, MINUTE_MS))

    assert street.status("Ben").requests == ()
    assert ann.end_request(99, street.now) == Refused(Refusal.UNKNOWN)


def test_more_than_anybody_can_answer_is_not_asked() -> None:
    street = Street(ANN, BEN)
    street.run(after(START, MINUTE_MS))
    ann = street.nodes["Ann"].social
    late = DeliveryPeriod.containing(street.now).next(REQUEST_PERIODS_MAX + 1)
    for energy_wh, until in ((0, TONIGHT), (1, late), (1, FIRST.next(-9))):
        asked = ann.ask(energy_wh, until, HelpReason.OTHER, street.now)
        assert asked == Refused(Refusal.OUT_OF_BOUNDS)
    for _ in range(REQUESTS_MAX):
        assert isinstance(ann.ask(1, TONIGHT, HelpReason.OTHER, street.now), int)
    full = ann.ask(1, TONIGHT, HelpReason.OTHER, street.now)
    assert full == Refused(Refusal.TOO_MANY)


def test_thanks_reach_the_one_who_gave() -> None:
    street = Street(ANN, BEN)
    street.run(after(START, MINUTE_MS))
    gift, ben = ContractId("ab" * 32), street.nodes["Ben"].party
    thank = street.nodes["Ann"].social.thank

    assert thank(ben, gift, street.now) is None
    street.run(after(street.now, MINUTE_MS))
    assert [one.gift for one in street.reported("Ben", Thanked)] == [gift]
    assert thank(street.nodes["Ann"].party, gift, street.now) == Refused(
        Refusal.ONESELF
    )
    assert thank(PartyId("99" * 20), gift, street.now) == Refused(Refusal.NOT_A_MEMBER)


def test_a_score_is_seen_as_long_as_it_is_shown_and_survives_a_restart() -> None:
    street = Street(ANN, BEN)
    street.run(after(START, MINUTE_MS))
    ann = street.nodes["Ann"]
    ann.social.show_score(CARD, street.now)
    street.run(after(street.now, MINUTE_MS))
    assert street.status("Ben").score_cards == {ann.party: CARD}

    street.crash("Ann")
    street.wake("Ann")
    street.run(after(street.now, MINUTE_MS))
    assert street.status("Ann").score_cards == {ann.party: CARD}

    hidden = replace(CARD, is_shown=False)
    street.nodes["Ann"].social.show_score(hidden, street.now)
    street.run(after(street.now, MINUTE_MS))
    assert street.status("Ben").score_cards == {}


def test_who_was_away_hears_within_the_hour() -> None:
    street = Street(ANN, BEN)
    street.run(after(START, MINUTE_MS))
    street.crash("Ben")
    street.nodes["Ann"].social.ask(500, TONIGHT, HelpReason.HEATING, street.now)
    street.run(after(street.now, MINUTE_MS))
    street.wake("Ben")
    street.run(after(street.now, HOUR_MS + MINUTE_MS))

    assert len(street.status("Ben").requests) == 1
