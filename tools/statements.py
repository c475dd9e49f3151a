"""Let a neighbourhood live, then write down what it came to, member by member.

``script/statements --days D --seed S --out DIR`` writes for every member a statement
as CSV and as a page (English or French), for the organiser the sharing coefficients as
CSV, and for everybody the Merkle root of each day.  Progress goes to standard error,
one line of JSON to standard output.
"""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
import json
from pathlib import Path
import sys
from typing import Final

import tools._engine  # noqa: F401  # the component without its glue

# isort: split
from custom_components.commonwatt.engine.ledger.balances import Balances, balances
from custom_components.commonwatt.engine.ledger.batch import day_of, day_records
from custom_components.commonwatt.engine.ledger.certificates import CertificateRegister
from custom_components.commonwatt.engine.ledger.certification import certify
from custom_components.commonwatt.engine.ledger.coefficients import coefficients_csv
from custom_components.commonwatt.engine.ledger.merkle import (
    is_included,
    merkle_root,
    prove,
)
from custom_components.commonwatt.engine.ledger.origin import Parcel, pooled
from custom_components.commonwatt.engine.ledger.provenance import HomeEnergy, trace
from custom_components.commonwatt.engine.ledger.settlement import Settlement
from custom_components.commonwatt.engine.ledger.statement import state, statement_csv
from custom_components.commonwatt.engine.ledger.statement_page import (
    ENGLISH,
    FRENCH,
    statement_html,
)
from custom_components.commonwatt.engine.ledger.tank import MixingTank
from custom_components.commonwatt.engine.model.origin import (
    EnergySource,
    ProductionDevice,
)
from custom_components.commonwatt.engine.model.party import CommunityId, PartyId
from custom_components.commonwatt.engine.model.period import (
    DAY_MS,
    PERIOD_MS,
    DeliveryPeriod,
    Instant,
)
from custom_components.commonwatt.engine.model.zone import ZoneId
from custom_components.commonwatt.engine.node import PeriodSettled
from custom_components.commonwatt.engine.simulation.homes import HomeState
from custom_components.commonwatt.engine.simulation.neighbourhood import (
    HomeGlance,
    Neighbourhood,
    NeighbourhoodSpec,
)

STARTED_AT: Final = Instant(20_000 * DAY_MS)
PERIODS_PER_DAY: Final = DAY_MS // PERIOD_MS
GRID_G_PER_KWH: Final = 240
"""Life-cycle greenhouse gases of an ordinary European mix."""

COMMUNITY: Final = CommunityId("0" * 64)
LANGUAGES: Final = {"en": ENGLISH, "fr": FRENCH}

PLANTS: Final = (
    ("pv_wh", EnergySource.SOLAR, "photovoltaic", 43),
    ("wind_wh", EnergySource.WIND, "wind turbine", 13),
    ("chp_wh", EnergySource.BIOGAS, "combined heat and power", 230),
)
"""Counter, source, device class, g/kWh: medians of IPCC AR5, WG III, annex III; biogas
after biomass."""


@dataclass(slots=True)
class Books:
    """What the tool keeps while the neighbourhood lives."""

    settlements: list[Settlement] = field(default_factory=list)
    seen: dict[int, tuple[HomeGlance, ...]] = field(default_factory=dict)
    """Homes at the start of each period, by its number."""

    tanks: dict[PartyId, MixingTank] = field(default_factory=dict)
    consumed: dict[PartyId, tuple[Parcel, ...]] = field(default_factory=dict)
    register: CertificateRegister = field(default_factory=CertificateRegister)
    certified_wh: int = 0

    def follow(self, settlement: Settlement) -> None:
        """Trace and certify the energy of a settled period."""
        self.settlements.append(settlement)
        number = settlement.period.number
        before, after = self.seen[number], self.seen[number + 1]
        homes = [
            home
            for old, new in zip(before, after, strict=True)
            if (home := energy_of(settlement, old, new)) is not None
        ]
        traced = trace(
            homes, settlement.deliveries, self.tanks, grid_g_per_kwh=GRID_G_PER_KWH
        )
        for party, origin in traced.homes.items():
            self.tanks[party] = origin.tank
            known = self.consumed.get(party, ())
            self.consumed[party] = pooled((*known, *origin.consumed))
        self.certified_wh += certify(
            self.register,
            community=COMMUNITY,
            period=settlement.period,
            exported={party: home.exported for party, home in traced.homes.items()},
            arrivals=traced.arrivals,
        )


