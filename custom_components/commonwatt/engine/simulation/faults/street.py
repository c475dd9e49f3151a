"""Members, the post between them, and the clock: what happens, and who looks on.

Whatever a member does passes through ``follow``: write, then send, then wake in time.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Final

from ...model.party import Charter, PartyId
from ...model.period import MINUTE_MS, PERIOD_MS, DeliveryPeriod, Instant, after
from ...node import Guest, Node, PeerFault
from ...peer import OF_THE_NETWORK, Fault
from ...wire.verifier import MemoVerifier
from ..events import EventQueue
from ..homes.dice import Dice
from .diary import Diary
from .disk import Disk
from .founding import skew_ms
from .household import PlainHome
from .known import KnownSessions
from .liar import Liar, Trick
from .member import Identity, Member, cut_short
from .plot import Plot
from .post import Letter, Post
from .seal import Seal
from .watch import Watch, Wrong
from .weather import Weather

LOOK_MS: Final = 5 * MINUTE_MS
NOISE_MS: Final = PERIOD_MS
BACKUP_MS: Final = 2 * PERIOD_MS


class Street:
    """Everybody, in one thread."""

    def __init__(self, weather: Weather, *, seed: int, started_at: Instant) -> None:
        """Begin with nobody there."""
        self.queue: Final = EventQueue(started_at)
        self.post: Final = Post(self.queue, weather, seed=seed)
        self.watch: Final = Watch()
        self.diary: Final = Diary()
        self.faults: Final[Counter[Fault]] = Counter()
        """What honest members have blamed others for, reported once for each."""

        self._weather: Final = weather
        self._seed: Final = seed
        self._dice: Final = Dice(seed, "faults", "street")
        self._verify: Final = MemoVerifier()
        self._plot: Final = Plot()
        self._members: Final[dict[PartyId, Member]] = {}

    @property
    def now(self) -> Instant:
        """The true time."""
        return self.queue.now

    @property
    def members(self) -> tuple[Member, ...]:
        """Everybody, alive or not, in the order of moving in."""
        return tuple(self._members.values())

    @property
    def honest(self) -> Iterator[tuple[Member, Node]]:
        """Those who do not lie and are alive, with their nodes."""
        for member in self._members.values():
            if member.is_honest and member.node is not None:
                yield member, member.node

    # -- coming and going --------------------------------------------------------------

    def move_in(
        self, identity: Identity, disk: Disk, *, tricks: Iterable[Trick] = ()
    ) -> Member:
        """Let a member come, with what is on its disk; it is not switched on yet."""
        sessions = KnownSessions(identity.sessions, self._verify)
        identity = replace(identity, sessions=sessions)
        labels = (self._seed, "faults", identity.name)
        home = PlainHome(*labels, started_at=self.now)
        member = Member(identity, home=home, disk=disk, verify=self._verify)
        self._members[member.party] = member
        if tricks := tuple(tricks):
            member.liar = self._liar(member, tricks)
        self.post.join(member.party, lambda data: self._receive(member, data))
        self._look(member)
        self._back_up(member)
        if member.liar is not None:
            self._make_noise(member)
        return member

    def start(self, member: Member) -> None:
        """Switch a member on."""
        if member.node is None:
            member.start(self.now, skew_ms=skew_ms(self._weather, self._dice))
            self.diary.write(self.now, f"{member.name} is there")
            self._wake(member)

    def crash(self, member: Member) -> None:
        """Let the power of a member fail in the middle of the next thing it does."""
        member.dies_next = True

    def ask[Answer](
        self, member: Member, question: Callable[[Node, Instant], Answer]
    ) -> Answer | None:
        """Let an owner give an order to a node; None if it is not there."""
        if member.node is None:
            return None
        answer = question(member.node, member.clock(self.now))
        self.follow(member)
        return answer

    def knock(self, guest: Guest, party: PartyId) -> None:
        """Let a guest knock and listen."""
        guest.tick(self.now)
        self._send_of(guest, party)

    # -- what happens ------------------------------------------------------------------

    def follow(self, member: Member) -> None:
        """Carry out what a node wants: write, send, wake it in time."""
        node = member.node
        if node is None:
            return
        effects = node.effects()
        if not effects:
            self._set_alarm(member)
            return
        dies = member.dies_next
        if dies:
            effects = cut_short(effects, self._dice)
        on_disk = len(member.disk)
        member.disk.write(effects.persist)
        if member.is_honest:
            self.watch.inspect(
                member.party,
                effects,
                on_disk=on_disk,
                now=self.now,
                sees_all=member.sees_all,
            )
            for event in effects.report:
                if isinstance(event, PeerFault):
                    self._blamed(member, event)
        for sender, letter in member.letters(effects, self.now):
            self._send(sender, letter)
        if dies:
            member.stop()
            self.diary.write(self.now, f"{member.name} loses power")
        else:
            self._set_alarm(member)

    def _blamed(self, member: Member, event: PeerFault) -> None:
        self.faults[event.fault] += 1
        whom = self._members.get(event.party) if event.party is not None else None
        name = "somebody" if whom is None else whom.name
        if whom is not None and whom.is_honest and event.fault not in OF_THE_NETWORK:
            period = DeliveryPeriod.containing(self.now)
            self.watch.accuse(Wrong.HONEST_BLAMED, member.party, period)
        self.diary.write(self.now, f"{member.name} blames {name}: {event.fault}")

    def _send(self, sender: PartyId, letter: Letter) -> None:
        self.diary.stamp(self.now, letter.data)
        self.post.carry(sender, letter)

    def _send_of(self, guest: Guest, party: PartyId) -> None:
        for outgoing in guest.effects().send:
            self._send(party, Letter(data=outgoing.data))

    def _receive(self, member: Member, data: bytes) -> None:
        if member.liar is not None:
            member.liar.hear(data)
        if member.guest is not None:
            member.guest.receive(data, self.now)
        if member.node is not None:
            member.node.receive(data, member.clock(self.now))
            self.follow(member)

    def _wake(self, member: Member) -> None:
        if member.node is not None:
            member.node.tick(member.clock(self.now))
            due = member.next_call()
            if due is not None and due <= self.now:
                period = DeliveryPeriod.containing(self.now)
                self.watch.accuse(Wrong.SLEEPLESS, member.party, period)
            self.follow(member)

    def _set_alarm(self, member: Member) -> None:
        due = member.next_call()
        if due is None or due == member.wakes_at:
            return
        member.wakes_at = due

        def ring() -> None:
            if member.wakes_at == due:
                member.wakes_at = None
                self._wake(member)

        self.queue.plan(due, ring)

    def _look(self, member: Member) -> None:
        """Let a node look at its meter, now and at every fifth minute of its clock."""
        member.look(self.now)
        self.follow(member)
        shown = member.clock(self.now)
        due = Instant((shown // LOOK_MS + 1) * LOOK_MS)
        self.queue.plan(after(self.now, due - shown), lambda: self._look(member))

    def _back_up(self, member: Member) -> None:
        member.disk.back_up()
        wait_ms = self._dice.between(BACKUP_MS // 2, BACKUP_MS)
        self.queue.plan(after(self.now, wait_ms), lambda: self._back_up(member))

    def _make_noise(self, member: Member) -> None:
        if member.liar is not None and member.node is not None:
            for sender, letter in member.liar.make_noise(member.clock(self.now)):
                self._send(sender, letter)
        self.queue.plan(after(self.now, NOISE_MS), lambda: self._make_noise(member))

    def _liar(self, member: Member, tricks: Iterable[Trick]) -> Liar:
        config = member.identity.config

        def charter_at(at: Instant) -> Charter:
            node = member.node
            period = DeliveryPeriod.containing(at)
            return config.charter if node is None else node.charter(period.start)

        return Liar(
            Seal(
                member.party,
                sessions=member.identity.sessions,
                community=config.community,
            ),
            tricks=tricks,
            plot=self._plot,
            charter_at=charter_at,
            config=config,
            dice=Dice(self._seed, "faults", "liar", member.name),
        )
