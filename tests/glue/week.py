"""A week of a home that settles with neighbours: statistics against its journal.

Three real nodes live 672 periods, with a correction, a restart in the middle of an hour
and the night when clocks are set back; one of them is Home Assistant's.  What it writes
goes into a journal on disk, what it reports into a real recorder.  Takes half a minute:
``script/verify week`` runs it, ``script/test`` does not.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import accumulate
from pathlib import Path
from typing import Final, Literal, override
from zoneinfo import ZoneInfo

from homeassistant.components.recorder import get_instance
from homeassistant.components.recorder.statistics import statistics_during_period
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)

from custom_components.commonwatt.accounts.flows import MONEY, USED, Flow
from custom_components.commonwatt.accounts.home import FLOWS
from custom_components.commonwatt.accounts.statistics import statistic_id
from custom_components.commonwatt.drivers.journal import SQLiteJournal, inspect
from custom_components.commonwatt.engine.devices import (
    InverterState,
    MeterState,
    ProcessImage,
)
from custom_components.commonwatt.engine.ledger.journal import EntryKind, JournalEntry
from custom_components.commonwatt.engine.model.party import PartyId
from custom_components.commonwatt.engine.model.period import (
    HOUR_MS,
    MINUTE_MS,
    PERIODS_PER_HOUR,
    DeliveryPeriod,
    Instant,
    after,
)
from custom_components.commonwatt.engine.model.posting import AccountKind, Unit
from custom_components.commonwatt.engine.model.reading import MeterReading
from custom_components.commonwatt.engine.model.tariff import Tariff
from custom_components.commonwatt.engine.node import Event, Node, PeriodCorrected
from custom_components.commonwatt.engine.node.settled_records import (
    read_postings,
    read_settled,
    read_transactions,
)
from tests.engine.node import street
from tests.glue.test_scores import add_sharing_home, data_of

pytestmark = [
    pytest.mark.usefixtures("recorder_mock"),
    pytest.mark.timeout(900),
]

ZONE: Final = ZoneInfo("Europe/Paris")
BEGIN: Final = Instant(int(datetime(2026, 10, 22, tzinfo=ZONE).timestamp()) * 1000)
"""A Thursday; on Sunday clocks go back."""

LOOK_MS: Final = 5 * MINUTE_MS
"""How often homes look at their devices."""

WEEK: Final = 7 * 96
HOURS: Final = WEEK // PERIODS_PER_HOUR
LATE: Final = 300
"""The period whose reading is corrected ten periods later."""

RESTART: Final = 401
"""The period after which Home Assistant starts anew: not the last of its hour."""

type Watt = Callable[[int], int]
"""Power in an hour of the week."""


@dataclass(kw_only=True)
class Home(street.Home):
    """A home whose powers change from hour to hour."""

    load_w: Watt
    sun_w: Watt
    _counted: dict[str, list[int]] = field(default_factory=dict)

    @override
    def image(self, now: Instant) -> ProcessImage:
        hour, ms = divmod(now - BEGIN, HOUR_MS)
        load_w, pv_w = self.load_w(hour), self.sun_w(hour)
        net_w = load_w - pv_w
        taken_wh = self._until("in", hour) + max(0, net_w) * ms // HOUR_MS
        given_wh = self._until("out", hour) + max(0, -net_w) * ms // HOUR_MS
        made_wh = self._until("made", hour) + pv_w * ms // HOUR_MS
        meter = MeterState(
            measured_at=now, power_w=net_w, import_wh=taken_wh, export_wh=given_wh
        )
        roof = InverterState(measured_at=now, power_w=pv_w, energy_wh=made_wh)
        return ProcessImage(
            taken_at=now, meters={street.METER: meter}, inverters={street.ROOF: roof}
        )

    def _until(self, counter: str, hour: int) -> int:
        if not self._counted:
            nets = [self.load_w(h) - self.sun_w(h) for h in range(HOURS + 24)]
            self._counted = {
                "in": [0, *accumulate(max(0, net) for net in nets)],
                "out": [0, *accumulate(max(0, -net) for net in nets)],
                "made": [0, *accumulate(map(self.sun_w, range(HOURS + 24)))],
            }
        return self._counted[counter][hour]


HOMES: Final[Mapping[str, tuple[Watt, Watt]]] = {
    "Ann": (lambda h: 401 + h * 37 % 613, lambda _: 0),
    "Ben": (
        lambda h: 263 + h * 53 % 211,
        lambda h: (1_800 + h * 11 % 901) if 8 <= h % 24 < 18 else 0,
    ),
    "Cat": (
        lambda h: 307 + h * 71 % 499,
        lambda h: 900 if 11 <= h % 24 < 14 else 0,
    ),
}


class Week(street.Street):
    """Three homes that keep no log: only journals, and what they report."""

    def __init__(self, tariff: Tariff | None) -> None:
        """Let everybody move in."""
        super().__init__(*((name, 0, 0) for name in HOMES), tariff=tariff)
        for name, (load_w, sun_w) in HOMES.items():
            known = self.homes[name]
            self.homes[name] = Home(
                name=name,
                net_w=0,
                load_w=load_w,
                sun_w=sun_w,
                journal=known.journal,
                reports=known.reports,
            )

    @override
    def _carry_out(self, name: str) -> bool:
        effects = self.nodes[name].effects()
        self.homes[name].journal.extend(effects.persist)
        self.homes[name].reports.extend(effects.report)
        for outgoing in effects.send:
            for other in self._listeners(name, outgoing):
                self.nodes[other].receive(outgoing.data, self.now)
        return bool(effects)


class Resident:
    """The home of Home Assistant among the three: its journal and what it reports."""

    def __init__(self, week: Week, name: str, path: Path) -> None:
        """Begin its journal."""
        self.week, self.name, self.path = week, name, path
        self.party: PartyId = week.parties[name]
        self.journal = SQLiteJournal.open(path, now=week.now).journal

    @property
    def node(self) -> Node:
        """The home's node; another one after a restart."""
        return self.week.nodes[self.name]

    async def ask[Answer](self, question: Callable[[Node, Instant], Answer]) -> Answer:
        """Ask the node as Home Assistant does."""
        return question(self.node, self.week.now)

    def move_in(self, entry: MockConfigEntry) -> None:
        """Be the home of an entry."""
        data = data_of(entry)
        data.ask = self.ask
        data.market.party = self.party

    async def live(
        self, hass: HomeAssistant, entry: MockConfigEntry, until: Instant
    ) -> None:
        """Live on; first write down, then tell."""
        self.week.run(until)
        home = self.week.homes[self.name]
        self.journal.append(home.journal[self.journal.count :])
        events: list[Event] = [*home.reports]
        home.reports.clear()
        status = self.node.status(self.week.now, day_started_at=BEGIN)
        data_of(entry).market.publish(status, events)
        await hass.async_block_till_done()


