"""Nodes that learn together: over real envelopes, with journals, opted in or not."""

from dataclasses import dataclass, field
from itertools import count

import numpy as np
import pytest

from custom_components.commonwatt.engine.forecast.federation import Timetable, to_words
from custom_components.commonwatt.engine.forecast.load import (
    SUMS,
    Experience,
    Floats,
    Prior,
    first_coefficients,
    train,
)
from custom_components.commonwatt.engine.ledger.journal import EntryKind, JournalEntry
from custom_components.commonwatt.engine.model.federation import Announcement, SumName
from custom_components.commonwatt.engine.model.party import Charter, Member
from custom_components.commonwatt.engine.model.period import (
    DAY_MS,
    HOUR_MS,
    MINUTE_MS,
    SECOND_MS,
    Instant,
    after,
)
from custom_components.commonwatt.engine.model.zone import FeeTree
from custom_components.commonwatt.engine.node import (
    DerivedSessions,
    Event,
    LearningState,
    LearningStatus,
    NeighboursLearned,
    Node,
    NodeConfig,
)
from custom_components.commonwatt.engine.wire.digests import community_id
from custom_components.commonwatt.engine.wire.envelope import seal
from custom_components.commonwatt.engine.wire.keys import HouseholdKey
from custom_components.commonwatt.engine.wire.messages import Message
from custom_components.commonwatt.engine.wire.verifier import MemoVerifier
from tests.engine.forecast.homes import home
from tests.engine.wire.community import secret

TIMETABLE = Timetable(
    steps=SUMS, attempts=2, gather_ms=MINUTE_MS, list_ms=30 * SECOND_MS
)
BEGINS = TIMETABLE.begins(2_945)
MORNING = after(BEGINS, -10 * MINUTE_MS)
EVENING = after(BEGINS, SUMS * 2 * TIMETABLE.sitting_ms)
SIX = 6


@dataclass
class Street:
    """Nodes without devices, and the journals they keep."""

    nodes: list[Node]
    configs: list[NodeConfig]
    sessions: list[DerivedSessions]
    journals: list[list[JournalEntry]] = field(default_factory=list)
    events: list[list[Event]] = field(default_factory=list)
    now: Instant = MORNING

    @classmethod
    def of(cls, number: int) -> Street:
        """Found a community of so many."""
        keys = [HouseholdKey(secret(f"house {n}")) for n in range(number)]
        tree = FeeTree.single()
        charter = Charter(
            members=tuple(
                Member(party=k.party, zone=tree.root.id, household_key=k.public)
                for k in sorted(keys, key=lambda key: key.party)
            ),
            fee_tree=tree,
        )
        community = community_id(charter)
        configs = [
            NodeConfig(
                party=key.party,
                community=community,
                charter=charter,
                trainings=TIMETABLE,
                salt_secret=secret(f"salt {n}"),
            )
            for n, key in enumerate(keys)
        ]
        sessions = [
            DerivedSessions(key, secret=secret(f"session {n}"), community=community)
            for n, key in enumerate(keys)
        ]
        verify = MemoVerifier()
        nodes = [
            Node(config, sessions=session, verify=verify, now=MORNING)
            for config, session in zip(configs, sessions, strict=True)
        ]
        street = cls(nodes, configs, sessions)
        street.journals = [[] for _ in keys]
        street.events = [[] for _ in keys]
        return street

    def run(self, until: Instant) -> None:
        """Let time pass and everything sent arrive at once."""
        while self.now < until:
            for node in self.nodes:
                deadline = node.deadline()
                if deadline is None or deadline <= self.now:
                    node.tick(self.now)
            self.deliver()
            deadlines = [node.deadline() for node in self.nodes]
            ahead = min(at for at in deadlines if at is not None)
            self.now = min(max(ahead, after(self.now, 1)), until)

    def deliver(self) -> None:
        """Bring what was sent to whom it is for, until nobody has anything to say."""
        quiet = False
        while not quiet:
            quiet = True
            for index, node in enumerate(self.nodes):
                effects = node.effects()
                self.journals[index].extend(effects.persist)
                self.events[index].extend(effects.report)
                for outgoing in effects.send:
                    quiet = False
                    for other in self.nodes:
                        if other is not node and outgoing.to in {None, other.party}:
                            other.receive(outgoing.data, self.now)

    def status(self, index: int) -> LearningStatus:
        """Return what a home's owner sees."""
        node = self.nodes[index]
        return node.status(self.now, day_started_at=MORNING).learning


def experiences(number: int) -> list[Experience]:
    found = [Experience.of(home(n, days=60)) for n in range(number)]
    return [experience for experience in found if experience is not None]


def summed(taught: list[Experience]) -> Floats:
    """Return the coefficients of a training in which everybody trusts everybody."""
    coefficients = first_coefficients()
    for _ in range(SUMS):
        total = np.sum([e.contribution(coefficients) for e in taught], axis=0)
        prior = Prior.from_sum(total)
        assert prior is not None
        coefficients = prior.coefficients
    return coefficients


def trained() -> Street:
    street = Street.of(SIX + 2)
    for index, experience in enumerate(experiences(SIX)):
        street.nodes[index].learning.take_part(experience, MORNING)
    street.nodes[SIX].learning.take_part(None, MORNING)  # too young to teach
    street.run(EVENING)
    return street


@pytest.fixture(scope="module")
def street() -> Street:
    return trained()


