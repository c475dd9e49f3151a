"""Bodies of journal entries: what is written is what is read."""

from hypothesis import given, strategies as st
import pytest

from custom_components.commonwatt.engine.devices import DeviceId
from custom_components.commonwatt.engine.forecast import PeriodEnergy
from custom_components.commonwatt.engine.ledger.journal import EntryKind
from custom_components.commonwatt.engine.model.period import (
    DAY_MS,
    MINUTE_MS,
    DeliveryPeriod,
    after,
)
from custom_components.commonwatt.engine.node import PeriodSettled, read_transactions
from custom_components.commonwatt.engine.node.metering import Measured
from custom_components.commonwatt.engine.node.records import (
    observed_body,
    read_observed,
    read_votes,
)
from custom_components.commonwatt.engine.node.settled_records import read_settled
from custom_components.commonwatt.engine.node.totals import (
    Day,
    Figures,
    Totals,
    month_of,
)
from custom_components.commonwatt.engine.wire.canonical import encode
from tests.engine.node.street import ANN, BEN, CAT, FIRST, Street

PERIOD = DeliveryPeriod(2_000_000)


@given(
    counters=st.tuples(st.integers(0, 10**12), st.integers(0, 10**12)),
    energy=st.none()
    | st.builds(
        PeriodEnergy,
        load_wh=st.integers(0, 10**9),
        production_wh=st.integers(0, 10**9),
    ),
    meter=st.text(max_size=40),
)
def test_an_observation_comes_back(
    counters: tuple[int, int], energy: PeriodEnergy | None, meter: str
) -> None:
    measured = Measured(
        period=PERIOD,
        meter=DeviceId(meter),
        import_counter_wh=counters[0],
        export_counter_wh=counters[1],
        import_wh=0,
        export_wh=0,
        production_wh=None,
        consumption_wh=None,
        car_wh=None,
    )
    observed = read_observed(observed_body(measured, energy))

    assert observed.period == PERIOD
    assert observed.meter == meter
    assert (observed.import_counter_wh, observed.export_counter_wh) == counters
    assert observed.energy == energy


def test_a_meter_without_a_name_is_no_observation() -> None:
    with pytest.raises(ValueError, match="name"):
        read_observed(encode((1, 2, 3, 4, None)))


def test_settlements_and_votes_come_back_from_the_journal() -> None:
    street = Street(ANN, BEN, CAT)
    street.run(after(FIRST.end, MINUTE_MS))
    entries = street.journaled("Ann", EntryKind.SETTLED)
    settled = street.reported("Ann", PeriodSettled)
    finals = street.journaled("Ann", EntryKind.FINAL)

    for entry, event in zip(entries, settled, strict=True):
        assert read_transactions(entry.body) == event.settlement.transactions
        assert read_settled(entry.body).figures.period == event.period
    totals = read_settled(entries[-1].body).totals
    assert totals.settled_periods == len(settled)
    assert totals.bought_wh == street.status("Ann").bought_wh_total
    assert [len(read_votes(entry.body)) for entry in finals] == [3] * len(finals)


def figures(
    *,
    bought_wh: int = 0,
    import_wh: int | None = None,
    consumption_wh: int | None = None,
) -> Figures:
    return Figures(
        period=PERIOD,
        bought_wh=bought_wh,
        sold_wh=5,
        saved_nano=None,
        import_wh=import_wh,
        export_wh=None,
        retailer_import_wh=None if import_wh is None else import_wh - bought_wh,
        consumption_wh=consumption_wh,
    )


def test_totals_go_up_and_back() -> None:
    more = Totals().plus(figures(bought_wh=7))

    month = month_of(PERIOD)
    assert more == Totals(settled_periods=1, bought_wh=7, sold_wh=5, month=month)
    assert more.minus(figures(bought_wh=7)) == Totals(month=month)


def test_a_day_knows_shares_only_of_what_it_knows() -> None:
    unknown = Day.since(PERIOD.start, [figures()])
    known = Day.since(
        PERIOD.start, [figures(bought_wh=60, import_wh=80, consumption_wh=200)]
    )

    assert unknown.local_share_ppm is unknown.self_sufficiency_ppm is None
    assert known.local_share_ppm == 750_000
    assert known.self_sufficiency_ppm == 900_000


def test_yesterday_does_not_count_today() -> None:
    day = Day.since(after(PERIOD.start, DAY_MS), [figures(bought_wh=60, import_wh=80)])

    assert (day.import_wh, day.local_share_ppm) == (0, None)


def test_more_than_was_used_is_not_more_than_everything() -> None:
    day = Day.since(PERIOD.start, [figures(import_wh=80, consumption_wh=40)])

    assert day.self_sufficiency_ppm == 0
