"""Hypothesis strategies for what travels."""

from hypothesis import strategies as st

from custom_components.commonwatt.engine.model.contract import (
    PLEDGES_MAX,
    PRIORITY_MAX,
    Contract,
    ContractId,
    FeePayer,
    FixedPrice,
    Gift,
    Pledge,
    PriceRule,
    ShareOfSpread,
    Terms,
    ZonePricePlus,
)
from custom_components.commonwatt.engine.model.order import STEPS_MAX, Order, Side, Step
from custom_components.commonwatt.engine.model.origin import (
    CARBON_MG_MAX,
    PLANT_LENGTH_MAX,
    EnergySource,
    ExportOrigin,
)
from custom_components.commonwatt.engine.model.party import PartyId
from custom_components.commonwatt.engine.model.period import DeliveryPeriod
from custom_components.commonwatt.engine.model.preference import (
    WISHES_MAX,
    Preference,
)
from custom_components.commonwatt.engine.model.reading import MeterReading
from custom_components.commonwatt.engine.model.units import (
    ENERGY_WH_MAX,
    PPM,
    PRICE_MICRO_PER_KWH_MAX,
)
from custom_components.commonwatt.engine.model.vote import VoteStage
from custom_components.commonwatt.engine.wire.canonical import (
    INTEGER_MAX,
    INTEGER_MIN,
    Value,
)
from custom_components.commonwatt.engine.wire.fields import PERIOD_NUMBER_MAX
from custom_components.commonwatt.engine.wire.messages import (
    ATTEMPT_MAX,
    ORIGINS_MAX,
    REVISION_MAX,
    BookProposal,
    Consent,
    Message,
    OrderCommitment,
    OrderReveal,
    ReadingReport,
    ResultVote,
    Withdrawal,
)
from custom_components.commonwatt.engine.wire.terms import named

OTHER = PartyId("99" * 20)

scalars: st.SearchStrategy[Value] = st.one_of(
    st.integers(INTEGER_MIN, INTEGER_MAX),
    st.integers(-300, 300),
    st.binary(max_size=40),
    st.text(max_size=40),
    st.booleans(),
    st.none(),
)
values: st.SearchStrategy[Value] = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=6).map(tuple), max_leaves=20
)