def test_homes_learn_what_they_would_have_learned_without_secrets(
    street: Street,
) -> None:
    expected = summed(experiences(SIX))

    for node in street.nodes[: SIX + 1]:
        assert node.learning.prior is not None
        np.testing.assert_allclose(
            node.learning.prior.coefficients, expected, atol=0.02
        )
    for index in range(SIX + 1):
        assert NeighboursLearned(week=2_945, homes=SIX) in street.events[index]
        status = street.status(index)
        assert status.state is LearningState.LEARNED
        assert status.homes == SIX
        assert status.learned_at == BEGINS
        assert status.failure is None


def test_the_prior_passes_the_gate_of_a_newcomer(street: Street) -> None:
    prior = street.nodes[SIX].learning.prior

    assert train(home(99, days=9), prior).from_neighbours


def test_who_has_not_opted_in_says_and_learns_nothing(street: Street) -> None:
    outsider = street.nodes[SIX + 1]

    assert outsider.learning.prior is None
    assert street.status(SIX + 1).state is LearningState.OFF
    assert EntryKind.LEARNED not in {entry.kind for entry in street.journals[SIX + 1]}


def test_a_restart_knows_the_prior_and_the_past_of_its_sums(street: Street) -> None:
    again = Node.restore(
        street.configs[2],
        street.journals[2],
        sessions=street.sessions[2],
        verify=MemoVerifier(),
        now=EVENING,
    )

    before = street.nodes[2].learning
    assert again.learning.prior is not None
    assert before.prior is not None
    np.testing.assert_array_equal(
        again.learning.prior.coefficients, before.prior.coefficients
    )
    assert again.learning.status(EVENING).homes == SIX
    assert again.effects().send == ()


def test_nothing_a_node_sends_holds_its_own_vector(street: Street) -> None:
    """Neither in the clear nor twice under the same masks."""
    sent = [e.body for e in street.journals[0] if e.kind is EntryKind.SENT]

    taught = experiences(SIX)[0]
    words = to_words(taught.contribution(first_coefficients()))
    clear = words.astype("<u8").tobytes()

    for place in range(0, len(clear) - 64, 800):
        assert not any(clear[place : place + 64] in body for body in sent)
    long = [body[200:] for body in sent if len(body) > 20_000]
    assert len(long) >= SUMS


def test_four_homes_wait_for_a_fifth() -> None:
    few = Street.of(4)
    for index, experience in enumerate(experiences(4)):
        few.nodes[index].learning.take_part(experience, MORNING)

    few.run(after(BEGINS, 5 * MINUTE_MS))

    status = few.status(0)
    assert status.state is LearningState.TOO_FEW
    assert status.taking_part == 4
    assert few.nodes[0].learning.prior is None


def test_opting_out_is_heard_by_the_others() -> None:
    street = Street.of(SIX)
    for index, experience in enumerate(experiences(SIX)):
        street.nodes[index].learning.take_part(experience, MORNING)
    street.run(after(MORNING, MINUTE_MS))
    assert street.status(0).taking_part == SIX

    street.nodes[5].learning.withdraw(street.now)
    street.run(after(MORNING, 2 * MINUTE_MS))

    assert street.status(5).state is LearningState.OFF
    assert street.status(0).taking_part == SIX - 1
    assert street.status(0).next_at == BEGINS


def test_a_flood_of_signed_junk_does_not_stop_the_others() -> None:
    street = Street.of(SIX + 1)
    for index, experience in enumerate(experiences(SIX)):
        street.nodes[index].learning.take_part(experience, MORNING)
    street.run(after(BEGINS, 10 * SECOND_MS))
    sequence = count(1 << 40)
    config, sessions = street.configs[SIX], street.sessions[SIX]

    def inject(message: Message) -> None:
        data = seal(
            message,
            community=config.community,
            author=config.party,
            sequence=next(sequence),
            sent_at=street.now,
            key=sessions.at(street.now).key,
        )
        for node in street.nodes[:SIX]:
            node.receive(data, street.now)

    name = SumName(week=2_945, part=0, step=0, attempt=0)
    for number in range(100):
        inject(Announcement(sum_name=name, public_key=bytes([number]) * 32))
    street.run(after(BEGINS, 8 * MINUTE_MS + HOUR_MS))

    assert street.status(0).refused == 100
    assert street.status(0).failure is None
    records = [e for e in street.journals[0] if e.kind is EntryKind.LEARNED]
    assert records


def day_of(index: int, clearness: float) -> Floats:
    """Return the shares of a roof that looks more to the west than the one before."""
    hours = np.arange(96) / 4
    sun = np.exp(-((hours - 11.5 - 0.2 * index) ** 2) / 8)
    return np.asarray(clearness * sun)


def test_roofs_tell_each_other_of_yesterday_and_of_no_other_day() -> None:
    street = Street.of(SIX + 1)
    today = BEGINS // DAY_MS + 1
    street.now = Instant(today * DAY_MS)
    street.nodes = [
        Node(config, sessions=session, verify=MemoVerifier(), now=street.now)
        for config, session in zip(street.configs, street.sessions, strict=True)
    ]
    for index, node in enumerate(street.nodes):
        node.learning.show_sun(
            today - (1 if index < SIX else 2), day_of(index, 0.7), street.now
        )

    street.run(Instant(today * DAY_MS + 3 * HOUR_MS))

    expected = np.mean([day_of(index, 0.7) for index in range(SIX)], axis=0)
    for node in street.nodes:
        assert set(node.learning.neighbours_sun) == {today - 1}
        np.testing.assert_allclose(
            node.learning.neighbours_sun[today - 1], expected, atol=1e-5
        )
    assert street.status(0).sun_homes == SIX
    again = Node.restore(
        street.configs[2],
        street.journals[2],
        sessions=street.sessions[2],
        verify=MemoVerifier(),
        now=street.now,
    )
    assert set(again.learning.neighbours_sun) == {today - 1}
