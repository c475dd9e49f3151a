"""Settle a whole year, quarter of an hour by quarter of an hour, to the last unit.

``python -m tools.year --periods N --seed S`` lets a street bid, make contracts and
gifts, and meter, with readings that are missing, late, corrected or never come; clears
and settles every period the way nodes do, and adds everything up.  Progress goes to
standard error, one line of JSON to standard output.  Exit 1: something was lost or
invented.
"""

import argparse
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
import json
import random
import sys
import time
from typing import Final

from tools._year_street import (
    BATTERY,
    CHARTER,
    CONFIG,
    CONTRACTS,
    FIRST,
    PARTIES,
    PERIODS_PER_DAY,
    PLANTS,
    TARIFF,
    Moment,
    Street,
    home,
)

# isort: split
from custom_components.commonwatt.engine.ledger.balances import balances, sum_of
from custom_components.commonwatt.engine.ledger.booking import FUND, NETWORK
from custom_components.commonwatt.engine.ledger.certificates import CertificateRegister
from custom_components.commonwatt.engine.ledger.certification import certify
from custom_components.commonwatt.engine.ledger.origin import energy_wh
from custom_components.commonwatt.engine.ledger.provenance import HomeEnergy, trace
from custom_components.commonwatt.engine.ledger.settlement import (
    Settlement,
    correction,
    settle,
)
from custom_components.commonwatt.engine.ledger.tank import MixingTank
from custom_components.commonwatt.engine.model.contract import Contract, ContractId
from custom_components.commonwatt.engine.model.party import PartyId
from custom_components.commonwatt.engine.model.posting import (
    Account,
    AccountKind,
    Unit,
)
from custom_components.commonwatt.engine.model.reading import MeterReading
from custom_components.commonwatt.engine.node.cleared import Cleared, cleared
from custom_components.commonwatt.engine.peer import Book

FATES: Final = {"in time": 92, "late": 4, "corrected": 3, "never": 1}
"""Of a hundred readings."""

PERIODS_A_YEAR: Final = 365 * PERIODS_PER_DAY

type Readings = Mapping[PartyId, MeterReading]


@dataclass(slots=True)
class Year:
    """The books of the street, and what they have to agree with."""

    posted: dict[tuple[Account, Unit], int] = field(default_factory=dict)
    metered_wh: Counter[PartyId] = field(default_factory=Counter)
    """Net import, of all readings that came in the end."""

    counts: Counter[str] = field(default_factory=Counter)
    energy_wh: Counter[str] = field(default_factory=Counter)
    moved_wh: Counter[ContractId] = field(default_factory=Counter)
    """Today."""

    tanks: dict[PartyId, MixingTank] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def left_wh(self) -> dict[ContractId, int]:
        """Return what contracts and gifts may still move in one period of today."""
        return {
            terms.id: min(
                terms.energy_wh_max_day - self.moved_wh[terms.id],
                terms.energy_wh_max if isinstance(terms, Contract) else 1 << 30,
            )
            for terms in CONTRACTS
        }

    def follow(self, moment: Moment, known: Cleared | None, rng: random.Random) -> None:
        """Settle a period as its readings come in, one word after the other."""
        before: Settlement | None = None
        readings: Readings = {}
        for readings, deadline_passed in words(moment, rng, self.counts):
            after = settled(moment, known, readings, deadline_passed=deadline_passed)
            booked = after if before is None else correction(before, after)
            self.counts["settlements" if before is None else "corrections"] += 1
            self.posted = balances(booked.transactions, self.posted)
            before = after
        assert before is not None, "every period is settled"
        for party, reading in readings.items():
            self.metered_wh[party] -= reading.net_export_wh
        self._check_period(before, readings)
        self._count(before)
        self._certify(moment, before, readings)

    def _count(self, settlement: Settlement) -> None:
        for delivery in settlement.deliveries:
            self.energy_wh[delivery.kind] += delivery.energy_wh
        for one in settlement.fulfilled:
            if one.agreement.contract is not None:
                self.moved_wh[one.agreement.contract] += one.energy_wh

    def _check_period(self, settlement: Settlement, readings: Readings) -> None:
        """Nobody is allocated more, or less, than its meter counted."""
        sold: Counter[PartyId] = Counter()
        bought: Counter[PartyId] = Counter()
        for delivery in settlement.deliveries:
            sold[delivery.seller] += delivery.energy_wh
            bought[delivery.buyer] += delivery.energy_wh
        for summary in settlement.parties:
            party, reading = summary.party, readings.get(summary.party)
            if reading is None:
                self._expect(not sold[party] and not bought[party], "unmetered energy")
                continue
            self._expect(
                sold[party] + (summary.retailer_export_wh or 0) == reading.export_wh
                and bought[party] + (summary.retailer_import_wh or 0)
                == reading.import_wh
                and min(
                    summary.retailer_export_wh or 0, summary.retailer_import_wh or 0
                )
                >= 0,
                f"{settlement.period}: energy of {party}",
            )

    def _certify(
        self, moment: Moment, settlement: Settlement, readings: Readings
    ) -> None:
        homes = [energy_of(moment, reading) for reading in readings.values()]
        traced = trace(
            homes,
            settlement.deliveries,
            self.tanks,
            grid_g_per_kwh=CONFIG.rules.grid_g_per_kwh,
        )
        for one in homes:
            origin = traced.homes[one.party]
            self.tanks[one.party] = origin.tank
            self._expect(
                energy_wh(origin.exported) == one.export_wh,
                f"{moment.period}: origin of the export of {one.party}",
            )
        self.energy_wh["certified"] += certify(
            CertificateRegister(),
            community=CONFIG.community,
            period=moment.period,
            exported={party: one.exported for party, one in traced.homes.items()},
            arrivals=traced.arrivals,
        )

    def close(self) -> None:
        """Compare the accounts of the whole year with what was metered."""
        for unit in Unit:
            self._expect(sum_of(self.posted, unit) == 0, f"{unit} do not sum to zero")
        for party in PARTIES:
            account = Account(kind=AccountKind.PARTY, party=party)
            retailer = Account(kind=AccountKind.RETAILER, party=party)
            taken = self.posted.get((account, Unit.WH), 0)
            self._expect(taken == self.metered_wh[party], f"account of {party}")
            self._expect((retailer, Unit.NANO) in self.posted, f"bill of {party}")
        waiting = [a for a, _ in self.posted if a.kind is AccountKind.SUSPENSE]
        self._expect(not waiting, "something still waits for a reading")
        self._expect(self.posted.get((FUND, Unit.NANO), 0) >= 0, "the fund paid")

    def _expect(self, truth: bool, what: str) -> None:  # noqa: FBT001  # as an assertion
        if not truth:
            self.faults.append(what)


