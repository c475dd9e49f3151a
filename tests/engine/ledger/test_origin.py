"""Origin: parcels and tanks gain nothing, lose nothing, and shares add up to one."""

from hypothesis import given, settings, strategies as st

from custom_components.commonwatt.engine.ledger.allocation import (
    Delivery,
    DeliveryKind,
)
from custom_components.commonwatt.engine.ledger.origin import (
    GRID,
    Parcel,
    anonymous,
    carbon_mg,
    draw,
    energy_wh,
    produced,
    shares_ppm,
)
from custom_components.commonwatt.engine.ledger.provenance import (
    HomeEnergy,
    HomeOrigin,
    trace,
)
from custom_components.commonwatt.engine.ledger.tank import MixingTank
from custom_components.commonwatt.engine.model.origin import (
    EnergySource,
    ProductionDevice,
)
from custom_components.commonwatt.engine.model.party import PartyId
from tests.engine.ledger.neighbours import STREET, A, B, C

ROOF = ProductionDevice(
    id="roof",
    owner=A,
    source=EnergySource.SOLAR,
    technology="photovoltaic",
    capacity_w=5_000,
    commissioned_on="2024-05-01",
    zone=STREET,
    carbon_g_per_kwh=43,
)
DIGESTER = ProductionDevice(
    id="digester",
    owner=A,
    source=EnergySource.BIOGAS,
    technology="combined heat and power",
    capacity_w=9_000,
    commissioned_on="",
    zone=STREET,
    carbon_g_per_kwh=230,
)
GRID_G = 300


def delivery(seller: PartyId, buyer: PartyId, wh: int) -> Delivery:
    """Return a delivery."""
    return Delivery(
        seller=seller, buyer=buyer, energy_wh=wh, kind=DeliveryKind.POSITION
    )


def by_source(parcels: tuple[Parcel, ...]) -> dict[str, int]:
    """Return energy by source, stored energy marked."""
    found: dict[str, int] = {}
    for parcel in parcels:
        name = parcel.origin.source.value + (" stored" if parcel.origin.stored else "")
        found[name] = found.get(name, 0) + parcel.energy_wh
    return found


def test_exports_carry_the_mixture_of_what_was_made() -> None:
    origin = trace(
        [
            HomeEnergy(
                party=A,
                import_wh=50,
                export_wh=300,
                production=((ROOF, 400), (DIGESTER, 200)),
            ),
            HomeEnergy(party=B, import_wh=500, export_wh=0),
        ],
        [delivery(A, B, 150)],
        {},
        grid_g_per_kwh=GRID_G,
    ).homes

    assert by_source(origin[A].exported) == {"solar": 200, "biogas": 100}
    assert by_source(origin[A].consumed) == {"solar": 200, "biogas": 100, "grid": 50}
    assert by_source(origin[B].consumed) == {"solar": 100, "biogas": 50, "grid": 350}
    assert carbon_mg(origin[B].consumed) == 100 * 43 + 50 * 230 + 350 * GRID_G


