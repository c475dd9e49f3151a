"""Whatever a network and liars can do: nothing is decided twice, and all is decided.

Rules: ``docs/reference/agreement.md``.
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

from custom_components.commonwatt.engine.model.party import (
    FaultModel,
)
from custom_components.commonwatt.engine.model.vote import VoteStage
from custom_components.commonwatt.engine.peer import (
    Agreement,
    Vote,
)
from custom_components.commonwatt.engine.peer.agreement import Proposal
from tests.engine.peer.voters import (
    BLUE,
    GREEN,
    RED,
    choice,
    electorate,
    fresh,
    party,
    vote,
)

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
