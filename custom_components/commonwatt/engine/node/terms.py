"""On what terms members deal with each other, from the standing in their charter.

The standing is the same at every member, and so are the terms: nobody's own opinion of
a neighbour decides a period.  Clauses: section 8 of ``docs/reference/community.md``.
"""

from ..market import Terms
from ..model.order import TIE_WEIGHT_PERMILLE
from ..model.party import Charter, PartyId
from ..model.standing import Belief, Standing
from ..model.units import PPM, div_floor
from ..peer.standings import PERIODS_A_DAY, WEEK_DAYS
from ..scores.effects import credit_wh, privileges_of


def terms_of(charter: Charter) -> dict[PartyId, Terms]:
    """Return every member's terms; none before the first week has been assessed."""
    standing = charter.standing
    if standing is None or standing.day is None:
        return {}
    known = {belief.party: belief for belief in standing.beliefs}
    parties = (member.party for member in charter.members)
    return {
        party: _terms(standing, known.get(party, Belief(party=party)))
        for party in parties
    }


def _terms(standing: Standing, belief: Belief) -> Terms:
    privileges = privileges_of(belief.trust_ppm)
    return Terms(
        credit_wh=credit_wh(
            belief.trust_ppm,
            line_wh=standing.credit_wh,
            given_wh=belief.given_wh,
            periods=WEEK_DAYS * PERIODS_A_DAY,
        ),
        deposit_ppm=privileges.deposit_ppm,
        may_contract=privileges.contracts,
        tie_weight_permille=div_floor(
            privileges.tie_weight_ppm * TIE_WEIGHT_PERMILLE, PPM
        ),
    )
