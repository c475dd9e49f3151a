"""Posts the days of a community whose keys are all in one process: the demo's.

A day that could not be posted goes with the next one.
"""

from functools import partial
from typing import Final

from homeassistant.core import HomeAssistant

from ..drivers.chain import ChainHome, ChainThread, Heard
from ..engine.ledger.chain.day import ChainDay
from ..engine.ledger.chain.day_book import ClosedDay
from ..engine.model.period import Instant
from ..engine.wire.ethereum import Address
from .books import Books
from .posting import DAYS_KEPT
from .wallet import PostedDay, stated_nano


class LonePoster:
    """Drafts, signs for all, posts and pays."""

    def __init__(self, hass: HomeAssistant, books: Books, account: Address) -> None:
        """Begin with nothing posted; ``account`` is whose money is pending."""
        self.days: tuple[PostedDay, ...] = ()
        self._hass: Final = hass
        self._books: Final = books
        self._account: Final = account
        self._closed: ClosedDay | None = None
        """A day that waits to be posted."""

        self._posted: PostedDay | None = None
        """A day that was posted and does not stand yet."""

        self._is_behind = False

    @property
    def is_busy(self) -> bool:
        """Whether a day is over and does not stand yet."""
        waits = self._closed is not None or self._posted is not None
        return waits or self._is_behind

    async def async_keep(self) -> None:
        """Keep nothing: the books of the demo begin anew with it."""

    async def async_turn(self, chain: ChainThread, *, has_coins: bool) -> None:
        """Do what is due for the batch under way, or begin the next one."""
        await self._post(chain)
        if has_coins:
            await self._mirror(chain)
        ready = await self._hass.async_add_executor_job(self._books.ready)
        self._is_behind = ready is not None

    async def async_pending_nano(self) -> int:
        """Return what this home has earned since the day that stands."""
        net_nano = await self._hass.async_add_executor_job(self._books.net_nano)
        if not self.days:
            return net_nano
        return net_nano - stated_nano(self.days[-1].posted, self._account)

    def refused(self, job: str) -> None:
        """Post a day anew that a contract refused."""
        posted = self._posted
        if posted is not None and job.startswith(f"batch:{posted.number}:"):
            self._closed, self._posted = posted.closed, None

    async def async_close(self) -> None:
        """Let go of nothing: the books are the demo's."""

    async def _post(self, chain: ChainThread) -> None:
        head = await chain.ask(lambda home: home.batches.head())
        if self._posted is not None:
            if head.standing == self._posted.number:
                await self._pay_out(chain, self._posted)
            elif head.number == self._posted.number and head.is_void:
                # Undone by a vote or a proof: its day is posted anew.
                self._closed, self._posted = self._posted.closed, None
            return
        if self._closed is None:
            ready = await self._hass.async_add_executor_job(self._books.ready)
            if ready is None:
                return
            close = partial(self._books.close, ready)
            self._closed = await self._hass.async_add_executor_job(close)
        await self._submit(chain, self._closed)

    async def _submit(self, chain: ChainThread, closed: ClosedDay) -> None:
        """Draft, have the committee sign, and send."""
        day = await chain.ask(partial(_draft, closed=closed))
        if day is None:
            return
        digest, seats, quorum = await chain.ask(partial(_question, day=day))
        signed = await self._hass.async_add_executor_job(self._books.approvals, digest)
        approvals = {seat: signed[seat] for seat in seats if seat in signed}
        if len(approvals) < quorum:
            return
        await chain.ask(lambda home: home.batches.submit(day, approvals))
        self._closed, self._posted = None, PostedDay(closed=closed, posted=day)

    async def _pay_out(self, chain: ChainThread, stands: PostedDay) -> None:
        """Claim for everybody what a batch that stands has released."""
        await chain.ask(lambda home: home.batches.claim_all(stands.posted))
        self.days = (*self.days, stands)[-DAYS_KEPT:]
        self._posted = None

    async def _mirror(self, chain: ChainThread) -> None:
        """Let the contract name the charter that the members decided on."""
        charter, at = await self._hass.async_add_executor_job(self._books.charter)
        heard = Heard(drafts=(), approvals=self._books.approvals)
        turn = partial(_mirror_turn, charter=charter, at=at, heard=heard)
        await chain.ask(turn)


def _draft(home: ChainHome, *, closed: ClosedDay) -> ChainDay | None:
    return home.batches.draft(closed)


def _question(
    home: ChainHome, *, day: ChainDay
) -> tuple[bytes, tuple[Address, ...], int]:
    """Return what the committee is asked to sign, its seats, and how many it takes."""
    batches = home.batches
    return batches.digest(day.batch), batches.seats(), batches.quorum()


def _mirror_turn(home: ChainHome, *, charter: bytes, at: Instant, heard: Heard) -> None:
    home.mirror.turn(charter, at, heard, has_coins=True)
