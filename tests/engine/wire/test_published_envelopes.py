"""The published envelopes: both implementations read them, and nothing is missing."""

import pytest

from custom_components.commonwatt.engine.model.community import (
    Admit,
    Amend,
    Assess,
    Leave,
    Motion,
    Pardon,
    Remove,
    SessionRevocation,
    VouchFor,
)
from custom_components.commonwatt.engine.model.party import CommunityId, Member
from custom_components.commonwatt.engine.model.zone import ZoneId
from custom_components.commonwatt.engine.wire.bodies import kind_of
from custom_components.commonwatt.engine.wire.envelope import Envelope, seal, unseal
from custom_components.commonwatt.engine.wire.keyring import KeyRing
from custom_components.commonwatt.engine.wire.keys import SessionKey, party_id
from custom_components.commonwatt.engine.wire.messages import MessageKind, Presence
from custom_components.commonwatt.engine.wire.rejection import (
    Rejected,
    RejectionReason,
)
from custom_components.commonwatt.engine.wire.verifier import verify
from tests.engine.wire.second_implementation import digest, encoded, envelope
from tests.engine.wire.vectors import Case, load

VECTORS = load("envelopes")
PUBLISHED_COMMUNITY = CommunityId(VECTORS.text("community"))


def published_ring() -> KeyRing:
    """Return a ring that has seen the published certificate."""
    keys = [bytes.fromhex(key) for key in VECTORS.texts("members")]
    ring = KeyRing(
        community=PUBLISHED_COMMUNITY,
        members=[
            Member(party=party_id(key), zone=ZoneId("lane"), household_key=key)
            for key in keys
        ],
    )
    shown = opened(VECTORS.bytes("certificate_shown"), ring)
    assert isinstance(shown.message, Presence)
    learnt = ring.learn(shown.message.certificate, at=shown.sent_at, verify=verify)
    assert learnt is None
    return ring


def opened(data: bytes, ring: KeyRing) -> Envelope:
    unsealed = unseal(data, keys=ring, verify=verify)
    assert isinstance(unsealed, Envelope), unsealed
    return unsealed


@pytest.mark.parametrize("case", VECTORS.cases("messages"), ids=str)
def test_a_published_envelope_opens_and_is_sealed_again(case: Case) -> None:
    unsealed = opened(case.bytes("envelope"), published_ring())

    assert unsealed.sequence == case.integer("sequence")
    assert unsealed.sent_at == case.integer("sent_at")
    assert unsealed.data == case.bytes("envelope")
    assert unsealed.digest.hex() == case.text("digest")
    sealed = seal(
        unsealed.message,
        community=PUBLISHED_COMMUNITY,
        author=unsealed.author,
        sequence=unsealed.sequence,
        sent_at=unsealed.sent_at,
        key=SessionKey(VECTORS.bytes("session_secret")),
    )
    assert sealed == case.bytes("envelope")


@pytest.mark.parametrize("case", VECTORS.cases("messages"), ids=str)
def test_the_second_implementation_seals_alike(case: Case) -> None:
    author = bytes.fromhex(party_id(bytes.fromhex(VECTORS.texts("members")[0])))
    community = VECTORS.bytes("community")
    sealed = envelope(
        VECTORS.bytes("session_secret"),
        community=community,
        head=(
            1,
            community[:4],
            author,
            case.integer("kind"),
            case.integer("sequence"),
            case.integer("sent_at"),
            encoded(case.value("body")),
        ),
    )

    assert sealed == case.bytes("envelope")
    assert digest("sealed/1", sealed).hex() == case.text("digest")


def test_every_kind_of_message_and_of_change_is_published() -> None:
    ring = published_ring()
    published = [opened(c.bytes("envelope"), ring) for c in VECTORS.cases("messages")]

    assert {kind_of(one.message) for one in published} == set(MessageKind)
    assert {
        type(one.message.change) for one in published if isinstance(one.message, Motion)
    } == {Admit, Remove, Leave, Amend, VouchFor, Pardon, Assess}


def test_a_published_revocation_is_its_households_word() -> None:
    ring = published_ring()
    (said,) = (
        one
        for case in VECTORS.cases("messages")
        if isinstance(
            (one := opened(case.bytes("envelope"), ring)).message, SessionRevocation
        )
    )
    assert isinstance(said.message, SessionRevocation)

    assert ring.revoke(said.author, said.message, verify=verify)
    assert ring.revoked == {said.author: said.message.before}


@pytest.mark.parametrize("case", VECTORS.cases("refused"), ids=str)
def test_a_published_forgery_is_refused_for_its_reason(case: Case) -> None:
    refused = unseal(case.bytes("envelope"), keys=published_ring(), verify=verify)

    assert isinstance(refused, Rejected)
    assert refused.reason == case.text("reason")


def test_the_forgeries_cover_every_reason() -> None:
    published = {case.text("reason") for case in VECTORS.cases("refused")}
    of_what_went_before = {RejectionReason.CERTIFICATE_REVOKED}

    assert published == set(RejectionReason) - of_what_went_before
