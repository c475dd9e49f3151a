"""Neighbours come, go and vote while everything else goes wrong."""

from dataclasses import replace
from typing import Final

from ...model.community import Amend
from ...model.party import PartyId
from ...model.period import HOUR_MS, PERIOD_MS, SECOND_MS, Instant, after
from ...model.tariff import Tariff
from ...node import Guest, Hindered, Node
from ...wire.invite import Invite
from ...wire.verifier import verify
from ..homes.dice import Dice
from .disk import Disk
from .founding import ZONE, identity_of, name_of, secret
from .member import Member
from .post import happens
from .street import Street
from .weather import Weather

KNOCK_MS: Final = 15 * SECOND_MS
BALLOT_MS_MAX: Final = 60 * SECOND_MS
MEMBERS_MIN: Final = 4
"""Nobody leaves a community that could then bear no liar, or not those it has."""


class Assembly:
    """Motions, guests and farewells, drawn from the seed."""

    def __init__(self, street: Street, weather: Weather, *, seed: int) -> None:
        """Begin with nothing decided."""
        self._street: Final = street
        self._weather: Final = weather
        self._seed: Final = seed
        self._dice: Final = Dice(seed, "faults", "assembly")
        self._came = len(street.members)
        self._gone: Final[set[PartyId]] = set()

    def draw(self) -> None:
        """Plan what is decided in the period that begins now, if anything is."""
        if not happens(self._dice, self._weather.change_ppm):
            return
        wait_ms = self._dice.between(0, PERIOD_MS - 1)
        happening = (self._amend, self._invite, self._leave)[self._dice.between(0, 2)]
        self._street.queue.plan(after(self._street.now, wait_ms), happening)

    # -- a motion ----------------------------------------------------------------------

    def _amend(self) -> None:
        member = self._somebody()
        if member is None:
            return
        price = 1_000 * self._dice.between(100, 400)
        tariff = Tariff(energy_micro_per_kwh=price, feed_in_micro_per_kwh=0)

        def propose(node: Node, now: Instant) -> bytes | Hindered:
            change = replace(Amend.of(node.charter(now)), reference_tariff=tariff)
            return node.community.propose(change, now, deadline=after(now, HOUR_MS))

        motion = self._street.ask(member, propose)
        if not isinstance(motion, bytes):
            return
        self._tell(f"{member.name} puts a tariff of {price} to the vote")
        for voter in self._street.members:
            if voter is not member:
                wait_ms = self._dice.between(SECOND_MS, BALLOT_MS_MAX)
                self._vote_later(voter, motion, wait_ms)

    def _vote_later(self, voter: Member, motion: bytes, wait_ms: int) -> None:
        def vote(node: Node, now: Instant) -> None:
            node.community.vote(motion, now, in_favour=True)

        self._street.queue.plan(
            after(self._street.now, wait_ms), lambda: self._street.ask(voter, vote)
        )

    # -- a newcomer --------------------------------------------------------------------

    def _invite(self) -> None:
        host = self._somebody()
        if host is None:
            return
        nonce = secret(self._seed, name_of(self._came), "nonce")[:16]

        def invite(node: Node, now: Instant) -> Invite | Hindered:
            return node.community.invite(
                now, zone=ZONE, expires_at=after(now, HOUR_MS), nonce=nonce
            )

        invited = self._street.ask(host, invite)
        if isinstance(invited, Invite):
            self._knock_with(invited, host)

    def _knock_with(self, invited: Invite, host: Member) -> None:
        name = name_of(self._came)
        self._came += 1
        founding = host.identity.config.charter
        identity = identity_of(self._seed, name, founding)
        newcomer = self._street.move_in(identity, Disk())
        newcomer.guest = Guest(
            invited,
            party=newcomer.party,
            sessions=identity.sessions,
            verify=verify,
        )
        self._tell(f"{host.name} invites {name}")
        self._knock(newcomer)

    def _knock(self, newcomer: Member) -> None:
        guest, street = newcomer.guest, self._street
        if guest is None:
            return
        if guest.is_member:
            newcomer.guest = None
            newcomer.disk.write(guest.entries(street.now))
            newcomer.disk.back_up()
            self._tell(f"{newcomer.name} is let in")
            street.start(newcomer)
            return
        street.knock(guest, newcomer.party)
        street.queue.plan(after(street.now, KNOCK_MS), lambda: self._knock(newcomer))

    # -- a farewell --------------------------------------------------------------------

    def _leave(self) -> None:
        member = self._somebody()
        if member is None or member.node is None:
            return
        charter = member.node.charter(self._street.now)
        liars = sum(not member.is_honest for member in self._street.members)
        least = max(MEMBERS_MIN, 3 * liars + 1)
        if len(charter.members) - len(self._gone) <= least:
            return
        left = self._street.ask(member, lambda node, now: node.community.leave(now))
        if isinstance(left, bytes):
            self._gone.add(member.party)
            self._tell(f"{member.name} leaves")

    def _somebody(self) -> Member | None:
        there = [m for m, _ in self._street.honest if m.party not in self._gone]
        return there[self._dice.between(0, len(there) - 1)] if there else None

    def _tell(self, text: str) -> None:
        self._street.diary.write(self._street.now, text)
