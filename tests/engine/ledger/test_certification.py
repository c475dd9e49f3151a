"""Certification: every delivered Wh of known origin, once, with its own carbon."""

from hypothesis import given, settings
import pytest

from custom_components.commonwatt.engine.ledger.allocation import Delivery
from custom_components.commonwatt.engine.ledger.certificates import (
    CertificateRegister,
    CertificateState,
)
from custom_components.commonwatt.engine.ledger.certification import certify
from custom_components.commonwatt.engine.ledger.origin import carbon_mg
from custom_components.commonwatt.engine.ledger.provenance import (
    HomeEnergy,
    Trace,
    trace,
)
from tests.engine.ledger.neighbours import PERIOD, A, B
from tests.engine.ledger.test_certificates import COMMUNITY
from tests.engine.ledger.test_origin import GRID_G, ROOF, delivery, streets


def certified_wh(register: CertificateRegister, traced: Trace) -> int:
    """Certify a period."""
    return certify(
        register,
        community=COMMUNITY,
        period=PERIOD,
        exported={party: home.exported for party, home in traced.homes.items()},
        arrivals=traced.arrivals,
    )


@given(streets())
@settings(max_examples=150, deadline=None)
def test_certificates_go_where_the_energy_went(
    street: tuple[list[HomeEnergy], list[Delivery]],
) -> None:
    homes, deliveries = street
    traced = trace(homes, deliveries, {}, grid_g_per_kwh=GRID_G)
    register = CertificateRegister()

    certified = certified_wh(register, traced)

    known = [
        parcel
        for arrival in traced.arrivals
        for parcel in arrival.parcels
        if parcel.origin.device is not None
    ]
    used = [
        holding.certificate.parcel
        for holding in register.holdings.values()
        if holding.state is CertificateState.CANCELLED
    ]
    assert certified == sum(parcel.energy_wh for parcel in known)
    assert certified == sum(parcel.energy_wh for parcel in used)
    assert carbon_mg(used) == carbon_mg(known)
    for home in homes:
        assert register.issued_wh.get((home.party, PERIOD), 0) <= home.export_wh


def test_what_left_for_the_grid_keeps_its_certificate() -> None:
    traced = trace(
        [
            HomeEnergy(party=A, import_wh=0, export_wh=90, production=((ROOF, 90),)),
            HomeEnergy(party=B, import_wh=60, export_wh=0),
        ],
        [delivery(A, B, 60)],
        {},
        grid_g_per_kwh=GRID_G,
    )
    register = CertificateRegister()

    assert certified_wh(register, traced) == 60

    (left,) = register.held_by(A).values()
    assert left.parcel.energy_wh == 30
    with pytest.raises(AssertionError, match="once"):
        certified_wh(register, traced)