def test_a_battery_gives_back_the_mixture_it_was_given() -> None:
    noon = trace(
        [
            HomeEnergy(
                party=A,
                import_wh=100,
                export_wh=0,
                production=((ROOF, 300),),
                charged_wh=200,
                stored_wh=180,
            )
        ],
        [],
        {},
        grid_g_per_kwh=GRID_G,
    ).homes
    night = trace(
        [
            HomeEnergy(
                party=A, import_wh=0, export_wh=120, discharged_wh=120, stored_wh=60
            ),
            HomeEnergy(party=B, import_wh=120, export_wh=0),
        ],
        [delivery(A, B, 120)],
        {A: noon[A].tank},
        grid_g_per_kwh=GRID_G,
    ).homes

    assert by_source(noon[A].tank.content) == {"solar stored": 135, "grid stored": 45}
    assert by_source(night[B].consumed) == {"solar stored": 90, "grid stored": 30}
    # Losses keep their carbon: 200 Wh went in, two thirds of what is left came out.
    put_in = 150 * 43 + 50 * GRID_G
    assert abs(carbon_mg(night[B].consumed) - put_in * 2 // 3) <= 2


def test_what_nobody_measured_is_of_unknown_origin() -> None:
    origin = trace(
        [
            HomeEnergy(party=A, import_wh=0, export_wh=100, charged_wh=70),
            HomeEnergy(party=B, import_wh=300, export_wh=0, discharged_wh=10),
        ],
        [delivery(A, B, 100), delivery(C, B, 50), delivery(A, C, 0)],
        {},
        grid_g_per_kwh=GRID_G,
    ).homes

    assert by_source(origin[A].exported) == {"unknown": 100}
    assert by_source(origin[A].charged) == {"unknown": 70}
    assert by_source(origin[B].consumed) == {
        "unknown": 150,
        "unknown stored": 10,
        "grid": 150,
    }


def test_an_empty_battery_starts_anew() -> None:
    tank = MixingTank().charged([anonymous(GRID, 100, GRID_G)])

    assert tank.settled(0) == MixingTank()
    assert tank.settled(100) is tank
    assert tank.settled(50).carbon_mg == tank.carbon_mg


def test_no_energy_has_no_shares() -> None:
    assert shares_ppm([]) == {}
    assert shares_ppm([produced(ROOF, 0)]) == {}


PARCELS = st.lists(
    st.builds(
        lambda device, wh, extra: Parcel(
            origin=produced(device, 1).origin if device else GRID,
            energy_wh=wh,
            carbon_mg=wh * extra,
        ),
        st.sampled_from([ROOF, DIGESTER, None]),
        st.integers(0, 10_000),
        st.integers(0, 900),
    ),
    max_size=6,
)


@given(PARCELS, st.data())
@settings(max_examples=200, deadline=None)
def test_drawing_conserves_energy_and_carbon(
    parcels: list[Parcel], data: st.DataObject
) -> None:
    wanted = data.draw(st.integers(0, energy_wh(parcels)))

    taken, left = draw(parcels, wanted)

    assert energy_wh(taken) == wanted
    assert energy_wh(taken) + energy_wh(left) == energy_wh(parcels)
    assert carbon_mg(taken) + carbon_mg(left) == carbon_mg(parcels)


@given(PARCELS)
def test_shares_add_up_to_exactly_one(parcels: list[Parcel]) -> None:
    shares = shares_ppm(parcels)

    assert sum(shares.values()) == (1_000_000 if energy_wh(parcels) else 0)


@st.composite
def streets(draw: st.DrawFn) -> tuple[list[HomeEnergy], list[Delivery]]:
    """Draw three homes and deliveries within their meters."""
    homes, exports, imports = [], {}, {}
    wh = st.integers(0, 1_000)
    for party in (A, B, C):
        made, charged = draw(wh), draw(wh)
        exports[party], imports[party] = draw(wh), draw(wh)
        homes.append(
            HomeEnergy(
                party=party,
                import_wh=imports[party],
                export_wh=exports[party],
                production=((ROOF, made), (DIGESTER, draw(wh))),
                charged_wh=charged,
                discharged_wh=draw(wh),
                stored_wh=draw(st.none() | wh),
            )
        )
    deliveries = []
    for seller in (A, B, C):
        for buyer in (A, B, C):
            part = draw(st.integers(0, min(exports[seller], imports[buyer])))
            exports[seller] -= part
            imports[buyer] -= part
            deliveries.append(delivery(seller, buyer, part))
    return homes, deliveries


def balance(home: HomeEnergy, origin: HomeOrigin) -> int:
    """Return energy in less energy out: what had to be of unknown origin."""
    made = sum(wh for _, wh in home.production)
    came = made + home.discharged_wh + home.import_wh
    return energy_wh(origin.consumed) + home.charged_wh + home.export_wh - came


@given(streets())
@settings(max_examples=200, deadline=None)
def test_origin_invents_no_energy(
    street: tuple[list[HomeEnergy], list[Delivery]],
) -> None:
    homes, deliveries = street

    origins = trace(homes, deliveries, {}, grid_g_per_kwh=GRID_G).homes

    for home in homes:
        origin = origins[home.party]
        assert energy_wh(origin.exported) == home.export_wh
        assert energy_wh(origin.charged) == home.charged_wh
        invented = balance(home, origin)
        assert invented >= 0
        unknown = sum(
            p.energy_wh
            for p in (*origin.exported, *origin.charged, *origin.consumed)
            if p.origin.source is EnergySource.UNKNOWN
        )
        assert invented <= unknown
