"""Reputation: what a kept and a broken word are worth, and for how long."""

from collections.abc import Iterable
from typing import Final

from hypothesis import given, strategies as st
import pytest

from custom_components.commonwatt.engine.model.party import PartyId
from custom_components.commonwatt.engine.model.units import PPM
from custom_components.commonwatt.engine.scores.effects import privileges_of
from custom_components.commonwatt.engine.scores.evidence import (
    DayEvidence,
    Lapse,
    PairEvidence,
)
from custom_components.commonwatt.engine.scores.fixed import power_ppm
from custom_components.commonwatt.engine.scores.reputation import (
    DAY_DECAY_PPM,
    Reputation,
    kept_ppm,
    reputations,
    stars_tenths,
)
from custom_components.commonwatt.engine.scores.vouching import Vouch, vouchers_of

ANN, BEN, CLEO, DORA, EVE = (PartyId(f"{n:040x}") for n in range(1, 6))
TRUSTED: Final = [PartyId(f"{n:040x}") for n in range(100, 140)]
"""Partners everybody deals with: enough of them that each is new."""


def pair(
    party: PartyId, partner: PartyId, *, wh: int = 2_000, failed_wh: int = 0
) -> PairEvidence:
    return PairEvidence(
        party=party, partner=partner, contracted_wh=wh, failed_wh=failed_wh
    )


def day(
    number: int,
    *pairs: PairEvidence,
    lapses: Iterable[tuple[PartyId, Lapse]] = (),
) -> DayEvidence:
    return DayEvidence(day=number, pairs=pairs, lapses=dict.fromkeys(lapses, 1))


def trust(days: Iterable[DayEvidence], party: PartyId, until: int) -> int:
    members = [ANN, BEN, CLEO, DORA, EVE, *TRUSTED]
    return reputations(days, members=members, until_day=until)[party].trust_ppm


def warm_up() -> list[DayEvidence]:
    """Return days in which the trusted earn their name among themselves."""
    ring = [
        (one, TRUSTED[i - 1 - d]) for d in range(3) for i, one in enumerate(TRUSTED)
    ]
    return [day(n, *(pair(a, b) for a, b in ring)) for n in range(20)]


def kept(count: int, *, start: int = 20) -> list[DayEvidence]:
    return [day(start + n, pair(ANN, TRUSTED[n % 40])) for n in range(count)]


def test_a_newcomer_is_trusted_a_fifth() -> None:
    assert trust([], ANN, 0) == 211_325
    assert stars_tenths(trust([], ANN, 0)) == 11


@pytest.mark.parametrize(
    ("promises", "at_least", "at_most"),
    [(10, 820_000, 850_000), (20, 890_000, 910_000), (40, 930_000, 960_000)],
)
def test_trust_grows_with_kept_promises(
    promises: int, at_least: int, at_most: int
) -> None:
    found = trust([*warm_up(), *kept(promises)], ANN, 20 + promises)

    assert at_least <= found <= at_most


def test_one_broken_promise_costs_weeks() -> None:
    before = [*warm_up(), *kept(20)]
    broken = day(40, pair(ANN, TRUSTED[20], failed_wh=2_000))
    after = [*before, broken]

    assert trust(before, ANN, 41) > 890_000
    assert trust(after, ANN, 41) < 800_000

    mended = [
        n
        for n in range(60)
        if trust([*after, *kept(n, start=41)], ANN, 41 + n) > 890_000
    ]
    assert 14 <= mended[0] <= 35


