"""A period cleared and settled once more, by the code every node runs."""

from typing import Final

from ...ledger.balances import balances
from ...model.party import CommunityId, PrivacyMode
from ...peer import Book, Phase
from ...wire.messages import SALT_BYTES, ReadingReport
from ..case import Outcome
from ..cleared import cleared
from ..config import NodeConfig
from ..docket import Docket
from .facts import Came, Facts

_NOBODYS: Final = CommunityId("00" * 32)
_NO_SALT: Final = bytes(SALT_BYTES)
"""What everybody sees needs none."""


def again(facts: Facts) -> Came:
    """Return what the rules make of ``facts``, which every member could know."""
    assert facts.charter.privacy is PrivacyMode.OPEN, "all members settle"
    config = NodeConfig(
        party=facts.home, community=_NOBODYS, charter=facts.charter, salt_secret=b""
    )
    book = _book(facts)
    known = None if book is None else cleared(book, config)
    outcome = Outcome(phase=Phase.VOID if known is None else Phase.FINAL, cleared=known)
    reports = {
        one.party: ReadingReport(reading=one, salt=_NO_SALT) for one in facts.readings
    }
    docket = Docket(period=facts.period, reports=reports, tariff=facts.tariff)
    settlement = docket.settle(outcome, config)
    return Came(result=outcome.result, booked=balances(settlement.transactions))


def _book(facts: Facts) -> Book | None:
    if facts.bids is None:
        return None
    return Book(
        period=facts.period,
        proposer=facts.home,
        attempt=0,
        reveals=facts.bids,
        data=b"",
    )
