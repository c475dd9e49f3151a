"""One seed: a community lives through bad weather, then through clear periods.

The same specification gives the same tale, to the last byte.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Final

from ...model.party import FaultModel, PrivacyMode
from ...model.period import (
    DAY_MS,
    HOUR_MS,
    MINUTE_MS,
    PERIOD_MS,
    DeliveryPeriod,
    Instant,
    after,
)
from ...peer import Fault
from ..homes.dice import Dice
from .assembly import Assembly
from .disk import Disk
from .founding import found, liars_of, voters_of
from .misfortunes import Misfortunes
from .street import Street
from .verdict import (
    RECOVERY_PERIODS,
    differences,
    forgotten_periods,
    is_accounted_for,
    judge_ledgers,
    judge_plot,
    open_periods,
)
from .watch import Breach, Wrong
from .weather import Weather

STARTED_AT: Final = Instant(20_000 * DAY_MS + 8 * HOUR_MS)
FIRST: Final = DeliveryPeriod.containing(STARTED_AT)
HOMES_MIN: Final = 4
HOMES_MAX: Final = 12
HOMES_FEW: Final = 7
"""In every other seed at most so many: the fewer there are, the more each matters."""

PERIODS_MIN: Final = 2
PERIODS_MAX: Final = 4
CLEAR_PERIODS: Final = RECOVERY_PERIODS + 1
"""Within two everything is decided; the third is for its readings.

It takes so long at most: a trial is over as soon as nobody differs from anybody.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialSpec:
    """What is to be lived through."""

    seed: int
    weather: Weather
    homes: int | None = None
    """None: 4 to 12, as the seed has it."""

    periods: int | None = None
    """Delivery periods of bad weather; None: 2 to 4, as the seed has it."""

    privacy: PrivacyMode = PrivacyMode.OPEN
    fault_model: FaultModel = FaultModel.BYZANTINE


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialReport:
    """What came of it."""

    seed: int
    homes: int
    liars: int
    is_plot: bool
    """There were more liars than the charter bears: safety was not promised."""

    breaches: tuple[Breach, ...]
    periods_final: int
    periods_void: int
    periods_forgotten: int
    """Left open because too many lost what they had signed to know what it was."""

    periods_disputed: int
    """With two results, which only a plot can bring about."""

    recovered_within_periods: int
    """How long it took, once the weather was clear, until nothing was open."""

    faults: Counter[Fault]
    """What honest members have blamed others for, reported once for each."""

    tale: tuple[str, ...]
    digest: str
    """Names every letter of the trial: two runs of a seed have the same."""


class Trial:
    """The community, the weather, and the watch."""

    def __init__(self, spec: TrialSpec) -> None:
        """Let everybody move in."""
        dice = Dice(spec.seed, "faults", "trial")
        self._spec: Final = spec
        self.street: Final = Street(spec.weather, seed=spec.seed, started_at=STARTED_AT)
        """Everybody, to be looked at."""

        most = HOMES_MAX if spec.seed % 2 else HOMES_FEW
        homes = spec.homes or dice.between(HOMES_MIN, most)
        self._periods: Final = spec.periods or dice.between(PERIODS_MIN, PERIODS_MAX)
        identities = found(
            spec.seed, homes, privacy=spec.privacy, fault_model=spec.fault_model
        )
        liars = liars_of(identities, spec.weather, dice, at=FIRST)
        self._liars: Final = len(liars)
        self._homes: Final = homes
        self._is_plot: Final = len(liars) > voters_of(identities, FIRST).liars_max
        for identity in identities:
            tricks = liars.get(identity.name, ())
            self.street.move_in(identity, Disk(), tricks=tricks)
            if tricks:
                self._tell(f"{identity.name} lies: {', '.join(sorted(tricks))}")
        for member in self.street.members:
            self.street.start(member)
        self._misfortunes: Final = Misfortunes(
            self.street, spec.weather, seed=spec.seed
        )
        self._assembly: Final = Assembly(self.street, spec.weather, seed=spec.seed)

    def run(self) -> TrialReport:
        """Live through it."""
        street = self.street
        for number in range(1, self._periods + 1):
            self._misfortunes.draw()
            self._assembly.draw()
            street.queue.advance(after(STARTED_AT, number * PERIOD_MS))
        self._misfortunes.end()
        last = DeliveryPeriod.containing(street.now)
        recovered = self._recover(last)
        if self._is_plot:
            judge_plot(street, street.now)
        else:
            judge_ledgers(street, first=FIRST.next(), last=last)
        return self._report(recovered, last)

    def _recover(self, last: DeliveryPeriod) -> int:
        """Return after how many clear periods nothing of before was open.

        The ``last`` period was traded in bad weather, and is metered in clear one.
        """
        street, cleared_at = self.street, self.street.now
        recovered: int | None = None
        for minute in range(1, CLEAR_PERIODS * PERIOD_MS // MINUTE_MS + 1):
            street.queue.advance(after(cleared_at, minute * MINUTE_MS))
            still_open = list(open_periods(street, first=FIRST, last=last))
            if recovered is None and not still_open:
                recovered = -(-minute * MINUTE_MS // PERIOD_MS)
            if minute == RECOVERY_PERIODS * PERIOD_MS // MINUTE_MS:
                for party, period in () if self._is_plot else still_open:
                    street.watch.accuse(Wrong.STILL_OPEN, party, period)
            if recovered is not None and self._is_settled(last):
                return recovered
        return CLEAR_PERIODS + 1 if recovered is None else recovered

    def _is_settled(self, last: DeliveryPeriod) -> bool:
        """Tell whether all that is judged is over and done with."""
        if self.street.now <= last.end:
            return False
        if self._is_plot:
            return is_accounted_for(self.street)
        return not any(differences(self.street, first=FIRST.next(), last=last))

    def _report(self, recovered: int, last: DeliveryPeriod) -> TrialReport:
        watch, results = self.street.watch, self.street.watch.results.values()
        expected = {Wrong.TWO_RESULTS, Wrong.TWO_CHARTERS} if self._is_plot else set()
        void = sum(result is None for result in results)
        return TrialReport(
            seed=self._spec.seed,
            homes=self._homes,
            liars=self._liars,
            is_plot=self._is_plot,
            breaches=tuple(b for b in watch.breaches if b.wrong not in expected),
            periods_final=len(results) - void,
            periods_void=void,
            periods_forgotten=len(
                forgotten_periods(self.street, first=FIRST, last=last)
            ),
            periods_disputed=len(watch.disputed),
            recovered_within_periods=recovered,
            faults=self.street.faults,
            tale=tuple(self.street.diary.lines),
            digest=self.street.diary.digest,
        )

    def _tell(self, text: str) -> None:
        self.street.diary.write(self.street.now, text)
