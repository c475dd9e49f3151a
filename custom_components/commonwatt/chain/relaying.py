"""One home's part in having the days of a real community posted.

Every home keeps books and drafts from them; the relay signs, posts and claims.  What is
to be said to the others goes through the home's node.  Computes no balance.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback

from ..data import Ask
from ..drivers.chain import ChainError, ChainFault, ChainHome, ChainThread, Heard
from ..engine.ledger.chain.day import ChainDay
from ..engine.ledger.chain.drafts import draft_of
from ..engine.ledger.chain.scores import ScoreSheet
from ..engine.ledger.chain.settled_period import SettledPeriod
from ..engine.model.batch import BatchMessage
from ..engine.model.period import DeliveryPeriod, Instant
from ..engine.node import Event, Node, PeriodCorrected, PeriodSettled
from ..engine.node.anchored import anchored_scores
from ..engine.wire.digests import community_id
from ..engine.wire.ethereum import Address, address_of
from ..market_feed import MarketFeed
from .community_books import CommunityBooks, follows
from .posting import DAYS_KEPT
from .wallet import PostedDay, stated_nano

TELLERS: Final = 2
"""So many members tell of the batch that stands: one may be away."""

type Question[Answer] = Callable[[Node, Instant], Answer]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What the node knows that the chain has to know."""

    heard: Heard
    charter: bytes
    since: Instant
    members: frozenset[Address]
    scores: ScoreSheet | None
    """The reputations that the charter agrees on, if it does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Turned:
    """What a turn on the chain came to."""

    standing: ChainDay | None
    number: int
    """Of the batch that stands, whether this home has seen it or not."""

    is_waiting: bool
    """A closed day, or a batch that is pending."""

    say: tuple[BatchMessage, ...]


class RelayPoster:
    """Keeps books, and passes on between the node and the chain."""

    def __init__(
        self,
        hass: HomeAssistant,
        *,
        ask: Ask,
        feed: MarketFeed,
        books: CommunityBooks,
        account: Address,
    ) -> None:
        """Begin with what the books hold; ``account`` is this home's."""
        self.days: tuple[PostedDay, ...] = ()
        self.is_busy = False
        self._hass: Final = hass
        self._ask_node: Final = ask
        self._feed: Final = feed
        self._books: Final = books
        self._account: Final = account
        self._news: set[DeliveryPeriod] | None = None
        """Periods to be kept; None: all that the node knows."""

        self._standing: ChainDay | None = None
        self._number = 0
        self._is_closed = False

    @callback
    def async_start(self, entry: ConfigEntry) -> None:
        """Hear what is settled from now on."""
        entry.async_on_unload(self._feed.async_listen_to_events(self._hear))

    @callback
    def _hear(self, events: Iterable[Event]) -> None:
        for event in events:
            if isinstance(event, PeriodSettled | PeriodCorrected) and (
                self._news is not None
            ):
                self._news.add(event.period)

    # ------------------------------------------------------------------- turning

    async def async_keep(self) -> None:
        """Write what was settled since into the books."""
        news, self._news = self._news, set()
        try:
            periods, until = await self._ask(partial(_settled, news=news))
            take = partial(self._books.take, periods, closed_until=until)
            await self._hass.async_add_executor_job(take)
        except BaseException:
            self._news = None if news is None else self._news | news
            raise

    async def async_turn(self, chain: ChainThread, *, has_coins: bool) -> None:
        """Let the home do its part, and tell the others."""
        told = await self._ask(_told)
        done = await chain.ask(
            partial(_relay, books=self._books, told=told, has_coins=has_coins)
        )
        for message in done.say:
            await self._ask(partial(_tell, message=message))
        self.is_busy = done.is_waiting
        if (self._number, self._standing) != (done.number, done.standing):
            self._number, self._standing = done.number, done.standing
            self.days = await chain.ask(partial(_provable, books=self._books))

    async def async_pending_nano(self) -> int | None:
        """Return what this home has earned since the day that stands; None: unknown."""
        standing = self._standing
        if self._number and standing is None:
            return None
        net = partial(self._books.net_nano, standing, self._account)
        net_nano = await self._hass.async_add_executor_job(net)
        if standing is None:
            return net_nano
        return net_nano - stated_nano(standing, self._account)

    def refused(self, job: str) -> None:
        """Take nothing back: the relay drafts anew until a batch stands."""

    async def async_close(self) -> None:
        """Let go of the books."""
        if not self._is_closed:
            self._is_closed = True
            await self._hass.async_add_executor_job(self._books.close)

    async def _ask[Answer](self, question: Question[Answer]) -> Answer:
        """Ask the node; ChainError if it stands still."""
        try:
            return await self._ask_node(question)
        except RuntimeError as err:
            raise ChainError(ChainFault.UNREACHABLE, "the node has stopped") from err