type Hourly = Counter[tuple[int, Flow]]
"""By hour since the epoch and flow; in Wh, nano or mg."""


def journaled(path: Path, party: PartyId, tariff: Tariff) -> Hourly:
    """Return what the journal on disk says of a home, hour by hour."""
    entries: list[JournalEntry] = []
    found = inspect(path, visit=lambda _number, entry, _digest: entries.append(entry))
    assert found.damage is None
    figures, earned, billed = {}, Counter[DeliveryPeriod](), Counter[DeliveryPeriod]()
    balance_wh = 0
    for entry in entries:
        if entry.kind not in {EntryKind.SETTLED, EntryKind.CORRECTED}:
            continue
        record = read_settled(entry.body)
        period = record.figures.period
        figures[period] = record.figures
        assert record.tariff == tariff
        for transaction in read_transactions(entry.body):
            for posting in transaction.postings:
                if posting.unit is Unit.NANO and posting.account.party == party:
                    if posting.account.kind is AccountKind.RETAILER:
                        billed[period] += posting.amount
                    elif posting.account.kind is AccountKind.PARTY:
                        earned[period] += posting.amount
        balance_wh += sum(
            posting.amount
            for posting in read_postings(entry.body)
            if posting.unit is Unit.WH
        )
    assert balance_wh == 0
    hourly: Hourly = Counter()
    for period, figure in figures.items():
        assert figure.import_wh is not None
        assert figure.export_wh is not None
        hour = period.number // PERIODS_PER_HOUR
        feed_in = (figure.export_wh - figure.sold_wh) * tariff.feed_in_micro_per_kwh
        # What the retailer got is what the home paid it: no part of what it earned.
        community = earned[period] + billed[period]
        hourly[hour, Flow.NEIGHBOURS_BOUGHT] += figure.bought_wh
        hourly[hour, Flow.NEIGHBOURS_SOLD] += figure.sold_wh
        hourly[hour, Flow.RETAILER_IMPORT] += figure.import_wh - figure.bought_wh
        hourly[hour, Flow.RETAILER_EXPORT] += figure.export_wh - figure.sold_wh
        hourly[hour, Flow.NEIGHBOURS_COST] += max(0, -community)
        hourly[hour, Flow.NEIGHBOURS_EARNINGS] += max(0, community)
        hourly[hour, Flow.RETAILER_COST] += billed[period] + feed_in
        hourly[hour, Flow.RETAILER_COMPENSATION] += feed_in
        for part in figure.mix:
            hourly[hour, USED[part.source]] += part.energy_wh
            hourly[hour, Flow.CARBON] += part.carbon_mg
    return hourly


