"""Homes have their days posted together: each signs what it found, one of them pays."""

from dataclasses import replace

import pytest

from custom_components.commonwatt.drivers.chain import ChainHome, Heard, JobState
from custom_components.commonwatt.drivers.chain.turns import TURN_S
from custom_components.commonwatt.drivers.chain.values import At
from custom_components.commonwatt.engine.ledger.chain.day import FUND
from custom_components.commonwatt.engine.ledger.chain.day_book import ClosedDay
from custom_components.commonwatt.engine.ledger.chain.scores import score_sheet
from custom_components.commonwatt.engine.model.batch import BatchApproval, BatchDraft
from custom_components.commonwatt.engine.model.errand import SignedErrand
from custom_components.commonwatt.engine.model.period import Instant
from custom_components.commonwatt.engine.wire.ethereum import (
    Address,
    address_of,
)
from tests.drivers.chain.street import COIN, DAY_S, HOMES, LINE_NANO, WINDOW_S, Street
from tools.chain_community import EPOCH_DAYS, household


class Village:
    """All homes of a street, each with an outbox of its own; who hears everything."""

    def __init__(self, street: Street) -> None:
        self.street = street
        self.homes = [street.home, *(street.open(n) for n in range(1, HOMES))]
        self.drafts: dict[Address, BatchDraft] = {}
        self.signed: dict[bytes, dict[Address, bytes]] = {}
        self.errands: dict[SignedErrand, None] = {}
        self.away: set[int] = set()
        self.poor: set[int] = set()

    def turn(self, closed: ClosedDay | None, *others: ClosedDay) -> None:
        """Let every home have its turn; ``others`` are the books of the last ones."""
        books = [closed] * (HOMES - len(others)) + list(others)
        for number, (home, found) in enumerate(zip(self.homes, books, strict=True)):
            if number not in self.away:
                self._turn_of(number, home, found)

    def _turn_of(self, number: int, home: ChainHome, closed: ClosedDay | None) -> None:
        said = home.relay.turn(
            closed,
            self.heard(),
            now_s=home.client.block().timestamp_s,
            has_coins=number not in self.poor,
        )
        for message in said:
            match message:
                case BatchApproval():
                    by_account = self.signed.setdefault(message.digest, {})
                    by_account[home.account] = message.signature
                case BatchDraft():
                    self.drafts[home.account] = message
                case SignedErrand():
                    self.errands[message] = None
        home.step()

    def heard(self) -> Heard:
        """Return what everybody has heard."""
        return Heard(
            drafts=tuple(self.drafts.values()),
            approvals=lambda digest: self.signed.get(digest, {}),
            errands=tuple(self.errands),
        )

    def posted(self) -> list[str]:
        """Return what was done by any of the homes."""
        return sorted(
            job.name
            for home in self.homes
            for job in home.jobs()
            if job.state in {JobState.MINED, JobState.FINAL}
        )


@pytest.fixture
def village(street: Street) -> Village:
    return Village(street)


def live(village: Village, closed: ClosedDay | None, *others: ClosedDay) -> None:
    """Let the homes have as many turns as it takes for all to have had theirs."""
    for _ in range(4):
        village.turn(closed, *others)
        village.street.chain.travel(HOMES * TURN_S)


def test_a_day_is_posted_and_paid_out_once(village: Village) -> None:
    street = village.street
    live(village, street.closed({0: 3 * COIN, 1: -3 * COIN}))
    street.chain.travel(WINDOW_S)
    live(village, None)

    assert village.posted() == ["batch:1", "claim:1:0"]
    assert street.credit(0) == 3 * COIN


def test_who_is_away_and_who_has_no_coins_holds_up_nobody(village: Village) -> None:
    street = village.street
    village.away = {1}
    village.poor = {0, 2, 3}
    for number in village.poor:
        street.impoverish(number)

    live(village, street.closed({0: 3 * COIN, 1: -3 * COIN}))
    street.chain.travel(WINDOW_S)
    live(village, None)

    assert village.posted() == ["batch:1", "claim:1:0"]
    assert street.credit(0) == 3 * COIN


def test_what_a_home_without_coins_wants_is_done_once_by_another(
    village: Village,
) -> None:
    street = village.street
    live(village, street.closed({0: 3 * COIN, 1: -3 * COIN}))
    street.chain.travel(WINDOW_S)
    live(village, None)
    village.poor = {0, 1}
    for number in village.poor:
        street.impoverish(number)
    done = village.posted()

    village.homes[0].errands.transfer(street.accounts[2], COIN, "a gift")
    village.homes[0].errands.pay_in(COIN, "for winter")
    live(village, None)
    live(village, None)

    errands = [name for name in village.posted() if name not in done]
    assert [name.partition(":")[0] for name in errands] == ["errand", "errand"]
    assert (street.credit(0), street.credit(2)) == (COIN, COIN)
    assert village.homes[0].wallet.balance().deposited_nano == COIN


def test_without_a_quorum_of_equal_books_nothing_is_posted(village: Village) -> None:
    street = village.street
    found = street.closed({0: 3 * COIN, 1: -3 * COIN})
    other = street.closed({0: 4 * COIN, 1: -4 * COIN})

    live(village, found, other, other)
    assert village.posted() == []
    live(village, found, found, other)

    assert village.posted() == ["batch:1"]