def energy_of(
    settlement: Settlement, before: HomeGlance, after: HomeGlance
) -> HomeEnergy | None:
    """Return what a home's meter and devices counted; None without a reading."""
    summary = settlement.summary(after.party)
    assert summary is not None, "every home is a member"
    if summary.import_wh is None or summary.export_wh is None:
        return None
    old, new = before.state.counters, after.state.counters
    production = tuple(
        (plant(after, counter, source, technology, grams), made)
        for counter, source, technology, grams in PLANTS
        if (made := getattr(new, counter) - getattr(old, counter))
    )
    return HomeEnergy(
        party=after.party,
        import_wh=summary.import_wh,
        export_wh=summary.export_wh,
        production=production,
        charged_wh=new.battery_charged_wh
        - old.battery_charged_wh
        + new.electrolyser_wh
        - old.electrolyser_wh,
        discharged_wh=new.battery_discharged_wh
        - old.battery_discharged_wh
        + new.fuel_cell_wh
        - old.fuel_cell_wh,
        stored_wh=stored_wh(after.state),
    )


def stored_wh(home: HomeState) -> int | None:
    """Return what all stores of a home hold; None without any."""
    stores = [store for store in (home.battery, home.hydrogen) if store is not None]
    return sum(store.stored_wh for store in stores) if stores else None


def plant(
    home: HomeGlance, counter: str, source: EnergySource, technology: str, grams: int
) -> ProductionDevice:
    """Return a plant as certificates describe it."""
    return ProductionDevice(
        id=f"{home.key}/{counter.removesuffix('_wh')}",
        owner=home.party,
        source=source,
        technology=technology,
        capacity_w=0,
        commissioned_on="",
        zone=ZoneId("community"),
        carbon_g_per_kwh=grams,
    )


def live(books: Books, *, seed: int, periods: int) -> Mapping[PartyId, str]:
    """Let the neighbourhood live; return the names of its homes."""
    neighbourhood = Neighbourhood(
        NeighbourhoodSpec(outside=None), seed=seed, started_at=STARTED_AT
    )
    first = DeliveryPeriod.containing(STARTED_AT).number
    last = first + periods
    for number in range(first, last + 2):
        neighbourhood.advance(DeliveryPeriod(number).start)
        books.seen[number] = neighbourhood.homes()
        for event in neighbourhood.drain().report:
            if isinstance(event, PeriodSettled) and event.period.number < last:
                books.follow(event.settlement)
        if number % PERIODS_PER_DAY == 0:
            print(DeliveryPeriod(number), file=sys.stderr, flush=True)
    return {home.party: home.key for home in neighbourhood.homes()}


def daily_roots(books: Books) -> dict[int, str]:
    """Return the root of every day, each record proved against it first."""
    roots: dict[int, str] = {}
    closing: Balances = {}
    for day in sorted({day_of(s.period) for s in books.settlements}):
        settled = [s for s in books.settlements if day_of(s.period) == day]
        closing = balances((t for s in settled for t in s.community), closing)
        certificates = [
            holding.certificate
            for holding in books.register.holdings.values()
            if day_of(holding.certificate.period) == day
        ]
        records = day_records(
            COMMUNITY,
            day,
            settlements=settled,
            closing=closing,
            certificates=certificates,
        )
        root = merkle_root(records)
        assert is_included(records[-1], prove(records, len(records) - 1), root)
        roots[day] = root.hex()
    return roots


def write(
    books: Books, names: Mapping[PartyId, str], folder: Path, *, language: str
) -> int:
    """Write all files; return how many."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {"coefficients.csv": coefficients_csv(books.settlements, names)}
    for party, name in names.items():
        statement = state(party, books.settlements, books.consumed.get(party, ()))
        files[f"{name}.csv"] = statement_csv(statement)
        files[f"{name}.html"] = statement_html(
            statement, name=name, currency="EUR", w=LANGUAGES[language]
        )
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8", newline="")
    return len(files)


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="script/statements", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="of the neighbourhood (1)")
    parser.add_argument("--days", type=int, default=1, help="simulated days (1)")
    parser.add_argument("--out", type=Path, required=True, help="folder to write to")
    parser.add_argument("--language", choices=sorted(LANGUAGES), default="en")
    wishes = parser.parse_args(arguments)
    if wishes.days < 1:
        parser.error("--days is at least 1")
    return wishes


def main(arguments: Sequence[str] | None = None) -> int:
    """Live, write, and print the line of JSON."""
    wishes = parse(arguments)
    books = Books()
    names = live(books, seed=wishes.seed, periods=wishes.days * PERIODS_PER_DAY)
    roots = daily_roots(books)
    written = write(books, names, wishes.out, language=wishes.language)
    print(
        json.dumps(
            {
                "periods": len(books.settlements),
                "local_wh": sum(s.energy_wh for s in books.settlements),
                "certified_wh": books.certified_wh,
                "certificates": len(books.register.holdings),
                "files": written,
                "roots": roots,
            }
        )
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
