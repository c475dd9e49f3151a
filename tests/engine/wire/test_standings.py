"""What members believe of each other, as bytes: comes back whole, or not at all."""

from dataclasses import replace

import pytest

from custom_components.commonwatt.engine.model.community import (
    Amend,
    Assess,
    Change,
    Motion,
    Pardon,
    VouchFor,
)
from custom_components.commonwatt.engine.model.party import Charter, PartyId
from custom_components.commonwatt.engine.model.period import DeliveryPeriod
from custom_components.commonwatt.engine.model.standing import (
    BELIEFS_MAX,
    Belief,
    Cause,
    Excuse,
    Standing,
    Vouch,
)
from custom_components.commonwatt.engine.model.zone import FeeTree, ZoneId
from custom_components.commonwatt.engine.wire.bodies import decode_body, encode_body
from custom_components.commonwatt.engine.wire.canonical import Value
from custom_components.commonwatt.engine.wire.charters import (
    charter_value,
    read_charter,
)
from custom_components.commonwatt.engine.wire.digests import community_id
from custom_components.commonwatt.engine.wire.messages import MessageKind
from custom_components.commonwatt.engine.wire.standings import (
    read_standing,
    read_standing_change,
    standing_digest,
    standing_value,
)
from tests.engine.wire.community import ALICE, BOB, NOW

FIRST = DeliveryPeriod(1_994_776)
EXCUSE = Excuse(party=None, first=FIRST, until=FIRST.next(), cause=Cause.ISLAND)
BELIEFS = tuple(
    Belief(party=party, good_micro=7, bad_micro=1 << 40, given_wh=-3, vouched=True)
    for party in sorted((ALICE.party, BOB.party))
)
STANDING = Standing(
    credit_wh=5_000,
    day=20_825,
    beliefs=BELIEFS,
    vouches=(Vouch(by=ALICE.party, newcomer=BOB.party, day=20_820),),
    excuses=(EXCUSE, replace(EXCUSE, party=BOB.party)),
)
CHARTER = Charter(
    members=(ALICE.member, BOB.member), fee_tree=FeeTree.single(ZoneId("lane"))
)


@pytest.mark.parametrize(
    "change",
    [
        VouchFor(newcomer=BOB.party, day=20_820),
        Pardon(excuse=EXCUSE),
        Assess(before=bytes(32), day=20_825, beliefs=BELIEFS),
        replace(Amend.of(CHARTER), credit_wh=8_000),
    ],
    ids=lambda change: type(change).__name__,
)
def test_a_change_of_the_standing_comes_back(change: Change) -> None:
    motion = Motion(change=change, deadline=NOW)
    body = encode_body(motion, author=ALICE.party)

    assert decode_body(MessageKind.MOTION, body, author=ALICE.party) == motion


def test_the_largest_assessment_there_can_be_fits_a_motion() -> None:
    beliefs = tuple(
        replace(BELIEFS[0], party=PartyId(f"{n:040x}")) for n in range(BELIEFS_MAX)
    )
    change = Assess(before=bytes(32), day=20_825, beliefs=beliefs)
    motion = Motion(change=change, deadline=NOW)
    body = encode_body(motion, author=ALICE.party)

    assert decode_body(MessageKind.MOTION, body, author=ALICE.party) == motion


def test_a_standing_comes_back_and_another_one_has_another_name() -> None:
    assert read_standing(standing_value(STANDING)) == STANDING
    assert standing_digest(STANDING) != standing_digest(replace(STANDING, day=20_832))


def test_a_community_without_a_line_keeps_the_bytes_and_the_name_it_had() -> None:
    counting = replace(CHARTER, standing=Standing())
    plain = charter_value(CHARTER)

    assert isinstance(plain, tuple)
    assert len(plain) == 10
    assert charter_value(counting) == (*plain, 8_000)
    assert read_charter(plain) == CHARTER
    assert read_charter(charter_value(counting)) == counting
    assert community_id(counting) != community_id(CHARTER)


@pytest.mark.parametrize(
    "value",
    [
        (7,),
        (4, bytes(20)),
        (4, bytes(19), 20_000),
        (5, None, FIRST.number, FIRST.number, "outage"),
        (5, None, FIRST.number, FIRST.number + 673, "outage"),
        (5, None, FIRST.number, FIRST.number + 1, "boredom"),
        (6, bytes(31), 20_825, ()),
        (6, bytes(32), -1, ()),
        (6, bytes(32), 20_825, ((bytes(20), -1, 0, 0, False),)),
        (6, bytes(32), 20_825, ((bytes(20), 0, 0, 0, False),) * 2),
    ],
)
def test_what_is_no_change_of_the_standing_is_refused(value: Value) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_standing_change(value)


@pytest.mark.parametrize("extra", [(8_000, 1), (-1,), (None,)])
def test_what_is_no_line_is_refused(extra: tuple[Value, ...]) -> None:
    plain = charter_value(CHARTER)
    assert isinstance(plain, tuple)

    with pytest.raises(ValueError, match=r"."):
        read_charter((*plain, *extra))


def test_who_answers_for_itself_answers_for_nobody() -> None:
    with pytest.raises(ValueError, match="itself"):
        Vouch(by=ALICE.party, newcomer=ALICE.party, day=1)
