"""Plans the home again and again: when a period begins, and when something changed.

A new plan takes the place of the old one only when it is there and checked; until then,
and whatever fails, the old one stays.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HassJob, HomeAssistant, callback
from homeassistant.helpers.debounce import Debouncer
from homeassistant.helpers.event import async_track_utc_time_change
from homeassistant.helpers.start import async_at_started

from ..const import LOGGER
from ..drivers.solver import Solver
from ..engine.devices import DeviceId, ProcessImage
from ..engine.dispatch import AssetId
from ..engine.dispatch.home import HomePlan, HomeProblem, Position
from ..engine.model.period import PERIOD_MS, DeliveryPeriod, Instant
from ..engine.model.tariff import Tariff
from ..engine.model.units import PPM
from ..forecasting.runtime import Forecasts
from ..home import HomeRuntime
from ..market_feed import MarketFeed
from .appliances import PlannedAppliance
from .belongings import Belongings
from .expectation import LoneCar, scenarios_of, sun_low_w
from .home_problem import HomeNow, horizon_of, problem_of
from .issue import FallbackWatch
from .outlook import Outlook
from .sessions import Sessions
from .spending import Spending
from .wishes import Wishes

if TYPE_CHECKING:
    from .neighbours import NeighbourOffers

DEBOUNCE_S: Final = 10
"""Shortest time between two plans: news come in swarms."""

DEBOUNCE_SIMULATED_S: Final = 1
"""Simulated time flies."""

DRIFT_PPM: Final = 50_000
"""A battery that far off its plan, in parts of its capacity, wants a new one."""

QUARTERS: Final = (0, 15, 30, 45)
BEGIN_SECOND: Final = 3
"""A little after a period began, so that its first readings are in."""


class PlanRuntime:
    """The plan of one home, while its entry is loaded."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry,
        home: HomeRuntime,
        feed: MarketFeed,
        belongings: Belongings,
        *,
        outlook: Outlook,
        forecasts: Forecasts,
    ) -> None:
        self.plan: HomePlan | None = None
        self.problem: HomeProblem | None = None
        """What ``plan`` was made for."""

        self.made_at: Instant | None = None
        self.offers: NeighbourOffers | None = None
        """What neighbours are likely to sell and take, where there are any."""

        self.wishes: Final = Wishes()
        self.home: Final = home
        self.belongings: Final = belongings
        self._hass: Final = hass
        self._entry: Final = entry
        self._feed: Final = feed
        self._outlook: Final = outlook
        self.spending: Final = Spending(outlook.tariff_in)
        self.forecasts: Final = forecasts
        self._sessions: Final = Sessions()
        self._solver: Final = Solver()
        self._listeners: Final[list[Callable[[], None]]] = []
        self._watch: Final = FallbackWatch(hass, entry)
        self._tariff: Tariff | None = None
        self._plugged: frozenset[DeviceId] = frozenset()
        self._period: DeliveryPeriod | None = None
        self._sees_ahead = False
        self._is_closed = False
        self._debouncer: Final = Debouncer(
            hass,
            LOGGER,
            cooldown=DEBOUNCE_SIMULATED_S if home.simulated else DEBOUNCE_S,
            immediate=True,
            function=self._replan,
            background=True,
        )

    # ------------------------------------------------------------ start and stop

    async def async_start(self) -> None:
        """Begin to plan once Home Assistant is up: a start is busy enough."""
        entry = self._entry
        entry.async_on_unload(self._feed.async_listen(self._settled))
        entry.async_on_unload(self.home.async_add_listener(self._news))
        entry.async_on_unload(self.forecasts.async_listen(self._foreseen))
        entry.async_on_unload(
            async_track_utc_time_change(
                self._hass, self._period_began, minute=QUARTERS, second=BEGIN_SECOND
            )
        )
        entry.async_on_unload(async_at_started(self._hass, self._started))
        entry.async_on_unload(self._debouncer.async_shutdown)
        entry.async_on_unload(self._close)
        entry.async_on_unload(self._hass.async_add_shutdown_job(HassJob(self._close)))

    async def _close(self) -> None:
        """Make no more plans: a worker that starts now would never be let go."""
        self._is_closed = True
        await self._solver.close()

    @callback
    def async_listen(self, listener: Callable[[], None]) -> CALLBACK_TYPE:
        """Call ``listener`` whenever there is a new plan, or a new step of it."""
        self._listeners.append(listener)

        @callback
        def remove() -> None:
            self._listeners.remove(listener)

        return remove

    # ------------------------------------------------------------ what others ask

    @property
    def now(self) -> Instant:
        """The home's own time."""
        return self.home.clock()

    def carbon_in(self, period: DeliveryPeriod) -> int | None:
        """Return the grid's g per kWh in a period, as plans go by it; None: unknown."""
        return self._outlook.carbon_in(period, self.now)

    @callback
    def async_request(self) -> None:
        """Ask for a new plan: something it rests on has changed."""
        if self._hass.is_running:
            self._debouncer.async_schedule_call()

    @callback
    def async_wishes_changed(self) -> None:
        """Show what was wished, and plan anew with it."""
        self._tell()
        self.async_request()

    @property
    def appliances(self) -> tuple[PlannedAppliance, ...]:
        """What may wait."""
        return self.belongings.appliances

    @property
    def names(self) -> Mapping[str, str]:
        """How people call the assets of the plan."""
        names: dict[str, str] = {d.config.id: d.config.name for d in self.home.devices}
        return {**names, **self.belongings.names}

    # ------------------------------------------------------------------ occasions

    async def _started(self, _hass: HomeAssistant) -> None:
        self.async_request()

    @callback
    def _period_began(self, _moment: datetime) -> None:
        self.async_request()

    @callback
    def _settled(self) -> None:
        if self._feed.status is not None:
            self.spending.take(self._feed.status)

    @callback
    def _news(self) -> None:
        """Look whether what the devices say makes the plan old."""
        image = self.home.image()
        self._sessions.observe(image)
        plugged = frozenset(d for d, s in image.chargers.items() if s.connected)
        period = DeliveryPeriod.containing(image.taken_at)
        tariff = self.home.tariff()
        seen = (plugged, tariff, period)
        if seen != (self._plugged, self._tariff, self._period) or self._has_drifted():
            self._plugged, self._tariff, self._period = seen
            self.async_request()

    @callback
    def _foreseen(self) -> None:
        """Plan anew once there are forecasts; later ones wait for the next period."""
        expected = self.forecasts.foresight.expected
        known = expected is not None and bool(expected.paths)
        if known and not self._sees_ahead:
            self.async_request()
        self._sees_ahead = known

    def _has_drifted(self) -> bool:
        if self.plan is None:
            return True
        step = self.plan.horizon.step_at(self.now)
        if step is None:
            return True
        for device, state in self.home.image().batteries.items():
            planned = self.plan.asset(AssetId(device))
            if planned is None or not planned.stored_wh or state.stored_wh is None:
                continue
            capacity_wh = state.capacity_wh or 0
            # Where in the step we are, nobody knows to the minute: both ends count.
            ends = planned.stored_wh[max(0, step - 1) : step + 1]
            drift_wh = min(abs(state.stored_wh - end) for end in ends)
            if drift_wh * PPM > capacity_wh * DRIFT_PPM:
                return True
        return False

    # ------------------------------------------------------------------- planning

    async def _replan(self) -> None:
        if self.offers is not None:
            await self.offers.async_look(self.home.tariff())
        if self._is_closed:
            return
        problem = self.problem_now()
        plan = await self._solver.plan(problem)
        self.plan, self.problem, self.made_at = plan, problem, self.now
        self._watch.take(plan, self.now)
        self._tell()

    def problem_now(self) -> HomeProblem:
        """Return the home as it is now, as the optimiser takes it."""
        image, belongings = self.home.image(), self.belongings
        horizon = horizon_of(image.taken_at)
        now = HomeNow(
            image=image,
            prices=self._outlook.prices(horizon),
            expected=scenarios_of(
                self.forecasts.foresight, horizon, self._cars_left_alone(image)
            ),
            sun_low_w=sun_low_w(self.forecasts.foresight, horizon),
            given_wh=self._sessions.given_wh(image),
            position=self._position(),
            tranches=() if self.offers is None else self.offers.tranches,
            machines=tuple(
                machine.seen(self._hass, horizon) for machine in belongings.machines
            ),
            capacity=belongings.grid.capacity(self._hass),
            stored_in_cars_wh={
                car.charger: car.stored_wh(self._hass) for car in belongings.cars
            },
        )
        return problem_of(now, self.wishes, belongings)

    def _cars_left_alone(self, image: ProcessImage) -> tuple[LoneCar, ...]:
        """Return the cars that no plan steers: they take what they want."""
        told = {car.charger: car for car in self.belongings.cars}
        return tuple(
            LoneCar(
                device=device,
                state=state,
                back_at=told[device].back_at(image.taken_at)
                if device in told
                else None,
            )
            for device, state in sorted(image.chargers.items())
            if not state.connected
            or (device not in told and self.wishes.car(device).target_wh <= 0)
        )

    def _position(self) -> Position | None:
        status = self._feed.status
        if status is None or not status.position_wh:
            return None
        if status.period.end <= self.now - PERIOD_MS:
            return None
        return Position(period=status.period, sold_wh=status.position_wh)

    @callback
    def _tell(self) -> None:
        for listener in list(self._listeners):
            listener()
