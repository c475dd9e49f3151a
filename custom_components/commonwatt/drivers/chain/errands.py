"""Errands: what a home without coins signs, and what it does for others if it has some.

Each is a wish of one home, for a contract to take once: the home signs it under a name
for what it is for, keeps it with the outbox, and tells the others until one of them has
sent it.  Whoever sends it pays for the gas and can change nothing.
"""

from collections import Counter
from collections.abc import Sequence
from enum import StrEnum
from itertools import count
from typing import Final

from ...engine.model.errand import (
    NO_CERTIFICATE,
    NOBODY,
    Errand,
    ErrandKind,
    SignedErrand,
)
from ...engine.wire.ethereum import Address, recover_address, sign_recoverable
from ...engine.wire.keys import HouseholdKey
from .contracts import Contracts
from .errand_calls import ErrandCalls, Queue, queue_of
from .errand_notes import ErrandNotes
from .errors import ChainError, ChainFault
from .outbox_file import Job, OutboxFile
from .values import as_int

LIFETIME_S: Final = 2 * 86_400
"""How long others may take to send an errand."""

WAITING_MAX: Final = 8
CARRIED_DAY_MAX: Final = 16
"""Errands of one home that we pay for in a day."""

_DAY_S: Final = 86_400


class ErrandState(StrEnum):
    """What became of an errand."""

    WAITING = "waiting"
    DONE = "done"
    EXPIRED = "expired"
    """Nobody sent it in time: it can be signed again."""


class _Look:
    """The chain's time, and how many errands of each owner its contracts have taken."""

    def __init__(self, now_s: int, taken: dict[Queue, int]) -> None:
        self.now_s: Final = now_s
        self.taken: Final = taken

    def state(self, errand: Errand) -> ErrandState:
        """Return what became of an errand whose owner was looked at."""
        if errand.nonce < self.taken[queue_of(errand)]:
            return ErrandState.DONE
        is_late = errand.deadline_s < self.now_s
        return ErrandState.EXPIRED if is_late else ErrandState.WAITING

    def is_next(self, errand: Errand) -> bool:
        """Tell whether its contract would take an errand before all others."""
        is_waiting = self.state(errand) is ErrandState.WAITING
        return is_waiting and errand.nonce == self.taken[queue_of(errand)]