def words(
    moment: Moment, rng: random.Random, counts: Counter[str]
) -> Iterator[tuple[Readings, bool]]:
    """Yield what is known of the meters, word by word, and whether it is too late."""
    now: dict[PartyId, MeterReading] = {}
    later: dict[PartyId, MeterReading] = {}
    for party, reading in moment.readings.items():
        (fate,) = rng.choices(tuple(FATES), weights=tuple(FATES.values()))
        counts[fate] += 1
        match fate:
            case "in time":
                now[party] = reading
            case "late":
                later[party] = reading
            case "corrected":
                now[party] = wrong(reading, rng)
                later[party] = reading
            case _:
                pass
    if len(now) < len(moment.readings):
        yield dict(now), False
    yield dict(now), True
    for party, reading in later.items():
        now[party] = reading
        yield dict(now), True


def wrong(reading: MeterReading, rng: random.Random) -> MeterReading:
    """Return what a meter says that is read badly."""
    return MeterReading(
        party=reading.party,
        period=reading.period,
        import_wh=max(0, reading.import_wh + rng.randrange(-80, 80)),
        export_wh=max(0, reading.export_wh + rng.randrange(-80, 80)),
    )


def settled(
    moment: Moment, known: Cleared | None, readings: Readings, *, deadline_passed: bool
) -> Settlement:
    """Settle with the readings that are known."""
    return settle(
        period=moment.period,
        charter=CHARTER,
        result=None if known is None else known.result,
        readings=readings,
        tariffs=dict.fromkeys(PARTIES, TARIFF),
        rules=CONFIG.rules,
        reclearing=None if known is None else known.reclearing,
        agreements=() if known is None else known.agreements(CHARTER),
        deadline_passed=deadline_passed,
    )


def energy_of(moment: Moment, reading: MeterReading) -> HomeEnergy:
    """Return what the meters and devices of one home counted."""
    party, has_battery = reading.party, reading.party == home(BATTERY)
    made_wh = moment.made_wh.get(party, 0)
    return HomeEnergy(
        party=party,
        import_wh=reading.import_wh,
        export_wh=reading.export_wh,
        production=((PLANTS[party], made_wh),) if made_wh else (),
        charged_wh=moment.charged_wh if has_battery else 0,
        discharged_wh=moment.discharged_wh if has_battery else 0,
        stored_wh=moment.stored_wh if has_battery else None,
    )


def live(*, seed: int, periods: int) -> Year:
    """Let the street live; one period in fifty is void."""
    street, rng, year = Street(seed), random.Random(f"readings {seed}"), Year()
    for number in range(periods):
        period = FIRST.next(number)
        if number % PERIODS_PER_DAY == 0:
            year.moved_wh.clear()
        if number % (PERIODS_PER_DAY * 30) == 0:
            print(period, file=sys.stderr, flush=True)
        moment = street.live(period)
        known = None
        if rng.randrange(50):
            reveals = street.reveals(moment, year.left_wh())
            book = Book(
                period=period, proposer=PARTIES[0], attempt=0, reveals=reveals, data=b""
            )
            known = cleared(book, CONFIG)
        else:
            year.counts["void"] += 1
        year.follow(moment, known, rng)
    year.close()
    return year


def figures(year: Year, *, seconds: float, periods: int) -> dict[str, object]:
    """Return what to print."""
    return {
        "periods": periods,
        **{name.replace(" ", "_"): n for name, n in sorted(year.counts.items())},
        **{f"{name}_wh": year.energy_wh[name] for name in sorted(year.energy_wh)},
        "wh_sum": sum_of(year.posted, Unit.WH),
        "nano_sum": sum_of(year.posted, Unit.NANO),
        "fund_nano": year.posted.get((FUND, Unit.NANO), 0),
        "network_nano": year.posted.get((NETWORK, Unit.NANO), 0),
        "faults": len(year.faults),
        "seconds": round(seconds, 1),
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Live, add up, and print the line of JSON."""
    parser = argparse.ArgumentParser(prog="python -m tools.year", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--periods", type=int, default=PERIODS_A_YEAR)
    wishes = parser.parse_args(arguments)
    started = time.perf_counter()
    year = live(seed=wishes.seed, periods=wishes.periods)
    seconds = time.perf_counter() - started
    for fault in year.faults[:20]:
        print(fault, file=sys.stderr)
    print(json.dumps(figures(year, seconds=seconds, periods=wishes.periods)))
    return 1 if year.faults else 0


if __name__ == "__main__":
    sys.exit(main())
