"""A street of real nodes whose letters travel by real transports, minute by minute.

Its clock is the street's own: it moves on only when everything that was said has
arrived, however slow the machine is.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from custom_components.commonwatt.drivers.transports import Transport
from custom_components.commonwatt.drivers.transports.parcel import author_of
from custom_components.commonwatt.engine.model.period import MINUTE_MS, Instant
from custom_components.commonwatt.engine.node import Outgoing
from tests.engine.node.street import Street

from .village import Village, until

ARRIVAL_SECONDS_MAX = 120.0


def village_of(street: Street) -> Village:
    """Return the same homes, for transports."""
    village = Village(*street.homes)
    village.community = street.community
    return village


@dataclass
class Wired:
    """Runs a street over transports."""

    street: Street
    transports: Mapping[str, Transport]
    said: list[tuple[str, Outgoing]] = field(default_factory=list)
    _arrived: set[tuple[str, bytes]] = field(default_factory=set)
    _expected: set[tuple[str, bytes]] = field(default_factory=set)

    def judge(self, name: str, letter: bytes) -> bool:
        """Give a letter to a node; to be called for everything it hears."""
        self._arrived.add((name, letter))
        return self.street.nodes[name].receive(letter, self.street.now)

    async def run(self, until_at: Instant) -> None:
        """Let everything happen up to ``until_at``."""
        await self._settle()
        while (due := self._next_minute()) <= until_at:
            self.street.now = due
            await self._settle()

    def _next_minute(self) -> Instant:
        deadlines = [node.deadline() for node in self.street.nodes.values()]
        minute = Instant((self.street.now // MINUTE_MS + 1) * MINUTE_MS)
        return min(minute, *(at for at in deadlines if at is not None))

    async def _settle(self) -> None:
        now = self.street.now
        for name, node in self.street.nodes.items():
            if now % MINUTE_MS == 0:
                node.observe(self.street.homes[name].image(now), now)
            node.tick(now)
        while await self._carry_out():
            await until(lambda: self._expected <= self._arrived, ARRIVAL_SECONDS_MAX)
            self._expected.clear()

    async def _carry_out(self) -> bool:
        said = False
        for name, node in self.street.nodes.items():
            effects = node.effects()
            home = self.street.homes[name]
            home.journal.extend(effects.persist)
            home.reports.extend(effects.report)
            home.sent.extend(outgoing.data for outgoing in effects.send)
            self.said.extend((name, outgoing) for outgoing in effects.send)
            for outgoing in effects.send:
                said = True
                for other in self.street.nodes:
                    party = self.street.parties[other]
                    is_own = author_of(outgoing.data) == party
                    if other != name and not is_own and outgoing.to in {None, party}:
                        self._expected.add((other, outgoing.data))
                await self.transports[name].send(outgoing)
        await asyncio.sleep(0)
        return said