def test_who_was_away_goes_on_from_what_the_others_tell(village: Village) -> None:
    street = village.street
    village.away = {4}
    live(village, street.closed({0: 3 * COIN, 1: -3 * COIN}))
    street.chain.travel(WINDOW_S)
    live(village, None)
    street.next_day()
    village.away = {3}

    live(village, street.closed({0: COIN, 1: -COIN}))

    assert village.posted() == ["batch:1", "batch:2", "claim:1:0"]
    marks = village.homes[4].batches.standing(village.homes[4].batches.head())
    assert marks is not None
    assert marks.balances[marks.index_of(street.accounts[0])].released_nano == 3 * COIN


def test_a_draft_that_is_not_on_the_chain_teaches_nothing(village: Village) -> None:
    street = village.street
    day = street.draft(street.closed({0: COIN, 1: -COIN}))
    newcomer = village.homes[1].batches

    assert newcomer.learn([day]) == 0


def test_the_contract_learns_which_charter_the_members_came_to(
    village: Village,
) -> None:
    """One home alone has coins; the others' ballots reach it over the wire."""
    street = village.street
    charter, since = b"fees".ljust(32, b"."), Instant(street.chain.now * 1_000)
    before = village.homes[0].votes.charter(At.LATEST)

    for _ in range(4):
        for number, home in enumerate(village.homes):
            said = home.mirror.turn(
                charter, since, village.heard(), has_coins=number == 2
            )
            for message in said:
                by_account = village.signed.setdefault(message.digest, {})
                by_account[home.account] = message.signature
        street.work(village.homes[2])

    after = village.homes[0].votes.charter(At.LATEST)
    assert (after.digest, after.version) == (charter, before.version + 1)
    assert all(
        home.jobs() == () for home in village.homes if home is not village.homes[2]
    )
    assert (
        village.homes[0].mirror.turn(charter, since, village.heard(), has_coins=True)
        == ()
    )


def mirrored(village: Village, members: frozenset[Address], since: Instant) -> None:
    """Let all homes mirror who belongs, the third one paying, until it is done."""
    charter = village.homes[0].votes.charter(At.LATEST).digest
    for _ in range(6):
        for number, home in enumerate(village.homes):
            said = home.mirror.turn(
                charter,
                since,
                village.heard(),
                has_coins=number == 2,
                members=members,
            )
            for message in said:
                by_account = village.signed.setdefault(message.digest, {})
                by_account[home.account] = message.signature
        village.street.work(village.homes[2])


def test_the_contract_learns_who_came_in_and_who_left(village: Village) -> None:
    street = village.street
    since = Instant(street.chain.now * 1_000)
    newcomer = address_of(household("newcomer").public)
    leaver = street.accounts[4]
    members = frozenset({*street.accounts, newcomer} - {leaver})

    mirrored(village, members, since)

    batches = village.homes[0].batches
    assert set(batches.members()) == members
    assert village.homes[0].votes.line_nano_min() == LINE_NANO
    # Who belongs no more has no voice, and all others have nothing left to say.
    assert village.homes[4].account == leaver
    for home in village.homes:
        assert not home.mirror.turn(
            home.votes.charter(At.LATEST).digest,
            since,
            village.heard(),
            has_coins=False,
            members=members,
        )


def test_a_newcomer_the_contract_does_not_know_stands_at_the_fund(
    village: Village,
) -> None:
    """Nobody can be stated before it is admitted; nothing is lost meanwhile."""
    street = village.street
    stranger = address_of(household("stranger").public)
    found = street.closed({0: 3 * COIN, 1: -3 * COIN})
    nets = dict(found.nets_nano) | {stranger: -COIN}
    nets[street.accounts[2]] += COIN

    day = street.draft(replace(found, nets_nano=nets))

    stated = {leaf.account: leaf.net_nano for leaf in day.balances}
    assert stranger not in stated
    assert sum(stated.values()) == 0
    assert stated[FUND] == 0  # it has no line: the others bear it until then


def test_a_committee_that_has_served_is_followed_by_another(village: Village) -> None:
    """It signs for its last day first; then somebody has lots drawn."""
    street = village.street
    street.chain.travel(31 * DAY_S)
    street.next_day()
    live(village, street.closed({0: 3 * COIN, 1: -3 * COIN}))
    street.chain.travel(WINDOW_S)
    live(village, None)
    assert village.posted() == ["batch:1", "claim:1:0", "draw:2"]

    street.next_day()
    street.next_day()
    village.signed.clear()
    live(village, street.closed({0: 4 * COIN, 1: -4 * COIN}))

    assert "batch:2" in village.posted()


def test_scores_are_anchored_once_in_an_epoch_by_one_who_has_coins(
    village: Village,
) -> None:
    street = village.street
    village.poor = {0, 1}
    day, scores = street.today, dict.fromkeys(street.accounts, 900_000)
    sheets = [
        score_sheet(day + later, scores, evidence=b"e" * 32, secret=b"the charter")
        for later in (0, 1, EPOCH_DAYS)
    ]
    for sheet in sheets:
        if sheet.day == day + EPOCH_DAYS:
            street.chain.travel_to(sheet.day * DAY_S)
        for _ in range(3):
            for number, home in enumerate(village.homes):
                said = home.anchoring.turn(
                    sheet,
                    village.heard(),
                    now_s=home.client.block().timestamp_s,
                    has_coins=number not in village.poor,
                )
                for message in said:
                    by_account = village.signed.setdefault(message.digest, {})
                    by_account[home.account] = message.signature
                home.step()
            street.chain.travel(HOMES * TURN_S)

    assert village.posted() == [f"scores:{day}", f"scores:{day + EPOCH_DAYS}"]
    assert village.homes[4].reputation.proves(sheets[-1].proof(street.accounts[1]))
