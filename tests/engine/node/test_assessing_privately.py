"""Where a committee sees readings, it assesses; everybody else follows enough of it."""

from dataclasses import replace
from typing import override

from custom_components.commonwatt.engine.model.party import Charter, PrivacyMode
from custom_components.commonwatt.engine.model.period import MINUTE_MS, after
from custom_components.commonwatt.engine.model.standing import Standing
from custom_components.commonwatt.engine.peer import electorate_of
from tests.engine.node.judged import PERIODS, UNTIL, Seen, week, with_past
from tests.engine.node.street import Street

HOMES = tuple((f"Home {n}", 300, 0) for n in range(8))
NAMES = tuple(name for name, _, _ in HOMES)


class Private(Street):
    """Eight homes, of which four see readings."""

    def __init__(self, seen: Seen) -> None:
        """Wake with what each has seen."""
        self.seen = seen
        super().__init__(*HOMES, tariff=None)

    @override
    def found(self, charter: Charter) -> Charter:
        return replace(charter, privacy=PrivacyMode.COMMITTEE, standing=Standing())

    @override
    def wake(self, name: str) -> None:
        with_past(self.homes[name].journal, self.seen.get(name, ()))
        super().wake(name)


def committee() -> tuple[str, ...]:
    """Return who saw the readings of the week."""
    street = Private({})
    drawn = electorate_of(street.charter, street.community, PERIODS[0])
    return tuple(street.names[party] for party in drawn.voters)


def test_everybody_follows_the_committee_and_nobody_else() -> None:
    drawn = committee()
    outside = tuple(name for name in NAMES if name not in drawn)
    assert len(drawn) == 4
    followed = Private(dict.fromkeys(drawn, week()))
    ignored = Private(dict.fromkeys(outside[:3], week()))

    for street in (followed, ignored):
        for _ in range(9):
            street.run(after(street.now, 30 * MINUTE_MS))
            standing = street.nodes[NAMES[0]].community.charter.standing
            if standing is not None and standing.day is not None:
                break
    agreed = {node.community.charter.standing for node in followed.nodes.values()}
    stayed = {node.community.charter.standing for node in ignored.nodes.values()}

    assert [one.day for one in agreed if one is not None] == [UNTIL]
    assert stayed == {Standing()}
