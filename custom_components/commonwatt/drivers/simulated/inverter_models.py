"""What the simulated inverter shows in each of its SunSpec models."""

from typing import Final

from ...engine.model.period import SECOND_MS
from ...engine.model.units import PPM
from ...engine.simulation.homes import BatterySpec, BatteryState, HomeState, PVSpec
from .common import common_model
from .electrical import electrical
from .lifetime import LIFETIME
from .storage_control import StorageControl
from .sunspec_map import ModelContent, Values

SERIAL: Final = "CW-HYBRID-0001"
PHASES: Final = ("A", "B", "C")
SQRT_3: Final = 3**0.5
WORD: Final = 1 << 16

SUN_EFFICIENCY: Final = 0.97
"""From the strings to the alternating-current side."""

STRING_SHARES: Final = (0.55, 0.45)
STRING_V: Final = 412.0
BATTERY_V: Final = (300.0, 60.0)
"""Empty, and how much more when full."""

SLEEPING, MPPT, THROTTLED, STANDBY = 2, 4, 5, 8
EMPTY, DISCHARGING, CHARGING, FULL, HOLDING = 2, 3, 4, 5, 6
LITHIUM_ION: Final = 4
CONNECTED: Final = 3
STORAGE_AND_SUN: Final = 82
"""DERTyp of model 120: photovoltaics with storage."""


def inverter_contents(
    state: HomeState,
    *,
    pv: PVSpec,
    battery: BatterySpec,
    control: StorageControl,
    unit_id: int,
) -> tuple[ModelContent, ...]:
    """Return the models in their order on the device."""
    assert state.battery is not None, "a hybrid inverter has a battery"
    strings = tuple(state.pv_w / SUN_EFFICIENCY * share for share in STRING_SHARES)
    shown = state.battery
    return (
        common_model(name="Simulated hybrid", serial=SERIAL, unit_id=unit_id),
        _model(103, 50, _inverter(state, sum(strings), shown)),
        _model(120, 26, _nameplate(pv, battery)),
        _model(121, 30, {"WMax": pv.output_w_max, "WMax_SF": 0}),
        _model(123, 24, _limits(control)),
        _model(124, 24, _storage(state, shown, battery, control)),
        ModelContent(
            model=160,
            length=8 + 20 * 4,
            values={
                "DCA_SF": -2,
                "DCV_SF": -1,
                "DCW_SF": 0,
                "DCWH_SF": 0,
                "Evt": 0,
                "N": 4,
            },
            members=(
                *_strings(state, strings),
                *_battery_modules(state, shown, battery),
            ),
        ),
        _model(802, 62, _battery(state, shown, battery)),
    )


def _model(model: int, length: int, values: Values) -> ModelContent:
    return ModelContent(model=model, length=length, values=values)


def _inverter(state: HomeState, sun_dc_w: float, battery: BatteryState) -> Values:
    values = electrical(state)
    phase_w = state.inverter_w / len(PHASES)
    currents = [abs(phase_w) / voltage for voltage in values.voltages_v]
    dc_w = sun_dc_w + battery.dc_power_w
    shown: dict[str, float | str] = {
        "A_SF": -2,
        "V_SF": -1,
        "W_SF": 0,
        "Hz_SF": -2,
        "VA_SF": 0,
        "VAr_SF": 0,
        "PF_SF": -2,
        "WH_SF": 0,
        "DCA_SF": -2,
        "DCV_SF": -1,
        "DCW_SF": 0,
        "Tmp_SF": -1,
        "A": sum(currents),
        "W": state.inverter_w,
        "Hz": values.frequency_hz,
        "VA": abs(state.inverter_w),
        "VAr": 0,
        "PF": 100,
        "WH": LIFETIME.inverter_wh + state.counters.inverter_wh,
        "DCA": abs(dc_w) / STRING_V,
        "DCV": STRING_V,
        "DCW": dc_w,
        "TmpCab": _cabinet_c(state),
        "St": _operating_state(state),
        "Evt1": 0,
        "Evt2": 0,
    }
    for letter, following, voltage, current in zip(
        PHASES, ("AB", "BC", "CA"), values.voltages_v, currents, strict=True
    ):
        shown[f"Aph{letter}"] = current
        shown[f"PhVph{letter}"] = voltage
        shown[f"PPVph{following}"] = voltage * SQRT_3
    return shown


def _cabinet_c(state: HomeState) -> float:
    """Warmer than the air by its losses: some 35 kelvin at 10 kW."""
    return state.outdoor_millic / 1000 + 8 + abs(state.inverter_w) * 0.0035


def _operating_state(state: HomeState) -> int:
    if state.pv_w < state.pv_available_w:
        return THROTTLED
    if state.pv_w > 0 or state.battery_w != 0:
        return MPPT
    return STANDBY


def _nameplate(pv: PVSpec, battery: BatterySpec) -> Values:
    return {
        "DERTyp": STORAGE_AND_SUN,
        "WRtg": pv.output_w_max,
        "WRtg_SF": 0,
        "VARtg": pv.output_w_max,
        "VARtg_SF": 0,
        "WHRtg": battery.capacity_wh,
        "WHRtg_SF": 0,
        "MaxChaRte": battery.power_w_max,
        "MaxChaRte_SF": 0,
        "MaxDisChaRte": battery.power_w_max,
        "MaxDisChaRte_SF": 0,
    }