def test_evidence_counts_half_after_sixty_days() -> None:
    assert power_ppm(DAY_DECAY_PPM, 60) == pytest.approx(PPM // 2, abs=50)
    young = reputations(kept(5), members=[ANN, *TRUSTED], until_day=25)[ANN]
    old = reputations(kept(5), members=[ANN, *TRUSTED], until_day=85)[ANN]
    assert old.good_micro == pytest.approx(young.good_micro / 2, rel=1e-3)


@pytest.mark.parametrize(
    ("failed_wh", "kept_share"),
    [(0, PPM), (50, PPM), (300, PPM // 2), (550, 0), (1_000, 0)],
)
def test_small_deviations_are_nobodys_fault(failed_wh: int, kept_share: int) -> None:
    assert kept_ppm(contracted_wh=1_000, failed_wh=failed_wh) == kept_share


def test_the_same_partner_again_and_again_counts_less() -> None:
    alike = [day(20 + n, pair(ANN, TRUSTED[0])) for n in range(10)]
    assert trust([*warm_up(), *alike], ANN, 30) < trust(
        [*warm_up(), *kept(10)], ANN, 30
    )


def test_a_word_given_to_nobody_known_counts_little() -> None:
    puppets = [day(20 + n, pair(ANN, BEN), pair(BEN, ANN)) for n in range(40)]
    found = trust([*warm_up(), *puppets], ANN, 60)

    assert found < trust([*warm_up(), *kept(40)], ANN, 60) - 100_000


@pytest.mark.parametrize("lapse", Lapse)
def test_a_lapse_costs_trust(lapse: Lapse) -> None:
    clean = [*warm_up(), *kept(10)]
    spoilt = [*clean, day(30, lapses=[(ANN, lapse)])]

    assert trust(spoilt, ANN, 31) < trust(clean, ANN, 31)


def test_doing_nothing_earns_nothing() -> None:
    assert trust(warm_up(), EVE, 400) == trust([], EVE, 400)


def test_reasons_are_those_of_the_last_thirty_days() -> None:
    days = [
        day(1, pair(ANN, BEN, failed_wh=2_000)),
        day(40, pair(ANN, BEN, failed_wh=500), lapses=[(ANN, Lapse.NO_READING)]),
    ]
    found = reputations(days, members=[ANN, BEN], until_day=50)[ANN]

    assert (found.promised_wh, found.failed_wh) == (2_000, 500)
    assert found.lapses == {Lapse.NO_READING: 1}


def test_two_vouchers_lift_a_newcomer() -> None:
    vouches = [Vouch(by=BEN, newcomer=ANN, day=3), Vouch(by=CLEO, newcomer=ANN, day=3)]
    members = [ANN, BEN, CLEO]

    alone = reputations([], members=members, until_day=3, vouches=vouches[:1])
    helped = reputations([], members=members, until_day=3, vouches=vouches)

    assert alone[ANN].trust_ppm == 211_325
    assert helped[ANN].trust_ppm == pytest.approx(450_000, abs=2_000)


def test_vouchers_share_the_blame_for_ninety_days() -> None:
    vouches = [Vouch(by=BEN, newcomer=ANN, day=0), Vouch(by=CLEO, newcomer=ANN, day=0)]

    def bens(number: int) -> int:
        days = [day(number, pair(ANN, TRUSTED[0], failed_wh=2_000))]
        members = [ANN, BEN, CLEO, *TRUSTED]
        found = reputations(
            days, members=members, until_day=number + 1, vouches=vouches
        )
        return found[BEN].bad_micro

    assert bens(10) > 0
    assert bens(90) == 0


def test_a_third_newcomer_is_one_too_many_to_vouch_for() -> None:
    vouches = [
        Vouch(by=by, newcomer=newcomer, day=0)
        for newcomer in (ANN, DORA, EVE)
        for by in (BEN, CLEO)
    ]
    assert vouchers_of(ANN, vouches)
    assert vouchers_of(DORA, vouches)
    assert not vouchers_of(EVE, vouches)


def test_nobody_vouches_for_itself() -> None:
    with pytest.raises(ValueError, match="itself"):
        Vouch(by=ANN, newcomer=ANN, day=0)


@given(good=st.integers(0, 10**9), bad=st.integers(0, 10**9))
def test_trust_is_a_share_below_the_mean(good: int, bad: int) -> None:
    found = Reputation(good_micro=good, bad_micro=bad)

    assert 0 <= found.trust_ppm <= found.mean_ppm <= PPM
    better = Reputation(good_micro=good + PPM, bad_micro=bad)
    assert better.trust_ppm >= found.trust_ppm or good < 4 * PPM


@given(st.integers(0, PPM), st.integers(0, PPM))
def test_more_trust_never_means_worse_terms(one: int, other: int) -> None:
    less, more = (privileges_of(trust_ppm) for trust_ppm in sorted((one, other)))

    assert more.deposit_ppm <= less.deposit_ppm
    assert more.credit_ppm >= less.credit_ppm
    assert more.tie_weight_ppm >= less.tie_weight_ppm
    assert more.contracts >= less.contracts
    assert more.prepaid <= less.prepaid


@pytest.mark.parametrize(
    ("trust_ppm", "deposit_ppm", "prepaid", "contracts"),
    [
        (0, PPM, True, False),
        (211_325, 988_675, True, True),
        (450_000, 750_000, False, True),
        (950_000, 250_000, False, True),
    ],
)
def test_terms_follow_from_trust(
    trust_ppm: int,
    deposit_ppm: int,
    prepaid: bool,  # noqa: FBT001  # a column of the table
    contracts: bool,  # noqa: FBT001
) -> None:
    terms = privileges_of(trust_ppm)

    assert (terms.deposit_ppm, terms.prepaid, terms.contracts) == (
        deposit_ppm,
        prepaid,
        contracts,
    )
