"""Where energy comes from, as nodes trace it among each other."""

from dataclasses import replace

from hypothesis import given, strategies as st

from custom_components.commonwatt.engine.devices import DeviceId
from custom_components.commonwatt.engine.ledger.allocation import (
    Delivery,
    DeliveryKind,
)
from custom_components.commonwatt.engine.ledger.certificates import CertificateState
from custom_components.commonwatt.engine.ledger.origin import carbon_mg, energy_wh
from custom_components.commonwatt.engine.ledger.settlement import Settlement
from custom_components.commonwatt.engine.model.origin import (
    EnergySource,
    ExportOrigin,
    ProductionDevice,
)
from custom_components.commonwatt.engine.model.party import PartyId
from custom_components.commonwatt.engine.model.period import (
    HOUR_MS,
    MINUTE_MS,
    DeliveryPeriod,
    after,
)
from custom_components.commonwatt.engine.model.units import PPM
from custom_components.commonwatt.engine.node import MixPart, PeriodSettled, Supplier
from custom_components.commonwatt.engine.node.metering import Made, Measured
from custom_components.commonwatt.engine.node.mix import (
    carbon_g_per_kwh,
    mixed,
    shares,
    taken_back,
)
from custom_components.commonwatt.engine.node.origins import Origins
from custom_components.commonwatt.engine.wire.messages import (
    ORIGINS_MAX,
)
from tests.engine.node.street import (
    ANN,
    BEN,
    CAT,
    FIRST,
    METER,
    ROOF,
    START,
    Street,
)

PERIOD = DeliveryPeriod(2_000_000)

parts = st.builds(
    MixPart,
    supplier=st.sampled_from(Supplier),
    source=st.sampled_from(EnergySource),
    energy_wh=st.integers(0, 5_000),
    carbon_mg=st.integers(0, 10**6),
)


@given(st.lists(parts, max_size=12))
def test_shares_of_whatever_was_used_add_up_to_one(used: list[MixPart]) -> None:
    mix = mixed(used)
    total_wh = sum(part.energy_wh for part in used)

    assert sum(share.share_ppm for share in shares(mix)) == (PPM if total_wh else 0)
    assert (carbon_g_per_kwh(mix) is None) == (total_wh == 0)
    assert mixed((*mix, *taken_back(mix))) == ()


def made_by(device: DeviceId, energy_wh: int, *, steered: bool = False) -> Made:
    return Made(device=device, energy_wh=energy_wh, steered=steered)


def measured(
    *,
    import_wh: int = 0,
    export_wh: int = 0,
    made: tuple[Made, ...] | None = (),
    charged_wh: int = 0,
    discharged_wh: int = 0,
    stored_wh: int | None = None,
) -> Measured:
    return Measured(
        period=PERIOD,
        meter=METER,
        import_counter_wh=0,
        export_counter_wh=0,
        import_wh=import_wh,
        export_wh=export_wh,
        production_wh=None,
        consumption_wh=None,
        car_wh=None,
        made=made,
        charged_wh=charged_wh,
        discharged_wh=discharged_wh,
        stored_wh=stored_wh,
    )


def origins() -> Origins:
    return Origins(Street(ANN).config("Ann"))


def nothing_delivered() -> Settlement:
    return Settlement(period=PERIOD, community=(), bills=(), parties=(), deliveries=())


def test_an_inverter_is_solar_and_what_is_steered_is_not() -> None:
    books = origins()
    chp = DeviceId("chp")
    own = books.exported(
        measured(
            export_wh=100, made=(made_by(ROOF, 300), made_by(chp, 100, steered=True))
        )
    )

    assert books.told(own) == (
        ExportOrigin(
            source=EnergySource.SOLAR,
            plant="",
            stored=False,
            energy_wh=75,
            carbon_mg=75 * 43,
        ),
    )
    assert energy_wh(own.side.exported) == 100


def test_production_nobody_measured_is_of_unknown_origin() -> None:
    books = origins()
    own = books.exported(measured(export_wh=100, made=None))

    assert books.told(own) == ()
    assert energy_wh(own.side.exported) == 100


def test_no_more_origins_are_told_than_a_message_holds() -> None:
    books = origins()
    me = books._me
    names = [DeviceId(f"plant {number}") for number in range(ORIGINS_MAX + 2)]
    plants = tuple(
        ProductionDevice(
            id=name,
            owner=me,
            source=EnergySource.SOLAR,
            technology="photovoltaic",
            capacity_w=1,
            commissioned_on="",
            zone=books._config.charter.fee_tree.root.id,
            carbon_g_per_kwh=43,
        )
        for name in names
    )
    object.__setattr__(books._config.rules, "plants", plants)
    books.plants = dict(zip(names, plants, strict=True))
    made = tuple(made_by(name, 10 + n) for n, name in enumerate(names))
    total_wh = sum(one.energy_wh for one in made)

    told = books.told(books.exported(measured(export_wh=total_wh, made=made)))

    assert [one.plant for one in told] == sorted(names[2:])


