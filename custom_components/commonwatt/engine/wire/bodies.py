"""Message bodies: each kind of message to canonical bytes and back.

Knows the fields of every kind and how large it may be; knows nothing of envelopes.
Both ways are exact: equal messages have equal bytes, and bytes that decode encode to
themselves.  Clauses: ``docs/reference/wire-format.md``, section 4.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from ..model.batch import BatchApproval, BatchDraft, BatchMessage
from ..model.community import (
    Ballot,
    CharterVote,
    Enactment,
    Invitation,
    Motion,
    Recollection,
    SessionRevocation,
    SyncPage,
    SyncRequest,
    Waking,
)
from ..model.comparison import Comparison, ComparisonMessage, ReadingMarks
from ..model.contract import Pledge
from ..model.errand import SignedErrand
from ..model.extract import (
    Attestation,
    ExtractMessage,
    ResultExtract,
    SettlementExtract,
)
from ..model.federation import TrainingMessage
from ..model.order import Order, Side, Step
from ..model.origin import CARBON_MG_MAX, EnergySource, ExportOrigin
from ..model.party import PartyId
from ..model.preference import Preference
from ..model.reading import MeterReading
from ..model.social import (
    HelpRequest,
    LivePower,
    PoolGift,
    ScoreCard,
    SocialMessage,
    Thanks,
)
from ..model.units import ENERGY_WH_MAX, PRICE_MICRO_PER_KWH_MAX
from ..model.vote import VoteStage
from .batches import BATCH_PARSERS, batch_value
from .bounds import BOUNDS, ENVELOPE_SIZE_MAX, KINDS
from .canonical import Value, decode, encode
from .community import COMMUNITY_PARSERS, CommunityMessage, community_value
from .comparisons import COMPARISON_PARSERS, comparison_value
from .extracts import EXTRACT_PARSERS, extract_value
from .federation import TRAINING_PARSERS, training_value
from .fields import (
    array,
    array_of,
    boolean,
    byte_string,
    integer,
    party_bytes,
    period,
    read_party,
    text,
)
from .introductions import (
    join_request_value,
    presence_value,
    read_join_request,
    read_presence,
)
from .messages import (
    ATTEMPT_MAX,
    REVISION_MAX,
    BookProposal,
    Consent,
    JoinRequest,
    Message,
    MessageKind,
    OrderCommitment,
    OrderReveal,
    Presence,
    ReadingReport,
    Receipt,
    ResultVote,
    Withdrawal,
)
from .social import SOCIAL_PARSERS, social_value
from .terms import (
    check_party,
    check_pledges,
    contract_bytes,
    pledge_value,
    read_contract_id,
    read_pledges,
    read_terms,
    terms_value,
)

__all__ = [
    "BOUNDS",
    "ENVELOPE_SIZE_MAX",
    "bid_value",
    "decode_body",
    "encode_body",
    "kind_of",
    "order_value",
]


def kind_of(message: Message) -> MessageKind:
    """Return the kind ``message`` has on the wire."""
    return KINDS[type(message)]


def encode_body(message: Message, *, author: PartyId) -> bytes:
    """Return the body of ``message``, which must be its ``author``'s own."""
    bounds = BOUNDS[kind_of(message)]
    return encode(
        _body_value(message, author),
        size_max=bounds.size_max,
        items_max=bounds.items_max,
    )


def decode_body(kind: MessageKind, body: bytes, *, author: PartyId) -> Message:
    """Return the message of that ``author``; ValueError alone if it is none."""
    bounds = BOUNDS[kind]
    value = decode(body, size_max=bounds.size_max, items_max=bounds.items_max)
    return _PARSERS[kind](value, author)


def order_value(order: Order) -> Value:
    """Return an order without its party: period, bids, offers (price and energy)."""
    return (
        order.period.number,
        _step_values(order, Side.BUY),
        _step_values(order, Side.SELL),
    )


