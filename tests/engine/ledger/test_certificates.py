"""Certificates: never more than metered, held by one, used once."""

from dataclasses import replace

from hypothesis import given, settings, strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
)

from custom_components.commonwatt.engine.ledger.certificates import (
    CertificateFault,
    CertificateId,
    CertificateRegister,
    CertificateState,
    GranularCertificate,
)
from custom_components.commonwatt.engine.ledger.origin import (
    GRID,
    anonymous,
    produced,
)
from custom_components.commonwatt.engine.model.party import CommunityId
from tests.engine.ledger.neighbours import PERIOD, A, B, C
from tests.engine.ledger.test_origin import ROOF

COMMUNITY = CommunityId("0" * 64)


def certificate(energy_wh: int = 100, serial: int = 0) -> GranularCertificate:
    """Return a certificate of the roof."""
    return GranularCertificate(
        community=COMMUNITY,
        period=PERIOD,
        producer=A,
        parcel=produced(ROOF, energy_wh),
        serial=serial,
    )


def issued(energy_wh: int = 100) -> tuple[CertificateRegister, CertificateId]:
    """Return a register with one certificate of ``A``."""
    register = CertificateRegister()
    assert register.issue([certificate(energy_wh)], metered_wh=energy_wh) is None
    return register, certificate(energy_wh).id


def test_the_identity_follows_from_the_content() -> None:
    assert certificate().id == certificate().id
    assert certificate().id != certificate(serial=1).id
    grid = replace(certificate(), parcel=anonymous(GRID, 100, 300))
    assert len({certificate().id, certificate(99).id, grid.id}) == 3


def test_a_certificate_goes_from_hand_to_hand() -> None:
    register, key = issued()

    assert register.transfer(key, holder=A, to=B) is None

    assert register.transfer(key, holder=A, to=C) is CertificateFault.NOT_THE_HOLDER
    assert list(register.held_by(B)) == [key]
    assert not register.held_by(A)


def test_a_certificate_is_used_once() -> None:
    register, key = issued()

    assert register.cancel(key, holder=A, used_for="tea") is None

    assert register.holdings[key].used_for == "tea"
    assert register.cancel(key, holder=A, used_for="?") is CertificateFault.CANCELLED
    assert register.transfer(key, holder=A, to=B) is CertificateFault.CANCELLED
    assert not register.held_by(A)


def test_a_split_keeps_energy_and_carbon() -> None:
    register, key = issued()

    parts = register.split(key, holder=A, energy_wh=30)

    assert isinstance(parts, tuple)
    small, large = (register.holdings[part].certificate for part in parts)
    assert (small.parcel.energy_wh, large.parcel.energy_wh) == (30, 70)
    assert small.parcel.carbon_mg + large.parcel.carbon_mg == 100 * 43
    assert small.parent == large.parent == key
    assert register.split(key, holder=A, energy_wh=1) is CertificateFault.SPLIT


def test_equal_halves_are_two_certificates() -> None:
    register, key = issued()

    parts = register.split(key, holder=A, energy_wh=50)

    assert isinstance(parts, tuple)
    assert len(set(parts)) == 2


def test_a_split_takes_some_and_leaves_some() -> None:
    register, key = issued()

    for energy_wh in (0, 100, -1):
        assert (
            register.split(key, holder=A, energy_wh=energy_wh)
            is CertificateFault.BAD_AMOUNT
        )


def test_no_more_is_issued_than_was_metered() -> None:
    register, _ = issued(100)

    for fault, extra in (
        (CertificateFault.ALREADY_ISSUED, certificate(100)),
        (CertificateFault.MORE_THAN_METERED, certificate(1)),
    ):
        assert register.issue([extra], metered_wh=100) is fault
    assert register.issue([certificate(1)], metered_wh=101) is None


def test_a_certificate_for_nothing_is_not_issued() -> None:
    register = CertificateRegister()

    fault = register.issue([certificate(0)], metered_wh=10)

    assert fault is CertificateFault.BAD_AMOUNT
    assert not register.issued_wh


def test_unknown_certificates_are_refused() -> None:
    register = CertificateRegister()

    fault = register.cancel(certificate().id, holder=A, used_for="")

    assert fault is CertificateFault.UNKNOWN


class Hands(RuleBasedStateMachine):
    """Anybody tries anything; the sums hold."""

    METERED = 1_000

    def __init__(self) -> None:
        super().__init__()
        self.register = CertificateRegister()

    def pick(self, number: int) -> CertificateId:
        """Return one of the certificates, or one that does not exist."""
        keys = [*self.register.holdings, certificate(1, serial=99).id]
        return keys[number % len(keys)]

    @rule(energy_wh=st.integers(0, 600), serial=st.integers(0, 3))
    def issue(self, energy_wh: int, serial: int) -> None:
        """Issue something."""
        self.register.issue([certificate(energy_wh, serial)], metered_wh=self.METERED)

    @rule(
        n=st.integers(0, 50), who=st.sampled_from([A, B]), energy_wh=st.integers(0, 600)
    )
    def split(self, n: int, who: object, energy_wh: int) -> None:
        """Split something."""
        holder = A if who == A else B
        self.register.split(self.pick(n), holder=holder, energy_wh=energy_wh)

    @rule(n=st.integers(0, 50), who=st.sampled_from([A, B]))
    def transfer(self, n: int, who: object) -> None:
        """Hand something over."""
        holder, other = (A, B) if who == A else (B, A)
        self.register.transfer(self.pick(n), holder=holder, to=other)

    @rule(n=st.integers(0, 50), who=st.sampled_from([A, B]))
    def cancel(self, n: int, who: object) -> None:
        """Use something up."""
        holder = A if who == A else B
        self.register.cancel(self.pick(n), holder=holder, used_for="load")

    @invariant()
    def never_more_than_metered(self) -> None:
        """What is active and what was used up is what was issued, within the meter."""
        alive = sum(
            holding.certificate.parcel.energy_wh
            for holding in self.register.holdings.values()
            if holding.state is not CertificateState.SPLIT
        )
        assert alive == sum(self.register.issued_wh.values())
        assert alive <= self.METERED


TestHands = Hands.TestCase
TestHands.settings = settings(max_examples=40, stateful_step_count=20, deadline=None)


@given(st.integers(2, 10_000), st.data())
def test_a_split_never_rounds_carbon_away(energy_wh: int, data: st.DataObject) -> None:
    part = data.draw(st.integers(1, energy_wh - 1))
    register, key = issued(energy_wh)

    parts = register.split(key, holder=A, energy_wh=part)

    assert isinstance(parts, tuple)
    carbon = sum(register.holdings[p].certificate.parcel.carbon_mg for p in parts)
    assert carbon == energy_wh * ROOF.carbon_g_per_kwh