def factor(flow: Flow) -> int:
    """Return how many Wh, nano or mg a statistic counts as one."""
    if flow in MONEY:
        return 1_000_000_000
    return 1_000_000 if flow is Flow.CARBON else 1_000


async def rows(
    hass: HomeAssistant, entry: MockConfigEntry, length: Literal["hour", "day"]
) -> Iterator[tuple[Flow, datetime, int, int]]:
    """Return flow, local start, amount and total of every row in the recorder."""
    ids = {statistic_id(entry.entry_id, flow): flow for flow in FLOWS}
    found = await get_instance(hass).async_add_executor_job(
        statistics_during_period,
        hass,
        dt_util.utc_from_timestamp(0),
        None,
        {*ids},
        length,
        None,
        {"change", "sum"},
    )
    assert found.keys() == ids.keys()
    return (
        (
            flow,
            datetime.fromtimestamp(row["start"], ZONE),
            round((row["change"] or 0) * factor(flow)),
            round((row["sum"] or 0) * factor(flow)),
        )
        for key, flow in ids.items()
        for row in found[key]
    )


async def test_a_week_of_statistics_is_the_journal_to_the_wh_and_nano(
    hass: HomeAssistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hass.config.config_dir = str(tmp_path)
    hass.loop.set_debug(enabled=False)
    await hass.config.async_set_time_zone(ZONE.key)
    monkeypatch.setattr(street, "START", BEGIN)
    monkeypatch.setattr(street, "MINUTE_MS", LOOK_MS)
    entry = await add_sharing_home(hass)
    tariff = data_of(entry).home.tariff()
    assert tariff is not None
    cat = Resident(Week(tariff), "Cat", tmp_path / "week.db")
    cat.move_in(entry)
    first = DeliveryPeriod.containing(BEGIN)

    for number in range(WEEK):
        settled_by = after(first.next(number).end, 10 * MINUTE_MS)
        if number == LATE + 10:
            late = cat.node.figures(first.next(LATE))
            assert late is not None
            assert late.import_wh is not None
            assert late.export_wh is not None
            right = MeterReading(
                party=cat.party,
                period=first.next(LATE),
                import_wh=late.import_wh + 7,
                export_wh=late.export_wh,
            )
            assert cat.node.correct_reading(right, cat.week.now) is None
        await cat.live(hass, entry, settled_by)
        if number == RESTART:
            assert await hass.config_entries.async_reload(entry.entry_id)
            cat.week.crash("Cat")
            cat.week.wake("Cat")
            cat.move_in(entry)

    await async_wait_recording_done(hass)
    cat.journal.close()
    heard = cat.week.reported("Ann", PeriodCorrected)
    assert {event.period for event in heard} == {first.next(LATE)}
    truth = journaled(cat.path, cat.party, tariff)

    totals: Counter[Flow] = Counter()
    hours = [*await rows(hass, entry, "hour")]
    assert len({start for _, start, _, _ in hours}) >= HOURS - 1
    for flow, start, amount, total in hours:
        hour = int(start.timestamp()) // 3600
        totals[flow] += truth[hour, flow]
        assert (flow, start, amount) == (flow, start, truth[hour, flow])
        assert (flow, start, total) == (flow, start, totals[flow])
    for flow in FLOWS:
        assert totals[flow] == sum(n for (_, f), n in truth.items() if f is flow)

    by_day: Counter[tuple[Flow, str]] = Counter()
    for (hour, flow), amount in truth.items():
        day = datetime.fromtimestamp(hour * 3600, ZONE).date()
        by_day[flow, day.isoformat()] += amount
    days = [*await rows(hass, entry, "day")]
    for flow, start, amount, _ in days:
        assert amount == by_day[flow, start.date().isoformat()]
    lengths = Counter(
        datetime.fromtimestamp(hour * 3600, ZONE).date()
        for hour in {hour for hour, _ in truth}
    )
    assert max(lengths.values()) == 25, "the night when clocks were set back"

    unused = {Flow.USED_HYDRO, Flow.USED_NATURAL_GAS, Flow.USED_HYDROGEN}
    unused |= {Flow.USED_WIND, Flow.USED_BIOGAS}
    assert {flow for flow in FLOWS if not totals[flow]} <= {*unused, Flow.USED_UNKNOWN}
    await hass.config_entries.async_unload(entry.entry_id)
