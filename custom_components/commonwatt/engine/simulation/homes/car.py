"""An electric car: driven, charged at home, and a guest at the workplace."""

from typing import Final

from ...model.period import Instant
from ...model.units import PPM
from .commands import ChargerCommand, PowerCommand
from .journeys import Journey, Journeys
from .spec import CHARGING_CURRENT_MA_MIN, CarSpec
from .state import CarState, Place
from .store import MJ_PER_WH, Store

GUEST_POWER_W: Final = 3_680
"""What the charging point at work gives by itself: 16 A in one phase."""


class Car:
    """Decides for a span of time, then lets that time pass."""

    def __init__(self, spec: CarSpec, journeys: Journeys) -> None:
        self.spec = spec
        self._journeys = journeys
        self._store = Store(
            capacity_wh=spec.capacity_wh,
            fill_ppm=spec.soc_ppm_start,
            charge_efficiency_ppm=spec.efficiency_ppm,
            discharge_efficiency_ppm=PPM,
        )
        self._place = Place.HOME
        self._drain_w = 0
        self._offered_ma = 0
        self._session_mj = 0
        self.charger_w = 0
        self.guest_w = 0

    def decide(
        self,
        *,
        at: Instant,
        charger: ChargerCommand | None,
        guest: PowerCommand | None,
        span_ms: int,
    ) -> int:
        """Find where the car is; choose the power of the home's charging point."""
        journey = self._journeys.current(at)
        self._place = Place.HOME if journey is None else journey.place(at)
        self._offered_ma = self._offer(at, charger)
        self.charger_w = self.guest_w = 0
        able_w = self._able_w(span_ms)
        match self._place:
            case Place.HOME:
                self.charger_w = min(self.spec.power_w(self._offered_ma), able_w)
            case Place.WORK:
                wanted_w = GUEST_POWER_W if guest is None else max(0, guest.power_w)
                self.guest_w = min(wanted_w, able_w)
            case Place.ROAD | Place.AWAY:
                pass
        self._drain_w = self._store.drain_w(-self.charger_w - self.guest_w)
        if journey is not None and self._place is Place.ROAD:
            self._drain_w = min(journey.road_w, self._store.giving_w_max(span_ms))
        return self.charger_w

    def pass_time(self, span_ms: int) -> None:
        """Drive or charge; a session ends when the car leaves."""
        self._store.flow(self._drain_w, span_ms)
        if self._place is Place.HOME:
            self._session_mj += self.charger_w * span_ms
        else:
            self._session_mj = 0

    def state(self, at: Instant) -> CarState:
        """Return what the charging point and the driver's calendar tell."""
        journey = self._journeys.coming(at)
        is_home = self._place is Place.HOME
        return CarState(
            place=self._place,
            stored_wh=self._store.stored_wh,
            soc_ppm=self._store.fill_ppm,
            offered_ma=self._offered_ma,
            session_wh=self._session_mj // MJ_PER_WH if is_home else 0,
            departs_at=None if journey is None else journey.departs_at,
            needed_wh=0 if journey is None else self._needed_wh(journey),
            guest_w=self.guest_w,
        )

    def _offer(self, at: Instant, command: ChargerCommand | None) -> int:
        """Return the current offered in each phase; less than 6 A is a pause."""
        offered_ma = self.spec.current_ma_max
        if command is not None:
            expired = command.expires_at is not None and command.expires_at <= at
            wanted_ma = command.fallback_ma if expired else command.current_ma
            if wanted_ma is not None:
                offered_ma = min(wanted_ma, offered_ma)
        return offered_ma if offered_ma >= CHARGING_CURRENT_MA_MIN else 0

    def _able_w(self, span_ms: int) -> int:
        room_w = self._store.taking_w_max(span_ms, ceiling_ppm=self.spec.soc_ppm_target)
        return min(self.spec.power_w_max, room_w)

    def _needed_wh(self, journey: Journey) -> int:
        goal_ppm = min(journey.trip.soc_ppm_needed, self.spec.soc_ppm_target)
        goal_wh = self.spec.capacity_wh * goal_ppm // PPM
        missing_wh = max(0, goal_wh - self._store.stored_wh)
        return missing_wh * PPM // self.spec.efficiency_ppm
