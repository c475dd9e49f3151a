"""Messages of a secure sum: exact both ways, bounded, and strict about their sizes."""

from dataclasses import replace

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.commonwatt.engine.model.federation import (
    ATTEMPT_MAX,
    COHORT_MAX,
    NUMBERS_MAX,
    PARTS_MAX,
    STEP_MAX,
    WEEK_MAX,
    Agreement,
    Announcement,
    Enrolment,
    MaskedVector,
    PublishedSum,
    Roster,
    RosterStep,
    SealedShare,
    SealedShares,
    Subject,
    SumName,
    TrainingMessage,
    Unmasking,
)
from custom_components.commonwatt.engine.model.party import PartyId
from custom_components.commonwatt.engine.wire.bodies import (
    BOUNDS,
    decode_body,
    encode_body,
    kind_of,
)
from tests.engine.wire.community import ALICE

NAMES = st.builds(
    SumName,
    subject=st.sampled_from(Subject),
    week=st.integers(0, WEEK_MAX),
    part=st.integers(0, PARTS_MAX - 1),
    step=st.integers(0, STEP_MAX),
    attempt=st.integers(0, ATTEMPT_MAX),
)
SECRETS = st.binary(min_size=32, max_size=32)
PARTIES = st.binary(min_size=20, max_size=20).map(lambda name: PartyId(name.hex()))
LISTS = st.lists(PARTIES, max_size=8, unique=True).map(lambda p: tuple(sorted(p)))
HELD = st.dictionaries(PARTIES, SECRETS, max_size=8).map(
    lambda held: tuple(sorted(held.items()))
)
VECTORS = st.integers(0, 40).flatmap(
    lambda count: st.binary(min_size=8 * count, max_size=8 * count)
)
SHARES = st.builds(
    SealedShare,
    sealed=st.binary(min_size=48, max_size=48),
    share_digest=SECRETS,
    seed_digest=SECRETS,
)
MESSAGES: st.SearchStrategy[TrainingMessage] = st.one_of(
    st.builds(Announcement, sum_name=NAMES, public_key=SECRETS),
    st.builds(Roster, sum_name=NAMES, step=st.sampled_from(RosterStep), parties=LISTS),
    st.builds(
        SealedShares,
        sum_name=NAMES,
        cohort_digest=SECRETS,
        shares=st.lists(SHARES, max_size=6).map(tuple),
    ),
    st.builds(MaskedVector, sum_name=NAMES, sharers_digest=SECRETS, data=VECTORS),
    st.builds(Agreement, sum_name=NAMES, senders_digest=SECRETS),
    st.builds(
        Unmasking, sum_name=NAMES, senders_digest=SECRETS, shares=HELD, seeds=HELD
    ),
    st.builds(
        PublishedSum, sum_name=NAMES, homes=st.integers(1, COHORT_MAX), data=VECTORS
    ),
    st.builds(
        Enrolment,
        subject=st.sampled_from(Subject),
        takes_part=st.booleans(),
        missing=st.none()
        | st.tuples(st.integers(0, WEEK_MAX), st.integers(0, STEP_MAX)),
    ),
)
NAME = SumName(week=WEEK_MAX, part=PARTS_MAX - 1, step=STEP_MAX, attempt=ATTEMPT_MAX)
EVERYBODY = tuple(PartyId(f"{number:040x}") for number in range(COHORT_MAX))
DIGEST = bytes(32)


def there_and_back(message: TrainingMessage) -> TrainingMessage:
    body = encode_body(message, author=ALICE.party)
    found = decode_body(kind_of(message), body, author=ALICE.party)
    assert encode_body(found, author=ALICE.party) == body
    return found  # type: ignore[return-value]  # kinds are checked by equality


@settings(max_examples=150)
@given(MESSAGES)
def test_a_message_comes_back_as_it_was(message: TrainingMessage) -> None:
    assert there_and_back(message) == message