def test_what_is_charged_comes_out_again_as_what_it_was() -> None:
    books = origins()
    noon = books.exported(
        measured(made=(made_by(ROOF, 1_000),), charged_wh=800, stored_wh=760)
    )
    inside = books.used(noon, nothing_delivered(), {}, {})
    books.tank = inside.tank
    evening = books.exported(measured(export_wh=500, discharged_wh=500))

    assert energy_wh(inside.consumed) == 200
    assert books.told(evening) == (
        ExportOrigin(
            source=EnergySource.SOLAR,
            plant="",
            stored=True,
            energy_wh=500,
            carbon_mg=500 * 43 * 800 // 760,
        ),
    )


def test_every_home_knows_where_its_day_came_from() -> None:
    street = Street(ANN, BEN, CAT)
    street.run(after(START, 4 * HOUR_MS))
    ann = street.status("Ann")
    suppliers = {(share.supplier, share.source) for share in ann.origin_today}

    assert suppliers == {
        (Supplier.NEIGHBOUR, EnergySource.SOLAR),
        (Supplier.GRID, EnergySource.GRID),
    }
    assert sum(share.share_ppm for share in ann.origin_today) == PPM
    assert ann.origin_month == ann.origin_today
    assert ann.carbon_g_per_kwh_today is not None
    assert 43 < ann.carbon_g_per_kwh_today < 240
    ben = street.status("Ben")
    assert [share.supplier for share in ben.origin_today] == [Supplier.OWN]


def test_the_mix_of_a_period_is_what_was_used_in_it() -> None:
    street = Street(ANN, BEN, CAT)
    street.run(after(FIRST.end, MINUTE_MS))

    for name, home in street.homes.items():
        figures = street.nodes[name].figures(FIRST)
        assert figures is not None
        used_wh = (home.net_w + home.pv_w) // 4
        assert sum(part.energy_wh for part in figures.mix) == used_wh
        assert figures.consumption_wh == used_wh


def test_a_restart_forgets_neither_mix_nor_battery() -> None:
    street = Street(ANN, BEN, CAT)
    street.run(after(START, 4 * HOUR_MS))
    before = street.status("Ann")
    tank = street.nodes["Ann"]._origins.tank
    street.crash("Ann")
    street.wake("Ann")

    after_all = street.status("Ann")
    assert after_all.origin_today == before.origin_today
    assert after_all.origin_month == before.origin_month
    assert street.nodes["Ann"]._origins.tank == tank


def test_certificates_are_the_same_at_every_member() -> None:
    street = Street(ANN, BEN, CAT)
    street.run(after(FIRST.end, MINUTE_MS))
    registers = [node.certificates(FIRST) for node in street.nodes.values()]
    first = registers[0]
    assert first is not None
    used = [
        holding
        for holding in first.holdings.values()
        if holding.state is CertificateState.CANCELLED
    ]
    settled = street.reported("Ann", PeriodSettled)[-1].settlement

    assert all(r is not None and r.holdings == first.holdings for r in registers)
    assert energy_wh(h.certificate.parcel for h in used) == settled.energy_wh
    assert carbon_mg(h.certificate.parcel for h in used) == 43 * settled.energy_wh
    assert street.nodes["Ann"].certificates(FIRST.next(9)) is None


def test_a_neighbour_that_tells_nothing_supplies_what_nobody_knows() -> None:
    books = origins()
    own = books.exported(measured(import_wh=100))
    neighbour = PartyId("ee" * 20)
    delivery = Delivery(
        seller=neighbour, buyer=books._me, energy_wh=70, kind=DeliveryKind.POSITION
    )
    settled = replace(nothing_delivered(), deliveries=(delivery,))

    inside = books.used(own, settled, {neighbour: 90}, {})

    assert books.mix(inside.consumed) == (
        MixPart(
            supplier=Supplier.GRID,
            source=EnergySource.GRID,
            energy_wh=30,
            carbon_mg=30 * 240,
        ),
        MixPart(
            supplier=Supplier.NEIGHBOUR,
            source=EnergySource.UNKNOWN,
            energy_wh=70,
            carbon_mg=70 * 240,
        ),
    )
