"""Days are closed one after the other: nothing is posted twice, nothing is lost."""

from hypothesis import given, settings, strategies as st

from custom_components.commonwatt.engine.ledger.certificates import (
    CertificateId,
    CertificateRegister,
    GranularCertificate,
)
from custom_components.commonwatt.engine.ledger.chain.day import FUND, NETWORK
from custom_components.commonwatt.engine.ledger.chain.day_book import DayBook
from custom_components.commonwatt.engine.ledger.merkle import (
    is_included,
    merkle_root,
    prove,
)
from custom_components.commonwatt.engine.ledger.origin import Origin, Parcel
from custom_components.commonwatt.engine.ledger.settlement import (
    PartySummary,
    ReadingState,
    Settlement,
)
from custom_components.commonwatt.engine.model.origin import EnergySource
from custom_components.commonwatt.engine.model.party import (
    BillingBasis,
    CommunityId,
    PartyId,
)
from custom_components.commonwatt.engine.model.period import DeliveryPeriod
from custom_components.commonwatt.engine.model.posting import (
    Account,
    AccountKind,
    Posting,
    Transaction,
    Unit,
)
from custom_components.commonwatt.engine.wire.canonical import encode
from custom_components.commonwatt.engine.wire.ethereum import Address

ANNA, BEN = PartyId("a" * 40), PartyId("b" * 40)
ADDRESSES = {ANNA: Address(b"\xaa" * 20), BEN: Address(b"\xbb" * 20)}
COMMUNITY = CommunityId("c" * 64)
DAY = 20_000
PERIODS = 96


def period(day: int, number: int) -> DeliveryPeriod:
    return DeliveryPeriod(day * PERIODS + number)


def summary(party: PartyId, export_wh: int | None) -> PartySummary:
    state = ReadingState.MISSING if export_wh is None else ReadingState.METERED
    return PartySummary(
        party=party,
        reading=state,
        basis=BillingBasis.SHARING,
        position_wh=0,
        failed_wh=0,
        bought_wh=0,
        sold_wh=0,
        import_wh=0,
        export_wh=export_wh,
        retailer_import_wh=None,
        retailer_export_wh=None,
        earned_nano=0,
        retailer_nano=None,
        cost_nano=None,
        saved_nano=None,
    )


def paid(
    at: DeliveryPeriod, amount: int, *, exported_wh: int | None = None
) -> Settlement:
    """Let Ben pay Anna for what she exported."""
    legs = ((ANNA, amount), (BEN, -amount))
    postings = tuple(
        Posting(
            account=Account(kind=AccountKind.PARTY, party=party),
            unit=Unit.NANO,
            amount=part,
        )
        for party, part in legs
        if part
    )
    transactions = (Transaction(reason="trade", postings=postings),) if amount else ()
    return Settlement(
        period=at,
        community=transactions,
        bills=(),
        parties=(summary(ANNA, exported_wh), summary(BEN, 0)),
        deliveries=(),
    )


def register_of(at: DeliveryPeriod, *energies_wh: int) -> CertificateRegister:
    register = CertificateRegister()
    issued = [
        GranularCertificate(
            community=COMMUNITY,
            period=at,
            producer=ANNA,
            parcel=Parcel(
                origin=Origin(source=EnergySource.SOLAR, device=None, stored=False),
                energy_wh=energy_wh,
                carbon_mg=0,
            ),
            serial=serial,
        )
        for serial, energy_wh in enumerate(energies_wh)
    ]
    assert register.issue(issued, metered_wh=sum(energies_wh)) is None
    return register


def test_balances_are_cumulative_and_what_was_metered_is_not() -> None:
    book = DayBook(COMMUNITY, ADDRESSES)
    for day, amount in ((DAY, 70), (DAY + 1, 30)):
        at = period(day, 5)
        book.take(paid(at, amount, exported_wh=1_000), register_of(at))

    first, second = book.close(DAY), book.close(DAY + 1)

    nobody = {FUND: 0, NETWORK: 0}
    assert first.nets_nano == {ADDRESSES[ANNA]: 70, ADDRESSES[BEN]: -70, **nobody}
    assert second.nets_nano == {ADDRESSES[ANNA]: 100, ADDRESSES[BEN]: -100, **nobody}
    assert (first.metered_wh, second.metered_wh) == (1_000, 1_000)
    assert book.days == ()


def test_a_correction_replaces_what_was_metered_and_adds_to_what_was_paid() -> None:
    book = DayBook(COMMUNITY, ADDRESSES)
    at = period(DAY, 5)
    book.take(paid(at, 70), register_of(at))
    book.take(paid(at, -20, exported_wh=900), register_of(at, 400, 500))

    closed = book.close(DAY)

    assert closed.nets_nano[ADDRESSES[ANNA]] == 50
    assert closed.metered_wh == 900
    assert [c.parcel.energy_wh for c in closed.certificates[ADDRESSES[ANNA]]] == [
        400,
        500,
    ]


def test_what_comes_after_its_day_belongs_to_the_next_but_its_leaves_do_not() -> None:
    book = DayBook(COMMUNITY, ADDRESSES)
    at = period(DAY, 95)
    book.take(paid(at, 70, exported_wh=100), register_of(at, 100))
    assert book.close(DAY).certificates
    book.take(paid(at, 5), register_of(at, 100))

    late = book.close(DAY + 1)

    assert late.day == DAY + 1
    assert late.nets_nano[ADDRESSES[ANNA]] == 75
    assert late.certificates == {}


def test_days_without_a_chain_are_caught_up_with_at_once() -> None:
    book = DayBook(COMMUNITY, ADDRESSES)
    for day in range(DAY, DAY + 3):
        at = period(day, 1)
        book.take(paid(at, 10, exported_wh=50), register_of(at, 50))
    assert book.days == (DAY, DAY + 1, DAY + 2)

    closed = book.close(DAY + 2)

    assert closed.nets_nano[ADDRESSES[ANNA]] == 30
    assert closed.metered_wh == 150
    assert len(closed.certificates[ADDRESSES[ANNA]]) == 3


def test_only_what_nobody_used_up_leaves_but_all_is_recorded() -> None:
    book = DayBook(COMMUNITY, ADDRESSES)
    at = period(DAY, 40)
    register = register_of(at, 300, 200)
    used, kept = list(register.holdings)
    assert register.cancel(used, holder=ANNA, used_for="consumed") is None
    book.take(paid(at, 0, exported_wh=500), register)

    closed = book.close(DAY)

    (left,) = closed.certificates[ADDRESSES[ANNA]]
    assert left.id == kept
    assert closed.places.keys() == {used, kept}


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 95), st.integers(1, 500)), unique_by=lambda x: x)
)
def test_every_certificate_is_proved_by_its_place(drawn: list[tuple[int, int]]) -> None:
    book = DayBook(COMMUNITY, ADDRESSES)
    energies: dict[int, list[int]] = {}
    for number, energy_wh in drawn:
        energies.setdefault(number, []).append(energy_wh)
    issued: dict[CertificateId, GranularCertificate] = {}
    for number, parts in energies.items():
        at = period(DAY, number)
        register = register_of(at, *parts)
        issued |= {key: held.certificate for key, held in register.holdings.items()}
        book.take(paid(at, number, exported_wh=sum(parts)), register)

    closed = book.close(DAY)

    root = merkle_root(closed.records)
    assert closed.places.keys() == issued.keys()
    for key, place in closed.places.items():
        record = closed.records[place]
        assert encode(issued[key].value) in record
        assert is_included(record, prove(closed.records, place), root)
