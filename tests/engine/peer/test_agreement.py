"""Agreement, clause by clause, and whatever a network and liars can do to it.

Clauses: ``docs/reference/agreement.md``.
"""

from dataclasses import dataclass, field
import itertools
from typing import override

from hypothesis import given, settings, strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)
import pytest

from custom_components.commonwatt.engine.model.party import (
    Charter,
    CommunityId,
    FaultModel,
    PartyId,
)
from custom_components.commonwatt.engine.model.period import DeliveryPeriod
from custom_components.commonwatt.engine.model.vote import VoteStage
from custom_components.commonwatt.engine.peer import (
    Agreement,
    Choice,
    Electorate,
    Vote,
    electorate_of,
)
from custom_components.commonwatt.engine.peer.agreement import Lock, Proposal
from custom_components.commonwatt.engine.peer.electorate import PERIODS_A_DAY
from tests.engine.peer.assembly import charter_of

PREVOTE, PRECOMMIT = VoteStage
RED, BLUE, GREEN = (bytes([number]) * 32 for number in (1, 2, 3))
COMMUNITY = CommunityId("c0" * 32)


def party(number: int) -> PartyId:
    """Return the name of a voter."""
    return PartyId(f"{number:02}" * 20)


def electorate(
    count: int, fault_model: FaultModel = FaultModel.BYZANTINE
) -> Electorate:
    """Return so many voters."""
    voters = tuple(party(number) for number in range(count))
    return Electorate(voters=voters, fault_model=fault_model)


def vote(attempt: int, stage: VoteStage, digest: bytes) -> Vote:
    """Return a vote in an envelope nobody needs to open."""
    data = bytes([attempt, stage]) + digest
    return Vote(attempt=attempt, stage=stage, digest=digest, data=data)


def fresh(attempt: int, digest: bytes) -> Proposal:
    """Return a proposal nobody has voted for before."""
    return Proposal(attempt=attempt, digest=digest, valid_attempt=None)


def choice(
    agreement: Agreement, attempt: int, proposal: Proposal | None = None
) -> Choice | None:
    """Ask for the next vote of somebody who knows and accepts everything."""
    return agreement.next_vote(
        attempt, proposal, is_known=lambda _: True, is_acceptable=lambda _: True
    )


def hear(
    agreement: Agreement, attempt: int, stage: VoteStage, digest: bytes, *voters: int
) -> None:
    """Let an agreement take the same vote of several voters."""
    for number in voters:
        agreement.take_vote(party(number), vote(attempt, stage, digest))


def one_of_four() -> Agreement:
    """Return the part of voter 0 among four."""
    return Agreement(me=party(0), electorate=electorate(4))


def locked_on_red() -> Agreement:
    """Return voter 0 after it has precommitted to red in attempt 0."""
    agreement = one_of_four()
    hear(agreement, 0, PREVOTE, RED, 0, 1, 2)
    hear(agreement, 0, PRECOMMIT, RED, 0)
    return agreement


def test_a_proposal_is_prevoted_for_once() -> None:
    agreement = one_of_four()
    wanted = Choice(attempt=0, stage=PREVOTE, digest=RED)
    assert choice(agreement, 0, fresh(0, RED)) == wanted

    hear(agreement, 0, PREVOTE, RED, 0)
    assert choice(agreement, 0, fresh(0, RED)) is None
    assert choice(agreement, 0, fresh(0, BLUE)) is None


def test_what_is_not_acceptable_is_not_prevoted_for() -> None:
    refused = one_of_four().next_vote(
        0, fresh(0, RED), is_known=lambda _: True, is_acceptable=lambda _: False
    )

    assert refused is None


def test_a_quorum_of_prevotes_is_precommitted_to() -> None:
    agreement = one_of_four()
    hear(agreement, 0, PREVOTE, RED, 1, 2)
    assert choice(agreement, 0) is None
    hear(agreement, 0, PREVOTE, RED, 3)

    assert choice(agreement, 0) == Choice(attempt=0, stage=PRECOMMIT, digest=RED)
    assert agreement.valid is not None
    assert len(agreement.valid.votes) == 3


