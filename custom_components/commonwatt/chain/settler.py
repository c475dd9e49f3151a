"""Settles a community on a chain: posts its days, waits until they stand, pays out.

Runs beside the home and never in its way: without a chain, or with one that does not
answer, the signed journal is the ledger and everything else goes on.  A day that could
not be posted goes with the next one.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback

from ..const import LOGGER
from ..drivers.chain import (
    ChainError,
    ChainFault,
    ChainHome,
    ChainSettings,
    ChainThread,
    DeploymentTerms,
    Heard,
    JobChange,
    JobState,
)
from ..engine.ledger.certificates import CertificateId
from ..engine.ledger.chain.day import ChainDay
from ..engine.ledger.chain.day_book import ClosedDay
from ..engine.model.period import Instant
from ..engine.wire.ethereum import Address, address_of
from ..engine.wire.keys import HouseholdKey
from ..home import wall_clock
from .books import Books
from .library import async_require_library
from .trouble import Trouble, async_show_troubles, troubles_of
from .wallet import PostedDay, Wallet

DAYS_KEPT: Final = 8
"""How long certificates can be proved from memory: a week, and the day under way."""

_ENDED_BADLY: Final = frozenset({JobState.REFUSED, JobState.REVERTED})


class Settler:
    """Keeps one community and its chain in step while its entry is loaded."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry,
        *,
        settings: ChainSettings,
        terms: DeploymentTerms,
        books: Books,
        key: HouseholdKey,
        folder: Path,
        pace_s: float,
    ) -> None:
        """Look at the chain every ``pace_s`` seconds; ``key`` pays for the gas.

        Contracts are deployed by ``terms`` where the settings know none.
        """
        self.wallet: Wallet | None = None
        """What was last seen; None until the chain has answered."""

        self.days: tuple[PostedDay, ...] = ()
        """The days that were posted and stand, the latest last."""

        self._hass: Final = hass
        self._entry: Final = entry
        self._settings: Final = settings
        self._terms: Final = terms
        self._books: Final = books
        self._key: Final = key
        self._account: Final = address_of(key.public)
        self._folder: Final = folder
        self._pace_s: Final = pace_s
        self._chain: ChainThread | None = None
        self._closed: ClosedDay | None = None
        """A day that waits to be posted."""

        self._posted: PostedDay | None = None
        """A day that was posted and does not stand yet."""

        self._listeners: Final[list[Callable[[], None]]] = []
        self._wake: Final = asyncio.Event()
        self._stop: Final = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    # ------------------------------------------------------------ start and stop

    @callback
    def async_start(self) -> None:
        """Begin; nobody waits for the chain."""
        self._task = self._entry.async_create_background_task(
            self._hass, self._live(), "commonwatt chain"
        )
        self._entry.async_on_unload(self.async_stop)

    async def async_stop(self) -> None:
        """Finish the turn under way and let go of the chain; twice is no harm."""
        self._stop.set()
        self._wake.set()
        if self._task is not None:
            await asyncio.wait([self._task])
        if self._chain is not None:
            chain, self._chain = self._chain, None
            await chain.close()

    @callback
    def async_listen(self, listener: Callable[[], None]) -> CALLBACK_TYPE:
        """Call ``listener`` whenever the chain was looked at."""
        self._listeners.append(listener)

        @callback
        def remove() -> None:
            self._listeners.remove(listener)

        return remove

    # ------------------------------------------------------------------ asking

    async def async_ask[Answer](
        self, question: Callable[[ChainHome], Answer]
    ) -> Answer:
        """Have something asked or queued, and look again at once.

        Raises:
            ChainError: the chain cannot be reached, or a contract refuses.
        """
        is_there = self.wallet is not None and self.wallet.deployment is not None
        if self._chain is None or not is_there:
            raise ChainError(ChainFault.UNREACHABLE)
        answer = await self._chain.ask(question)
        self._wake.set()
        return answer

    def day_with(self, certificate: CertificateId) -> PostedDay | None:
        """Return the day that stands and records a certificate."""
        found = (one for one in self.days if certificate in one.closed.places)
        return next(found, None)

    # ------------------------------------------------------------------ turning

    async def _live(self) -> None:
        while not self._stop.is_set():
            try:
                await self._turn()
            except ChainError as err:
                self._report({Trouble.of(err.fault)}, err)
            except Exception:  # noqa: BLE001  # whatever it is
                # Nobody waits for this task: a bug must not stop it in silence.
                LOGGER.exception("Settling on the chain failed")
            self._tell()
            self._wake.clear()
            if not self._stop.is_set():
                await self._pause()

    async def _pause(self) -> None:
        try:
            async with asyncio.timeout(self._pace_s):
                await self._wake.wait()
        except TimeoutError:
            pass

    async def _turn(self) -> None:
        chain = self._chain or await self._open()
        self._note(await chain.ask(lambda home: home.step()))
        is_ready = await chain.ask(partial(_found, self._settings, self._terms))
        if is_ready:
            await self._post(chain)
            await self._mirror(chain)
        self.wallet = await self._look(chain)
        self._report(troubles_of(self.wallet.status), None)

    async def _open(self) -> ChainThread:
        await async_require_library(self._hass)
        chain = await ChainThread.open(self._settings, self._key, self._folder)
        self._chain = chain
        return chain

    async def _look(self, chain: ChainThread) -> Wallet:
        """Look at everything that is shown."""
        wallet = await chain.ask(partial(_seen, chain_id=self._settings.chain_id))
        if wallet.deployment is None:
            return wallet
        executor = self._hass.async_add_executor_job
        last = self.days[-1].leaf(self._account) if self.days else None
        settled_nano = 0 if last is None else last.net_nano
        is_busy = self._closed is not None or self._posted is not None
        return replace(
            wallet,
            pending_nano=await executor(self._books.net_nano) - settled_nano,
            released_nano=0 if last is None else last.released_nano,
            is_caught_up=not is_busy
            and not wallet.status.jobs_open
            and await executor(self._books.ready) is None,
        )

    async def _post(self, chain: ChainThread) -> None:
        """Do what is due for the batch under way, or begin the next one."""
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
        if self.wallet is None or not self.wallet.status.coins_wei:
            return
        charter, at = await self._hass.async_add_executor_job(self._books.charter)
        heard = Heard(drafts=(), approvals=self._books.approvals)
        turn = partial(_mirror_turn, charter=charter, at=at, heard=heard)
        await chain.ask(turn)

    # ------------------------------------------------------------------ telling

    @callback
    def _note(self, changes: tuple[JobChange, ...]) -> None:
        """Log what a contract refused, and post a refused day anew."""
        for change in changes:
            if change.state not in _ENDED_BADLY:
                continue
            LOGGER.warning("The chain refused %s: %s", change.name, change.detail)
            posted = self._posted
            if posted is not None and change.name.startswith(f"batch:{posted.number}:"):
                self._closed, self._posted = posted.closed, None

    @callback
    def _report(self, troubles: set[Trouble], err: ChainError | None) -> None:
        if err is not None:
            LOGGER.debug("The chain of %s: %s", self._entry.title, err)
        async_show_troubles(self._hass, self._entry, troubles, account=self._account)

    @callback
    def _tell(self) -> None:
        for listener in list(self._listeners):
            listener()


def _found(settings: ChainSettings, terms: DeploymentTerms, home: ChainHome) -> bool:
    """Join the contracts or have them deployed; tell whether they are there."""
    if home.deployment is None:
        if settings.deployment is None:
            home.deploy(terms)
        else:
            home.join(settings.deployment)
    return home.deployment is not None


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


def _seen(home: ChainHome, *, chain_id: int) -> Wallet:
    """Return what the chain itself shows."""
    is_there = home.deployment is not None
    return Wallet(
        account=home.account,
        chain_id=chain_id,
        deployment=home.deployment,
        status=home.status(wall_clock()),
        state=home.wallet.balance() if is_there else None,
        head=home.batches.head() if is_there else None,
    )
