"""Envelopes: genuine ones open, everything else is refused for the right reason."""

from time import thread_time

from hypothesis import given, strategies as st
import pytest

from custom_components.commonwatt.engine.model.order import STEPS_MAX, Order, Side, Step
from custom_components.commonwatt.engine.model.party import CommunityId
from custom_components.commonwatt.engine.model.period import (
    DAY_MS,
    DeliveryPeriod,
    Instant,
    after,
)
from custom_components.commonwatt.engine.model.reading import MeterReading
from custom_components.commonwatt.engine.model.units import (
    ENERGY_WH_MAX,
    PRICE_MICRO_PER_KWH_MAX,
)
from custom_components.commonwatt.engine.model.vote import VoteStage
from custom_components.commonwatt.engine.wire.bodies import ENVELOPE_SIZE_MAX
from custom_components.commonwatt.engine.wire.canonical import decode
from custom_components.commonwatt.engine.wire.digests import order_digest
from custom_components.commonwatt.engine.wire.envelope import Envelope, seal, unseal
from custom_components.commonwatt.engine.wire.fields import array_of, byte_string
from custom_components.commonwatt.engine.wire.keyring import OVERLAP_MS, KeyRing
from custom_components.commonwatt.engine.wire.keys import SessionKey
from custom_components.commonwatt.engine.wire.messages import (
    BookProposal,
    Message,
    OrderCommitment,
    OrderReveal,
    Presence,
    ReadingReport,
    ResultVote,
)
from custom_components.commonwatt.engine.wire.rejection import (
    Rejected,
    RejectionReason,
)
from custom_components.commonwatt.engine.wire.verifier import Verifier, verify
from tests.engine.wire.community import (
    ALICE,
    ANOTHER_COMMUNITY,
    BOB,
    COMMUNITY,
    EVE,
    NOW,
    key_ring,
    secret,
)
from tests.engine.wire.second_implementation import encoded
from tests.engine.wire.strategies import messages

VOTE = ResultVote(
    period=DeliveryPeriod(1_994_776),
    attempt=0,
    stage=VoteStage.PREVOTE,
    digest=bytes(32),
)
RING = key_ring(ALICE, BOB)


def opened(data: bytes, ring: KeyRing = RING) -> Envelope:
    unsealed = unseal(data, keys=ring, verify=verify)
    assert isinstance(unsealed, Envelope), unsealed
    return unsealed


def reason(
    data: bytes, ring: KeyRing = RING, verifier: Verifier = verify
) -> RejectionReason:
    unsealed = unseal(data, keys=ring, verify=verifier)
    assert isinstance(unsealed, Rejected), unsealed
    return unsealed.reason


def refuse_to_verify(**_: bytes) -> bool:
    raise AssertionError("no signature should be checked")


@given(
    messages(ALICE.party),
    st.integers(0, (1 << 63) - 1),
    st.integers(0, 30 * DAY_MS - 1),
)
def test_what_is_sealed_opens(message: Message, sequence: int, later_ms: int) -> None:
    sent_at = after(NOW, later_ms)
    sealed = ALICE.seal(message, sequence=sequence, sent_at=sent_at)

    assert opened(sealed) == Envelope(
        author=ALICE.party,
        sequence=sequence,
        sent_at=sent_at,
        message=message,
        data=sealed,
    )


@given(st.binary(max_size=200))
def test_arbitrary_bytes_are_refused_without_a_signature_check(data: bytes) -> None:
    reason(data, verifier=refuse_to_verify)


@given(st.data())
def test_a_changed_byte_is_always_noticed(data: st.DataObject) -> None:
    sealed = bytearray(ALICE.seal(VOTE))
    place = data.draw(st.integers(0, len(sealed) - 1))
    sealed[place] ^= data.draw(st.integers(1, 255))

    reason(bytes(sealed))


@given(st.data())
def test_the_end_of_an_envelope_is_always_missed(data: st.DataObject) -> None:
    sealed = ALICE.seal(VOTE)
    length = data.draw(st.integers(0, len(sealed) - 1))

    assert reason(sealed[:length]) is RejectionReason.NOT_CANONICAL