def test_nobody_precommits_to_what_they_do_not_know() -> None:
    agreement = one_of_four()
    hear(agreement, 0, PREVOTE, RED, 1, 2, 3)
    unknown = agreement.next_vote(
        0, None, is_known=lambda _: False, is_acceptable=lambda _: True
    )

    assert unknown is None


def test_a_precommit_locks() -> None:
    agreement = locked_on_red()

    assert agreement.lock == Lock(digest=RED, attempt=0)
    assert choice(agreement, 1, fresh(1, BLUE)) is None
    assert choice(agreement, 1, fresh(1, RED)) == Choice(
        attempt=1, stage=PREVOTE, digest=RED
    )


def test_a_later_quorum_of_prevotes_opens_a_lock() -> None:
    agreement = locked_on_red()
    again = Proposal(attempt=3, digest=BLUE, valid_attempt=2)
    assert choice(agreement, 3, again) is None
    hear(agreement, 2, PREVOTE, BLUE, 1, 2, 3)

    assert choice(agreement, 3, again) == Choice(attempt=3, stage=PREVOTE, digest=BLUE)
    hear(agreement, 3, PREVOTE, BLUE, 0, 1, 2)
    hear(agreement, 3, PRECOMMIT, BLUE, 0)
    assert agreement.lock == Lock(digest=BLUE, attempt=3)


def test_an_earlier_quorum_of_prevotes_opens_no_lock() -> None:
    agreement = one_of_four()
    hear(agreement, 0, PREVOTE, BLUE, 1, 2, 3)
    hear(agreement, 1, PREVOTE, RED, 0, 1, 2)
    hear(agreement, 1, PRECOMMIT, RED, 0)
    earlier = Proposal(attempt=2, digest=BLUE, valid_attempt=0)

    assert choice(agreement, 2, earlier) is None


def test_a_claim_of_prevotes_nobody_has_seen_is_not_believed() -> None:
    agreement = one_of_four()
    hear(agreement, 0, PREVOTE, BLUE, 1, 2)
    claimed = Proposal(attempt=1, digest=BLUE, valid_attempt=0)
    assert choice(agreement, 1, claimed) is None
    hear(agreement, 0, PREVOTE, BLUE, 3)
    other = Proposal(attempt=1, digest=RED, valid_attempt=0)

    assert choice(agreement, 1, other) is None
    assert choice(agreement, 1, claimed) is not None


def test_a_quorum_of_precommits_decides_whoever_is_locked_on_what() -> None:
    agreement = locked_on_red()
    hear(agreement, 4, PRECOMMIT, BLUE, 1, 2, 3)

    assert agreement.decision is not None
    assert agreement.decision.digest == BLUE
    assert choice(agreement, 5, fresh(5, RED)) is None
    hear(agreement, 5, PRECOMMIT, RED, 1, 2, 3)
    assert agreement.decision.digest == BLUE


def test_votes_of_different_attempts_or_stages_do_not_add_up() -> None:
    agreement = one_of_four()
    hear(agreement, 0, PRECOMMIT, RED, 1)
    hear(agreement, 1, PRECOMMIT, RED, 2)
    hear(agreement, 1, PREVOTE, RED, 3)

    assert agreement.decision is None
    assert agreement.valid is None


def test_two_votes_of_one_voter_contradict_each_other() -> None:
    agreement = one_of_four()
    first = vote(0, PREVOTE, RED)
    assert agreement.take_vote(party(1), first) is None
    assert agreement.take_vote(party(1), vote(0, PREVOTE, RED)) is None

    assert agreement.take_vote(party(1), vote(0, PREVOTE, BLUE)) == first
    assert agreement.take_vote(party(1), vote(0, PRECOMMIT, BLUE)) is None


def test_a_quorum_others_have_seen_counts_even_with_a_liar_in_it() -> None:
    agreement = one_of_four()
    hear(agreement, 0, PREVOTE, BLUE, 3)
    hear(agreement, 0, PREVOTE, RED, 1, 2, 3)

    assert agreement.valid is not None
    assert agreement.valid.digest == RED


