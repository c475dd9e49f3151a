"""The machinery under a neighbourhood: queue, network, inspector, devices."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from custom_components.commonwatt.engine.devices import (
    CurrentSetpoint,
    DeviceId,
    PowerSetpoint,
)
from custom_components.commonwatt.engine.dispatch import Assets
from custom_components.commonwatt.engine.ledger.journal import EntryKind, JournalEntry
from custom_components.commonwatt.engine.ledger.settlement import (
    PartySummary,
    ReadingState,
    Settlement,
)
from custom_components.commonwatt.engine.ledger.tank import MixingTank
from custom_components.commonwatt.engine.model.clearing import (
    ClearingResult,
    EdgeFlow,
    Trade,
)
from custom_components.commonwatt.engine.model.party import BillingBasis, PartyId
from custom_components.commonwatt.engine.model.period import (
    DAY_MS,
    DeliveryPeriod,
    Instant,
)
from custom_components.commonwatt.engine.model.posting import (
    Account,
    AccountKind,
    Posting,
    Transaction,
    Unit,
)
from custom_components.commonwatt.engine.model.zone import ZoneId
from custom_components.commonwatt.engine.node import (
    Effects,
    Outgoing,
    PeriodCorrected,
    PeriodFinal,
    PeriodSettled,
)
from custom_components.commonwatt.engine.node.settled_records import (
    SettledRecord,
    settled_body,
)
from custom_components.commonwatt.engine.node.totals import Figures, Totals
from custom_components.commonwatt.engine.simulation.events import EventQueue
from custom_components.commonwatt.engine.simulation.homes import (
    NO_COMMANDS,
    BatteryCommand,
    ChargerCommand,
    HomeCommands,
    HomeModel,
    PowerCommand,
    neighbourhood_specs,
)
from custom_components.commonwatt.engine.simulation.invariants import (
    PERIODS_KEPT,
    Inspector,
    Wrong,
)
from custom_components.commonwatt.engine.simulation.network import Network
from custom_components.commonwatt.engine.simulation.reality import (
    BATTERY,
    CHARGER,
    CHP,
    HYDROGEN,
    METER,
    assets_of,
    image_of,
    merged,
    obeying,
)
from custom_components.commonwatt.engine.wire.canonical import Value, decode, encode

PERIOD = DeliveryPeriod(2_000_000)
OVERDUE = ReadingState.OVERDUE
ANN, BEN, CAT = (PartyId(letter * 40) for letter in "abc")
STARTED_AT = Instant(20_000 * DAY_MS)


# -- the queue and the network ---------------------------------------------------------


def test_things_happen_in_order_and_never_in_the_past() -> None:
    queue, happened = EventQueue(Instant(100)), list[str]()

    def first() -> None:
        happened.append(f"first at {queue.now}")
        queue.plan(Instant(0), lambda: happened.append(f"overdue at {queue.now}"))

    queue.plan(Instant(300), lambda: happened.append(f"late at {queue.now}"))
    queue.plan(Instant(200), first)
    queue.plan(Instant(200), lambda: happened.append(f"second at {queue.now}"))
    queue.advance(Instant(250))

    assert happened == ["first at 200", "second at 200", "overdue at 200"]
    assert queue.now == 250
    queue.advance(Instant(300))
    assert happened[-1] == "late at 300"


def test_an_envelope_reaches_whom_it_is_for_after_a_while() -> None:
    queue, heard = EventQueue(Instant(0)), list[tuple[str, bytes]]()
    network = Network(queue, seed=1)

    def listener(party: PartyId) -> Callable[[bytes], None]:
        return lambda data: heard.append((party, data))

    for party in (ANN, BEN, CAT):
        network.join(party, listener(party))
    network.send(ANN, Outgoing(data=b"to all"))
    network.send(ANN, Outgoing(data=b"to Ben", to=BEN))
    network.send(ANN, Outgoing(data=b"to nobody here", to=PartyId("dd" * 20)))

    assert heard == []
    queue.advance(Instant(1_000))
    assert sorted(heard) == [(BEN, b"to Ben"), (BEN, b"to all"), (CAT, b"to all")]


# -- the inspector -----------------------------------------------------------------


def result(price: int, *, paid: int = 0) -> ClearingResult:
    trade = Trade(
        seller=ANN,
        buyer=BEN,
        energy_wh=10,
        seller_price_micro_per_kwh=price,
        buyer_price_micro_per_kwh=price + paid,
    )
    flow = EdgeFlow(zone=ZoneId("lane"), export_wh=10, fee_nano=10, rent_nano=0)
    return ClearingResult(
        period=PERIOD, prices=(), flows=(flow,), fills=(), trades=(trade,)
    )


def transfer(amount: int) -> Transaction:
    return Transaction(
        reason="test",
        postings=(
            Posting(
                account=Account(kind=AccountKind.PARTY, party=ANN),
                unit=Unit.NANO,
                amount=amount,
            ),
            Posting(
                account=Account(kind=AccountKind.FUND), unit=Unit.NANO, amount=-amount
            ),
        ),
    )


def settlement(
    *transactions: Transaction,
    period: DeliveryPeriod = PERIOD,
    reading: ReadingState = ReadingState.METERED,
) -> Settlement:
    cat = PartySummary(
        party=CAT,
        reading=reading,
        basis=BillingBasis.INSIGHT,
        position_wh=0,
        failed_wh=0,
        bought_wh=0,
        sold_wh=0,
        import_wh=None,
        export_wh=None,
        retailer_import_wh=None,
        retailer_export_wh=None,
        earned_nano=0,
        retailer_nano=None,
        cost_nano=None,
        saved_nano=None,
    )
    return Settlement(
        period=period,
        community=transactions,
        bills=(),
        parties=(cat,),
        deliveries=(),
    )


def body_of(settled: Settlement) -> bytes:
    figures = Figures(
        period=PERIOD,
        bought_wh=0,
        sold_wh=0,
        saved_nano=None,
        import_wh=None,
        export_wh=None,
        retailer_import_wh=None,
        consumption_wh=None,
    )
    record = SettledRecord(
        figures=figures, totals=Totals(), tariff=None, tank=MixingTank()
    )
    return settled_body(settled, record)


def settled_effects(settled: Settlement, *, body: bytes | None = None) -> Effects:
    entry = JournalEntry(
        kind=EntryKind.SETTLED, at=STARTED_AT, body=body or body_of(settled)
    )
    event = PeriodSettled(period=settled.period, settlement=settled)
    return Effects(persist=(entry,), report=(event,))


def corrected_effects(difference: Settlement) -> Effects:
    entry = JournalEntry(
        kind=EntryKind.CORRECTED, at=STARTED_AT, body=body_of(difference)
    )
    event = PeriodCorrected(period=difference.period, difference=difference)
    return Effects(persist=(entry,), report=(event,))


def final(result: ClearingResult | None) -> Effects:
    return Effects(report=(PeriodFinal(period=PERIOD, result=result),))


def wrongs(*seen: tuple[PartyId, Effects]) -> list[Wrong]:
    inspector = Inspector()
    for party, effects in seen:
        inspector.inspect(party, effects)
    return [violation.wrong for violation in inspector.violations]


def test_honest_members_give_no_reason_to_complain() -> None:
    seen = [
        (party, effects)
        for effects in (
            final(result(5, paid=1)),
            settled_effects(settlement(transfer(7), reading=OVERDUE)),
            corrected_effects(settlement(transfer(2))),
        )
        for party in (ANN, BEN)
    ]

    assert wrongs(*seen) == []


def test_two_results_of_one_period_are_noticed() -> None:
    seen = [(ANN, final(result(5, paid=1))), (BEN, final(result(6, paid=1)))]
    assert wrongs(*seen) == [Wrong.TWO_RESULTS]
    assert wrongs(seen[0], (BEN, final(None))) == [Wrong.TWO_RESULTS]


def test_a_result_that_pays_out_more_than_comes_in_is_noticed() -> None:
    assert wrongs((ANN, final(result(5)))) == [Wrong.UNBALANCED_RESULT]


def test_two_ledgers_are_noticed_before_and_after_corrections() -> None:
    one, other = (settlement(transfer(a), reading=OVERDUE) for a in (7, 8))
    more, less = (corrected_effects(settlement(transfer(a))) for a in (2, 1))
    alike = [(ANN, settled_effects(one)), (BEN, settled_effects(one))]

    assert wrongs(alike[0], (BEN, settled_effects(other))) == [Wrong.TWO_LEDGERS]
    assert wrongs(*alike, (ANN, more), (BEN, less)) == [Wrong.TWO_LEDGERS]
    assert wrongs(*alike, (ANN, more), (BEN, more)) == []


@pytest.mark.parametrize(
    ("unit", "wrong"), [("nano", Wrong.MONEY_LOST), ("wh", Wrong.ENERGY_LOST)]
)
def test_postings_that_do_not_sum_to_zero_are_noticed(unit: str, wrong: Wrong) -> None:
    value = decode(body_of(settlement(transfer(7))))
    assert isinstance(value, tuple)
    posting: Value = ("fund", None, unit, 5)
    forged = encode((*value[:5], (("test", (posting,)),)))

    assert wrongs((ANN, settled_effects(settlement(), body=forged))) == [wrong]


def test_the_inspector_forgets_what_nobody_can_change_any_more() -> None:
    inspector = Inspector()
    for number in range(2 * PERIODS_KEPT):
        period = PERIOD.next(number)
        inspector.inspect(ANN, settled_effects(settlement(period=period)))

    assert len(inspector._ledgers) <= PERIODS_KEPT + 1


# -- devices ---------------------------------------------------------------------------


def home(index: int) -> HomeModel:
    return HomeModel(neighbourhood_specs()[index], seed=1, started_at=STARTED_AT)


def test_a_home_shows_what_stands_in_it() -> None:
    devices: dict[str, list[str]] = {}
    assets: dict[str, Assets] = {}
    for index, spec in enumerate(neighbourhood_specs()):
        image = image_of(spec, home(index).state)
        parts = (image.meters, image.inverters, image.batteries, image.chargers)
        names = [name.removeprefix("demo_") for part in parts for name in part]
        devices[spec.key] = names
        assets[spec.key] = assets_of(spec, home(index).state)

    assert devices["home"] == ["meter", "inverter", "battery", "hydrogen", "charger"]
    assert devices["farm"] == ["meter", "chp"]
    assert devices["turbine"] == ["meter", "wind"]
    assert devices["flat"] == ["meter"]
    assert [str(store.id) for store in assets["home"].stores] == [BATTERY, HYDROGEN]
    assert [str(engine.id) for engine in assets["farm"].generators] == [CHP]
    assert assets["night_shift"].charging_points[0].needed_wh is not None


def test_charging_at_work_is_on_the_same_bill() -> None:
    spec = neighbourhood_specs()[0]
    state = home(0).state
    assert state.car is not None
    away = replace(
        state,
        car=replace(state.car, guest_w=3_680),
        counters=replace(state.counters, guest_wh=500),
    )
    meter = image_of(spec, away).meters[METER]

    assert meter.power_w == state.grid_w + 3_680
    assert meter.import_wh == state.counters.import_wh + 500


def test_every_setpoint_reaches_its_device() -> None:
    until = Instant(5)
    setpoints = (
        PowerSetpoint(device=BATTERY, power_w=-700, expires_at=until),
        PowerSetpoint(device=HYDROGEN, power_w=900, expires_at=until),
        PowerSetpoint(device=CHP, power_w=6_000, expires_at=until),
        CurrentSetpoint(device=CHARGER, current_ma=8_000, expires_at=until),
    )

    assert obeying(NO_COMMANDS, setpoints) == HomeCommands(
        battery=BatteryCommand.setpoint(-700, expires_at=until),
        hydrogen=PowerCommand(power_w=900, expires_at=until),
        chp=PowerCommand(power_w=6_000, expires_at=until),
        charger=ChargerCommand(current_ma=8_000, expires_at=until),
    )
    odd = PowerSetpoint(device=DeviceId("odd"), power_w=1, expires_at=until)
    with pytest.raises(AssertionError, match="no home has"):
        obeying(NO_COMMANDS, (odd,))


def test_outside_only_what_has_no_protocol_obeys_the_node() -> None:
    power = PowerCommand(power_w=1)
    inside = HomeCommands(battery=BatteryCommand.setpoint(1), hydrogen=power, chp=power)
    outside = HomeCommands(battery=BatteryCommand.setpoint(2))

    assert merged(outside, inside) == HomeCommands(
        battery=BatteryCommand.setpoint(2), hydrogen=power, chp=power
    )


def test_gas_is_the_cheaper_the_fuller_its_holder() -> None:
    spec, state = neighbourhood_specs()[1], home(1).state
    assert state.biogas is not None
    costs = [
        assets_of(spec, replace(state, biogas=replace(state.biogas, fill_ppm=fill)))
        .generators[0]
        .cost_micro_per_kwh
        for fill in (0, 500_000, 1_000_000)
    ]

    assert costs == [150_000, 120_000, 90_000]
