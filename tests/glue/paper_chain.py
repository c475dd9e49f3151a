"""A chain of paper for tests: what is posted waits until somebody says otherwise."""
# ruff: noqa: D102  # what is doubled here is described where it is real

from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace

from custom_components.commonwatt.chain.posting import DAYS_KEPT
from custom_components.commonwatt.drivers.chain import (
    ChainError,
    ChainFault,
    ChainStatus,
    Head,
    Heard,
    JobChange,
    WalletState,
)
from custom_components.commonwatt.engine.ledger.chain.day import (
    FUND,
    GENESIS,
    NETWORK,
    ChainDay,
    chain_day,
)
from custom_components.commonwatt.engine.ledger.chain.day_book import ClosedDay
from custom_components.commonwatt.engine.model.period import Instant
from custom_components.commonwatt.engine.wire.ethereum import Address, address_of
from custom_components.commonwatt.engine.wire.keys import HouseholdKey

KEY = HouseholdKey(b"\x01" * 32)
ME = address_of(KEY.public)
TODAY = 20_000
CALM = ChainStatus(
    block=1,
    finalized=1,
    is_behind=False,
    coins_wei=1,
    gas_spent_wei=0,
    jobs_open=0,
    is_stuck=False,
    is_too_dear=False,
    is_out_of_coins=False,
    endpoint="paper",
)


@dataclass(slots=True)
class PaperBooks:
    """Every day somebody earns a little; the next day is over at once."""

    closed: list[int] = field(default_factory=list)
    signs: bool = True

    def ready(self) -> int | None:
        return TODAY + len(self.closed) if len(self.closed) < DAYS_KEPT + 3 else None

    def close(self, day: int) -> ClosedDay:
        self.closed.append(day)
        earned = len(self.closed) * 100
        return ClosedDay(
            day=day,
            records=(b"record",),
            nets_nano={ME: earned, FUND: -earned, NETWORK: 0},
            metered_wh=0,
            certificates={},
            places={},
        )

    def net_nano(self) -> int:
        return 1_000

    def approvals(self, digest: bytes) -> dict[Address, bytes]:
        return {ME: digest} if self.signs else {}

    def charter(self) -> tuple[bytes, Instant]:
        return b"charter", Instant(5)


@dataclass(slots=True)
class PaperChain:
    """A chain on which what is posted is pending until somebody says otherwise."""

    posted: list[ChainDay] = field(default_factory=list)
    claimed: list[int] = field(default_factory=list)
    mirrored: list[object] = field(default_factory=list)
    standing: int = 0
    is_void: bool = False
    changes: tuple[JobChange, ...] = ()
    fault: ChainError | None = None
    status_now: ChainStatus = CALM
    account: Address = ME
    deployment: SimpleNamespace | None = field(
        default_factory=lambda: SimpleNamespace(
            community=ME, settlement=ME, credit=ME, certificates=ME
        )
    )

    @property
    def batches(self) -> PaperChain:
        return self

    @property
    def wallet(self) -> PaperChain:
        return self

    @property
    def mirror(self) -> PaperChain:
        return self

    # What the settler asks, in the order in which it does.

    async def ask[Answer](self, question: Callable[[PaperChain], Answer]) -> Answer:
        return question(self)

    async def close(self) -> None:
        self.fault = ChainError(ChainFault.UNREACHABLE)

    def step(self) -> tuple[JobChange, ...]:
        if self.fault is not None:
            raise self.fault
        changes, self.changes = self.changes, ()
        return changes

    def head(self) -> Head:
        number = self.posted[-1].batch.number if self.posted else 0
        return Head(
            number=number,
            standing=self.standing,
            day=0,
            standing_day=TODAY,
            final_at=0,
            standing_at=0,
            demands=0,
            is_void=self.is_void,
            has_escaped=False,
        )

    def draft(self, closed: ClosedDay) -> ChainDay | None:
        self.is_void = False
        return chain_day(
            number=len(self.posted) + 1,
            day=closed.day,
            prev=GENESIS,
            nets_nano=closed.nets_nano,
            released_nano={ME: closed.nets_nano[ME]},
            records=closed.records,
            metered_wh=0,
        )

    def digest(self, _batch: object) -> bytes:
        return b"digest"

    def seats(self) -> tuple[Address, ...]:
        return (ME,)

    def quorum(self) -> int:
        return 1

    def submit(self, day: ChainDay, _approvals: object) -> None:
        self.posted.append(day)

    def claim_all(self, day: ChainDay) -> None:
        self.claimed.append(day.batch.number)

    def turn(
        self, charter: bytes, since: Instant, heard: Heard, *, has_coins: bool
    ) -> None:
        assert has_coins
        self.mirrored.append((charter, since, heard.approvals(b"digest")))

    def balance(self) -> WalletState:
        return WalletState(
            credit_nano=0,
            deposited_nano=0,
            claimed_nano=0,
            withdrawable_nano=0,
            backing_nano=None,
        )

    def status(self, _now: object) -> ChainStatus:
        return self.status_now
