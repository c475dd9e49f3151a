"""What a home said in an earlier life, lost, and hears again from the others."""

from custom_components.commonwatt.engine.ledger.journal import EntryKind
from custom_components.commonwatt.engine.model.community import CharterVote, Enactment
from custom_components.commonwatt.engine.model.period import (
    MINUTE_MS,
    SECOND_MS,
    after,
)
from tests.engine.node.test_community import proposed, village, vote
from tests.engine.node.test_salvage import damage


def test_a_motion_of_its_own_that_it_lost_and_heard_again_is_not_lost_twice() -> None:
    street = village()
    motion = proposed(street, "Ann", committee_size=7)
    damage(street, "Ann", kept=3)
    street.run(after(street.now, 5 * MINUTE_MS))
    assert motion in {one.digest for one in street.nodes["Ann"].community.motions}

    street.crash("Ann")
    street.wake("Ann")

    assert motion in {one.digest for one in street.nodes["Ann"].community.motions}


def test_an_enactment_it_lost_and_heard_again_is_not_lost_twice() -> None:
    street = village()
    street.lost = lambda _sender, _receiver, message: isinstance(message, CharterVote)
    motion = proposed(street, "Ann", committee_size=7)
    vote(street, motion, "Ben", "Cat")
    governance = street.nodes["Ann"]._governance
    (attempt,) = governance._proposals
    author = street.names[governance._electorate.proposer(number=1, attempt=attempt)]
    (said,) = [
        entry.body
        for entry in street.homes[author].journal
        if entry.kind is EntryKind.SENT
        and isinstance(street.opened(entry.body).message, Enactment)
    ]
    street.run(after(street.now, 5 * MINUTE_MS))
    damage(street, author, kept=3)
    street.run(after(street.now, MINUTE_MS))
    assert attempt not in street.nodes[author]._governance._proposals

    assert street.nodes[author].receive(said, street.now)
    street.run(after(street.now, SECOND_MS))
    street.crash(author)
    street.wake(author)

    assert attempt in street.nodes[author]._governance._proposals
