"""The reputations that members agreed on, as the chain anchors them.

They are in the charter, so that every member makes up the same sheet; on the chain is
no more than its root, and a member shows its own line to whom it likes.
"""

from typing import Final

from ..ledger.chain.scores import ScoreSheet, score_sheet
from ..model.party import Charter
from ..scores.reputation import reputation_of
from ..wire.canonical import encode
from ..wire.charters import charter_value
from ..wire.digests import community_id
from ..wire.ethereum import address_of

_UNSENT_MAX: Final = 1 << 30


def anchored_scores(charter: Charter) -> ScoreSheet | None:
    """Return the sheet of a charter; None while it agrees on no reputations."""
    standing = charter.standing
    if standing is None or not standing.day:
        return None
    return score_sheet(
        standing.day,
        {
            address_of(member.household_key): reputation_of(
                standing.belief(member.party)
            ).trust_ppm
            for member in charter.members
        },
        evidence=bytes.fromhex(community_id(charter)),
        # The whole charter: outside of the community nobody knows all of it.
        secret=encode(
            charter_value(charter), size_max=_UNSENT_MAX, items_max=_UNSENT_MAX
        ),
    )
