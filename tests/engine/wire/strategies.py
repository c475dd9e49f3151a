"""Hypothesis strategies for what travels."""

from hypothesis import strategies as st

from custom_components.commonwatt.engine.model.order import STEPS_MAX, Order, Side, Step
from custom_components.commonwatt.engine.model.party import PartyId
from custom_components.commonwatt.engine.model.period import DeliveryPeriod
from custom_components.commonwatt.engine.model.reading import MeterReading
from custom_components.commonwatt.engine.model.units import (
    ENERGY_WH_MAX,
    PRICE_MICRO_PER_KWH_MAX,
)
from custom_components.commonwatt.engine.wire.canonical import (
    INTEGER_MAX,
    INTEGER_MIN,
    Value,
)
from custom_components.commonwatt.engine.wire.fields import PERIOD_NUMBER_MAX
from custom_components.commonwatt.engine.wire.messages import (
    ATTEMPT_MAX,
    BookProposal,
    Message,
    OrderCommitment,
    OrderReveal,
    ReadingReport,
    ResultVote,
)

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


def messages(author: PartyId) -> st.SearchStrategy[Message]:
    """Messages of one party, but for its presence."""
    return st.one_of(
        st.builds(OrderCommitment, period=periods, digest=digests),
        st.builds(OrderReveal, order=orders(author), salt=salts),
        st.builds(
            BookProposal,
            period=periods,
            attempt=attempts,
            reveals=st.lists(st.binary(max_size=50), max_size=8).map(tuple),
        ),
        st.builds(
            ResultVote,
            period=periods,
            attempt=attempts,
            digest=st.one_of(st.none(), digests),
        ),
        st.builds(
            ReadingReport,
            reading=st.builds(
                MeterReading,
                party=st.just(author),
                period=periods,
                import_wh=energies_wh,
                export_wh=energies_wh,
            ),
        ),
    )
