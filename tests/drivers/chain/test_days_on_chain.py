"""Days that are posted: what stands, who is paid, and what is refused."""

from dataclasses import replace

import pytest

from custom_components.commonwatt.drivers.chain import ChainError, ChainHome, JobState
from custom_components.commonwatt.drivers.chain.errors import NoAnswerError
from custom_components.commonwatt.drivers.chain.values import ContractName
from custom_components.commonwatt.engine.ledger.certificates import GranularCertificate
from custom_components.commonwatt.engine.ledger.chain.consents import (
    Proposal,
    ProposalKind,
)
from custom_components.commonwatt.engine.ledger.chain.day import FUND, ChainDay
from custom_components.commonwatt.engine.ledger.chain.structs import Balance
from custom_components.commonwatt.engine.ledger.chain.sum_tree import SumTree
from custom_components.commonwatt.engine.ledger.origin import Origin, Parcel
from custom_components.commonwatt.engine.model.origin import EnergySource
from custom_components.commonwatt.engine.model.party import CommunityId, PartyId
from custom_components.commonwatt.engine.model.period import DeliveryPeriod
from custom_components.commonwatt.engine.wire.ethereum import (
    address_of,
    compact,
    sign_recoverable,
)
from tests.drivers.chain.street import (
    COIN,
    HOMES,
    LINE_NANO,
    WINDOW_S,
    Street,
)
from tools.chain_community import household


def test_a_day_is_posted_stands_and_pays_everybody_at_once(street: Street) -> None:
    day = street.settle(street.closed({0: 3 * COIN, 1: -5 * COIN, 2: 2 * COIN}))

    assert [street.credit(number) for number in range(3)] == [3 * COIN, 0, 2 * COIN]
    assert street.home.batches.head().standing == 1
    assert street.home.batches.holds(day, street.accounts[1])
    assert [job.name for job in street.home.jobs()] == ["batch:1", "claim:1:0"]


def test_a_day_can_be_relied_on_once_its_block_is_final(street: Street) -> None:
    day = street.post(street.closed({0: COIN, 1: -COIN}))
    street.chain.travel(WINDOW_S)
    street.mine()
    assert street.home.batches.head().standing == 1

    assert not street.home.batches.stands(day)
    street.mine(2)

    assert street.home.batches.stands(day)


def test_what_was_released_is_never_taken_back(street: Street) -> None:
    street.settle(street.closed({0: 5 * COIN, 1: -5 * COIN}))
    street.next_day()

    day = street.settle(street.closed({0: 2 * COIN, 1: -2 * COIN}))

    mine = day.balances[day.index_of(street.accounts[0])]
    assert (mine.net_nano, mine.released_nano) == (2 * COIN, 5 * COIN)
    assert street.credit(0) == 5 * COIN


def test_marks_survive_a_restart(street: Street) -> None:
    street.settle(street.closed({0: 5 * COIN, 1: -5 * COIN}))
    street.next_day()
    street.crash()

    day = street.draft(street.closed({0: 2 * COIN, 1: -2 * COIN}))

    assert day.balances[day.index_of(street.accounts[0])].released_nano == 5 * COIN


def test_nothing_is_drafted_before_it_is_due(street: Street) -> None:
    batches = street.home.batches
    assert batches.draft(street.closed({}, day=street.today)) is None
    first = street.post(street.closed({0: COIN, 1: -COIN}))
    assert batches.head().is_pending
    street.next_day()
    yesterday = street.closed({0: COIN, 1: -COIN}, day=first.batch.day)

    assert batches.draft(yesterday) is None
    assert batches.draft(street.closed({0: COIN, 1: -COIN})) is not None


def test_who_never_saw_the_batch_that_stands_drafts_nothing(street: Street) -> None:
    """It could not know what was released already."""
    street.settle(street.closed({0: 5 * COIN, 1: -5 * COIN}))
    street.next_day()
    newcomer = street.open(1)

    assert newcomer.batches.draft(street.closed({})) is None
    assert street.home.batches.draft(street.closed({})) is not None


def test_debts_beyond_the_line_are_borne_by_those_who_earned(street: Street) -> None:
    debt = LINE_NANO + 7 * COIN
    day = street.settle(street.closed({0: debt - COIN, 1: -debt, 2: COIN}))

    nets = {leaf.account: leaf.net_nano for leaf in day.balances}
    assert nets[street.accounts[1]] == -LINE_NANO
    assert sum(nets.values()) == 0


def test_any_member_can_relay_and_a_home_needs_no_coins(street: Street) -> None:
    day = street.draft(street.closed({0: 3 * COIN, 1: -3 * COIN}))
    approvals = street.approvals(day)
    relay = street.open(2)

    relay.batches.submit(day, approvals)
    street.work(relay)
    street.chain.travel(WINDOW_S)
    relay.batches.claim_all(day)
    street.work(relay)

    assert street.credit(0) == 3 * COIN
    assert street.home.jobs() == ()


