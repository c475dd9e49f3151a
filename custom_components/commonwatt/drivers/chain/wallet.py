"""The credit of a home: what it holds, brings in, takes out and hands on."""

from dataclasses import dataclass
from typing import Final

from ...engine.wire.ethereum import Address
from .contracts import Contracts
from .deploying import NO_BACKING
from .errors import ChainError, ChainFault
from .outbox_file import Job
from .values import (
    AbiValue,
    Call,
    ContractName,
    Question,
    as_address,
    as_int,
)

NANO_DIGITS: Final = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class WalletState:
    """A home's money on the chain, in nano-currency."""

    credit_nano: int
    """In its own hands."""

    deposited_nano: int
    """Brought into the pool so far: deposits, and debts repaid."""

    claimed_nano: int
    """Paid out by batches so far."""

    withdrawable_nano: int
    """What all may still change into coins today; zero for a unit of account."""

    backing_nano: int | None
    """Coins in its own hands; None for a unit of account."""


class Wallet:
    """Money of the home whose key signs our transactions."""

    def __init__(self, contracts: Contracts) -> None:
        """Ask nothing yet."""
        self._contracts: Final = contracts
        self._me: Final = contracts.outbox.account

    def balance(self) -> WalletState:
        """Return what is there now."""
        ledger, (held,), (token,), (withdrawable,) = self._contracts.read_all(
            Question(ContractName.SETTLEMENT, "ledgers", (self._me,)),
            Question(ContractName.CREDIT, "balanceOf", (self._me,)),
            Question(ContractName.CREDIT, "BACKING"),
            Question(ContractName.CREDIT, "withdrawable"),
        )
        deposited_nano, claimed_nano = map(as_int, ledger)
        backing = as_address(token)
        is_backed = backing != NO_BACKING
        return WalletState(
            credit_nano=as_int(held),
            deposited_nano=deposited_nano,
            claimed_nano=claimed_nano,
            withdrawable_nano=as_int(withdrawable) if is_backed else 0,
            backing_nano=self._coins_nano(backing) if is_backed else None,
        )

    def deposit(self, amount_nano: int, name: str) -> tuple[Job, ...]:
        """Pay in: a deposit that future debts may use, or a debt repaid.

        Coins are changed into credit first where credit is backed by them.  The same
        name twice is the same deposit.  Raises ChainError REFUSED if it is not there.
        """
        settlement = self._contracts.deployment.settlement
        credit = self._contracts.deployment.credit
        backing = self._backing()
        held = self.balance()
        there = held.credit_nano if held.backing_nano is None else held.backing_nano
        first = self._contracts.outbox.job(f"{name}:allow-pool")
        if first is None and not 0 < amount_nano <= there:
            raise ChainError(ChainFault.REFUSED, "ERC20InsufficientBalance")
        jobs = []
        if backing is not None:
            coins = self._coins_for(backing, amount_nano)
            allow = self._token_call(backing, "approve", credit, coins)
            jobs.append(self._contracts.outbox.add(f"{name}:allow-credit", allow))
            change = self._contracts.call(
                ContractName.CREDIT, "deposit", self._me, amount_nano
            )
            jobs.append(self._contracts.outbox.add(f"{name}:change", change))
        allow = self._token_call(credit, "approve", settlement, amount_nano)
        jobs.append(self._contracts.outbox.add(f"{name}:allow-pool", allow))
        pay = self._contracts.call(
            ContractName.SETTLEMENT, "payIn", self._account(), amount_nano
        )
        jobs.append(self._contracts.outbox.add(f"{name}:pay-in", pay))
        return tuple(jobs)

    def withdraw(self, amount_nano: int, name: str, to: Address | None = None) -> Job:
        """Change credit in one's own hands back into coins.

        Raises ChainError REFUSED: NotBacked for a unit of account, DayExhausted,
        ERC20InsufficientBalance.
        """
        return self._contracts.send(
            name, ContractName.CREDIT, "withdraw", to or self._me, amount_nano
        )

    def transfer(self, to: Address, amount_nano: int, name: str) -> Job:
        """Hand credit to another account."""
        return self._contracts.send(
            name, ContractName.CREDIT, "transfer", to, amount_nano
        )

    def _account(self) -> Address:
        """Return the account our key speaks for: its own, or the one it took over."""
        found = as_address(
            *self._contracts.read(ContractName.COMMUNITY, "accountOf", self._me)
        )
        return self._me if found == NO_BACKING else found

    def _backing(self) -> Address | None:
        found = as_address(*self._contracts.read(ContractName.CREDIT, "BACKING"))
        return None if found == NO_BACKING else found

    def _coins_nano(self, token: Address) -> int:
        """Return the coins in our hands, in nano-currency, rounded down."""
        # Every ERC-20 answers as our own credit does.
        asked = (
            Question(ContractName.CREDIT, "balanceOf", (self._me,)),
            Question(ContractName.CREDIT, "decimals"),
        )
        answers = self._contracts.client.read_all([(token, one) for one in asked])
        held, digits = (as_int(*answer) for answer in answers)
        scale = _scale(digits)
        return held * scale if digits < NANO_DIGITS else held // scale

    def _coins_for(self, token: Address, amount_nano: int) -> int:
        """Return what the token calls an amount; REFUSED if it has no such parts."""
        client = self._contracts.client
        digits = as_int(*client.read(ContractName.CREDIT, token, "decimals"))
        scale = _scale(digits)
        if digits >= NANO_DIGITS:
            return amount_nano * scale
        coins, rest = divmod(amount_nano, scale)
        if rest:
            raise ChainError(ChainFault.REFUSED, "NotWhole")
        return coins

    def _token_call(self, token: Address, function: str, *arguments: AbiValue) -> Call:
        codec = self._contracts.client.codec
        return Call(
            recipient=token,
            data=codec.encode(ContractName.CREDIT, function, *arguments),
        )


def _scale(digits: int) -> int:
    """Return the factor between a token's smallest part and a nano."""
    return int(10 ** abs(digits - NANO_DIGITS))
