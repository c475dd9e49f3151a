"""What the panel remembers of trades, and what it asks the node for."""

from custom_components.commonwatt.engine.ledger.allocation import (
    Delivery,
    DeliveryKind,
)
from custom_components.commonwatt.engine.ledger.certificates import (
    CertificateId,
    CertificateRegister,
    GranularCertificate,
)
from custom_components.commonwatt.engine.ledger.origin import Origin, Parcel
from custom_components.commonwatt.engine.ledger.settlement import Settlement
from custom_components.commonwatt.engine.model.clearing import (
    ClearingResult,
    Trade,
    ZonePrice,
)
from custom_components.commonwatt.engine.model.origin import EnergySource
from custom_components.commonwatt.engine.model.party import CommunityId, PartyId
from custom_components.commonwatt.engine.model.period import DeliveryPeriod
from custom_components.commonwatt.engine.model.zone import ZoneId
from custom_components.commonwatt.engine.node import (
    PeriodCorrected,
    PeriodFinal,
    PeriodSettled,
)
from custom_components.commonwatt.view.chronicle import (
    PERIODS_KEPT,
    Chronicle,
    LinkState,
)
from custom_components.commonwatt.view.lookup import proof_in

ME, YOU = PartyId("a" * 40), PartyId("b" * 40)
NOON = DeliveryPeriod(2_000_000)


def final(period: DeliveryPeriod, *trades: Trade) -> PeriodFinal:
    """Return the news of a result."""
    price = ZonePrice(zone=ZoneId("z"), price_micro_per_kwh=180_000, traded_wh=1)
    result = ClearingResult(
        period=period, prices=(price,), flows=(), fills=(), trades=trades
    )
    return PeriodFinal(period=period, result=result)


def trade(energy_wh: int) -> Trade:
    """Return a trade from you to me."""
    return Trade(
        seller=YOU,
        buyer=ME,
        energy_wh=energy_wh,
        seller_price_micro_per_kwh=180_000,
        buyer_price_micro_per_kwh=185_000,
    )


def settlement(period: DeliveryPeriod, *kinds: DeliveryKind) -> Settlement:
    """Return a settlement with a delivery of each kind."""
    return Settlement(
        period=period,
        community=(),
        bills=(),
        parties=(),
        deliveries=tuple(
            Delivery(seller=YOU, buyer=ME, energy_wh=90, kind=kind) for kind in kinds
        ),
    )


def test_a_trade_is_agreed_first_and_metered_later() -> None:
    chronicle = Chronicle()

    chronicle.take([final(NOON, trade(100))], ME)
    page = chronicle.pages[NOON]
    states = [page.state]
    assert [link.energy_wh for link in page.links] == [100]

    settled = settlement(NOON, DeliveryKind.POSITION, DeliveryKind.SHARED)
    chronicle.take([PeriodSettled(period=NOON, settlement=settled)], ME)
    states.append(page.state)
    assert states == [LinkState.FINAL, LinkState.SETTLED]
    assert [(link.energy_wh, link.price_micro_per_kwh) for link in page.links] == [
        (90, 185_000),
        (90, None),
    ]
    assert page.price_micro_per_kwh == 180_000
    assert page.bought_wh is None


def test_a_correction_takes_the_place_of_what_was_settled() -> None:
    chronicle = Chronicle()
    first = settlement(NOON, DeliveryKind.SHARED, DeliveryKind.GIFT)

    chronicle.take([PeriodSettled(period=NOON, settlement=first)], ME)
    again = PeriodCorrected(period=NOON, difference=settlement(NOON))
    chronicle.take([again], ME)

    assert chronicle.pages[NOON].links == ()


def test_a_period_without_a_trade_or_a_result_has_no_price() -> None:
    chronicle = Chronicle()

    chronicle.take([final(NOON), PeriodFinal(period=NOON.next(), result=None)], ME)

    assert [page.price_micro_per_kwh for page in chronicle.pages.values()] == [
        None,
        None,
    ]


def test_only_the_latest_periods_are_kept() -> None:
    chronicle = Chronicle()

    chronicle.take([final(NOON.next(count)) for count in range(PERIODS_KEPT + 5)], ME)

    assert len(chronicle.pages) == PERIODS_KEPT
    assert min(chronicle.pages) == NOON.next(5)


def registered() -> tuple[CertificateRegister, CertificateId]:
    """Return a register with a certificate split off another."""
    origin = Origin(source=EnergySource.SOLAR)
    whole = GranularCertificate(
        community=CommunityId("c" * 64),
        period=NOON,
        producer=YOU,
        parcel=Parcel(origin=origin, energy_wh=100, carbon_mg=4_300),
    )
    register = CertificateRegister()
    assert register.issue([whole], metered_wh=100) is None
    parts = register.split(whole.id, holder=YOU, energy_wh=40)
    assert isinstance(parts, tuple)
    return register, parts[0]


def test_a_certificate_is_proved_down_to_its_issue() -> None:
    register, part = registered()

    proof = proof_in(register, part)

    assert proof is not None
    assert proof.is_whole
    assert [one.parcel.energy_wh for one in proof.lineage] == [40, 100]


def test_a_certificate_without_its_origin_does_not_hold() -> None:
    register, part = registered()
    parent = register.holdings[part].certificate.parent
    assert parent is not None
    del register.holdings[parent]

    proof = proof_in(register, part)

    assert proof is not None
    assert not proof.is_whole


def test_a_certificate_under_a_false_name_does_not_hold() -> None:
    register, part = registered()
    false = CertificateId("f" * 64)
    register.holdings[false] = register.holdings[part]

    proof = proof_in(register, false)

    assert proof is not None
    assert not proof.is_whole
    assert proof_in(register, CertificateId("0" * 64)) is None
