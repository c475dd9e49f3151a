"""Bodies of messages: exact both ways, and bounded."""

from dataclasses import replace

from hypothesis import given, strategies as st
import pytest

from custom_components.commonwatt.engine.model.contract import (
    PLEDGES_MAX,
    PRIORITY_MAX,
    Contract,
    ContractId,
    FixedPrice,
    Pledge,
)
from custom_components.commonwatt.engine.model.order import (
    STEPS_MAX,
    Order,
    Side,
    Step,
)
from custom_components.commonwatt.engine.model.origin import (
    CARBON_MG_MAX,
    PLANT_LENGTH_MAX,
    EnergySource,
    ExportOrigin,
)
from custom_components.commonwatt.engine.model.period import DeliveryPeriod
from custom_components.commonwatt.engine.model.preference import (
    WISHES_MAX,
    Preference,
)
from custom_components.commonwatt.engine.model.reading import MeterReading
from custom_components.commonwatt.engine.model.units import (
    ENERGY_WH_MAX,
    PRICE_MICRO_PER_KWH_MAX,
)
from custom_components.commonwatt.engine.model.vote import VoteStage
from custom_components.commonwatt.engine.wire.bodies import (
    BOUNDS,
    decode_body,
    encode_body,
    kind_of,
)
from custom_components.commonwatt.engine.wire.fields import PERIOD_NUMBER_MAX
from custom_components.commonwatt.engine.wire.messages import (
    ATTEMPT_MAX,
    ORIGINS_MAX,
    REVEALS_MAX,
    REVISION_MAX,
    BookProposal,
    Consent,
    Message,
    MessageKind,
    OrderCommitment,
    OrderReveal,
    Presence,
    ReadingReport,
    ResultVote,
)
from custom_components.commonwatt.engine.wire.terms import named
from tests.engine.wire.community import ALICE, BOB, EVE
from tests.engine.wire.strategies import messages

PERIOD = DeliveryPeriod(1_994_776)
READING = MeterReading(party=ALICE.party, period=PERIOD, import_wh=0, export_wh=0)
PLEDGE = Pledge(terms=ContractId("ab" * 32), energy_wh=0, left_wh=1)


def vote(*, attempt: int = 0, digest: bytes = bytes(32)) -> ResultVote:
    """Return a vote."""
    return ResultVote(
        period=PERIOD, attempt=attempt, stage=VoteStage.PREVOTE, digest=digest
    )


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
            ),
            salt=bytes(16),
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
        lambda: vote(attempt=-1),
        lambda: vote(digest=bytes(33)),
        lambda: ReadingReport(
            reading=READING, revision=REVISION_MAX + 1, salt=bytes(16)
        ),
        lambda: ReadingReport(reading=READING, salt=bytes(17)),
        lambda: OrderReveal(
            order=Order.of(ALICE.party, PERIOD),
            salt=bytes(16),
            pledges=(PLEDGE,) * (PLEDGES_MAX + 1),
        ),
        lambda: OrderReveal(
            order=Order.of(ALICE.party, PERIOD),
            salt=bytes(16),
            preference=Preference(party=ALICE.party, neighbours=(BOB.party,) * 5),
        ),
        lambda: Pledge(terms=PLEDGE.terms, energy_wh=2, left_wh=1),
        lambda: ExportOrigin(
            source=EnergySource.SOLAR, plant="", stored=False, energy_wh=0, carbon_mg=0
        ),
        lambda: ExportOrigin(
            source=EnergySource.SOLAR, plant="", stored=False, energy_wh=1, carbon_mg=-1
        ),
        lambda: ExportOrigin(
            source=EnergySource.SOLAR,
            plant="x" * 33,
            stored=False,
            energy_wh=1,
            carbon_mg=0,
        ),
    ],
)
def test_a_message_out_of_bounds_cannot_be_built(build: object) -> None:
    assert callable(build)
    with pytest.raises(ValueError, match=r"bounds|bytes where"):
        build()


def test_the_largest_bid_fits_into_its_bounds() -> None:
    most = PRICE_MICRO_PER_KWH_MAX
    contracts = (
        named(
            Contract(
                id=ContractId(""),
                seller=ALICE.party,
                buyer=BOB.party,
                price=FixedPrice(-most),
                energy_wh_max=ENERGY_WH_MAX,
                energy_wh_max_day=ENERGY_WH_MAX - number,
                valid_from=PERIOD,
                valid_until=DeliveryPeriod(PERIOD_NUMBER_MAX),
                priority=-PRIORITY_MAX,
            )
        )
        for number in range(PLEDGES_MAX)
    )
    pledges = (
        Pledge(
            terms=contract,
            energy_wh=ENERGY_WH_MAX,
            left_wh=ENERGY_WH_MAX,
            retailer_micro_per_kwh=-most,
        )
        for contract in sorted(contracts, key=lambda contract: contract.id)
    )
    steps = (
        Step(
            side=Side.BUY,
            price_micro_per_kwh=number - most,
            energy_wh=ENERGY_WH_MAX - number,
        )
        for number in range(STEPS_MAX)
    )
    reveal = OrderReveal(
        order=Order.of(ALICE.party, PERIOD, *steps),
        salt=bytes(16),
        pledges=tuple(pledges),
        preference=Preference(
            party=ALICE.party,
            neighbours=(BOB.party,) * WISHES_MAX,
            sources=(EnergySource.NATURAL_GAS,) * WISHES_MAX,
        ),
    )

    body = encode_body(reveal, author=ALICE.party)

    assert decode_body(kind_of(reveal), body, author=ALICE.party) == reveal


def test_the_largest_reading_fits_into_its_bounds() -> None:
    origin = ExportOrigin(
        source=EnergySource.NATURAL_GAS,
        plant="x" * PLANT_LENGTH_MAX,
        stored=True,
        energy_wh=ENERGY_WH_MAX // ORIGINS_MAX,
        carbon_mg=CARBON_MG_MAX,
    )
    report = ReadingReport(
        reading=replace(READING, import_wh=ENERGY_WH_MAX, export_wh=ENERGY_WH_MAX),
        revision=REVISION_MAX,
        origins=(origin,) * ORIGINS_MAX,
        salt=bytes(16),
    )

    body = encode_body(report, author=ALICE.party)

    assert decode_body(kind_of(report), body, author=ALICE.party) == report


def test_nobody_consents_to_what_binds_others_only() -> None:
    contract = Contract(
        id=ContractId(""),
        seller=BOB.party,
        buyer=EVE.party,
        price=FixedPrice(0),
        energy_wh_max=1,
        energy_wh_max_day=1,
        valid_from=PERIOD,
        valid_until=PERIOD.next(),
    )
    with pytest.raises(ValueError, match="bind"):
        encode_body(Consent(terms=contract), author=ALICE.party)
