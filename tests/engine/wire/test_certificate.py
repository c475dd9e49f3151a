"""Session certificates and the ring that keeps them."""

from dataclasses import replace

import pytest

from custom_components.commonwatt.engine.model.community import Recollection
from custom_components.commonwatt.engine.model.party import CommunityId
from custom_components.commonwatt.engine.model.period import DAY_MS, Instant, after
from custom_components.commonwatt.engine.wire.certificate import (
    CERTIFICATE_MS_MAX,
    SessionCertificate,
    certify,
    check_certificate,
)
from custom_components.commonwatt.engine.wire.envelope import Envelope, seal, unseal
from custom_components.commonwatt.engine.wire.keyring import (
    CERTIFICATES_MAX,
    OVERLAP_MS,
    KeyRing,
)
from custom_components.commonwatt.engine.wire.keys import HouseholdKey, SessionKey
from custom_components.commonwatt.engine.wire.rejection import (
    Rejected,
    RejectionReason,
)
from custom_components.commonwatt.engine.wire.revocation import revoke
from custom_components.commonwatt.engine.wire.verifier import verify
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
from tests.engine.wire.second_implementation import certificate as second_certificate
from tests.engine.wire.vectors import Case, load

FRESH = SessionKey(secret("a fresh session"))


def check(certificate: SessionCertificate, *, at: Instant = NOW) -> Rejected | None:
    return check_certificate(certificate, community=COMMUNITY, at=at, verify=verify)


@pytest.mark.parametrize("case", load("keys").cases("certificates"), ids=str)
def test_a_certificate_is_signed_as_published(case: Case) -> None:
    fields = {"valid_from": case.integer("valid_from")}
    fields["valid_until"] = case.integer("valid_until")

    ours = certify(
        household=HouseholdKey(case.bytes("household_secret")),
        session_key=case.bytes("session_key"),
        community=CommunityId(case.text("community")),
        valid_from=Instant(fields["valid_from"]),
        valid_until=Instant(fields["valid_until"]),
    )

    assert ours.signature.hex() == case.text("signature")
    assert ours.signature == second_certificate(
        case.bytes("household_secret"),
        case.bytes("session_key"),
        community=case.bytes("community"),
        **fields,
    )


def test_a_certificate_is_good_for_thirty_days_from_its_first_instant() -> None:
    certificate = ALICE.certificate()
    end = after(NOW, CERTIFICATE_MS_MAX)

    assert certificate.valid_until == end
    assert check(certificate) is None
    assert check(certificate, at=after(end, -1)) is None
    for outside in (after(NOW, -1), end):
        rejected = check(certificate, at=outside)
        assert rejected == Rejected(RejectionReason.CERTIFICATE_NOT_IN_FORCE)


def test_a_longer_certificate_is_neither_made_nor_accepted() -> None:
    with pytest.raises(AssertionError, match="nobody would accept"):
        ALICE.certificate(valid_until=after(NOW, CERTIFICATE_MS_MAX + 1))
    certificate = replace(
        ALICE.certificate(), valid_until=after(NOW, CERTIFICATE_MS_MAX + 1)
    )

    assert check(certificate) == Rejected(RejectionReason.CERTIFICATE_TOO_LONG)


def test_every_field_of_a_certificate_is_signed() -> None:
    certificate = ALICE.certificate()
    bob = BOB.certificate()
    altered = [
        replace(certificate, session_key=FRESH.public),
        replace(certificate, valid_from=after(NOW, -1), valid_until=after(NOW, 1)),
        replace(certificate, valid_until=after(NOW, 1)),
        replace(certificate, signature=bob.signature),
        ALICE.certificate(community=ANOTHER_COMMUNITY),
        replace(certificate, party=BOB.party, household_key=bob.household_key),
    ]

    for forged in altered:
        assert check(forged) == Rejected(RejectionReason.CERTIFICATE_FORGED)


def test_a_certificate_under_another_name_is_refused() -> None:
    certificate = replace(ALICE.certificate(), party=BOB.party)

    assert check(certificate) == Rejected(RejectionReason.CERTIFICATE_OF_ANOTHER)


def test_a_certificate_of_the_wrong_shape_cannot_be_built() -> None:
    certificate = ALICE.certificate()

    for field in ("household_key", "session_key", "signature"):
        with pytest.raises(ValueError, match="bytes"):
            replace(certificate, **{field: b"short"})  # type: ignore[arg-type]  # one of three fields of bytes
    with pytest.raises(ValueError, match="ends after it begins"):
        replace(certificate, valid_until=NOW)


def test_a_ring_knows_its_members_and_nobody_else() -> None:
    ring = key_ring(ALICE)

    assert ring.household_key(ALICE.party) == ALICE.household.public
    assert ring.household_key(BOB.party) is None
    assert ring.session_key(ALICE.party, NOW) == ALICE.session.public
    assert ring.session_key(BOB.party, NOW) is None
    rejected = ring.learn(EVE.certificate(), at=NOW, verify=verify)
    assert rejected == Rejected(RejectionReason.STRANGER)


