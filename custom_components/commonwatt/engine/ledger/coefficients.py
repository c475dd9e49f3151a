"""The final sharing of a community as a table an organiser sends to the grid operator.

Layout: docs/reference/sharing-keys.md.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from ..model.party import PartyId
from ..model.period import DeliveryPeriod, Instant, datetime_from_instant
from ..model.units import PPM, apportion
from .settlement import Settlement
from .tables import csv_text

HEADER: Final = (
    "period_start",
    "period_end",
    "producer",
    "consumer",
    "energy_wh",
    "coefficient_ppm",
)
GRID: Final = "grid"
"""Stands in the consumer's place for what the community did not take."""


def coefficients_csv(
    settlements: Iterable[Settlement],
    metering_points: Mapping[PartyId, str] | None = None,
) -> str:
    """Return the coefficients of settled periods, ascending by time and parties.

    One row for each producer and consumer that shared energy and one for the rest of
    the producer's export; the coefficients of a producer and period add up to one
    million.  Parties are named by ``metering_points`` where they have an entry.
    Producers without a reading are left out: nothing about them is final.
    """
    names = metering_points or {}
    rows: list[tuple[str | int, ...]] = [HEADER]
    for settlement in sorted(settlements, key=lambda s: s.period):
        for producer, shared in _by_producer(settlement).items():
            export_wh = sum(shared.values())
            consumers = sorted(shared)
            shares = apportion(
                PPM if export_wh else 0,
                [shared[consumer] for consumer in consumers],
                [consumer.encode() for consumer in consumers],
            )
            rows += [
                (
                    *_interval(settlement.period),
                    names.get(producer, producer),
                    names.get(consumer, consumer) if consumer else GRID,
                    shared[consumer],
                    ppm,
                )
                for consumer, ppm in zip(consumers, shares, strict=True)
                if shared[consumer]
            ]
    return csv_text(rows)


def _by_producer(settlement: Settlement) -> dict[PartyId, dict[PartyId, int]]:
    """Return what each producer's metered export went into; the grid is nobody."""
    shared: dict[PartyId, dict[PartyId, int]] = {
        summary.party: {PartyId(""): summary.retailer_export_wh}
        for summary in settlement.parties
        if summary.retailer_export_wh is not None
    }
    for delivery in settlement.deliveries:
        row = shared.get(delivery.seller)
        if row is not None:
            row[delivery.buyer] = row.get(delivery.buyer, 0) + delivery.energy_wh
    return shared


def _interval(period: DeliveryPeriod) -> tuple[str, str]:
    return _stamp(period.start), _stamp(period.end)


def _stamp(instant: Instant) -> str:
    return f"{datetime_from_instant(instant):%Y-%m-%dT%H:%M:%SZ}"