@settings(max_examples=150)
@given(MESSAGES, st.data())
def test_a_body_that_was_tampered_with_is_another_message_or_none(
    message: TrainingMessage, data: st.DataObject
) -> None:
    body = bytearray(encode_body(message, author=ALICE.party))
    place = data.draw(st.integers(0, len(body) - 1))
    body[place] ^= data.draw(st.integers(1, 255))
    try:
        found = decode_body(kind_of(message), bytes(body), author=ALICE.party)
    except ValueError:
        return
    assert found != message
    assert encode_body(found, author=ALICE.party) == bytes(body)


@pytest.mark.parametrize(
    "largest",
    [
        Announcement(sum_name=NAME, public_key=DIGEST),
        Roster(sum_name=NAME, step=RosterStep.SHARERS, parties=EVERYBODY),
        SealedShares(
            sum_name=NAME,
            cohort_digest=DIGEST,
            shares=(
                SealedShare(sealed=bytes(48), share_digest=DIGEST, seed_digest=DIGEST),
            )
            * COHORT_MAX,
        ),
        MaskedVector(sum_name=NAME, sharers_digest=DIGEST, data=bytes(8 * NUMBERS_MAX)),
        Agreement(sum_name=NAME, senders_digest=DIGEST),
        Unmasking(
            sum_name=NAME,
            senders_digest=DIGEST,
            shares=tuple((party, DIGEST) for party in EVERYBODY),
            seeds=tuple((party, DIGEST) for party in EVERYBODY),
        ),
        PublishedSum(sum_name=NAME, homes=COHORT_MAX, data=bytes(8 * NUMBERS_MAX)),
        Enrolment(takes_part=True, missing=(WEEK_MAX, STEP_MAX)),
    ],
)
def test_the_largest_honest_message_is_within_its_bounds(
    largest: TrainingMessage,
) -> None:
    assert there_and_back(largest) == largest
    assert BOUNDS[kind_of(largest)].size_max <= 33 * 1024


@pytest.mark.parametrize(
    "spoilt",
    [
        Announcement(sum_name=NAME, public_key=bytes(31)),
        Announcement(sum_name=replace(NAME, week=WEEK_MAX + 1), public_key=DIGEST),
        Announcement(sum_name=replace(NAME, part=PARTS_MAX), public_key=DIGEST),
        Announcement(sum_name=replace(NAME, step=STEP_MAX + 1), public_key=DIGEST),
        Announcement(sum_name=replace(NAME, attempt=-1), public_key=DIGEST),
        Roster(
            sum_name=NAME, step=RosterStep.COHORT, parties=(EVERYBODY[1], EVERYBODY[0])
        ),
        Roster(
            sum_name=NAME, step=RosterStep.COHORT, parties=(EVERYBODY[1], EVERYBODY[1])
        ),
        SealedShares(
            sum_name=NAME,
            cohort_digest=DIGEST,
            shares=(
                SealedShare(sealed=bytes(47), share_digest=DIGEST, seed_digest=DIGEST),
            ),
        ),
        MaskedVector(sum_name=NAME, sharers_digest=DIGEST, data=bytes(9)),
        MaskedVector(sum_name=NAME, sharers_digest=bytes(33), data=bytes(8)),
        Agreement(sum_name=NAME, senders_digest=b""),
        Unmasking(
            sum_name=NAME,
            senders_digest=DIGEST,
            shares=((EVERYBODY[0], bytes(31)),),
            seeds=(),
        ),
        Unmasking(
            sum_name=NAME,
            senders_digest=DIGEST,
            shares=((EVERYBODY[0], DIGEST), (EVERYBODY[0], DIGEST)),
            seeds=(),
        ),
        PublishedSum(sum_name=NAME, homes=0, data=bytes(8)),
        PublishedSum(sum_name=NAME, homes=COHORT_MAX + 1, data=bytes(8)),
        PublishedSum(sum_name=NAME, homes=5, data=bytes(8 * NUMBERS_MAX + 8)),
        Enrolment(takes_part=True, missing=(0, STEP_MAX + 1)),
    ],
)
def test_what_no_honest_member_says_is_refused(spoilt: TrainingMessage) -> None:
    with pytest.raises(ValueError, match=r".+"):
        there_and_back(spoilt)