class Errands:
    """What this home has signed, and what it sends for others."""

    def __init__(
        self, contracts: Contracts, key: HouseholdKey, file: OutboxFile
    ) -> None:
        """Go on with what the file holds; ``key`` signs for this home."""
        self._contracts: Final = contracts
        self._key: Final = key
        self._me: Final = contracts.outbox.account
        self._calls: Final = ErrandCalls(contracts)
        self._notes: Final = ErrandNotes(file, contracts.deployment.settlement)
        self._carried: Counter[tuple[bytes, int]] = Counter()
        """How many of an owner's were sent, by the day."""

    # -- of our own --------------------------------------------------------------------

    def pay_in(self, amount_nano: int, name: str) -> SignedErrand:
        """Sign a deposit of credit in our hands, or a debt repaid with it.

        This and the others raise ChainError REFUSED, with the name of the contract's
        error, for what would not be taken.
        """
        return self._signed(name, ErrandKind.PAY_IN, amount_nano)

    def transfer(self, to: Address, amount_nano: int, name: str) -> SignedErrand:
        """Sign that credit in our hands goes to another account."""
        return self._signed(name, ErrandKind.TRANSFER, amount_nano, to=to)

    def withdraw(
        self, amount_nano: int, name: str, to: Address | None = None
    ) -> SignedErrand:
        """Sign that credit in our hands is changed back into coins."""
        return self._signed(name, ErrandKind.WITHDRAW, amount_nano, to=to or self._me)

    def transfer_certificate(
        self, certificate: bytes, to: Address, energy_wh: int, name: str
    ) -> SignedErrand:
        """Sign that some Wh of a certificate go to another account."""
        kind = ErrandKind.TRANSFER_CERTIFICATE
        return self._signed(name, kind, energy_wh, to=to, certificate=certificate)

    def retire(
        self, certificate: bytes, energy_wh: int, purpose: str, name: str
    ) -> SignedErrand:
        """Sign that some Wh of a certificate are used up, for a purpose."""
        return self._signed(
            name,
            ErrandKind.RETIRE,
            energy_wh,
            certificate=certificate,
            purpose=purpose,
        )

    def waiting(self) -> tuple[SignedErrand, ...]:
        """Return what nobody has sent yet and somebody still can: tell the others."""
        if not self._notes.all():
            return ()
        return self._waiting(self._look([self._me]))

    def state(self, name: str) -> ErrandState | None:
        """Return what became of an errand; None if none of that name was signed."""
        signed = self._notes.signed(name)
        if signed is None:
            return None
        return self._look([self._me]).state(signed.errand)

    # -- of others ---------------------------------------------------------------------

    def due(self, errands: Sequence[SignedErrand]) -> tuple[SignedErrand, ...]:
        """Return what a contract would take next: genuine, in time, not too many."""
        if not errands:
            return ()
        look = self._look(sorted({Address(one.errand.owner) for one in errands}))
        today = look.now_s // _DAY_S
        self._carried = Counter(
            {key: sent for key, sent in self._carried.items() if key[1] == today}
        )
        return tuple(
            one
            for one in errands
            if look.is_next(one.errand)
            and self._carried[one.errand.owner, today] < CARRIED_DAY_MAX
            and self._is_genuine(one)
        )

    def carry(self, signed: SignedErrand) -> Job | None:
        """Queue an errand, and pay for it; None if a contract does not want it now."""
        name = f"errand:{self.digest(signed.errand).hex()}"
        is_new = self._contracts.outbox.job(name) is None
        try:
            job = self._contracts.outbox.attempt(name, self._calls.call(signed))
        except ChainError as err:
            if err.fault is not ChainFault.REFUSED:
                raise
            return None
        if is_new:
            today = self._contracts.client.block().timestamp_s // _DAY_S
            self._carried[signed.errand.owner, today] += 1
        return job

    def digest(self, errand: Errand) -> bytes:
        """Return what its owner signs."""
        return self._calls.digest(errand)

    # -- inwards -----------------------------------------------------------------------

    def _signed(
        self,
        name: str,
        kind: ErrandKind,
        amount: int,
        *,
        to: bytes = NOBODY,
        certificate: bytes = NO_CERTIFICATE,
        purpose: str = "",
    ) -> SignedErrand:
        """Sign under a name, once: the same name again is the same errand."""
        look, known = self._look([self._me]), self._notes.signed(name)
        if known is not None and look.state(known.errand) is not ErrandState.EXPIRED:
            return known
        try:
            errand = Errand(
                kind=kind,
                owner=self._me,
                amount=amount,
                to=to,
                certificate=certificate,
                purpose=purpose,
                nonce=self._next_nonce(kind, look),
                deadline_s=look.now_s + LIFETIME_S,
            )
        except ValueError as err:
            raise ChainError(ChainFault.REFUSED, str(err)) from err
        signature = sign_recoverable(self._key, self.digest(errand))
        signed = SignedErrand(errand=errand, signature=signature)
        if look.is_next(errand):
            # What waits behind another cannot be tried: its time has not come.
            call = self._calls.call(signed)
            self._contracts.client.estimate(self._me, call)
        self._notes.keep(name, signed)
        return signed

    def _next_nonce(self, kind: ErrandKind, look: _Look) -> int:
        waiting = self._waiting(look)
        if len(waiting) >= WAITING_MAX:
            raise ChainError(ChainFault.REFUSED, "too many errands are waiting")
        queue = (self._me, kind.is_of_certificates)
        given = {one.errand.nonce for one in waiting if queue_of(one.errand) == queue}
        # The first one free: what expired would hold up all that waits behind it.
        return next(n for n in count(look.taken[queue]) if n not in given)

    def _waiting(self, look: _Look) -> tuple[SignedErrand, ...]:
        return tuple(
            one
            for one in self._notes.all()
            if look.state(one.errand) is ErrandState.WAITING
        )

    def _look(self, owners: Sequence[Address]) -> _Look:
        queues: list[Queue] = [
            (owner, second) for owner in owners for second in (False, True)
        ]
        answers = self._contracts.read_all(*map(self._calls.nonces, queues))
        taken = {
            queue: as_int(*answer)
            for queue, answer in zip(queues, answers, strict=True)
        }
        return _Look(self._contracts.client.block().timestamp_s, taken)

    def _is_genuine(self, signed: SignedErrand) -> bool:
        signer = recover_address(self.digest(signed.errand), signed.signature)
        return signer == signed.errand.owner
