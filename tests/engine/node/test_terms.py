"""A home that is not trusted: what it still buys, and that all see it alike."""

from dataclasses import replace
from typing import override

from custom_components.commonwatt.engine.ledger.journal import EntryKind
from custom_components.commonwatt.engine.model.order import Side
from custom_components.commonwatt.engine.model.party import Charter
from custom_components.commonwatt.engine.model.period import HOUR_MS, after
from custom_components.commonwatt.engine.model.standing import Belief, Standing
from custom_components.commonwatt.engine.node import PeriodFinal
from custom_components.commonwatt.engine.node.testimony import read
from tests.engine.node.judged import UNTIL, party
from tests.engine.node.street import ANN, BEN, CAT, FIRST, Street

NAMES = ("Ann", "Ben", "Cat")
TRIAL_WH = 80


class Strict(Street):
    """A street that trusts Ben and Cat, and has reasons not to trust Ann."""

    @override
    def found(self, charter: Charter) -> Charter:
        beliefs = (
            Belief(party=party("Ann"), bad_micro=9_000_000),
            Belief(party=party("Ben"), good_micro=9_000_000),
            Belief(party=party("Cat"), good_micro=9_000_000),
        )
        ascending = tuple(sorted(beliefs, key=lambda belief: belief.party))
        return replace(charter, standing=Standing(day=UNTIL, beliefs=ascending))


def bought_wh(street: Street, name: str) -> dict[str, int]:
    """Return what everybody bought in the first period, as one home knows it."""
    (final,) = [
        event for event in street.reported(name, PeriodFinal) if event.period == FIRST
    ]
    assert final.result is not None
    fills = [fill for fill in final.result.fills if fill.side is Side.BUY]
    return {street.names[fill.party]: fill.energy_wh for fill in fills}


def test_who_is_not_trusted_buys_a_little_and_everybody_agrees_on_it() -> None:
    free, strict = Street(ANN, BEN, CAT), Strict(ANN, BEN, CAT)
    for street in (free, strict):
        street.run(after(FIRST.start, HOUR_MS // 4))

    assert bought_wh(free, "Ben")["Ann"] > TRIAL_WH
    assert bought_wh(strict, "Ben")["Ann"] == TRIAL_WH
    assert bought_wh(strict, "Ben")["Cat"] >= bought_wh(free, "Ben")["Cat"]
    assert len({str(bought_wh(strict, name)) for name in NAMES}) == 1


def test_what_is_settled_is_testified_alike_by_all_and_kept() -> None:
    street = Strict(ANN, BEN, CAT)
    street.run(after(FIRST.end, HOUR_MS // 4))
    told = {
        name: [read(entry.body) for entry in street.journaled(name, EntryKind.EVIDENCE)]
        for name in NAMES
    }

    assert told["Ann"] == told["Ben"] == told["Cat"]
    (first,) = [one for one in told["Ann"] if one.period == FIRST]
    assert {pair.party for pair in first.evidence.pairs} == {party(n) for n in NAMES}
    assert sum(wh for _, wh in first.given_wh) == 0
    assert dict(first.given_wh)[party("Ann")] == -TRIAL_WH


def test_where_reputations_do_not_count_nothing_is_testified() -> None:
    street = Street(ANN, BEN, CAT)
    street.run(after(FIRST.end, HOUR_MS // 4))

    assert street.journaled("Ann", EntryKind.EVIDENCE) == []
