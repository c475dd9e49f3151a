"""Who is no member yet, and charters that do not follow: both are refused."""

from dataclasses import replace

import numpy as np
import pytest

from custom_components.commonwatt.engine.forecast.load import Experience
from custom_components.commonwatt.engine.model.community import (
    CharterRecord,
    Invitation,
)
from custom_components.commonwatt.engine.model.period import (
    DAY_MS,
    MINUTE_MS,
    DeliveryPeriod,
    after,
)
from custom_components.commonwatt.engine.model.vote import VoteStage
from custom_components.commonwatt.engine.model.zone import ZoneId
from custom_components.commonwatt.engine.node.lessons import LoadLesson, SunLesson
from custom_components.commonwatt.engine.peer import Statutes
from custom_components.commonwatt.engine.wire.envelope import (
    Envelope,
    read_invitation,
    unseal,
)
from custom_components.commonwatt.engine.wire.messages import (
    JoinRequest,
    ResultVote,
)
from custom_components.commonwatt.engine.wire.rejection import (
    Rejected,
    RejectionReason,
)
from custom_components.commonwatt.engine.wire.verifier import verify
from tests.engine.forecast.homes import street as homes
from tests.engine.node.street import ANN, BEN, CAT, FIRST
from tests.engine.node.village import Village
from tests.engine.wire.community import (
    ALICE,
    ANOTHER_COMMUNITY,
    BOB,
    EVE,
    NOW,
    Home,
    key_ring,
)

RING = key_ring(ALICE, BOB)
INVITATION = Invitation(
    zone=ZoneId("lane"), expires_at=after(NOW, DAY_MS), nonce=bytes(16)
)
INVITED = ALICE.seal(INVITATION)


def asking(guest: Home = EVE, *, invitation: bytes = INVITED) -> bytes:
    """Return what a guest says at the door."""
    request = JoinRequest(certificate=guest.certificate(), invitation=invitation)
    return guest.seal(request)


def test_whom_a_member_invited_is_heard() -> None:
    opened = unseal(asking(), keys=RING, verify=verify)

    assert isinstance(opened, Envelope)
    assert opened.author == EVE.party
    assert read_invitation(INVITED, keys=RING, verify=verify) == (
        ALICE.party,
        INVITATION,
    )


@pytest.mark.parametrize(
    "invitation",
    [
        b"no envelope at all",
        EVE.seal(INVITATION),
        ALICE.seal(INVITATION, community=ANOTHER_COMMUNITY),
        ALICE.seal(
            ResultVote(
                period=DeliveryPeriod(1),
                attempt=0,
                stage=VoteStage.PREVOTE,
                digest=bytes(32),
            )
        ),
    ],
)
def test_whom_no_member_invited_stays_a_stranger(invitation: bytes) -> None:
    refused = unseal(asking(invitation=invitation), keys=RING, verify=verify)

    assert refused == Rejected(RejectionReason.STRANGER)


def test_a_guest_has_to_have_a_key_of_this_community() -> None:
    elsewhere = EVE.certificate(community=ANOTHER_COMMUNITY)
    request = JoinRequest(certificate=elsewhere, invitation=INVITED)

    refused = unseal(EVE.seal(request), keys=RING, verify=verify)

    assert isinstance(refused, Rejected)


def changed() -> tuple[Village, CharterRecord]:
    """Return a village that let somebody in, and the proof of it."""
    village = Village(ANN, BEN, CAT)
    village.run(after(FIRST.start, MINUTE_MS))
    guest = village.knock("Eve", village.invite("Ann"))
    village.run(after(village.now, 4 * MINUTE_MS))
    assert guest.is_member
    [record] = village.nodes["Ben"]._config.statutes.records
    return village, record


def test_a_charter_follows_by_its_motion_and_the_votes_for_it() -> None:
    village, record = changed()

    statutes = Statutes(village.community, village.charter)
    charter = statutes.extend(record, verify=verify)

    assert charter is not None
    assert len(charter.members) == 4
    assert statutes.number == 1
    assert statutes.previous == village.charter
    assert statutes.at(record.since) == charter
    assert statutes.at(DeliveryPeriod(record.since.number - 1)) == village.charter
    assert {*statutes.known_members(record.since.next(200))} == {*charter.members}
    again = replace(record, since=record.since.next())
    assert statutes.extend(again, verify=verify) is None, "the votes were for another"
    assert statutes.extend(record, verify=verify) is None, "it was used"


@pytest.mark.parametrize("proof", ["none", "a presence", "garbage"])
def test_a_charter_nobody_proves_does_not_follow(proof: str) -> None:
    village, record = changed()
    proofs = {"none": (), "a presence": record.proof[:1], "garbage": (b"garbage",)}
    statutes = Statutes(village.community, village.charter)

    assert statutes.extend(replace(record, proof=proofs[proof]), verify=verify) is None


def test_what_is_no_motion_changes_nothing() -> None:
    village, record = changed()
    statutes = Statutes(village.community, village.charter)

    for motion in (b"garbage", record.proof[0]):
        assert statutes.extend(replace(record, motion=motion), verify=verify) is None


def test_a_home_teaches_nothing_where_the_others_have_said_nothing() -> None:
    experience = Experience.of(homes(1)[0])
    assert experience is not None
    lesson = LoadLesson(experience)
    first = lesson.contribution(0, 0, None)

    assert first is not None
    assert lesson.contribution(0, 1, None) is None
    assert lesson.contribution(0, 1, np.zeros_like(first)) is None


def test_a_day_of_sun_is_taught_the_day_after_only() -> None:
    lesson = SunLesson(day=7, shares=np.array([0.0, 0.5]))

    assert [lesson.contribution(day, 0, None) is None for day in (7, 8, 9)] == [
        True,
        False,
        True,
    ]