def test_a_message_cannot_be_shown_in_another_community() -> None:
    elsewhere = key_ring(ALICE, community=ANOTHER_COMMUNITY)
    same_tag = CommunityId(COMMUNITY[:8] + "00" * 28)

    assert reason(ALICE.seal(VOTE), elsewhere) is RejectionReason.WRONG_COMMUNITY
    shown = reason(ALICE.seal(VOTE), key_ring(ALICE, community=same_tag))
    assert shown is RejectionReason.BAD_SIGNATURE


def test_a_presence_cannot_be_shown_in_another_community() -> None:
    presence = Presence(certificate=ALICE.certificate())
    same_tag = CommunityId(COMMUNITY[:8] + "00" * 28)
    elsewhere = KeyRing(community=same_tag, members=[ALICE.member])

    shown = reason(ALICE.seal(presence), elsewhere)

    assert shown is RejectionReason.CERTIFICATE_FORGED


def test_a_stranger_causes_no_signature_check() -> None:
    presence = Presence(certificate=EVE.certificate())

    for message in (VOTE, presence):
        refused = reason(EVE.seal(message), verifier=refuse_to_verify)
        assert refused is RejectionReason.STRANGER


def test_a_member_without_certificate_causes_no_signature_check() -> None:
    ring = KeyRing(community=COMMUNITY, members=[ALICE.member])

    refused = reason(ALICE.seal(VOTE), ring, verifier=refuse_to_verify)

    assert refused is RejectionReason.NO_SESSION_KEY


def test_a_presence_introduces_a_member() -> None:
    ring = KeyRing(community=COMMUNITY, members=[ALICE.member])
    presence = opened(ALICE.seal(Presence(certificate=ALICE.certificate())), ring)

    assert isinstance(presence.message, Presence)
    certificate = presence.message.certificate
    assert ring.learn(certificate, at=presence.sent_at, verify=verify) is None
    assert opened(ALICE.seal(VOTE), ring).message == VOTE


def test_a_member_that_started_afresh_leaves_its_old_key_behind() -> None:
    ring = key_ring(ALICE)
    fresh = SessionKey(secret("afresh"))
    later = after(NOW, 1000)
    renewed = ALICE.certificate(session=fresh, valid_from=later)
    assert ring.learn(renewed, at=later, verify=verify) is None

    sealed = ALICE.seal(VOTE, sent_at=after(later, OVERLAP_MS))
    assert reason(sealed, ring) is RejectionReason.BAD_SIGNATURE
    old_presence = Presence(certificate=ALICE.certificate())
    shown = reason(ALICE.seal(old_presence, sent_at=later), ring)
    assert shown is RejectionReason.CERTIFICATE_SUPERSEDED


def test_nobody_signs_for_another_member() -> None:
    sealed = seal(
        VOTE,
        community=COMMUNITY,
        author=BOB.party,
        sequence=1,
        sent_at=NOW,
        key=ALICE.session,
    )

    assert reason(sealed) is RejectionReason.BAD_SIGNATURE


def test_a_copied_commitment_cannot_be_revealed() -> None:
    """Mallory copies Alice's digest and, later, her order and salt."""
    period, salt = VOTE.period, bytes(16)
    order = Order.of(
        ALICE.party, period, Step(side=Side.BUY, price_micro_per_kwh=1, energy_wh=1)
    )
    copied = OrderCommitment(period=period, digest=order_digest(order, salt))
    stolen = OrderReveal(order=Order.of(BOB.party, period, *order.steps), salt=salt)

    commitment = opened(BOB.seal(copied)).message
    reveal = opened(BOB.seal(stolen, sequence=2)).message

    assert isinstance(commitment, OrderCommitment)
    assert isinstance(reveal, OrderReveal)
    assert order_digest(reveal.order, reveal.salt) != commitment.digest


def test_an_envelope_has_one_form_only() -> None:
    sealed = ALICE.seal(VOTE)
    signed_part, signature = array_of(decode(sealed), 2)
    part = byte_string(signed_part)
    longer_head = b"\x98\x07" + part[1:]  # an array of seven, said in two bytes

    assert reason(sealed + b"\x00") is RejectionReason.NOT_CANONICAL
    again = encoded((longer_head, signature))
    assert reason(again) is RejectionReason.NOT_CANONICAL


