"""Three days of a street of twelve, settled on a chain and held against its journal.

Usage: python -m tools.chain_days [--days D] [--seed S]
Real nodes trade on a simulated clock, a real chain (anvil) keeps the same time, and the
component's own driver posts every day.  On the way the homes vote for a higher spread.
Prints what was checked and one line of JSON; exit 1 as soon as something disagrees.
"""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
import json
from pathlib import Path
import sys
from tempfile import TemporaryDirectory
from typing import Final

from web3 import Web3

import tools._engine  # noqa: F401  # the component without its glue

# isort: split
from custom_components.commonwatt.drivers.chain import (
    ChainHome,
    ChainSettings,
    Heard,
    JobState,
)
from custom_components.commonwatt.drivers.chain.home import open_home
from custom_components.commonwatt.engine.ledger.chain.day import ChainDay, nets_of
from custom_components.commonwatt.engine.ledger.chain.day_book import ClosedDay
from custom_components.commonwatt.engine.ledger.merkle import is_included, prove
from custom_components.commonwatt.engine.model.community import Amend
from custom_components.commonwatt.engine.model.party import Charter
from custom_components.commonwatt.engine.model.period import (
    DAY_MS,
    HOUR_MS,
    MINUTE_MS,
    SECOND_MS,
    DeliveryPeriod,
    Instant,
)
from custom_components.commonwatt.engine.wire.ethereum import (
    Address,
    address_of,
    checksummed,
)
from tools.anvil import Chain, anvil
from tools.chain_street import STARTED_AT, Disagreement, Street, agree

VOTE_AT: Final = Instant(STARTED_AT + HOUR_MS)
WINDOW_S: Final = 6 * 3_600
DAY_S: Final = DAY_MS // SECOND_MS
LOOK_MS: Final = 5 * MINUTE_MS
SPREAD_FACTOR: Final = (3, 2)
"""The new spread over the old one."""

STEPS_MAX: Final = 30
"""Turns of the outbox, each with a block, before something counts as stuck."""


class Settling:
    """The street on its chain, whose clock is the street's."""

    def __init__(self, street: Street, chain: Chain, home: ChainHome) -> None:
        """Have the contracts made."""
        self.street: Final = street
        self.chain: Final = chain
        self.home: Final = home
        self.days: Final[list[ChainDay]] = []
        self.certificates = 0
        self.accounts: Final = {
            key.party: address_of(key.public) for key in street.homes.households
        }
        terms = replace(street.books.terms(), window_s=WINDOW_S)
        home.deploy(terms)
        self.work_until_done()
        agree("the contracts are there", is_so=home.deployment is not None)

    def work_until_done(self) -> None:
        """Send and watch until nothing is under way."""
        for _ in range(STEPS_MAX):
            for change in self.home.step():
                is_bad = change.state in {JobState.REFUSED, JobState.REVERTED}
                agree(f"{change.name} is done: {change.detail}", is_so=not is_bad)
            now = self.street.homes.now
            if not self.home.status(now).jobs_open and self.home.deployment is not None:
                return
            self.chain.rpc("evm_mine", [])
        raise Disagreement("transactions get through")

    def follow_the_clock(self) -> None:
        """Let the chain's time be the street's."""
        now_s = self.street.homes.now // SECOND_MS
        if now_s > self.chain.now:
            self.chain.travel_to(now_s)

    def settle_day(self) -> None:
        """Post the day that is over, wait its window, pay, and check everything."""
        books = self.street.books
        over = books.ready()
        agree("a day is over", is_so=over is not None)
        assert over is not None
        closed = books.close(over)
        day = self.home.batches.draft(closed)
        agree("the day can be posted", is_so=day is not None)
        assert day is not None
        digest = self.home.batches.digest(day.batch)
        self.home.batches.submit(day, books.approvals(digest))
        self.work_until_done()
        self.chain.travel(WINDOW_S)
        self.home.batches.claim_all(day)
        self.work_until_done()
        self.days.append(day)
        self._check_money(closed, day)
        self._check_certificates(closed, day)

    def _check_money(self, closed: ClosedDay, day: ChainDay) -> None:
        """Hold every account of the chain against the journal, to the nano."""
        for leaf in day.balances:
            account = leaf.account
            is_same = leaf.net_nano == closed.nets_nano.get(account, 0)
            agree("the leaves are the books'", is_so=is_same)
            is_held = self.home.batches.holds(day, account)
            agree("the contract holds every leaf", is_so=is_held)
        for account in self.accounts.values():
            leaf = day.balances[day.index_of(account)]
            is_paid = self.credit_nano(account) == leaf.released_nano
            agree("what was released is paid", is_so=is_paid)
            is_all = leaf.released_nano >= leaf.net_nano
            agree("what was earned is released", is_so=is_all)

    def check_journal(self) -> None:
        """Hold the books, open day and all, against the bytes of the journal."""
        written = nets_of(self.street.journal.closing(), self.accounts)
        kept = dict.fromkeys(written, 0) | dict(self.street.books.nets_nano())
        is_same = kept == written
        agree("the books are the journal's", is_so=is_same)

    def _check_certificates(self, closed: ClosedDay, day: ChainDay) -> None:
        """Prove one certificate that was used up, and bring a free one to the chain."""
        free = {origin.certificate.hex() for origin in day.origins}
        used = next(name for name in closed.places if name not in free)
        place = closed.places[used]
        proof = prove(closed.records, place)
        is_in = is_included(closed.records[place], proof, day.batch.journal)
        agree("a certificate that was used is recorded", is_so=is_in)
        agree("its batch stands", is_so=self.home.batches.stands(day))
        certificates = self.home.certificates
        agree("a free one is proved", is_so=certificates.proves(day, 0))
        certificates.claim(day, 0)
        self.work_until_done()
        origin = day.origins[0]
        held_wh = certificates.held_wh(origin.certificate, origin.holder)
        agree("it has come to its holder", is_so=held_wh == origin.energy_wh)
        self.certificates += len(closed.places)

    # ------------------------------------------------------------------ voting

    def amend(self) -> None:
        """Let the contract name the charter that the street decided on."""
        charter, at = self.street.books.charter()
        heard = Heard(drafts=(), approvals=self.street.books.approvals)
        for _ in range(STEPS_MAX):
            self.home.mirror.turn(charter, at, heard, has_coins=True)
            self.work_until_done()
            found = self.home.votes.charter()
            if found.digest == charter:
                is_second = found.version == 2  # noqa: PLR2004  # the founders' is one
                agree("it is the second charter", is_so=is_second)
                return
            self.chain.rpc("evm_mine", [])
        raise Disagreement("the chain names the new charter")

    def credit_nano(self, account: Address) -> int:
        """Return what an account has in its own hands."""
        deployment = self.home.deployment
        assert deployment is not None
        address = Web3.to_checksum_address(checksummed(deployment.credit))
        credit = self.chain.at("Credit", address)
        held: int = credit.functions.balanceOf(checksummed(account)).call()
        return held


