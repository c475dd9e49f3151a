"""A period in which nobody was awake to bid is void, and settled all the same."""

from collections.abc import Iterable

import pytest

from custom_components.commonwatt.engine.model.period import (
    MINUTE_MS,
    SECOND_MS,
    after,
)
from custom_components.commonwatt.engine.peer import Phase
from tests.engine.node.committee_street import PrivateStreet
from tests.engine.node.street import ANN, BEN, CAT, FIRST, Street, settled_periods

NEXT = FIRST.next()


def slept_over(street: Street, names: Iterable[str]) -> None:
    """Let some homes be without power while the others bid for a period."""
    street.run_until(NEXT, before_start_ms=7 * MINUTE_MS)
    asleep = list(names)
    for name in asleep:
        street.crash(name)
    street.run_until(NEXT, before_start_ms=30 * SECOND_MS)
    for name in asleep:
        street.wake(name)
    street.run(after(NEXT.end, 40 * MINUTE_MS))


@pytest.mark.parametrize("is_private", [False, True])
def test_what_was_metered_without_a_round_is_settled(*, is_private: bool) -> None:
    street = PrivateStreet() if is_private else Street(ANN, BEN, CAT)
    voters = street.committee if isinstance(street, PrivateStreet) else street.homes
    slept_over(street, voters)

    for name, node in street.nodes.items():
        outcome = node.outcome(NEXT)
        assert outcome is not None
        assert outcome.phase in {Phase.VOID, Phase.FINAL}
        assert outcome.result is None or not outcome.result.trades
        assert NEXT in settled_periods(street, name)
        figures = node.figures(NEXT)
        assert figures is not None
        assert figures.bought_wh == figures.sold_wh == 0
        assert figures.import_wh is not None