def wide_order(steps: int) -> Order:
    """Return an order whose every number takes the most bytes."""
    wishes = (
        Step(
            side=Side.SELL,
            price_micro_per_kwh=PRICE_MICRO_PER_KWH_MAX - number,
            energy_wh=ENERGY_WH_MAX - number,
        )
        for number in range(steps)
    )
    return Order.of(ALICE.party, VOTE.period, *wishes)


def usual_order(steps: int) -> Order:
    """Return an order of some 20 cents and some 300 Wh a step."""
    wishes = (
        Step(
            side=Side.BUY if number % 2 else Side.SELL,
            price_micro_per_kwh=200_000 - 1_000 * number,
            energy_wh=300 + number,
        )
        for number in range(steps)
    )
    return Order.of(ALICE.party, VOTE.period, *wishes)


@pytest.mark.parametrize(
    ("order", "size_max"),
    [
        (usual_order(4), 180),
        (usual_order(STEPS_MAX), 290),
        (wide_order(4), 200),
        (wide_order(STEPS_MAX), 350),
    ],
)
def test_an_order_fits_into_few_bytes(order: Order, size_max: int) -> None:
    """The sizes of clause 8.1, with room for longer sequence numbers."""
    reveal = OrderReveal(order=order, salt=secret("salt")[:16])

    assert len(ALICE.seal(reveal, sequence=1_000_000)) <= size_max


def test_a_book_of_two_hundred_orders_has_35_kilobytes() -> None:
    reveal = ALICE.seal(OrderReveal(order=usual_order(4), salt=bytes(16)))
    book = BookProposal(period=VOTE.period, attempt=0, reveals=(reveal,) * 200)

    assert len(ALICE.seal(book)) < 36_000


def test_commitments_votes_and_readings_are_small() -> None:
    commitment = OrderCommitment(period=VOTE.period, digest=bytes(32))
    presence = Presence(certificate=ALICE.certificate())
    reading = MeterReading(
        party=ALICE.party, period=VOTE.period, import_wh=300, export_wh=0
    )
    report = ReadingReport(reading=reading, salt=bytes(16))

    assert len(ALICE.seal(report, sequence=1_000_000)) <= 150
    assert len(ALICE.seal(commitment, sequence=1_000_000)) <= 160
    assert len(ALICE.seal(VOTE, sequence=1_000_000)) <= 160
    assert len(ALICE.seal(presence, sequence=1_000_000)) <= 275


def test_too_many_bytes_are_refused_unread() -> None:
    assert reason(bytes(ENVELOPE_SIZE_MAX + 1)) is RejectionReason.TOO_LONG


def forged_book() -> bytes:
    """Return the dearest forgery there is: all of it is hashed before it is refused."""
    book = BookProposal(period=VOTE.period, attempt=0, reveals=(bytes(130_500),))
    return ALICE.seal(book)[:-1] + b"\xff"


@pytest.mark.parametrize(
    "garbage",
    [
        bytes(ENVELOPE_SIZE_MAX),
        b"\x82\x5a\x00\x01\xff\x00" + bytes(ENVELOPE_SIZE_MAX - 6),
        b"\x9a\x00\x01\xff\x00" + bytes(ENVELOPE_SIZE_MAX - 5),
        EVE.seal(VOTE),
        encoded((encoded((1, bytes.fromhex(COMMUNITY)[:4])), bytes(64))),
        forged_book(),
    ],
    ids=["zeros", "string", "array", "stranger", "short", "book"],
)
def test_garbage_costs_less_than_a_millisecond(garbage: bytes) -> None:
    durations = []
    for _ in range(10):
        started = thread_time()
        reason(garbage)
        durations.append(thread_time() - started)

    assert min(durations) < 0.001


def test_sent_at_selects_the_key() -> None:
    sealed = ALICE.seal(VOTE, sent_at=Instant(NOW - 1))

    assert reason(sealed) is RejectionReason.NO_SESSION_KEY