def test_a_liar_cannot_fill_the_memory_with_second_votes() -> None:
    agreement = one_of_four()
    for number in range(200):
        hear(agreement, 0, PREVOTE, bytes([number]) * 32, 3)

    (alike,) = agreement.tally._votes.values()
    assert len(alike) == 1


def test_attempts_long_gone_are_forgotten_but_not_what_they_led_to() -> None:
    agreement = locked_on_red()
    for attempt in range(1, 60):
        hear(agreement, attempt, PREVOTE, BLUE, 3)
        agreement.forget_before(attempt)

    assert len(agreement.tally._firsts) <= 4
    assert agreement.lock == Lock(digest=RED, attempt=0)
    again = Proposal(attempt=60, digest=RED, valid_attempt=0)
    assert choice(agreement, 60, again) is not None


@pytest.mark.parametrize(("count", "voters"), [(1, 1), (50, 50), (51, 15), (400, 15)])
def test_more_than_fifty_members_have_a_committee(count: int, voters: int) -> None:
    charter = charter_of(count, FaultModel.BYZANTINE) if count < 100 else many(count)
    drawn = electorate_of(charter, COMMUNITY, DeliveryPeriod(1_999_992))

    assert len(drawn.voters) == voters
    members = [member.party for member in charter.members]
    assert sorted(drawn.voters, key=members.index) == list(drawn.voters)


