"""Days are closed one after the other: nothing is posted twice, nothing is lost."""

from dataclasses import replace
import random

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.commonwatt.engine.ledger.certificates import (
    CertificateId,
    CertificateRegister,
    GranularCertificate,
)
from custom_components.commonwatt.engine.ledger.chain.day import FUND, NETWORK
from custom_components.commonwatt.engine.ledger.chain.day_book import (
    DayBook,
    Opening,
    closed_day,
    opening_after,
)
from custom_components.commonwatt.engine.ledger.chain.settled_period import (
    SettledPeriod,
)
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


def settled(
    at: DeliveryPeriod,
    amount: int,
    register: CertificateRegister | None = None,
    *,
    exported_wh: int | None = None,
) -> SettledPeriod:
    """Return a period in which Ben paid Anna, as books keep it."""
    return SettledPeriod.of(
        paid(at, amount, exported_wh=exported_wh),
        register or CertificateRegister(),
        ADDRESSES,
    )


def test_balances_are_cumulative_and_what_was_metered_is_not() -> None:
    book = DayBook(COMMUNITY)
    for day, amount in ((DAY, 70), (DAY + 1, 30)):
        at = period(day, 5)
        book.take(settled(at, amount, exported_wh=1_000))

    first, second = book.close(DAY), book.close(DAY + 1)

    nobody = {FUND: 0, NETWORK: 0}
    assert first.nets_nano == {ADDRESSES[ANNA]: 70, ADDRESSES[BEN]: -70, **nobody}
    assert second.nets_nano == {ADDRESSES[ANNA]: 100, ADDRESSES[BEN]: -100, **nobody}
    assert (first.metered_wh, second.metered_wh) == (1_000, 1_000)
    assert book.days == ()


def test_a_correction_takes_the_place_of_what_was_settled_before() -> None:
    book = DayBook(COMMUNITY)
    at = period(DAY, 5)
    book.take(settled(at, 70))
    book.take(settled(at, 50, register_of(at, 400, 500), exported_wh=900))

    closed = book.close(DAY)

    assert closed.nets_nano[ADDRESSES[ANNA]] == 50
    assert closed.metered_wh == 900
    assert [c.parcel.energy_wh for c in closed.certificates[ADDRESSES[ANNA]]] == [
        400,
        500,
    ]


def test_what_comes_after_its_day_belongs_to_the_next_but_its_leaves_do_not() -> None:
    book = DayBook(COMMUNITY)
    at = period(DAY, 95)
    book.take(settled(at, 70, register_of(at, 100), exported_wh=100))
    assert book.close(DAY).certificates
    book.take(settled(at, 75, register_of(at, 100), exported_wh=100))
    book.take(settled(period(DAY, 94), 4))
    assert book.nets_nano()[ADDRESSES[ANNA]] == 79

    late = book.close(DAY + 1)

    assert late.day == DAY + 1
    assert late.nets_nano[ADDRESSES[ANNA]] == 79
    assert late.certificates == {}


def test_days_without_a_chain_are_caught_up_with_at_once() -> None:
    book = DayBook(COMMUNITY)
    for day in range(DAY, DAY + 3):
        at = period(day, 1)
        book.take(settled(at, 10, register_of(at, 50), exported_wh=50))
    assert book.days == (DAY, DAY + 1, DAY + 2)

    closed = book.close(DAY + 2)

    assert closed.nets_nano[ADDRESSES[ANNA]] == 30
    assert closed.metered_wh == 150
    assert len(closed.certificates[ADDRESSES[ANNA]]) == 3


