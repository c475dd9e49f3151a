"""Why a message was refused: a value to count and show, never an exception."""

from dataclasses import dataclass
from enum import StrEnum


class RejectionReason(StrEnum):
    """Every reason there is, cheapest check first."""

    TOO_LONG = "too_long"
    NOT_CANONICAL = "not_canonical"
    NOT_AN_ENVELOPE = "not_an_envelope"
    UNKNOWN_VERSION = "unknown_version"
    UNKNOWN_KIND = "unknown_kind"
    WRONG_COMMUNITY = "wrong_community"
    STRANGER = "stranger"
    NO_SESSION_KEY = "no_session_key"
    BAD_SIGNATURE = "bad_signature"

    MALFORMED = "malformed"
    """Signed by a member, and yet no message: its software is broken, or it lies."""

    CERTIFICATE_MALFORMED = "certificate_malformed"
    CERTIFICATE_OF_ANOTHER = "certificate_of_another"
    CERTIFICATE_TOO_LONG = "certificate_too_long"
    CERTIFICATE_NOT_IN_FORCE = "certificate_not_in_force"
    CERTIFICATE_FORGED = "certificate_forged"
    CERTIFICATE_SUPERSEDED = "certificate_superseded"
    CERTIFICATE_REVOKED = "certificate_revoked"


@dataclass(frozen=True, slots=True)
class Rejected:
    """A message or certificate that is not let in."""

    reason: RejectionReason