def bid_value(
    order: Order, pledges: Sequence[Pledge], preference: Preference | None
) -> tuple[Value, ...]:
    """Return all a party commits to: order, pledges and preference."""
    check_pledges(pledges, order.party)
    assert preference is None or preference.party == order.party, "their own"
    wish = None
    if preference is not None:
        neighbours = tuple(party_bytes(party) for party in preference.neighbours)
        wish = (neighbours, tuple(source.value for source in preference.sources))
    return order_value(order), tuple(pledge_value(p) for p in pledges), wish


def _origin_value(origin: ExportOrigin) -> Value:
    return (
        origin.source.value,
        origin.plant,
        origin.stored,
        origin.energy_wh,
        origin.carbon_mg,
    )


def _step_values(order: Order, side: Side) -> Value:
    return tuple(
        (step.price_micro_per_kwh, step.energy_wh)
        for step in order.steps
        if step.side is side
    )


def _body_value(message: Message, author: PartyId) -> Value:  # noqa: PLR0911  # one for each kind
    match message:
        case Presence():
            return presence_value(message, author)
        case OrderCommitment():
            return (message.period.number, message.digest)
        case OrderReveal(order=order):
            assert order.party == author, "everybody reveals an order of their own"
            return (
                *bid_value(order, message.pledges, message.preference),
                message.salt,
            )
        case BookProposal():
            return (
                message.period.number,
                message.attempt,
                message.valid_attempt,
                message.reveals,
            )
        case ResultVote():
            return (
                message.period.number,
                message.attempt,
                message.stage,
                message.digest,
            )
        case ReadingReport(reading=reading):
            assert reading.party == author, "everybody reads a meter of their own"
            return (
                reading.period.number,
                reading.import_wh,
                reading.export_wh,
                message.revision,
                tuple(_origin_value(origin) for origin in message.origins),
                message.salt,
            )
        case Consent(terms=terms):
            check_party(terms, author)
            return terms_value(terms)
        case Withdrawal():
            return (contract_bytes(message.contract),)
        case JoinRequest():
            return join_request_value(message, author)
        case _:
            return _rare_value(message)


def _rare_value(  # noqa: PLR0911  # one for each kind
    message: (
        BatchMessage
        | CommunityMessage
        | ComparisonMessage
        | ExtractMessage
        | SocialMessage
        | TrainingMessage
        | Receipt
    ),
) -> Value:
    match message:
        case (
            Motion()
            | Ballot()
            | Enactment()
            | CharterVote()
            | Invitation()
            | SyncRequest()
            | SyncPage()
            | Waking()
            | Recollection()
            | SessionRevocation()
        ):
            return community_value(message)
        case Receipt():
            parties = tuple(map(party_bytes, message.parties))
            return (message.period.number, parties)
        case ResultExtract() | SettlementExtract() | Attestation():
            return extract_value(message)
        case Comparison() | ReadingMarks():
            return comparison_value(message)
        case HelpRequest() | PoolGift() | Thanks() | ScoreCard() | LivePower():
            return social_value(message)
        case BatchDraft() | BatchApproval() | SignedErrand():
            return batch_value(message)
        case _:
            return training_value(message)


def _receipt(value: Value, _author: PartyId) -> Receipt:
    number, parties = array_of(value, 2)
    return Receipt(
        period=period(number),
        parties=tuple(read_party(party) for party in array(parties)),
    )


def _order_commitment(value: Value, _author: PartyId) -> OrderCommitment:
    number, digest = array_of(value, 2)
    return OrderCommitment(period=period(number), digest=byte_string(digest))


def _order_reveal(value: Value, author: PartyId) -> OrderReveal:
    order, pledges, wish, salt = array_of(value, 4)
    number, bids, offers = array_of(order, 3)
    steps = (*_steps(Side.BUY, bids), *_steps(Side.SELL, offers))
    return OrderReveal(
        order=Order(party=author, period=period(number), steps=steps),
        salt=byte_string(salt),
        pledges=read_pledges(pledges, author),
        preference=None if wish is None else _preference(wish, author),
    )


def _preference(value: Value, author: PartyId) -> Preference:
    neighbours, sources = array_of(value, 2)
    return Preference(
        party=author,
        neighbours=tuple(read_party(one) for one in array(neighbours)),
        sources=tuple(EnergySource(text(source)) for source in array(sources)),
    )


