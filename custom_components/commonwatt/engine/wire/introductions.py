"""Bodies by which a home introduces itself: a Presence and a request to join.

Clauses: section 4 of ``docs/reference/wire-format.md``.
"""

from ..model.party import PartyId
from .canonical import Value
from .certificate import SessionCertificate
from .fields import array_of, byte_string, instant
from .keys import HOUSEHOLD_KEY_BYTES, SESSION_KEY_BYTES, SIGNATURE_BYTES
from .messages import JoinRequest, Presence


def presence_value(presence: Presence, author: PartyId) -> Value:
    """Return the body of a Presence."""
    return _certificate_value(presence.certificate, author)


def join_request_value(request: JoinRequest, author: PartyId) -> Value:
    """Return the body of a request to join."""
    return (_certificate_value(request.certificate, author), request.invitation)


def read_presence(value: Value, author: PartyId) -> Presence:
    """Return the Presence of its author; ValueError if it is none."""
    return Presence(certificate=_certificate(value, author))


def read_join_request(value: Value, author: PartyId) -> JoinRequest:
    """Return the request of its author; ValueError if it is none."""
    certificate, invitation = array_of(value, 2)
    return JoinRequest(
        certificate=_certificate(certificate, author),
        invitation=byte_string(invitation),
    )


def _certificate_value(certificate: SessionCertificate, author: PartyId) -> Value:
    assert certificate.party == author, "everybody shows a certificate of their own"
    return (
        certificate.household_key,
        certificate.session_key,
        certificate.valid_from,
        certificate.valid_until,
        certificate.signature,
    )


def _certificate(value: Value, author: PartyId) -> SessionCertificate:
    household, session, valid_from, valid_until, signature = array_of(value, 5)
    return SessionCertificate(
        party=author,
        household_key=byte_string(household, HOUSEHOLD_KEY_BYTES),
        session_key=byte_string(session, SESSION_KEY_BYTES),
        valid_from=instant(valid_from),
        valid_until=instant(valid_until),
        signature=byte_string(signature, SIGNATURE_BYTES),
    )