def _limits(control: StorageControl) -> Values:
    points = control.points
    return {
        "Conn": points["Conn"],
        "WMaxLimPct": points["WMaxLimPct"] / 100,
        "WMaxLimPct_SF": -2,
        "WMaxLimPct_WinTms": points["WMaxLimPct_WinTms"],
        "WMaxLimPct_RvrtTms": points["WMaxLimPct_RvrtTms"],
        "WMaxLimPct_RmpTms": points["WMaxLimPct_RmpTms"],
        "WMaxLim_Ena": points["WMaxLim_Ena"],
    }


def _storage(
    state: HomeState, shown: BatteryState, battery: BatterySpec, control: StorageControl
) -> Values:
    points = control.points
    return {
        "WChaMax": battery.power_w_max,
        "WChaMax_SF": 0,
        "WChaGra": 100,
        "WDisChaGra": 100,
        "WChaDisChaGra_SF": 0,
        "StorCtl_Mod": points["StorCtl_Mod"],
        "MinRsvPct": points["MinRsvPct"] / 100,
        "MinRsvPct_SF": -2,
        "ChaState": shown.soc_ppm * 100 / PPM,
        "ChaState_SF": -2,
        "InBatV": _battery_v(shown),
        "InBatV_SF": -1,
        "ChaSt": _charge_status(state, shown),
        "OutWRte": points["OutWRte"] / 100,
        "InWRte": points["InWRte"] / 100,
        "InOutWRte_SF": -2,
        "InOutWRte_WinTms": points["InOutWRte_WinTms"],
        "InOutWRte_RvrtTms": points["InOutWRte_RvrtTms"],
        "InOutWRte_RmpTms": points["InOutWRte_RmpTms"],
        "ChaGriSet": points["ChaGriSet"],
    }


def _strings(state: HomeState, strings: tuple[float, ...]) -> tuple[Values, ...]:
    energy_wh = (LIFETIME.pv_wh + state.counters.pv_wh) / SUN_EFFICIENCY
    return tuple(
        {
            "ID": number,
            "IDStr": f"String {number}",
            "DCA": power_w / STRING_V,
            "DCV": STRING_V if power_w > 0 else 0,
            "DCW": power_w,
            "DCWH": energy_wh * share,
            "DCSt": MPPT if power_w > 0 else SLEEPING,
            "DCEvt": 0,
        }
        for number, (power_w, share) in enumerate(
            zip(strings, STRING_SHARES, strict=True), start=1
        )
    )


def _battery_modules(
    state: HomeState, shown: BatteryState, battery: BatterySpec
) -> tuple[Values, ...]:
    """Return charging and discharging as two inputs, as Fronius does."""
    volts = _battery_v(shown)
    taken_wh = LIFETIME.battery_charged_wh + state.counters.battery_charged_wh
    given_wh = LIFETIME.battery_discharged_wh + state.counters.battery_discharged_wh
    modules = (
        (
            "StCha",
            max(-shown.dc_power_w, 0),
            taken_wh * battery.charge_efficiency_ppm / PPM,
        ),
        (
            "StDisCha",
            max(shown.dc_power_w, 0),
            given_wh * PPM / battery.discharge_efficiency_ppm,
        ),
    )
    return tuple(
        {
            "ID": number,
            "IDStr": f"{name} {number}",
            "DCA": power_w / volts,
            "DCV": volts,
            "DCW": power_w,
            "DCWH": energy_wh,
            "DCSt": MPPT if power_w else STANDBY,
            "DCEvt": 0,
        }
        for number, (name, power_w, energy_wh) in enumerate(modules, start=3)
    )


def _battery(state: HomeState, shown: BatteryState, battery: BatterySpec) -> Values:
    volts = _battery_v(shown)
    return {
        "WHRtg": battery.capacity_wh,
        "WHRtg_SF": 0,
        "WChaRteMax": battery.power_w_max,
        "WDisChaRteMax": battery.power_w_max,
        "WChaDisChaMax_SF": 0,
        "SoCMax": 100,
        "SoCMin": battery.soc_ppm_min * 100 / PPM,
        "SoC": shown.soc_ppm * 100 / PPM,
        "SoC_SF": -2,
        "DoD": 100 - shown.soc_ppm * 100 / PPM,
        "DoD_SF": -2,
        "SoH": 98,
        "SoH_SF": 0,
        "ChaSt": _charge_status(state, shown),
        "Hb": state.at // SECOND_MS % WORD,
        "Typ": LITHIUM_ION,
        "State": CONNECTED,
        "Evt1": 0,
        "Evt2": 0,
        "V": volts,
        "V_SF": -1,
        "A": shown.dc_power_w / volts,
        "A_SF": -2,
        "W": shown.dc_power_w,
        "W_SF": 0,
    }


def _battery_v(shown: BatteryState) -> float:
    empty_v, more_v = BATTERY_V
    return empty_v + more_v * shown.soc_ppm / PPM


def _charge_status(state: HomeState, shown: BatteryState) -> int:
    if state.battery_w > 0:
        return DISCHARGING
    if state.battery_w < 0:
        return CHARGING
    if shown.charge_w_max == 0:
        return FULL
    return EMPTY if shown.discharge_w_max == 0 else HOLDING