def test_a_ring_refuses_a_certificate_that_does_not_check() -> None:
    ring = key_ring(ALICE, BOB)
    forged = replace(
        ALICE.certificate(session=FRESH, valid_from=after(NOW, 1)),
        valid_until=after(NOW, 5),
    )
    under_another_name = replace(BOB.certificate(), party=ALICE.party)

    rejected = ring.learn(forged, at=after(NOW, 2), verify=verify)
    assert rejected == Rejected(RejectionReason.CERTIFICATE_FORGED)
    rejected = ring.learn(under_another_name, at=NOW, verify=verify)
    assert rejected == Rejected(RejectionReason.CERTIFICATE_OF_ANOTHER)
    assert ring.session_key(ALICE.party, after(NOW, 2)) == ALICE.session.public


def test_a_newer_certificate_replaces_the_one_in_force_from_its_start_on() -> None:
    ring = key_ring(ALICE)
    tomorrow = after(NOW, DAY_MS)
    newer = ALICE.certificate(session=FRESH, valid_from=tomorrow)

    assert ring.learn(newer, at=tomorrow, verify=verify) is None

    assert ring.session_key(ALICE.party, after(tomorrow, -1)) == ALICE.session.public
    assert ring.session_key(ALICE.party, tomorrow) == FRESH.public


@pytest.mark.parametrize(
    ("late_ms", "still_counts"),
    [(0, True), (OVERLAP_MS - 1, True), (OVERLAP_MS, False)],
)
def test_a_key_counts_for_a_while_beside_the_next(
    late_ms: int, *, still_counts: bool
) -> None:
    ring = key_ring(ALICE)
    tomorrow = after(NOW, DAY_MS)
    newer = ALICE.certificate(session=FRESH, valid_from=tomorrow)
    ring.learn(newer, at=tomorrow, verify=verify)
    sent_at = after(tomorrow, late_ms)

    old, fresh = (
        seal(
            Recollection(sequence=7),
            community=COMMUNITY,
            author=ALICE.party,
            sequence=1,
            sent_at=sent_at,
            key=key,
        )
        for key in (ALICE.session, FRESH)
    )
    heard = unseal(old, keys=ring, verify=verify)

    if still_counts:
        assert isinstance(heard, Envelope)
    else:
        assert heard == Rejected(RejectionReason.BAD_SIGNATURE)
    assert isinstance(unseal(fresh, keys=ring, verify=verify), Envelope)


@pytest.mark.parametrize("age_ms", [0, 1, DAY_MS])
def test_a_certificate_no_newer_than_the_one_in_force_changes_nothing(
    age_ms: int,
) -> None:
    ring = key_ring(ALICE)
    older = ALICE.certificate(session=FRESH, valid_from=after(NOW, -age_ms))

    rejected = ring.learn(older, at=NOW, verify=verify)

    assert rejected == Rejected(RejectionReason.CERTIFICATE_SUPERSEDED)
    assert ring.session_key(ALICE.party, NOW) == ALICE.session.public


def test_a_certificate_already_known_is_not_checked_again() -> None:
    ring = key_ring(ALICE)

    def refuse(**_: bytes) -> bool:
        raise AssertionError("nothing to verify")

    assert ring.learn(ALICE.certificate(), at=NOW, verify=refuse) is None


def test_a_ring_forgets_all_but_the_newest_certificates() -> None:
    ring = key_ring(ALICE)
    for day in range(1, CERTIFICATES_MAX + 1):
        start = after(NOW, day * DAY_MS)
        session = SessionKey(secret(f"day {day}"))
        certificate = ALICE.certificate(
            session=session, valid_from=start, valid_until=after(start, DAY_MS)
        )
        assert ring.learn(certificate, at=start, verify=verify) is None

    assert ring.session_key(ALICE.party, NOW) is None
    last_day = after(NOW, CERTIFICATES_MAX * DAY_MS)
    expected = SessionKey(secret(f"day {CERTIFICATES_MAX}")).public
    assert ring.session_key(ALICE.party, last_day) == expected


def test_a_revoked_certificate_is_refused_from_then_on() -> None:
    ring = KeyRing(community=COMMUNITY, members=(ALICE.member,))
    certificate = ALICE.certificate()
    ring.learn(certificate, at=NOW, verify=verify)
    stolen_at = after(NOW, DAY_MS)
    revocation = revoke(ALICE.household, community=COMMUNITY, before=stolen_at)

    assert ring.revoke(ALICE.party, revocation, verify=verify)
    assert not ring.revoke(ALICE.party, revocation, verify=verify)

    assert ring.session_key(ALICE.party, NOW) == certificate.session_key
    assert ring.session_key(ALICE.party, stolen_at) is None
    rejected = ring.judge(certificate, at=stolen_at, verify=verify)
    assert rejected == Rejected(RejectionReason.CERTIFICATE_REVOKED)


def test_a_revocation_is_good_in_one_community_and_for_one_home() -> None:
    ring = KeyRing(community=COMMUNITY, members=(ALICE.member, BOB.member))
    elsewhere = revoke(ALICE.household, community=ANOTHER_COMMUNITY, before=NOW)
    own = revoke(ALICE.household, community=COMMUNITY, before=NOW)

    assert not ring.revoke(ALICE.party, elsewhere, verify=verify)
    assert not ring.revoke(BOB.party, own, verify=verify)