periods = st.integers(0, PERIOD_NUMBER_MAX).map(DeliveryPeriod)
attempts = st.integers(0, ATTEMPT_MAX)
digests = st.binary(min_size=32, max_size=32)
salts = st.binary(min_size=16, max_size=16)
energies_wh = st.integers(0, ENERGY_WH_MAX)
steps = st.builds(
    Step,
    side=st.sampled_from(Side),
    price_micro_per_kwh=st.integers(-PRICE_MICRO_PER_KWH_MAX, PRICE_MICRO_PER_KWH_MAX),
    energy_wh=st.integers(1, ENERGY_WH_MAX // STEPS_MAX),
)


def orders(party: PartyId) -> st.SearchStrategy[Order]:
    """Orders of one party."""
    return st.builds(
        lambda period, wishes: Order.of(party, period, *wishes),
        periods,
        st.lists(steps, max_size=STEPS_MAX),
    )


def terms(supplier: PartyId, receiver: PartyId) -> st.SearchStrategy[Terms]:
    """Contracts and gifts between two parties, under their own names."""
    price = st.integers(-PRICE_MICRO_PER_KWH_MAX, PRICE_MICRO_PER_KWH_MAX)
    rules: st.SearchStrategy[PriceRule] = st.one_of(
        price.map(FixedPrice),
        price.map(ZonePricePlus),
        st.integers(0, PPM).map(ShareOfSpread),
    )
    limits = st.integers(1, ENERGY_WH_MAX)
    payers = st.sampled_from(FeePayer)
    return st.one_of(
        st.builds(
            Contract,
            id=st.just(ContractId("")),
            seller=st.just(supplier),
            buyer=st.just(receiver),
            price=rules,
            energy_wh_max=limits,
            energy_wh_max_day=limits,
            valid_from=periods,
            valid_until=periods,
            fee_payer=payers,
            priority=st.integers(-PRIORITY_MAX, PRIORITY_MAX),
        ).map(named),
        st.builds(
            Gift,
            id=st.just(ContractId("")),
            giver=st.just(supplier),
            receiver=st.just(receiver),
            energy_wh_max=limits,
            energy_wh_max_day=limits,
            valid_from=periods,
            valid_until=periods,
            fee_payer=payers,
        ).map(named),
    )


contract_ids = digests.map(lambda digest: ContractId(digest.hex()))


@st.composite
def pledges(draw: st.DrawFn, author: PartyId) -> tuple[Pledge, ...]:
    """Draw what one party stands by."""
    over = draw(
        st.lists(
            st.one_of(terms(author, OTHER), contract_ids),
            max_size=PLEDGES_MAX,
            unique_by=lambda one: one if isinstance(one, str) else one.id,
        )
    )
    made = []
    for one in over:
        left_wh = draw(st.integers(1, ENERGY_WH_MAX))
        made.append(
            Pledge(
                terms=one,
                energy_wh=draw(st.integers(0, left_wh)),
                left_wh=left_wh,
                retailer_micro_per_kwh=draw(st.none() | st.integers(-9, 400_000)),
            )
        )
    return tuple(sorted(made, key=lambda pledge: pledge.contract))


def preferences(author: PartyId) -> st.SearchStrategy[Preference]:
    """Wishes of one party."""
    return st.builds(
        Preference,
        party=st.just(author),
        neighbours=st.lists(st.just(OTHER), max_size=WISHES_MAX).map(tuple),
        sources=st.lists(st.sampled_from(EnergySource), max_size=WISHES_MAX).map(tuple),
    )


@st.composite
def readings(draw: st.DrawFn, author: PartyId) -> ReadingReport:
    """Draw what a meter counted, and where some of the export came from."""
    origins = draw(
        st.lists(
            st.builds(
                ExportOrigin,
                source=st.sampled_from(EnergySource),
                plant=st.text(
                    st.characters(max_codepoint=127),
                    max_size=PLANT_LENGTH_MAX,
                ),
                stored=st.booleans(),
                energy_wh=st.integers(1, ENERGY_WH_MAX // ORIGINS_MAX),
                carbon_mg=st.integers(0, CARBON_MG_MAX),
            ),
            max_size=ORIGINS_MAX,
        )
    )
    told_wh = sum(origin.energy_wh for origin in origins)
    return ReadingReport(
        reading=MeterReading(
            party=author,
            period=draw(periods),
            import_wh=draw(energies_wh),
            export_wh=draw(st.integers(told_wh, ENERGY_WH_MAX)),
        ),
        revision=draw(st.integers(0, REVISION_MAX)),
        origins=tuple(origins),
        salt=draw(st.binary(min_size=16, max_size=16)),
    )


def messages(author: PartyId) -> st.SearchStrategy[Message]:
    """Messages of one party, but for its presence."""
    return st.one_of(
        st.builds(OrderCommitment, period=periods, digest=digests),
        st.builds(
            OrderReveal,
            order=orders(author),
            salt=salts,
            pledges=pledges(author),
            preference=st.none() | preferences(author),
        ),
        st.builds(
            BookProposal,
            period=periods,
            attempt=attempts,
            reveals=st.none() | st.lists(st.binary(max_size=50), max_size=8).map(tuple),
        ),
        st.builds(
            ResultVote,
            period=periods,
            attempt=attempts,
            stage=st.sampled_from(VoteStage),
            digest=digests,
        ),
        readings(author),
        st.builds(Consent, terms=terms(author, OTHER)),
        st.builds(Withdrawal, contract=contract_ids),
    )
