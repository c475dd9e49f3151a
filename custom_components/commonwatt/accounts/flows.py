"""What is counted, period by period, and how much of it a settlement tells."""

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Final

from ..engine.ledger.settlement import PartySummary, Settlement
from ..engine.model.origin import EnergySource
from ..engine.model.period import DeliveryPeriod
from ..engine.model.tariff import Tariff
from ..engine.model.units import cost_nano
from ..engine.node import Event, MixPart, PeriodCorrected, PeriodSettled


class Flow(StrEnum):
    """What is counted, in Wh unless said otherwise; the values name the statistics."""

    RETAILER_IMPORT = "retailer_import"
    RETAILER_COST = "retailer_cost"
    RETAILER_EXPORT = "retailer_export"
    RETAILER_COMPENSATION = "retailer_compensation"
    NEIGHBOURS_BOUGHT = "neighbours_bought"
    NEIGHBOURS_COST = "neighbours_cost"
    NEIGHBOURS_SOLD = "neighbours_sold"
    NEIGHBOURS_EARNINGS = "neighbours_earnings"
    SOLAR = "solar"
    BATTERY_CHARGED = "battery_charged"
    BATTERY_DISCHARGED = "battery_discharged"
    CHARGER = "charger"
    USED_SOLAR = "used_solar"
    USED_WIND = "used_wind"
    USED_HYDRO = "used_hydro"
    USED_BIOGAS = "used_biogas"
    USED_NATURAL_GAS = "used_natural_gas"
    USED_HYDROGEN = "used_hydrogen"
    USED_GRID = "used_grid"
    USED_UNKNOWN = "used_unknown"
    CARBON = "carbon"
    """Greenhouse gases of what was used, in mg."""


type Amounts = Mapping[Flow, int]

MONEY: Final = frozenset(
    {
        Flow.RETAILER_COST,
        Flow.RETAILER_COMPENSATION,
        Flow.NEIGHBOURS_COST,
        Flow.NEIGHBOURS_EARNINGS,
    }
)
"""The flows that are counted in nano-currency."""

SETTLED: Final = (
    Flow.RETAILER_IMPORT,
    Flow.RETAILER_COST,
    Flow.RETAILER_EXPORT,
    Flow.RETAILER_COMPENSATION,
    Flow.NEIGHBOURS_BOUGHT,
    Flow.NEIGHBOURS_COST,
    Flow.NEIGHBOURS_SOLD,
    Flow.NEIGHBOURS_EARNINGS,
)
"""What a settlement tells."""

COUNTED: Final = (
    Flow.SOLAR,
    Flow.BATTERY_CHARGED,
    Flow.BATTERY_DISCHARGED,
    Flow.CHARGER,
)
"""What devices count."""

USED: Final[Mapping[EnergySource, Flow]] = {
    EnergySource.SOLAR: Flow.USED_SOLAR,
    EnergySource.WIND: Flow.USED_WIND,
    EnergySource.HYDRO: Flow.USED_HYDRO,
    EnergySource.BIOGAS: Flow.USED_BIOGAS,
    EnergySource.NATURAL_GAS: Flow.USED_NATURAL_GAS,
    EnergySource.HYDROGEN: Flow.USED_HYDROGEN,
    EnergySource.GRID: Flow.USED_GRID,
    EnergySource.UNKNOWN: Flow.USED_UNKNOWN,
}
"""What the home's use was made of."""


def settlements(
    events: Iterable[Event],
) -> Iterator[tuple[DeliveryPeriod, Settlement]]:
    """Yield what is settled, or settled again: a correction tells how it is now."""
    for event in events:
        if isinstance(event, PeriodSettled):
            yield event.period, event.settlement
        elif isinstance(event, PeriodCorrected):
            yield event.period, event.difference


def settled_amounts(summary: PartySummary, tariff: Tariff | None) -> Amounts:
    """Return what a settled period brought one home; nothing where it is unknown.

    The metered import is split in two that never overlap: what neighbours supplied, and
    what is left for the retailer; the export alike.  Money with neighbours is the net
    of the period: it either earned or paid.
    """
    amounts = {
        Flow.NEIGHBOURS_BOUGHT: summary.bought_wh,
        Flow.NEIGHBOURS_SOLD: summary.sold_wh,
        Flow.NEIGHBOURS_COST: max(0, -summary.earned_nano),
        Flow.NEIGHBOURS_EARNINGS: max(0, summary.earned_nano),
    }
    if summary.retailer_import_wh is not None:
        amounts[Flow.RETAILER_IMPORT] = summary.retailer_import_wh
    if summary.retailer_export_wh is None:
        return amounts
    amounts[Flow.RETAILER_EXPORT] = summary.retailer_export_wh
    if summary.retailer_nano is None or tariff is None:
        return amounts
    compensation_nano = cost_nano(
        energy_wh=summary.retailer_export_wh,
        price_micro_per_kwh=tariff.feed_in_micro_per_kwh,
    )
    amounts[Flow.RETAILER_COMPENSATION] = compensation_nano
    amounts[Flow.RETAILER_COST] = summary.retailer_nano + compensation_nano
    return amounts


def used_amounts(mix: Iterable[MixPart]) -> Amounts:
    """Return what a period's use was made of, and the carbon it carried."""
    amounts = dict.fromkeys((*USED.values(), Flow.CARBON), 0)
    for part in mix:
        amounts[USED[part.source]] += part.energy_wh
        amounts[Flow.CARBON] += part.carbon_mg
    return amounts