def test_a_committee_serves_for_a_day_and_everybody_is_drawn_in_time() -> None:
    charter = many(120)
    first = DeliveryPeriod(2_000_000 // PERIODS_A_DAY * PERIODS_A_DAY)
    days = [
        {
            electorate_of(charter, COMMUNITY, first.next(number)).voters
            for number in range(day * PERIODS_A_DAY, (day + 1) * PERIODS_A_DAY, 19)
        }
        for day in range(90)
    ]

    assert all(len(committees) == 1 for committees in days)
    served = {voter for (committee,) in days for voter in committee}
    assert len(served) == 120


def many(count: int) -> Charter:
    """Return a charter of more members than two digits can count."""
    few = charter_of(1, FaultModel.BYZANTINE)
    (member,) = few.members
    members = tuple(
        type(member)(
            party=PartyId(f"{number:040x}"),
            zone=member.zone,
            household_key=member.household_key,
        )
        for number in range(count)
    )
    return Charter(members=members, fee_tree=few.fee_tree)


def test_everybody_has_a_turn_to_propose() -> None:
    five = electorate(5)

    turns = {five.proposer(number=number, attempt=0) for number in range(5)}
    assert turns == set(five.voters)
    assert five.proposer(number=3, attempt=0) != five.proposer(number=3, attempt=1)


DEAF = st.sampled_from([0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7])
"""Who does not hear a stage of an attempt, as bits."""


@dataclass
class Voter:
    """An honest voter: its agreement, its disk, and proposals it has heard."""

    number: int
    agreement: Agreement
    disk: list[Vote] = field(default_factory=list)
    proposals: dict[int, Proposal] = field(default_factory=dict)


type Message = tuple[int, Vote] | Proposal


class AgreementMachine(RuleBasedStateMachine):
    """Honest voters, liars below the bound, and a scheduler that means harm.

    Messages are delivered in any order, twice or never; voters crash and come back
    with what is on disk; liars propose and vote what they like to whom they like.
    """

    COLOURS = (RED, BLUE, GREEN)

    @initialize(
        count=st.sampled_from([4, 7, 5, 2, 3, 6]),
        fault_model=st.sampled_from(FaultModel),
    )
    def begin(self, count: int, fault_model: FaultModel) -> None:
        """Seat voters and liars."""
        self.electorate = electorate(count, fault_model)
        self.liars = set(range(count)[count - self.electorate.liars_max :])
        self.voters = {
            number: Voter(number, self._agreement(number))
            for number in range(count)
            if number not in self.liars
        }
        self.attempt = 0
        self.sent: list[Message] = []
        self.decided: set[bytes] = set()
        self.signed: dict[tuple[int, int, VoteStage], bytes] = {}

    def _agreement(self, number: int) -> Agreement:
        return Agreement(me=party(number), electorate=self.electorate)

    @rule(data=st.data())
    def deliver(self, data: st.DataObject) -> None:
        """Let one voter hear one message."""
        if self.sent:
            message = data.draw(st.sampled_from(self.sent))
            number = data.draw(st.sampled_from(sorted(self.voters)))
            self._take(self.voters[number], message)

    @rule(data=st.data())
    def deliver_to_all(self, data: st.DataObject) -> None:
        """Let everybody hear one message."""
        if self.sent:
            message = data.draw(st.sampled_from(self.sent))
            for voter in self.voters.values():
                self._take(voter, message)

    @rule()
    def next_attempt(self) -> None:
        """Let the clock go on."""
        self.attempt += 1
        for voter in self.voters.values():
            voter.agreement.forget_before(self.attempt)

    @rule(data=st.data())
    def propose(self, data: st.DataObject) -> None:
        """Let an honest proposer propose."""
        proposer = self._proposer()
        if proposer in self.voters:
            colour = data.draw(st.sampled_from(self.COLOURS))
            self.sent.append(self._proposal_of(self.voters[proposer], colour))

    @precondition(lambda self: self.liars)
    @rule(
        colour=st.sampled_from(COLOURS),
        valid_attempt=st.none() | st.integers(0, 3),
        back=st.integers(0, 1),
    )
    def lie_in_a_proposal(
        self, colour: bytes, valid_attempt: int | None, back: int
    ) -> None:
        """Let a liar propose anything at its turn."""
        attempt = self.attempt + back
        claimed = valid_attempt if (valid_attempt or 0) < attempt else None
        if self._proposer(attempt) in self.liars:
            proposal = Proposal(attempt=attempt, digest=colour, valid_attempt=claimed)
            self.sent.append(proposal)

    @precondition(lambda self: self.liars)
    @rule(
        data=st.data(),
        colour=st.sampled_from(COLOURS),
        stage=st.sampled_from(VoteStage),
        back=st.integers(-1, 2),
    )
    def lie_in_a_vote(
        self, data: st.DataObject, colour: bytes, stage: VoteStage, back: int
    ) -> None:
        """Let a liar vote for anything."""
        liar = data.draw(st.sampled_from(sorted(self.liars)))
        attempt = max(0, self.attempt - back)
        self.sent.append((liar, vote(attempt, stage, colour)))

    @rule(colour=st.sampled_from(COLOURS), deaf=st.tuples(DEAF, DEAF, DEAF))
    def play_an_attempt(self, colour: bytes, deaf: tuple[int, int, int]) -> None:
        """Let each stage of an attempt reach all voters but those whose bit is set."""
        self.next_attempt()
        proposer = self._proposer()
        proposed = fresh(self.attempt, colour)
        if proposer in self.voters:
            proposed = self._proposal_of(self.voters[proposer], colour)
        self.sent.append(proposed)
        news: list[Message] = [proposed]
        for unheard in deaf:
            before = len(self.sent)
            for number, voter in self.voters.items():
                if not unheard >> number & 1:
                    for message in news:
                        self._take(voter, message)
                    self._act(voter)
            self._second(self.sent[before:])
            news = self.sent[before:]

    def _second(self, news: list[Message]) -> None:
        """Let liars vote for everything anybody votes for."""
        votes = [one[1] for one in news if not isinstance(one, Proposal)]
        for liar, said in itertools.product(sorted(self.liars), votes):
            self.sent.append((liar, said))

    @rule(data=st.data())
    def crash(self, data: st.DataObject) -> None:
        """Lose everything but the disk: own votes, and what precommits rest on."""
        number = data.draw(st.sampled_from(sorted(self.voters)))
        voter = self.voters[number]
        voter.agreement, voter.proposals = self._agreement(number), {}
        for own in voter.disk:
            voter.agreement.take_vote(party(number), own)

    @rule(data=st.data())
    def think(self, data: st.DataObject) -> None:
        """Let one voter vote."""
        number = data.draw(st.sampled_from(sorted(self.voters)))
        self._act(self.voters[number])

    @rule()
    def everybody_thinks(self) -> None:
        """Let everybody vote."""
        for voter in self.voters.values():
            self._act(voter)

    def _proposer(self, attempt: int | None = None) -> int:
        now = self.attempt if attempt is None else attempt
        proposer = self.electorate.proposer(number=0, attempt=now)
        return self.electorate.voters.index(proposer)

    def _proposal_of(self, voter: Voter, colour: bytes) -> Proposal:
        valid, lock = voter.agreement.valid, voter.agreement.lock
        if valid is not None and valid.attempt < self.attempt:
            return Proposal(
                attempt=self.attempt, digest=valid.digest, valid_attempt=valid.attempt
            )
        return fresh(self.attempt, colour if lock is None else lock.digest)

    def _take(self, voter: Voter, message: Message) -> None:
        if isinstance(message, Proposal):
            voter.proposals.setdefault(message.attempt, message)
        else:
            number, said = message
            voter.agreement.take_vote(party(number), said)
        self._look(voter)

    def _act(self, voter: Voter) -> None:
        """Vote as long as there is something to vote for; disk first, then network."""
        while True:
            proposal = voter.proposals.get(self.attempt)
            wanted = choice(voter.agreement, self.attempt, proposal)
            if wanted is None:
                break
            said = vote(wanted.attempt, wanted.stage, wanted.digest)
            key = voter.number, wanted.attempt, wanted.stage
            assert self.signed.setdefault(key, said.digest) == said.digest
            voter.disk.append(said)
            voter.agreement.take_vote(party(voter.number), said)
            self.sent.append((voter.number, said))
        self._look(voter)

    def _look(self, voter: Voter) -> None:
        decision = voter.agreement.decision
        if decision is not None:
            self.decided.add(decision.digest)

    @invariant()
    def never_two_decisions(self) -> None:
        """Nothing else is ever decided."""
        assert len(getattr(self, "decided", ())) <= 1

    @override
    def teardown(self) -> None:
        """Let the faults stop: all honest voters decide, and decide the same.

        From now on everything ever sent reaches everybody, and liars are silent.
        """
        if not hasattr(self, "voters"):
            return
        for _ in range(2 * len(self.electorate.voters) + 1):
            self.attempt += 1
            proposer = self._proposer()
            if proposer in self.voters:
                for message in list(self.sent):
                    self._take(self.voters[proposer], message)
                self.sent.append(self._proposal_of(self.voters[proposer], GREEN))
            for _ in VoteStage:
                for message, voter in itertools.product(
                    list(self.sent), self.voters.values()
                ):
                    self._take(voter, message)
                self.everybody_thinks()
        for message, voter in itertools.product(self.sent, self.voters.values()):
            self._take(voter, message)

        assert len(self.decided) == 1
        assert all(voter.agreement.decision for voter in self.voters.values())


@settings(max_examples=400, deadline=None)
@given(
    attempts=st.lists(
        st.tuples(
            st.sampled_from(AgreementMachine.COLOURS), st.tuples(DEAF, DEAF, DEAF)
        ),
        min_size=2,
        max_size=7,
    )
)
def test_whatever_is_lost_in_which_stage_nothing_is_decided_twice(
    attempts: list[tuple[bytes, tuple[int, int, int]]],
) -> None:
    table = AgreementMachine()
    table.begin(count=4, fault_model=FaultModel.BYZANTINE)
    for colour, deaf in attempts:
        table.play_an_attempt(colour=colour, deaf=deaf)
        table.never_two_decisions()


TestAgreement = AgreementMachine.TestCase
TestAgreement.settings = settings(
    max_examples=100, stateful_step_count=40, deadline=None
)
