"""Every member makes up the same sheet of scores from the charter."""

from dataclasses import replace

from custom_components.commonwatt.engine.model.standing import Belief, Standing
from custom_components.commonwatt.engine.node.anchored import anchored_scores
from custom_components.commonwatt.engine.scores.reputation import reputation_of
from custom_components.commonwatt.engine.wire.digests import community_id
from custom_components.commonwatt.engine.wire.ethereum import address_of
from tests.engine.node.street import ANN, BEN, Street

DAY = 20_000


def test_the_agreed_reputations_are_anchored_by_account() -> None:
    street = Street(ANN, BEN)
    ann = street.nodes["Ann"].party
    belief = Belief(party=ann, good_micro=9_000_000, bad_micro=1_000_000)
    agreed = replace(street.charter, standing=Standing(day=DAY, beliefs=(belief,)))

    sheet = anchored_scores(agreed)

    assert sheet is not None
    assert sheet.day == DAY
    score = sheet.proof(address_of(street.keys["Ann"].public)).score
    assert score.score_ppm == reputation_of(belief).trust_ppm
    assert score.evidence.hex() == community_id(agreed)
    newcomer = sheet.proof(address_of(street.keys["Ben"].public)).score
    assert 0 < newcomer.score_ppm < score.score_ppm
    other = anchored_scores(replace(agreed, standing=Standing(day=DAY)))
    assert other is not None
    assert other.root != sheet.root


def test_before_anything_is_agreed_there_is_nothing_to_anchor() -> None:
    charter = Street(ANN, BEN).charter

    assert anchored_scores(replace(charter, standing=None)) is None
    assert anchored_scores(replace(charter, standing=Standing())) is None
