"""Where two accounts of one period part."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from ...model.clearing import ClearingResult
from ...model.posting import Account
from .facts import Came


class Matter(StrEnum):
    """What can differ."""

    OUTCOME = "outcome"
    """One has a result where the other has none."""

    PRICE = "price"
    TRADED = "traded"
    FLOW = "flow"
    FILL = "fill"
    TRADE = "trade"
    POSTING = "posting"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One figure that is told one way and computed another; None: it is not there."""

    matter: Matter
    where: str
    told: int | None
    computed: int | None


_IS: Final = "result"


def differences(told: Came, computed: Came) -> Iterator[Difference]:
    """Yield every figure that is not the same in both, result before postings."""
    if (told.result is None) != (computed.result is None):
        yield Difference(
            matter=Matter.OUTCOME,
            where=_IS,
            told=None if told.result is None else 1,
            computed=None if computed.result is None else 1,
        )
    elif told.result is not None and computed.result is not None:
        ours, theirs = _figures(told.result), _figures(computed.result)
        for matter, figures in ours.items():
            yield from _unequal(matter, figures, theirs[matter])
    yield from _unequal(Matter.POSTING, _postings(told), _postings(computed))


type _Figures = Mapping[str, int]


def _figures(result: ClearingResult) -> dict[Matter, _Figures]:
    flows = {
        f"{flow.zone} {what}": figure
        for flow in result.flows
        for what, figure in (
            ("export Wh", flow.export_wh),
            ("fee", flow.fee_nano),
            ("rent", flow.rent_nano),
        )
    }
    fills = {
        f"{fill.party} {fill.side.name} at {fill.limit_micro_per_kwh}": fill.energy_wh
        for fill in result.fills
    }
    trades = {
        f"{trade.seller} to {trade.buyer} {what}": figure
        for trade in result.trades
        for what, figure in (
            ("Wh", trade.energy_wh),
            ("seller price", trade.seller_price_micro_per_kwh),
            ("buyer price", trade.buyer_price_micro_per_kwh),
        )
    }
    return {
        Matter.PRICE: {p.zone: p.price_micro_per_kwh for p in result.prices},
        Matter.TRADED: {p.zone: p.traded_wh for p in result.prices},
        Matter.FLOW: flows,
        Matter.FILL: fills,
        Matter.TRADE: trades,
    }


def _postings(came: Came) -> _Figures:
    return {
        f"{_named(account)} {unit.value}": amount
        for (account, unit), amount in came.booked.items()
    }


def _named(account: Account) -> str:
    kind = account.kind.value
    return kind if account.party is None else f"{kind} {account.party}"


def _unequal(
    matter: Matter, told: Mapping[str, int], computed: Mapping[str, int]
) -> Iterator[Difference]:
    for where in sorted(told.keys() | computed.keys()):
        one, other = told.get(where), computed.get(where)
        if one != other:
            yield Difference(matter=matter, where=where, told=one, computed=other)