def _settled(
    node: Node, now: Instant, *, news: set[DeliveryPeriod] | None
) -> tuple[tuple[SettledPeriod, ...], int]:
    """Return periods as they are settled now, and the last day that will not change."""
    posted = node.batches.posted
    wanted = posted.periods if news is None else sorted(news)
    found = (posted.of(period) for period in wanted)
    return tuple(one for one in found if one is not None), posted.closed_until(now)


def _told(node: Node, _now: Instant) -> _Told:
    """Return what the members said, as it is now."""
    batches = node.batches
    signatures = MappingProxyType(batches.signatures)
    charter, since = batches.posted.charter
    return _Told(
        heard=Heard(
            drafts=tuple(batches.drafts.values()),
            approvals=lambda digest: signatures.get(digest, {}),
            errands=batches.errands,
        ),
        charter=bytes.fromhex(community_id(charter)),
        since=since.start,
        members=frozenset(address_of(one.household_key) for one in charter.members),
        scores=anchored_scores(charter),
    )


def _tell(node: Node, now: Instant, *, message: BatchMessage) -> None:
    node.batches.tell(message, now)


def _relay(
    home: ChainHome, *, books: CommunityBooks, told: _Told, has_coins: bool
) -> _Turned:
    """Do this home's part on the chain."""
    head, members = home.batches.look()
    standing = home.batches.standing(head) if head.standing else None
    is_known = standing is not None or not head.standing
    # While a batch is pending nobody knows where the next one begins.
    closed = books.closed(standing) if is_known and not head.is_pending else None
    now_s = home.client.block().timestamp_s
    said = home.relay.turn(closed, told.heard, now_s=now_s, has_coins=has_coins)
    if is_known and books.lacks(standing):
        said += home.vouching.turn(told.heard, now_s=now_s, has_coins=has_coins)
    anchored: tuple[BatchMessage, ...] = ()
    if told.scores is not None:
        anchored = home.anchoring.turn(
            told.scores, told.heard, now_s=now_s, has_coins=has_coins
        )
    mirrored = home.mirror.turn(
        told.charter,
        told.since,
        told.heard,
        has_coins=has_coins,
        members=told.members,
    )
    return _Turned(
        standing=standing,
        number=head.standing,
        is_waiting=closed is not None or head.is_pending,
        say=(
            *said,
            *mirrored,
            *anchored,
            *home.errands.waiting(),
            *_retold(home, standing, members),
        ),
    )


def _retold(
    home: ChainHome, standing: ChainDay | None, members: Sequence[Address]
) -> Iterator[BatchMessage]:
    """Yield the batch that stands, for who came later: a few members tell of it."""
    if standing is not None and home.account in members:
        place = sorted(members).index(home.account)
        if (place - standing.batch.number) % len(members) < TELLERS:
            yield draft_of(standing, home.batches.settlement)


def _provable(home: ChainHome, *, books: CommunityBooks) -> tuple[PostedDay, ...]:
    """Return the days of late that can be proved from these books, the latest last."""
    batches = home.batches
    head = batches.head()
    batch = batches.standing(head) if head.standing else None
    if batch is not None:
        books.forget(batch)
    found: list[PostedDay] = []
    while batch is not None and len(found) < DAYS_KEPT:
        name = follows(batch)
        before = None if name is None else batches.known(name)
        if name is not None and before is None:
            break  # nobody told where it begins
        posted = books.posted(batch, before)
        if posted is not None:
            found.append(posted)
        batch = before
    return tuple(reversed(found))
