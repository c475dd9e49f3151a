"""A street whose readings only a committee sees."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import override

from custom_components.commonwatt.engine.model.party import Charter, PrivacyMode
from custom_components.commonwatt.engine.node import Effects, Outgoing
from custom_components.commonwatt.engine.peer import electorate_of
from tests.engine.node.street import FIRST, Street

HOMES = (
    ("Ann", 800, 0),
    ("Ben", -1_500, 2_000),
    ("Cat", 500, 0),
    ("Dan", -700, 1_300),
    ("Eve", 1_100, 0),
    ("Fay", 300, 0),
    ("Gus", -400, 900),
)


class PrivateStreet(Street):
    """Seven homes, four of them on the committee."""

    def __init__(self, *homes: tuple[str, int, int], size: int = 4) -> None:
        self._size = size
        self.said: list[tuple[str, Outgoing]] = []
        super().__init__(*(homes or HOMES))

    @override
    def found(self, charter: Charter) -> Charter:
        return replace(
            charter, privacy=PrivacyMode.COMMITTEE, committee_size=self._size
        )

    @property
    def committee(self) -> list[str]:
        """Names of those who settle."""
        voters = electorate_of(self.charter, self.community, FIRST).voters
        return [self.names[party] for party in voters]

    @property
    def outsiders(self) -> list[str]:
        """Names of those who do not."""
        return [name for name in self.homes if name not in self.committee]

    @override
    def _write_down(self, name: str, effects: Effects) -> None:
        self.said.extend((name, outgoing) for outgoing in effects.send)
        super()._write_down(name, effects)

    def heard_by(self, name: str) -> Iterator[bytes]:
        """Yield every envelope of somebody else that reaches a home."""
        for author, outgoing in self.said:
            if author != name and outgoing.to in {None, self.parties[name]}:
                yield outgoing.data

    def kinds_heard_by(self, names: Iterable[str]) -> set[str]:
        """Return the kinds of messages that reach some homes."""
        return {
            type(self.opened(data).message).__name__
            for name in names
            for data in self.heard_by(name)
        }
