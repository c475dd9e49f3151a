"""What this home gained so far: figures of each settled period, and their sums."""

from collections.abc import Iterable
from dataclasses import dataclass

from ..ledger.settlement import PartySummary
from ..model.contract import ContractId
from ..model.period import DeliveryPeriod, Instant, datetime_from_instant
from ..model.units import PPM, div_floor
from .mix import Mix, mixed, taken_back


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """One settled period of this home.  None is unknown, never zero."""

    period: DeliveryPeriod
    bought_wh: int
    sold_wh: int
    saved_nano: int | None
    import_wh: int | None
    export_wh: int | None
    retailer_import_wh: int | None
    consumption_wh: int | None
    mix: Mix = ()
    """What was used was made of; empty if nobody knows."""

    moved: tuple[tuple[ContractId, int], ...] = ()
    """By contracts and gifts of this home, ascending by name."""

    @classmethod
    def of(
        cls,
        period: DeliveryPeriod,
        summary: PartySummary,
        *,
        consumption_wh: int | None,
        mix: Mix = (),
        moved: tuple[tuple[ContractId, int], ...] = (),
    ) -> Figures:
        """Take the figures from the settlement of a period."""
        return cls(
            period=period,
            bought_wh=summary.bought_wh,
            sold_wh=summary.sold_wh,
            saved_nano=summary.saved_nano,
            import_wh=summary.import_wh,
            export_wh=summary.export_wh,
            retailer_import_wh=summary.retailer_import_wh,
            consumption_wh=consumption_wh,
            mix=mix,
            moved=moved,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Sums over all settled periods since the journal began."""

    settled_periods: int = 0
    bought_wh: int = 0
    sold_wh: int = 0
    saved_nano: int = 0
    month: int = 0
    """The latest month of UTC in which a period was settled, counted from 1970."""

    month_mix: Mix = ()
    """What was used in that month was made of."""

    def plus(self, figures: Figures) -> Totals:
        """Return the totals with one more settled period."""
        month = max(self.month, month_of(figures.period))
        mix = self.month_mix if month == self.month else ()
        if month == month_of(figures.period):
            mix = mixed((*mix, *figures.mix))
        return Totals(
            settled_periods=self.settled_periods + 1,
            bought_wh=self.bought_wh + figures.bought_wh,
            sold_wh=self.sold_wh + figures.sold_wh,
            saved_nano=self.saved_nano + (figures.saved_nano or 0),
            month=month,
            month_mix=mix,
        )

    def minus(self, figures: Figures) -> Totals:
        """Return the totals without a settled period, as before it was settled."""
        mix = self.month_mix
        if self.month == month_of(figures.period):
            mix = mixed((*mix, *taken_back(figures.mix)))
        return Totals(
            settled_periods=self.settled_periods - 1,
            bought_wh=self.bought_wh - figures.bought_wh,
            sold_wh=self.sold_wh - figures.sold_wh,
            saved_nano=self.saved_nano - (figures.saved_nano or 0),
            month=self.month,
            month_mix=mix,
        )


def month_of(period: DeliveryPeriod) -> int:
    """Return the month of UTC a period starts in, counted from January 1970."""
    start = datetime_from_instant(period.start)
    return (start.year - 1970) * 12 + start.month - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """Sums over the settled periods of one day."""

    saved_nano: int | None
    """None where no period's saving is known: nobody knows the tariff."""

    import_wh: int
    export_wh: int
    local_share_ppm: int | None
    """Share of the metered import that came from neighbours."""

    self_sufficiency_ppm: int | None
    """Share of the consumption that the retailer did not supply."""

    mix: Mix
    """What was used was made of, as far as it is known."""

    @classmethod
    def since(cls, started_at: Instant, figures: Iterable[Figures]) -> Day:
        """Add up the periods that lie in the day."""
        today = [one for one in figures if one.period.start >= started_at]
        return cls(
            saved_nano=_saved_nano(today),
            import_wh=sum(one.import_wh or 0 for one in today),
            export_wh=sum(one.export_wh or 0 for one in today),
            local_share_ppm=_local_share_ppm(today),
            self_sufficiency_ppm=_self_sufficiency_ppm(today),
            mix=mixed(part for one in today for part in one.mix),
        )


def _saved_nano(today: list[Figures]) -> int | None:
    known = [one.saved_nano for one in today if one.saved_nano is not None]
    return sum(known) if known or not today else None


def _local_share_ppm(today: list[Figures]) -> int | None:
    known = [(one.bought_wh, one.import_wh) for one in today if one.import_wh]
    import_wh = sum(import_wh for _, import_wh in known)
    bought_wh = sum(bought_wh for bought_wh, _ in known)
    return div_floor(min(bought_wh, import_wh) * PPM, import_wh) if import_wh else None


def _self_sufficiency_ppm(today: list[Figures]) -> int | None:
    known = [
        (one.retailer_import_wh, one.consumption_wh)
        for one in today
        if one.retailer_import_wh is not None and one.consumption_wh is not None
    ]
    used_wh = sum(used_wh for _, used_wh in known)
    bought_wh = sum(bought_wh for bought_wh, _ in known)
    if used_wh == 0:
        return None
    return div_floor(max(0, used_wh - bought_wh) * PPM, used_wh)