def _steps(side: Side, values: Value) -> tuple[Step, ...]:
    return tuple(_step(side, value) for value in array(values))


def _step(side: Side, value: Value) -> Step:
    price, energy = array_of(value, 2)
    bound = PRICE_MICRO_PER_KWH_MAX
    return Step(
        side=side,
        price_micro_per_kwh=integer(price, least=-bound, most=bound),
        energy_wh=integer(energy, least=1, most=ENERGY_WH_MAX),
    )


def _book_proposal(value: Value, _author: PartyId) -> BookProposal:
    number, attempt, valid_attempt, reveals = array_of(value, 4)
    return BookProposal(
        period=period(number),
        attempt=_attempt(attempt),
        valid_attempt=None if valid_attempt is None else _attempt(valid_attempt),
        reveals=None
        if reveals is None
        else tuple(byte_string(reveal) for reveal in array(reveals)),
    )


def _result_vote(value: Value, _author: PartyId) -> ResultVote:
    number, attempt, stage, digest = array_of(value, 4)
    return ResultVote(
        period=period(number),
        attempt=_attempt(attempt),
        stage=VoteStage(integer(stage, least=0, most=max(VoteStage))),
        digest=byte_string(digest),
    )


def _attempt(value: Value) -> int:
    return integer(value, least=0, most=ATTEMPT_MAX)


def _reading_report(value: Value, author: PartyId) -> ReadingReport:
    number, import_wh, export_wh, revision, origins, salt = array_of(value, 6)
    return ReadingReport(
        reading=MeterReading(
            party=author,
            period=period(number),
            import_wh=integer(import_wh, least=0, most=ENERGY_WH_MAX),
            export_wh=integer(export_wh, least=0, most=ENERGY_WH_MAX),
        ),
        revision=integer(revision, least=0, most=REVISION_MAX),
        origins=tuple(_origin(origin) for origin in array(origins)),
        salt=byte_string(salt),
    )


def _origin(value: Value) -> ExportOrigin:
    source, plant, stored, energy, carbon = array_of(value, 5)
    return ExportOrigin(
        source=EnergySource(text(source)),
        plant=text(plant),
        stored=boolean(stored),
        energy_wh=integer(energy, least=1, most=ENERGY_WH_MAX),
        carbon_mg=integer(carbon, least=0, most=CARBON_MG_MAX),
    )


def _consent(value: Value, author: PartyId) -> Consent:
    terms = read_terms(value)
    check_party(terms, author)
    return Consent(terms=terms)


def _withdrawal(value: Value, _author: PartyId) -> Withdrawal:
    (contract,) = array_of(value, 1)
    return Withdrawal(contract=read_contract_id(contract))


_PARSERS: Final[Mapping[MessageKind, Callable[[Value, PartyId], Message]]] = {
    MessageKind.PRESENCE: read_presence,
    MessageKind.ORDER_COMMITMENT: _order_commitment,
    MessageKind.ORDER_REVEAL: _order_reveal,
    MessageKind.BOOK_PROPOSAL: _book_proposal,
    MessageKind.RESULT_VOTE: _result_vote,
    MessageKind.READING_REPORT: _reading_report,
    MessageKind.CONSENT: _consent,
    MessageKind.WITHDRAWAL: _withdrawal,
    MessageKind.JOIN_REQUEST: read_join_request,
    MessageKind.RECEIPT: _receipt,
    **{KINDS[kind]: parse for kind, parse in COMMUNITY_PARSERS.items()},
    **{KINDS[kind]: parse for kind, parse in COMPARISON_PARSERS.items()},
    **{KINDS[kind]: parse for kind, parse in EXTRACT_PARSERS.items()},
    **{KINDS[kind]: parse for kind, parse in TRAINING_PARSERS.items()},
    **{KINDS[kind]: parse for kind, parse in SOCIAL_PARSERS.items()},
    **{KINDS[kind]: parse for kind, parse in BATCH_PARSERS.items()},
}
