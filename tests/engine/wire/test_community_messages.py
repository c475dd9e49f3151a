"""What members say about their community comes back from its bytes, and is bounded."""

from hypothesis import given, strategies as st
import pytest

from custom_components.commonwatt.engine.model.community import (
    Admit,
    Amend,
    Ballot,
    CharterRecord,
    CharterVote,
    Enactment,
    Invitation,
    Leave,
    Motion,
    Recollection,
    Remove,
    SessionRevocation,
    SyncPage,
    SyncRequest,
    Waking,
)
from custom_components.commonwatt.engine.model.extract import (
    Attestation,
    ProvedRecord,
    ResultExtract,
    SettlementExtract,
)
from custom_components.commonwatt.engine.model.party import Charter
from custom_components.commonwatt.engine.model.period import DeliveryPeriod
from custom_components.commonwatt.engine.model.vote import VoteStage
from custom_components.commonwatt.engine.model.zone import FeeTree, Zone, ZoneId
from custom_components.commonwatt.engine.wire.bodies import decode_body, encode_body
from custom_components.commonwatt.engine.wire.bounds import KINDS
from custom_components.commonwatt.engine.wire.invite import Invite, read_invite
from custom_components.commonwatt.engine.wire.messages import (
    JoinRequest,
    Message,
    Receipt,
)
from tests.engine.wire.community import ALICE, BOB, COMMUNITY, NOW

PERIOD = DeliveryPeriod(1_994_776)
DIGEST = b"\x07" * 32
TREE = FeeTree((Zone(id=ZoneId("lane"), parent=None),))
CHARTER = Charter(members=(ALICE.member, BOB.member), fee_tree=TREE)
PROVED = ProvedRecord(record=b"part", index=2, count=4, siblings=(DIGEST, DIGEST))
RECORD = CharterRecord(since=PERIOD, motion=b"motion", proof=(b"one", b"two"))
MESSAGES: list[Message] = [
    Motion(change=Admit(member=BOB.member, invitation=b"invited"), deadline=NOW),
    Motion(change=Remove(party=BOB.party), deadline=NOW),
    Motion(change=Leave(), deadline=NOW),
    Motion(change=Amend.of(CHARTER), deadline=NOW),
    Ballot(motion=DIGEST, in_favour=True),
    Enactment(number=3, attempt=9, since=PERIOD, motion=DIGEST, valid_attempt=8),
    CharterVote(number=3, attempt=9, stage=VoteStage.PRECOMMIT, digest=DIGEST),
    Invitation(zone=ZoneId("lane"), expires_at=NOW, nonce=bytes(16)),
    JoinRequest(certificate=ALICE.certificate(), invitation=b"invited"),
    SyncRequest(number=2, period=PERIOD),
    SyncPage(number=0, founding=CHARTER, records=(RECORD,)),
    SyncPage(number=4, founding=None, records=()),
    Waking(before=1_728_030_600_429),
    Recollection(sequence=None),
    Recollection(sequence=7),
    SessionRevocation(before=NOW, signature=bytes(64)),
    Attestation(period=PERIOD, known=12, root=DIGEST),
    ResultExtract(period=PERIOD, proved=PROVED),
    SettlementExtract(period=PERIOD, proved=PROVED),
    Receipt(period=PERIOD, parties=tuple(sorted((ALICE.party, BOB.party)))),
]


@pytest.mark.parametrize("message", MESSAGES, ids=lambda one: type(one).__name__)
def test_a_message_about_the_community_comes_back(message: Message) -> None:
    kind = KINDS[type(message)]
    body = encode_body(message, author=ALICE.party)

    assert decode_body(kind, body, author=ALICE.party) == message


def test_an_invitation_comes_back_from_its_link() -> None:
    invite = Invite(
        community=COMMUNITY, invitation=b"sealed", addresses=("https://home.example",)
    )

    assert read_invite(f"  {invite.link}\n") == invite


def test_an_invitation_says_itself_when_it_expires() -> None:
    invitation = Invitation(zone=ZoneId("lane"), expires_at=NOW, nonce=bytes(16))
    sealed = Invite(community=COMMUNITY, invitation=ALICE.seal(invitation))
    ballot = ALICE.seal(Ballot(motion=DIGEST, in_favour=True))
    another = Invite(community=COMMUNITY, invitation=ballot)
    rubbish = Invite(community=COMMUNITY, invitation=b"sealed")

    told = [invite.expires_at for invite in (sealed, another, rubbish)]
    assert told == [NOW, None, None]


@given(st.text(max_size=80))
def test_what_is_no_link_is_refused(link: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        read_invite(link)


def test_a_receipt_names_members_once_and_ascending() -> None:
    parties = tuple(sorted((ALICE.party, BOB.party), reverse=True))
    with pytest.raises(ValueError, match="ascending"):
        Receipt(period=PERIOD, parties=parties)
