"""Bodies of messages: exact both ways, and bounded."""

from hypothesis import given, strategies as st
import pytest

from custom_components.commonwatt.engine.model.order import Order
from custom_components.commonwatt.engine.model.period import DeliveryPeriod
from custom_components.commonwatt.engine.model.reading import MeterReading
from custom_components.commonwatt.engine.wire.bodies import (
    BOUNDS,
    decode_body,
    encode_body,
    kind_of,
)
from custom_components.commonwatt.engine.wire.messages import (
    ATTEMPT_MAX,
    REVEALS_MAX,
    BookProposal,
    Message,
    MessageKind,
    OrderCommitment,
    OrderReveal,
    Presence,
    ReadingReport,
    ResultVote,
)
from tests.engine.wire.community import ALICE, BOB
from tests.engine.wire.strategies import messages

PERIOD = DeliveryPeriod(1_994_776)


@given(messages(ALICE.party))
def test_a_message_comes_back_from_its_body(message: Message) -> None:
    body = encode_body(message, author=ALICE.party)

    assert decode_body(kind_of(message), body, author=ALICE.party) == message


def test_a_presence_comes_back_from_its_body() -> None:
    presence = Presence(certificate=ALICE.certificate())
    body = encode_body(presence, author=ALICE.party)

    assert decode_body(MessageKind.PRESENCE, body, author=ALICE.party) == presence


@given(st.sampled_from(MessageKind), st.binary(max_size=80))
def test_arbitrary_bytes_are_a_body_or_a_value_error(
    kind: MessageKind, body: bytes
) -> None:
    try:
        message = decode_body(kind, body, author=ALICE.party)
    except ValueError:
        return
    assert encode_body(message, author=ALICE.party) == body


@given(messages(ALICE.party), st.sampled_from(MessageKind))
def test_a_body_of_one_kind_read_as_another_still_has_one_meaning(
    message: Message, kind: MessageKind
) -> None:
    body = encode_body(message, author=ALICE.party)
    try:
        read = decode_body(kind, body, author=ALICE.party)
    except ValueError:
        return
    assert kind_of(read) is kind
    assert encode_body(read, author=ALICE.party) == body


@pytest.mark.parametrize("kind", MessageKind)
def test_a_body_beyond_its_bounds_is_refused_unread(kind: MessageKind) -> None:
    with pytest.raises(ValueError, match="too_long"):
        decode_body(kind, bytes(BOUNDS[kind].size_max + 1), author=ALICE.party)


@pytest.mark.parametrize(
    "message",
    [
        Presence(certificate=BOB.certificate()),
        OrderReveal(order=Order.of(BOB.party, PERIOD), salt=bytes(16)),
        ReadingReport(
            reading=MeterReading(
                party=BOB.party, period=PERIOD, import_wh=0, export_wh=0
            )
        ),
    ],
)
def test_nobody_speaks_for_somebody_else(message: Message) -> None:
    with pytest.raises(AssertionError, match="their own"):
        encode_body(message, author=ALICE.party)


@pytest.mark.parametrize(
    "build",
    [
        lambda: OrderCommitment(period=PERIOD, digest=bytes(31)),
        lambda: OrderReveal(order=Order.of(ALICE.party, PERIOD), salt=bytes(15)),
        lambda: BookProposal(period=PERIOD, attempt=-1, reveals=()),
        lambda: BookProposal(period=PERIOD, attempt=ATTEMPT_MAX + 1, reveals=()),
        lambda: BookProposal(
            period=PERIOD, attempt=0, reveals=(b"",) * (REVEALS_MAX + 1)
        ),
        lambda: ResultVote(period=PERIOD, attempt=-1, digest=None),
        lambda: ResultVote(period=PERIOD, attempt=0, digest=bytes(33)),
    ],
)
def test_a_message_out_of_bounds_cannot_be_built(build: object) -> None:
    assert callable(build)
    with pytest.raises(ValueError, match=r"bounds|bytes where"):
        build()