def vote_for_a_higher_spread(settling: Settling, *, seed: int) -> DeliveryPeriod:
    """Have it voted in the street and on the chain; return its first period.

    A twin of the street that does not vote shows what the old spread would have been.
    """
    street, now = settling.street, settling.street.homes.now
    old = street.homes.ask(lambda node, _now: node.charter(now))
    more, less = SPREAD_FACTOR
    spread = old.settlement.spread_micro_per_kwh * more // less
    rules = replace(old.settlement, spread_micro_per_kwh=spread)
    change = replace(Amend.of(old), settlement=rules)
    deadline = Instant(now + DAY_MS)
    motion = street.homes.ask(
        lambda node, _now: node.community.propose(change, now, deadline=deadline)
    )
    agree("the motion is open", is_so=isinstance(motion, bytes))
    assert isinstance(motion, bytes)
    street.advance(Instant(now + LOOK_MS))
    for key in street.homes.households[1:]:
        voter = street.homes.node(key.party).community
        if any(one.digest == motion for one in voter.motions):
            voter.vote(motion, street.homes.now, in_favour=True)
    street.live_until(Instant(now + HOUR_MS))
    new = street.homes.ask(lambda node, _now: node.community.charter)
    is_new = new.settlement.spread_micro_per_kwh == spread
    agree("the street has the new charter", is_so=is_new)
    settling.amend()
    return check_first_period(street, old, seed=seed)


def check_first_period(street: Street, old: Charter, *, seed: int) -> DeliveryPeriod:
    """Find the first period of the new spread; before it the twins are alike."""
    street.live_until(Instant(street.homes.now + HOUR_MS))
    twin = Street(seed)
    twin.live_until(street.homes.now)
    more, less = SPREAD_FACTOR
    for period in sorted(street.settled):
        ours, theirs = street.spread_nano(period), twin.spread_nano(period)
        me = street.homes.node(street.homes.party)
        charter = me.charter(period.start)
        if charter == old:
            agree(f"{period} is settled as ever", is_so=ours == theirs)
            continue
        agree(f"{period} brings the fund something", is_so=theirs > 0)
        agree(f"{period} has the new spread", is_so=ours * less == theirs * more)
        return period
    raise Disagreement("a period comes under the new charter")


@contextmanager
def opened(street: Street, chain: Chain) -> Iterator[ChainHome]:
    """Open the user's home on the chain, with coins for gas."""
    key = street.books.key
    chain.rpc("anvil_setBalance", [checksummed(address_of(key.public)), hex(10**19)])
    settings = ChainSettings(urls=(chain.url,), chain_id=chain.chain_id)
    with TemporaryDirectory() as folder:
        home = open_home(settings, key, Path(folder))
        try:
            yield home
        finally:
            home.close()


def settle(days: int, seed: int) -> dict[str, object]:
    """Live and settle so many days; return what it came to.

    Raises:
        Disagreement: something is not as it has to be.
    """
    start = ("--timestamp", str(STARTED_AT // SECOND_MS), "--slots-in-an-epoch", "1")
    street = Street(seed)
    with anvil(*start) as chain, opened(street, chain) as home:
        settling = Settling(street, chain, home)
        street.live_until(VOTE_AT)
        settling.follow_the_clock()
        since = vote_for_a_higher_spread(settling, seed=seed)
        say(f"The homes voted: {since} is the first period of the new spread")
        for _ in range(days):
            street.live_until(Instant((street.homes.now // DAY_MS + 1) * DAY_MS))
            street.live_until(Instant(street.homes.now + HOUR_MS))
            settling.check_journal()
            settling.follow_the_clock()
            settling.settle_day()
            batch = settling.days[-1].batch
            say(f"Batch {batch.number} stands: {len(street.settled)} periods settled")
        status = home.status(street.homes.now)
    return {
        "days": len(settling.days),
        "periods": len(street.settled),
        "homes": len(settling.accounts),
        "certificates": settling.certificates,
        "gas_wei": status.gas_spent_wei,
        "disagreements": 0,
    }


def say(line: str) -> None:
    """Tell the person in front of the terminal."""
    print(line, file=sys.stderr, flush=True)


def main() -> int:
    """Settle and compare; 0 if all agrees."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    try:
        print(json.dumps(settle(options.days, options.seed)))
    except Disagreement as err:
        say(f"It is not so that {err}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
