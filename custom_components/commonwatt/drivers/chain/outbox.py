"""Has things done on the chain, each exactly once, whatever happens on the way.

A job has a name for what it is to bring about; the same name twice is the same job.
Before a transaction leaves it is on disk with its nonce, and a job keeps its nonce: of
all transactions signed for it one at most can ever count.  So a crash, a transaction
that nobody mined, one that was replaced, and a block that was taken back all end the
same way: the same bytes are sent again until a final block holds one of them.

One transaction is in the air at a time: the next one is tried against what came of it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from threading import RLock
from typing import Final

from ...engine.wire.ethereum import Address, address_of
from ...engine.wire.keys import HouseholdKey
from .client import ChainClient
from .errors import ChainError, ChainFault
from .fees import Fees, offered, raised
from .outbox_file import Attempt, Job, JobState, OutboxFile
from .transaction import Transaction
from .values import At, Block, Call, Receipt

GAS_MAX: Final = 15_000_000
"""Nothing we do takes so much: the largest contract is made with half of it."""

JOBS_OPEN_MAX: Final = 256
NAME_CHARACTERS_MAX: Final = 200
_NOTHING_GAS: Final = 21_000
"""What a transaction takes that does nothing.  Source: Yellow Paper, appendix G."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobChange:
    """A job that came further, or fell back."""

    name: str
    state: JobState
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GasTerms:
    """What the owner lets us pay, and how long we wait for a block."""

    fee_wei_max: int
    """For one unit of gas."""

    blocks_until_stuck: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Why nothing moves, if nothing does."""

    is_stuck: bool = False
    """A transaction waits for longer than it should."""

    is_too_dear: bool = False
    is_out_of_coins: bool = False


class Outbox:
    """Jobs of one account.  Every call blocks; one thread at a time gets in."""

    def __init__(
        self,
        client: ChainClient,
        file: OutboxFile,
        key: HouseholdKey,
        terms: GasTerms,
    ) -> None:
        """Go on with what the file holds."""
        self._client: Final = client
        self._file: Final = file
        self._key: Final = key
        self._terms: Final = terms
        self._turn: Final = RLock()
        self.account: Final[Address] = address_of(key.public)
        self.situation = Situation()
        self._sent_again_at = -1

    def add(self, name: str, call: Call) -> Job:
        """Queue a job, unless one of that name is under way or done.

        One that was refused or reverted is queued anew, with the call given now.
        Raises ChainError REFUSED at once where a contract does not want it.
        """
        assert 0 < len(name) <= NAME_CHARACTERS_MAX, "a name for what it is for"
        with self._turn:
            known = self._file.job(name)
            if known is not None and known.state not in {
                JobState.REFUSED,
                JobState.REVERTED,
            }:
                return known
            if len(self._file.jobs(open_only=True)) >= JOBS_OPEN_MAX:
                raise ChainError(ChainFault.REFUSED, "too many jobs are waiting")
            return self._file.add(name, call)

    def attempt(self, name: str, call: Call) -> Job:
        """Queue a job as :meth:`add` does, if the contracts would take it now."""
        with self._turn:
            known = self._file.job(name)
            if known is None or known.state in {JobState.REFUSED, JobState.REVERTED}:
                self._client.estimate(self.account, call)
            return self.add(name, call)

    def job(self, name: str) -> Job | None:
        """Return what became of a job."""
        return self._file.job(name)

    def jobs(self) -> tuple[Job, ...]:
        """Return all jobs that were ever queued, the oldest first."""
        return self._file.jobs()

    def step(self) -> tuple[JobChange, ...]:
        """Look at what was sent, send what is due; return what changed.

        Raises ChainError when the chain cannot be asked; then nothing is lost.
        """
        with self._turn:
            before = {job.number: job for job in self._file.jobs(open_only=True)}
            self.situation = Situation()
            latest = self._client.block()
            self._watch(latest)
            self._begin_next(latest)
            return tuple(self._changes(before))

    # -- what was sent -----------------------------------------------------------------

    def _watch(self, latest: Block) -> None:
        """Find the jobs that were sent in blocks, or send them again."""
        sent = [j for j in self._file.jobs(open_only=True) if j.nonce is not None]
        if not sent:
            return
        final = self._client.block(At.FINALIZED).number
        for job in sorted(sent, key=lambda job: job.nonce or 0):
            self._watch_one(job, latest, final)
        self._sent_again_at = latest.number

    def _watch_one(self, job: Job, latest: Block, final: int) -> None:
        # Asked before the receipts: what it counts must then be among them.
        was_used = self._is_nonce_used(job)
        attempts = self._file.attempts(job)
        for attempt in attempts:
            receipt = self._client.receipt(attempt.hash)
            if receipt is not None:
                self._found(job, attempt, receipt, final)
                return
        # And after them: another endpoint may have answered that lags behind.
        if was_used and self._is_nonce_used(job):
            # Somebody else has signed with this key: a wallet, or a restored backup.
            self._file.forget_attempts(job)
            return
        self._urge(job, attempts[-1], latest)

    def _is_nonce_used(self, job: Job) -> bool:
        """Tell whether a transaction with the nonce of a job is in a final block."""
        assert job.nonce is not None, "it was sent"
        return self._client.nonce(self.account, At.FINALIZED) > job.nonce

    def _found(self, job: Job, attempt: Attempt, receipt: Receipt, final: int) -> None:
        """Note what became of a job: for good, if its block is final."""
        if receipt.block > final:
            self._note(job, state=JobState.MINED, block=receipt.block)
            return
        if attempt.is_void:
            state = JobState.REFUSED
        else:
            state = JobState.FINAL if receipt.is_success else JobState.REVERTED
        self._note(job, state=state, block=receipt.block, fee_wei=receipt.fee_wei)

    def _urge(self, job: Job, last: Attempt, latest: Block) -> None:
        """Send the last transaction again, or one that offers more."""
        if job.state is JobState.MINED:
            job = replace(job, state=JobState.SENT, block=None)
            self._file.change(job)
        if latest.number - last.block >= self._terms.blocks_until_stuck:
            self.situation = replace(self.situation, is_stuck=True)
            better = self._replacement(job, last, latest)
            if better is not None:
                self._file.sign(*better)
                self._send(better[1].raw)
                return
        if latest.number != self._sent_again_at:
            self._send(last.raw)

    def _replacement(
        self, job: Job, last: Attempt, latest: Block
    ) -> tuple[Job, Attempt] | None:
        """Return a transaction that offers more; None at the ceiling.

        It does nothing but use the nonce up where the job has become impossible.
        """
        fees = raised(
            last.fees,
            base_wei=latest.base_fee_wei,
            tip_wei=self._client.tip(),
            ceiling_wei=self._terms.fee_wei_max,
        )
        if fees is None:
            self.situation = replace(self.situation, is_too_dear=True)
            return None
        call, is_void = job.call, last.is_void
        try:
            if not is_void:
                self._client.estimate(self.account, job.call)
        except ChainError as err:
            if err.fault is not ChainFault.REFUSED:
                raise
            job, is_void = replace(job, detail=err.detail), True
        if is_void:
            call = Call(recipient=self.account, data=b"")
        gas_max = _NOTHING_GAS if is_void else last.gas_max
        attempt = self._signed(job, call, fees, gas_max, latest, is_void=is_void)
        return job, attempt

    # -- what is due -------------------------------------------------------------------

    def _begin_next(self, latest: Block) -> None:
        """Send the first job in the queue, if nothing is in the air."""
        for job in self._file.jobs(open_only=True):
            if job.state is JobState.SENT:
                return
            if job.state is JobState.QUEUED and self._begin(job, latest):
                return

    def _begin(self, job: Job, latest: Block) -> bool:
        """Send a job; False if it was refused, so that the next one is due."""
        try:
            gas = self._client.estimate(self.account, job.call)
        except ChainError as err:
            if err.fault is ChainFault.NO_COINS:
                self.situation = replace(self.situation, is_out_of_coins=True)
                return True
            if err.fault is not ChainFault.REFUSED:
                raise
            self._note(job, state=JobState.REFUSED, detail=err.detail)
            return False
        gas_max = gas * 6 // 5
        if gas_max > GAS_MAX:
            self._note(job, state=JobState.REFUSED, detail=f"{gas} gas")
            return False
        fees = offered(
            base_wei=latest.base_fee_wei,
            tip_wei=self._client.tip(),
            ceiling_wei=self._terms.fee_wei_max,
        )
        if fees is None:
            self.situation = replace(self.situation, is_too_dear=True)
            return True
        needed = gas_max * fees.fee_wei + job.call.value_wei
        if self._client.coins(self.account) < needed:
            self.situation = replace(self.situation, is_out_of_coins=True)
            return True
        self._send_first(job, fees, gas_max, latest)
        return True

    def _send_first(self, job: Job, fees: Fees, gas_max: int, latest: Block) -> None:
        nonce = max(self._client.nonce(self.account), self._next_nonce())
        job = replace(job, nonce=nonce)
        attempt = self._signed(job, job.call, fees, gas_max, latest, is_void=False)
        self._file.sign(job, attempt)
        self._send(attempt.raw)

    def _send(self, raw: bytes) -> None:
        """Hand a transaction over; one that a node does not want now goes again."""
        try:
            self._client.send(raw)
        except ChainError as err:
            if err.fault is ChainFault.NO_COINS:
                self.situation = replace(self.situation, is_out_of_coins=True)
            elif err.fault in {ChainFault.BAD_ANSWER, ChainFault.REFUSED}:
                # Below the base fee of the hour, say.
                self.situation = replace(self.situation, is_stuck=True)
            else:
                raise

    def _next_nonce(self) -> int:
        """Return the lowest nonce above those of jobs that are not final yet."""
        given = (job.nonce for job in self._file.jobs(open_only=True))
        return max((nonce + 1 for nonce in given if nonce is not None), default=0)

    def _signed(
        self,
        job: Job,
        call: Call,
        fees: Fees,
        gas_max: int,
        latest: Block,
        *,
        is_void: bool,
    ) -> Attempt:
        assert job.nonce is not None, "a turn was given to it"
        signed = Transaction(
            chain_id=self._client.chain_id,
            nonce=job.nonce,
            call=call,
            gas_max=gas_max,
            fees=fees,
        ).signed(self._key)
        return Attempt(
            hash=signed.hash,
            raw=signed.raw,
            fees=fees,
            gas_max=gas_max,
            block=latest.number,
            is_void=is_void,
        )

    def _note(
        self,
        job: Job,
        *,
        state: JobState,
        detail: str | None = None,
        block: int | None = None,
        fee_wei: int = 0,
    ) -> None:
        said = job.detail if detail is None else detail
        changed = replace(job, state=state, detail=said, block=block, fee_wei=fee_wei)
        if changed != job:
            self._file.change(changed)

    def _changes(self, before: dict[int, Job]) -> Iterator[JobChange]:
        for job in self._file.jobs():
            old = before.get(job.number)
            if old is not None and old.state is not job.state:
                yield JobChange(name=job.name, state=job.state, detail=job.detail)


type Queue = Callable[[str, Call], Job]
"""How the parts of a home's business on the chain have something done."""