def test_a_day_without_the_chain_is_caught_up_with_the_next(
    street: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    street.settle(street.closed({0: COIN, 1: -COIN}))
    street.next_day()
    missed = street.closed({0: 4 * COIN, 1: -4 * COIN})
    with monkeypatch.context() as down:
        endpoints = street.home.client._endpoints._endpoints
        down.setattr(endpoints[0].transport, "request", no_answer)
        for _ in range(3):
            with pytest.raises(ChainError, match="unreachable"):
                street.home.step()
        with pytest.raises(ChainError, match="unreachable"):
            street.home.batches.draft(missed)
        street.next_day()

    day = street.settle(street.closed({0: 9 * COIN, 1: -9 * COIN}))

    assert day.batch.day == missed.day + 1
    assert street.home.batches.head().standing == 2
    assert street.credit(0) == 9 * COIN


def no_answer(*_: object) -> None:
    raise NoAnswerError("down")


def test_posting_the_same_twice_is_refused_before_it_costs_anything(
    street: Street,
) -> None:
    day = street.settle(street.closed({0: COIN, 1: -COIN}))
    other = street.open(1)
    coins = other.client.coins(other.account)

    with pytest.raises(ChainError, match="OutOfOrder"):
        other.batches.submit(day, street.approvals(day))

    again = street.home.batches.submit(day, street.approvals(day))
    assert again.state is JobState.FINAL
    assert other.client.coins(other.account) == coins


def test_a_stranger_cannot_sign(street: Street) -> None:
    day = street.draft(street.closed({0: COIN, 1: -COIN}))
    approvals = street.approvals(day)
    seat = street.home.batches.seats()[0]
    digest = street.home.batches.digest(day.batch)
    approvals[seat] = sign_recoverable(household("stranger"), digest)

    with pytest.raises(ChainError, match="NotTheCommittee"):
        street.home.batches.submit(day, approvals)


def test_a_short_quorum_is_refused(street: Street) -> None:
    day = street.draft(street.closed({0: COIN, 1: -COIN}))
    quorum = street.home.batches.quorum()
    silent = HOMES - quorum

    with pytest.raises(ChainError, match="TooFewApprovals"):
        street.home.batches.submit(day, street.approvals(day, silent=silent + 1))

    street.home.batches.submit(day, street.approvals(day, silent=silent))
    street.work()
    assert street.home.batches.head().number == 1


def send_unchecked(street: Street, day: ChainDay) -> None:
    """Post a batch that no home of ours would: a whole committee conspires."""
    signed = [compact(one) for one in street.approvals(day).values()]
    contracts = street.home._ready.contracts
    contracts.send(
        "unchecked", ContractName.SETTLEMENT, "submit", day.batch.abi, signed
    )
    street.work()


def test_nets_that_do_not_balance_are_undone_by_anybody(street: Street) -> None:
    honest = street.draft(street.closed({0: COIN, 1: -COIN}))
    greedy = tuple(
        replace(leaf, net_nano=leaf.net_nano + COIN, released_nano=2 * COIN)
        if leaf.account == street.accounts[0]
        else leaf
        for leaf in honest.balances
    )
    root = SumTree([leaf.node for leaf in greedy]).root
    day = replace(honest, balances=greedy, batch=replace(honest.batch, balances=root))
    send_unchecked(street, day)
    watcher = street.open(3)

    watcher.batches.challenge(day)
    street.work(watcher)

    assert watcher.batches.head().is_void
    street.chain.travel(WINDOW_S)
    street.mine()
    assert street.home.batches.head().standing == 0
    street.settle(street.closed({0: COIN, 1: -COIN}))
    assert street.credit(0) == COIN


def test_an_honest_batch_cannot_be_challenged(street: Street) -> None:
    day = street.post(street.closed({0: COIN, 1: -COIN}))

    with pytest.raises(ChainError, match="Faultless"):
        street.home.batches.challenge(day)


def test_claiming_twice_pays_once(street: Street) -> None:
    day = street.settle(street.closed({0: COIN, 1: -COIN}))
    other = street.open(1)

    other.batches.claim_all(day)
    street.work(other)

    assert street.credit(0) == COIN
    assert street.home.batches.ledger(street.accounts[0]) == (0, COIN)


def decide(street: Street, proposal: Proposal) -> None:
    """Let all homes agree; the first one relays their ballots."""
    street.home.votes.propose(proposal)
    street.work()
    for number in range(1, HOMES):
        home = street.open(number)
        ballot = home.votes.ballot(proposal, is_approved=True)
        street.home.votes.vote(proposal, is_approved=True, signature=ballot)
        home.close()
    street.work()
    street.home.votes.execute(proposal)
    street.work()


def test_a_pause_stops_new_batches_and_nothing_else(street: Street) -> None:
    first = street.post(street.closed({0: COIN, 1: -COIN}))
    until = street.chain.now + 5 * 86_400
    pause = Proposal(
        kind=ProposalKind.PAUSE, amount=until, closes_at=street.chain.now + 3_600
    )
    decide(street, pause)
    street.chain.travel(WINDOW_S)
    street.home.batches.claim_all(first)
    street.work()
    street.next_day()
    day = street.draft(street.closed({0: 2 * COIN, 1: -2 * COIN}))

    with pytest.raises(ChainError, match="BatchesPaused"):
        street.home.batches.submit(day, street.approvals(day))

    assert street.credit(0) == COIN
    street.chain.travel_to(until + 60)
    street.settle(street.closed({0: 2 * COIN, 1: -2 * COIN}))
    assert street.credit(0) == 2 * COIN


def test_an_amendment_is_adopted_once_its_block_is_final(street: Street) -> None:
    before = street.home.votes.charter()
    amend = Proposal(
        kind=ProposalKind.AMEND,
        document=b"fee".ljust(32, b"."),
        closes_at=street.chain.now + 3_600,
    )
    watcher = street.open(4)
    watcher.close()
    street.home.votes.propose(amend)
    street.work()
    for number in range(1, HOMES - 1):
        home = street.open(number)
        home.votes.vote(amend, is_approved=True)
        street.work(home)
    street.home.votes.execute(amend)
    street.home.step()
    assert street.home.votes.charter() == before

    street.work()

    after = street.home.votes.charter()
    assert (after.digest, after.version) == (amend.document, before.version + 1)
    poll = street.home.votes.poll(amend)
    assert poll is not None
    assert poll.is_done


def certificate(number: int, energy_wh: int) -> GranularCertificate:
    return GranularCertificate(
        community=CommunityId("c" * 64),
        period=DeliveryPeriod(number),
        producer=PartyId("a" * 40),
        parcel=Parcel(
            origin=Origin(source=EnergySource.SOLAR, device=None, stored=False),
            energy_wh=energy_wh,
            carbon_mg=0,
        ),
    )


def test_a_certificate_leaves_is_handed_on_and_used_up(street: Street) -> None:
    me, neighbour = street.accounts[:2]
    closed = street.closed(
        {}, certificates={me: (certificate(1, 300),)}, metered_wh=500
    )
    day = street.settle(closed)
    certificates = street.home.certificates
    name = day.origins[0].certificate

    assert certificates.proves(day, 0)
    certificates.claim(day, 0)
    street.work()
    certificates.transfer(name, neighbour, 100, "to my neighbour")
    certificates.retire(name, 50, "2026", "ours of 2026")
    street.work()

    assert certificates.held_wh(name) == 150
    assert certificates.held_wh(name, neighbour) == 100
    assert certificates.retired_wh(name) == 50
    with pytest.raises(ChainError, match="ERC1155InsufficientBalance"):
        certificates.retire(name, 151, "2026", "more than there is")
    with pytest.raises(ChainError, match="AlreadyClaimed"):
        street.open(1).certificates.claim(day, 0)


def test_an_altered_certificate_is_not_proved(street: Street) -> None:
    me = street.accounts[0]
    day = street.settle(
        street.closed({}, certificates={me: (certificate(1, 300),)}, metered_wh=500)
    )
    more = replace(day, origins=(replace(day.origins[0], energy_wh=301),))

    assert not street.home.certificates.proves(more, 0)


def test_what_the_fund_earned_has_a_leaf_of_its_own(street: Street) -> None:
    day = street.post(street.closed({1: -COIN}))

    assert isinstance(day.balances[day.index_of(FUND)], Balance)
    assert day.balances[day.index_of(FUND)].net_nano == COIN


def test_without_contracts_there_is_nothing_to_ask(street: Street) -> None:
    street.deployment = None
    home: ChainHome = street.open(1)

    with pytest.raises(ChainError, match="no contracts"):
        home.batches.head()


def test_the_pool_grows_with_the_lines_of_new_members(street: Street) -> None:
    newcomer = address_of(household("newcomer").public)
    admit = Proposal(
        kind=ProposalKind.ADMIT,
        key=newcomer,
        amount=LINE_NANO,
        closes_at=street.chain.now + 3_600,
    )
    decide(street, admit)
    batches = street.home.batches

    (job,) = batches.keep_house(batches.head())
    street.work()

    assert newcomer in batches.members()
    assert job.name == f"align:{(HOMES + 1) * LINE_NANO}"
    assert batches.keep_house(batches.head()) == ()
