"""Keys of a street whose signatures need no checking: it has seen them being made.

What was altered on its way, or signed with another key, is checked as everywhere.
"""

from dataclasses import dataclass

from ...model.community import SessionRevocation
from ...model.period import Instant
from ...node import Session, Sessions
from ...wire.keys import Signer
from ...wire.verifier import MemoVerifier


@dataclass(frozen=True, slots=True)
class KnownSigner:
    """A key that signs as it always did, and tells the verifier."""

    signer: Signer
    memo: MemoVerifier

    @property
    def public(self) -> bytes:
        """By which the others check."""
        return self.signer.public

    def sign(self, payload: bytes) -> bytes:
        """Return the signature of ``payload``: 64 bytes."""
        signature = self.signer.sign(payload)
        self.memo.know(public_key=self.public, signature=signature, payload=payload)
        return signature


@dataclass(frozen=True, slots=True)
class KnownSessions:
    """The sessions of a home, all of whose signatures are known."""

    sessions: Sessions
    memo: MemoVerifier

    def at(self, now: Instant) -> Session:
        """Return the session to sign with at ``now``."""
        session = self.sessions.at(now)
        return Session(
            certificate=session.certificate, key=KnownSigner(session.key, self.memo)
        )

    def renew(self, at: Instant) -> None:
        """From ``at`` on, sign with no key that was in use before."""
        self.sessions.renew(at)

    def revoke(self, before: Instant) -> SessionRevocation:
        """Return the household's word that keys certified before count no more."""
        return self.sessions.revoke(before)