def test_only_what_nobody_used_up_leaves_but_all_is_recorded() -> None:
    book = DayBook(COMMUNITY)
    at = period(DAY, 40)
    register = register_of(at, 300, 200)
    used, kept = list(register.holdings)
    assert register.cancel(used, holder=ANNA, used_for="consumed") is None
    book.take(settled(at, 0, register, exported_wh=500))

    closed = book.close(DAY)

    (left,) = closed.certificates[ADDRESSES[ANNA]]
    assert left.id == kept
    assert closed.places.keys() == {used, kept}


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 95), st.integers(1, 500)), unique_by=lambda x: x)
)
def test_every_certificate_is_proved_by_its_place(drawn: list[tuple[int, int]]) -> None:
    book = DayBook(COMMUNITY)
    energies: dict[int, list[int]] = {}
    for number, energy_wh in drawn:
        energies.setdefault(number, []).append(energy_wh)
    issued: dict[CertificateId, GranularCertificate] = {}
    for number, parts in energies.items():
        at = period(DAY, number)
        register = register_of(at, *parts)
        issued |= {key: held.certificate for key, held in register.holdings.items()}
        book.take(settled(at, number, register, exported_wh=sum(parts)))

    closed = book.close(DAY)

    root = merkle_root(closed.records)
    assert closed.places.keys() == issued.keys()
    for key, place in closed.places.items():
        record = closed.records[place]
        assert encode(issued[key].value) in record
        assert is_included(record, prove(closed.records, place), root)


SOME_PERIODS = st.lists(
    st.tuples(st.integers(0, 2 * PERIODS - 1), st.integers(-500, 500)),
    unique_by=lambda drawn: drawn[0],
    max_size=12,
)


def lived(drawn: list[tuple[int, int]]) -> list[SettledPeriod]:
    """Return periods of two days, each with a certificate if Anna earned."""
    return [
        settled(
            period(DAY, number),
            amount,
            register_of(period(DAY, number), *[amount][: amount > 0]),
            exported_wh=max(0, amount),
        )
        for number, amount in drawn
    ]


@settings(max_examples=30, deadline=None)
@given(SOME_PERIODS, st.randoms(use_true_random=False))
def test_whoever_closes_a_day_closes_the_same_one(
    drawn: list[tuple[int, int]], chance: random.Random
) -> None:
    """The order in which periods came in is nobody's business, nor is a restart."""
    periods, opening = lived(drawn), Opening(day=DAY - 1, nets_nano={})
    first = closed_day(COMMUNITY, opening, periods, day=DAY + 1)
    chance.shuffle(periods)
    kept = [SettledPeriod.read(one.body) for one in periods]

    assert kept == periods
    assert closed_day(COMMUNITY, opening, kept, day=DAY + 1) == first


@settings(max_examples=30, deadline=None)
@given(SOME_PERIODS)
def test_who_joins_later_goes_on_from_the_record_of_the_accounts(
    drawn: list[tuple[int, int]],
) -> None:
    periods, opening = lived(drawn), Opening(day=DAY - 1, nets_nano={})
    before = closed_day(COMMUNITY, opening, periods, day=DAY)
    at_once = closed_day(COMMUNITY, opening, periods, day=DAY + 1)

    found = opening_after(before.records[0], day=DAY)
    later = [one for one in periods if one.period.number >= (DAY + 1) * PERIODS]

    assert found == Opening(day=DAY, nets_nano=before.nets_nano)
    joined = closed_day(COMMUNITY, found, later, day=DAY + 1)
    assert joined.nets_nano == at_once.nets_nano
    assert joined == closed_day(COMMUNITY, found, periods, day=DAY + 1)


def test_another_record_opens_no_day() -> None:
    closed = closed_day(
        COMMUNITY,
        Opening(day=DAY - 1, nets_nano={}),
        [settled(period(DAY, 3), 70)],
        day=DAY,
    )

    for record, day in ((closed.records[0], DAY + 1), (closed.records[1], DAY)):
        with pytest.raises(ValueError, match=r"something else|values"):
            opening_after(record, day=day)


def test_a_period_that_does_not_balance_is_not_read() -> None:
    one = settled(period(DAY, 3), 70)
    assert one.nets_nano == {ADDRESSES[ANNA]: 70, ADDRESSES[BEN]: -70}
    forged = replace(one, nets_nano={ADDRESSES[ANNA]: 70})

    with pytest.raises(ValueError, match="another owes"):
        SettledPeriod.read(forged.body)
