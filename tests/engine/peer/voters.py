"""Voters and their votes, in envelopes nobody needs to open."""

from custom_components.commonwatt.engine.model.party import (
    CommunityId,
    FaultModel,
    PartyId,
)
from custom_components.commonwatt.engine.model.vote import VoteStage
from custom_components.commonwatt.engine.peer import (
    Agreement,
    Choice,
    Electorate,
    Vote,
)
from custom_components.commonwatt.engine.peer.agreement import Proposal

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
