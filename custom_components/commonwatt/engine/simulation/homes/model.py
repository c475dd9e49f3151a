"""A simulated home as one thing: time passes, powers balance, meters count.

Powers are chosen at every full minute, when a command arrives and when one expires, and
hold in between; cutting the time in any other way changes nothing.
"""

from typing import Final

from ...model.period import MINUTE_MS, Instant
from .battery import Battery
from .biogas import BiogasCHP
from .calendar import Calendar
from .commands import NO_COMMANDS, HomeCommands, expiries, in_force
from .devices import Devices, where_given
from .flows import Flows, Meters
from .heat import HeatPump, HotWater
from .hydrogen import HydrogenStore
from .phases import PhaseShares
from .spec import HomeSpec
from .state import HomeState
from .surroundings import Conditions, Surroundings
from .traces import Recording
from .weather import Weather

INVERTER_W_UNLIMITED: Final = 1 << 31


class HomeModel:
    """One home, from the instant it is made on."""

    def __init__(
        self,
        spec: HomeSpec,
        *,
        seed: int,
        started_at: Instant,
        weather: Weather | None = None,
        load_recording: Recording | None = None,
        solar_recording: Recording | None = None,
    ) -> None:
        self.spec = spec
        self._surroundings = Surroundings(
            spec,
            seed=seed,
            weather=weather or Weather(seed=seed, started_at=started_at),
            load_recording=load_recording,
            solar_recording=solar_recording,
        )
        self._devices = Devices.of(spec, seed=seed, calendar=Calendar.of(started_at))
        self._present = self._devices.present()
        self._phase_shares = PhaseShares.of(spec, seed=seed)
        self._meters = Meters()
        self._at = started_at
        self._commands, self._expiries = NO_COMMANDS, expiries(NO_COMMANDS)
        self._decide()

    @property
    def state(self) -> HomeState:
        """What can be seen of the home now."""
        return self._state()

    def advance(self, to: Instant, commands: HomeCommands = NO_COMMANDS) -> HomeState:
        """Let time pass until ``to``, obeying ``commands`` from now on."""
        assert to >= self._at, "time does not run backwards"
        if commands != self._commands:
            self._commands, self._expiries = commands, expiries(commands)
            self._decide()
        while self._at < to:
            until = min(to, self._holds_until)
            self._pass_time(until - self._at)
            self._at = Instant(until)
            if until == self._holds_until:
                self._decide()
        return self._state()

    def _pass_time(self, span_ms: int) -> None:
        self._meters.pass_time(span_ms)
        for device in self._present:
            device.pass_time(span_ms)

    def _decide(self) -> None:
        """Choose the powers that hold from now until the next full minute or expiry."""
        at = self._at
        next_minute = Instant((at // MINUTE_MS + 1) * MINUTE_MS)
        self._holds_until = min([next_minute, *(e for e in self._expiries if e > at)])
        now = self._surroundings.at(at)
        heat_pump_w, hot_water_w = self._decide_heat(now)
        charger_w = self._decide_car()
        chp_w = self._decide_chp(now)
        taken_w = now.load_w + heat_pump_w + hot_water_w + charger_w
        others_w = taken_w - chp_w - now.wind_w
        pv_w, battery_w = self._decide_inverter(net_w=others_w, sun_w=now.pv_w)
        self._conditions = now
        self._flows = Flows(
            load_w=now.load_w,
            heat_pump_w=heat_pump_w,
            hot_water_w=hot_water_w,
            charger_w=charger_w,
            pv_w=pv_w,
            wind_w=now.wind_w,
            chp_w=chp_w,
            battery_w=battery_w,
            hydrogen_w=self._decide_hydrogen(others_w - pv_w - battery_w),
            guest_w=self._guest_w(),
            wind_share_w=now.wind_share_w,
        )
        self._phases_w = self._phase_shares.split(self._flows)
        self._meters.hold(self._flows, self._phases_w)

    @property
    def _span_ms(self) -> int:
        return self._holds_until - self._at

    def _decide_heat(self, now: Conditions) -> tuple[int, int]:
        heat_pump_w = hot_water_w = 0
        if (heat_pump := self._devices.heat_pump) is not None:
            heat_pump_w = heat_pump.decide(
                outdoor_millic=now.outdoor_millic,
                local_minute=now.local_minute,
                command=in_force(self._commands.heat_pump, self._at),
            )
        if (hot_water := self._devices.hot_water) is not None:
            hot_water_w = hot_water.decide(
                drawn_w=now.drawn_w,
                local_minute=now.local_minute,
                command=in_force(self._commands.hot_water, self._at),
            )
        return heat_pump_w, hot_water_w

    def _decide_car(self) -> int:
        if (car := self._devices.car) is None:
            return 0
        return car.decide(
            at=self._at,
            charger=self._commands.charger,
            guest=in_force(self._commands.guest, self._at),
            span_ms=self._span_ms,
        )

    def _guest_w(self) -> int:
        return 0 if self._devices.car is None else self._devices.car.guest_w

    def _decide_chp(self, now: Conditions) -> int:
        if (chp := self._devices.chp) is None:
            return 0
        return chp.decide(
            local_minute=now.local_minute,
            command=in_force(self._commands.chp, self._at),
            span_ms=self._span_ms,
        )

    def _decide_inverter(self, *, net_w: int, sun_w: int) -> tuple[int, int]:
        """Return the power of the sun, after limits, and of the battery behind it."""
        output_w_max = self._output_w_max()
        battery_w = 0
        if (battery := self._devices.battery) is not None:
            battery_w = battery.decide(
                net_w=net_w - sun_w,
                sun_w=sun_w,
                output_w_max=output_w_max,
                command=in_force(self._commands.battery, self._at),
                reserve_ppm=self._commands.battery_reserve_ppm,
                span_ms=self._span_ms,
            )
        pv_w = min(sun_w, max(0, output_w_max - battery_w))
        return pv_w, battery_w

    def _output_w_max(self) -> int:
        """Return the most that sun and battery together may deliver."""
        rated_w = INVERTER_W_UNLIMITED
        if self.spec.pv is not None:
            rated_w = self.spec.pv.output_w_max
        limit = in_force(self._commands.inverter_limit, self._at)
        return rated_w if limit is None else max(0, min(rated_w, limit.power_w))

    def _decide_hydrogen(self, rest_w: int) -> int:
        if (hydrogen := self._devices.hydrogen) is None:
            return 0
        return hydrogen.decide(
            rest_w=rest_w,
            command=in_force(self._commands.hydrogen, self._at),
            span_ms=self._span_ms,
        )

    def _state(self) -> HomeState:
        import_phases_wh, export_phases_wh = self._meters.phases_wh()
        devices, flows, now = self._devices, self._flows, self._conditions
        return HomeState(
            key=self.spec.key,
            at=self._at,
            grid_w=flows.grid_w,
            grid_phases_w=self._phases_w,
            load_w=flows.load_w,
            heat_pump_w=flows.heat_pump_w,
            hot_water_w=flows.hot_water_w,
            charger_w=flows.charger_w,
            pv_w=flows.pv_w,
            pv_available_w=now.pv_w,
            wind_w=flows.wind_w,
            chp_w=flows.chp_w,
            battery_w=flows.battery_w,
            hydrogen_w=flows.hydrogen_w,
            wind_share_w=flows.wind_share_w,
            counters=self._meters.counters(),
            import_phases_wh=import_phases_wh,
            export_phases_wh=export_phases_wh,
            battery=where_given(devices.battery, Battery.state),
            hydrogen=where_given(devices.hydrogen, HydrogenStore.state),
            biogas=where_given(devices.chp, BiogasCHP.state),
            car=where_given(devices.car, lambda car: car.state(self._at)),
            indoor_millic=where_given(devices.heat_pump, HeatPump.indoor_millic),
            hot_water_millic=where_given(devices.hot_water, HotWater.water_millic),
            outdoor_millic=now.outdoor_millic,
            is_estimated=now.is_estimated,
        )
