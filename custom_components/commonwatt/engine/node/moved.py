"""What contracts and gifts of this home have moved: by day, and in all.

A period that is not settled counts with all it was pledged for, so that no limit is
passed while meters are still being read.
"""

from collections.abc import Mapping
from typing import Final

from ..ledger.batch import day_of
from ..ledger.settlement import Settlement
from ..model.contract import ContractId
from ..model.party import PartyId
from ..model.period import DAY_MS, PERIOD_MS, DeliveryPeriod

PERIODS_KEPT: Final = 2 * DAY_MS // PERIOD_MS

type EnergyOf = Mapping[ContractId, int]


class Moved:
    """Energy by contract or gift, settled and pledged.  Days are days of UTC."""

    def __init__(self) -> None:
        """Begin with nothing moved."""
        self.totals: Final[dict[ContractId, int]] = {}
        """Settled since the contract began."""

        self._settled: Final[dict[DeliveryPeriod, EnergyOf]] = {}
        self._pledged: Final[dict[DeliveryPeriod, EnergyOf]] = {}

    def pledge(self, period: DeliveryPeriod, energy_wh: EnergyOf) -> None:
        """Count what may move in a period until it is settled."""
        if period not in self._settled and energy_wh:
            self._pledged[period] = energy_wh
            _forget(self._pledged)

    def settle(self, period: DeliveryPeriod, energy_wh: EnergyOf) -> None:
        """Count what did move, in the place of what was said of the period before."""
        self._pledged.pop(period, None)
        for contract, before_wh in self._settled.get(period, {}).items():
            self.totals[contract] = self.totals.get(contract, 0) - before_wh
        for contract, moved_wh in energy_wh.items():
            self.totals[contract] = self.totals.get(contract, 0) + moved_wh
        self._settled[period] = energy_wh
        _forget(self._settled)

    def settled_wh(self, contract: ContractId, day: int) -> int:
        """Return what moved on a day, as far as it is settled."""
        return _sum(self._settled, contract, day)

    def used_wh(self, contract: ContractId, day: int) -> int:
        """Return what moved on a day, or still may."""
        return self.settled_wh(contract, day) + _sum(self._pledged, contract, day)

    def used_in_all_wh(self, contract: ContractId) -> int:
        """Return what moved so far, or still may."""
        pledged = (one.get(contract, 0) for one in self._pledged.values())
        return self.totals.get(contract, 0) + sum(pledged)


def _sum(
    energies: Mapping[DeliveryPeriod, EnergyOf], contract: ContractId, day: int
) -> int:
    return sum(
        energy_wh.get(contract, 0)
        for period, energy_wh in energies.items()
        if day_of(period) == day
    )


def _forget(energies: dict[DeliveryPeriod, EnergyOf]) -> None:
    newest = max(energies)
    for period in sorted(energies):
        if newest.number - period.number < PERIODS_KEPT:
            return
        del energies[period]


def moved_in(
    settlement: Settlement, party: PartyId
) -> tuple[tuple[ContractId, int], ...]:
    """Return what each contract and gift of a party moved in a period, in Wh."""
    moved: dict[ContractId, int] = {}
    for one in settlement.fulfilled:
        contract, trade = one.agreement.contract, one.agreement.trade
        if contract and party in {trade.seller, trade.buyer}:
            moved[contract] = moved.get(contract, 0) + one.energy_wh
    return tuple(sorted(moved.items()))
