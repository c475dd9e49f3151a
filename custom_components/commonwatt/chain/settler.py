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
    Deployment,
    DeploymentTerms,
    JobChange,
    JobState,
)
from ..engine.ledger.certificates import CertificateId
from ..engine.wire.ethereum import address_of
from ..engine.wire.keys import HouseholdKey
from ..home import wall_clock
from .library import async_require_library
from .posting import Poster
from .trouble import Trouble, async_show_troubles, troubles_of
from .wallet import PostedDay, Wallet

_ENDED_BADLY: Final = frozenset({JobState.REFUSED, JobState.REVERTED})


class Settler:
    """Keeps one community and its chain in step while its entry is loaded."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry,
        *,
        settings: ChainSettings,
        terms: DeploymentTerms | None,
        poster: Poster,
        key: HouseholdKey,
        folder: Path,
        pace_s: float,
    ) -> None:
        """Look at the chain every ``pace_s`` seconds; ``key`` pays for the gas.

        Contracts are deployed by ``terms`` where the settings know none.
        """
        self.on_deployed: Callable[[Deployment], None] | None = None
        """Is told, once, where contracts lie that were deployed by the terms."""

        self.wallet: Wallet | None = None
        """What was last seen; None until the chain has answered."""

        self._hass: Final = hass
        self._entry: Final = entry
        self._settings: Final = settings
        self._terms: Final = terms
        self._poster: Final = poster
        self._key: Final = key
        self._account: Final = address_of(key.public)
        self._folder: Final = folder
        self._pace_s: Final = pace_s
        self._chain: ChainThread | None = None
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
        await self._poster.async_close()
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

    @property
    def days(self) -> tuple[PostedDay, ...]:
        """The days that stand and can be proved, the latest last."""
        return self._poster.days

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
        # First of all: the books go on while the chain is away.
        await self._poster.async_keep()
        chain = self._chain or await self._open()
        self._note(await chain.ask(lambda home: home.step()))
        deployment = await chain.ask(partial(_found, self._settings, self._terms))
        if deployment is not None:
            self._tell_deployed(deployment)
            before = self.wallet
            has_coins = before is not None and before.status.coins_wei > 0
            await self._poster.async_turn(chain, has_coins=has_coins)
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
        last = self.days[-1].leaf(self._account) if self.days else None
        return replace(
            wallet,
            pending_nano=await self._poster.async_pending_nano(),
            released_nano=0 if last is None else last.released_nano,
            is_caught_up=not self._poster.is_busy and not wallet.status.jobs_open,
        )

    # ------------------------------------------------------------------ telling

    @callback
    def _note(self, changes: tuple[JobChange, ...]) -> None:
        """Log what a contract refused, and have a refused day posted anew."""
        for change in changes:
            if change.state not in _ENDED_BADLY:
                continue
            LOGGER.warning("The chain refused %s: %s", change.name, change.detail)
            self._poster.refused(change.name)

    @callback
    def _tell_deployed(self, deployment: Deployment) -> None:
        """Pass on, once, where new contracts lie."""
        tell, self.on_deployed = self.on_deployed, None
        if tell is not None and self._settings.deployment is None:
            tell(deployment)

    @callback
    def _report(self, troubles: set[Trouble], err: ChainError | None) -> None:
        if err is not None:
            LOGGER.debug("The chain of %s: %s", self._entry.title, err)
        async_show_troubles(self._hass, self._entry, troubles, account=self._account)

    @callback
    def _tell(self) -> None:
        for listener in list(self._listeners):
            listener()


def _found(
    settings: ChainSettings, terms: DeploymentTerms | None, home: ChainHome
) -> Deployment | None:
    """Join the contracts or have them deployed; return them once they are there."""
    if home.deployment is None:
        if settings.deployment is not None:
            home.join(settings.deployment)
        elif terms is not None:
            home.deploy(terms)
    return home.deployment


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
