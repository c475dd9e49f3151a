"""What a settled period was for this home: figures, and what its energy was made of."""

from ..ledger.settlement import Settlement
from ..model.party import PartyId
from .docket import Docket
from .mix import Mix
from .moved import moved_in
from .origins import Origins
from .totals import Figures


class OwnPart:
    """This home's view of what the community settled."""

    def __init__(self, party: PartyId, origins: Origins) -> None:
        """Look for ``party``, which stores energy as ``origins`` knows."""
        self._party = party
        self._origins = origins

    def figures(
        self, docket: Docket, settlement: Settlement, *, earlier: Figures | None
    ) -> Figures:
        """Return this home's part; the first time, what was charged is stored.

        ``earlier``: what was said of the period before a correction.
        """
        summary = settlement.summary(self._party)
        assert summary is not None, "this node is a member"
        return Figures.of(
            docket.period,
            summary,
            consumption_wh=docket.consumption_wh,
            mix=self._mix(docket, settlement, earlier),
            moved=moved_in(settlement, self._party),
        )

    def _mix(
        self, docket: Docket, settlement: Settlement, earlier: Figures | None
    ) -> Mix:
        own, report = docket.own, docket.reports.get(self._party)
        if report is None or report.revision:
            return ()  # what the devices counted is not what is settled
        if own is None:
            return () if earlier is None else earlier.mix
        inside = self._origins.used(own, settlement, docket.exports, docket.origins)
        if earlier is None:
            self._origins.tank = inside.tank
        return self._origins.mix(inside.consumed)
