"""Homes that lose the wide network go on among themselves, and are never at odds."""

from custom_components.commonwatt.engine.model.period import MINUTE_MS, after
from custom_components.commonwatt.engine.peer import Fault, Phase
from tests.engine.node.street import ANN, BEN, FIRST, Street, settled_periods

LOCAL = ("Ann", "Ben")
"""On one network, with a consumer and a roof."""

AWAY = ("Dan", "Eve", "Fay")
HOMES = (ANN, BEN, ("Dan", 700, 0), ("Eve", -900, 1_200), ("Fay", 400, 0))


def cut(street: Street) -> None:
    """Let nothing pass between the two networks."""
    street.lost = lambda sender, receiver, _: (sender in LOCAL) != (receiver in LOCAL)


def phases(street: Street, *names: str) -> set[Phase]:
    """Return how far some homes are with the first period."""
    found = (street.nodes[name].outcome(FIRST) for name in names)
    return {outcome.phase for outcome in found if outcome is not None}


def test_whoever_reaches_each_other_trades_provisionally_and_all_agree_later() -> None:
    street = Street(*HOMES)
    street.run_until(FIRST, before_start_ms=8 * MINUTE_MS)
    cut(street)
    street.run(after(FIRST.start, 2 * MINUTE_MS))

    # Neither side has the four of five it takes; both know what they trade meanwhile.
    assert phases(street, *LOCAL, *AWAY) == {Phase.OPEN}
    positions = {name: street.nodes[name].position_wh(FIRST) for name in street.homes}
    for side in (LOCAL, AWAY):
        traded = [positions[name] for name in side]
        assert None not in traded
        assert sum(wh or 0 for wh in traded) == 0
        assert any(traded)

    street.run_until(FIRST.next())
    assert all(FIRST not in settled_periods(street, name) for name in street.homes)
    street.lost = lambda *_: False
    street.run_until(FIRST.next(3))

    assert phases(street, *street.homes) <= {Phase.FINAL, Phase.VOID}
    assert len(phases(street, *street.homes)) == 1
    for name in street.homes:
        assert FIRST in settled_periods(street, name)
        assert FIRST.next() in settled_periods(street, name)
        faults = {fault for _, fault in street.status(name).faults}
        assert Fault.CONTRADICTION not in faults
