"""What flowed in a home in a delivery period, from the counters of its devices."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final, NamedTuple

from ..devices import DeviceId, MeterState, ProcessImage
from ..model.period import DeliveryPeriod, Instant
from .counters import BoundaryCounter, PowerIntegral


class Made(NamedTuple):
    """What one device generated."""

    device: DeviceId
    energy_wh: int
    steered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Energy of one home in one delivery period.  None is unknown, never zero."""

    period: DeliveryPeriod
    meter: DeviceId
    import_counter_wh: int
    """What the meter showed at the end of the period."""

    export_counter_wh: int
    import_wh: int
    export_wh: int
    production_wh: int | None
    """What was generated, apart from generators that are steered."""

    consumption_wh: int | None
    """All that was used, the cars included."""

    car_wh: int | None
    """What the charging points gave."""

    made: tuple[Made, ...] | None = None
    """By device; None if one of them is unknown."""

    charged_wh: int | None = None
    discharged_wh: int | None = None
    stored_wh: int | None = None
    """What all stores held when the period was measured."""


class _Kind(Enum):
    IMPORT = auto()
    EXPORT = auto()
    PRODUCED = auto()
    DISCHARGED = auto()
    CHARGED = auto()
    CAR = auto()


class _Flow(NamedTuple):
    kind: _Kind
    device: DeviceId


class _Sample(NamedTuple):
    flow: _Flow
    at: Instant
    counter_wh: int | None
    power_w: int | None = None
    """Stands in for a counter; the metering point must have one of its own."""


class Metering:
    """All counters of one home."""

    def __init__(self) -> None:
        """Settle by the meter that comes first by name, where there are several."""
        self._counters: Final[dict[_Flow, BoundaryCounter]] = {}
        self._integrals: Final[dict[_Flow, PowerIntegral]] = {}
        self._present: tuple[_Flow, ...] = ()

    def observe(self, image: ProcessImage) -> None:
        """Take all counters of an image."""
        samples = tuple(_samples(image))
        self._present = tuple(sample.flow for sample in samples)
        for sample in samples:
            value_wh = self._counted(sample)
            if value_wh is not None:
                self._counter(sample.flow).sample(sample.at, value_wh)

    def resume(
        self, meter: DeviceId, boundary: Instant, *, import_wh: int, export_wh: int
    ) -> None:
        """Go on from what the meter is known to have shown at a boundary."""
        self._counter(_Flow(_Kind.IMPORT, meter)).note(boundary, import_wh)
        self._counter(_Flow(_Kind.EXPORT, meter)).note(boundary, export_wh)

    def exported_wh_since(self, boundary: Instant) -> int | None:
        """Return the net export since a boundary; None if unknown."""
        meter = self._meter
        if meter is None:
            return None
        exported = self._counter(_Flow(_Kind.EXPORT, meter)).since(boundary)
        imported = self._counter(_Flow(_Kind.IMPORT, meter)).since(boundary)
        if exported is None or imported is None:
            return None
        return exported - imported

    def measured(
        self, period: DeliveryPeriod, *, steered: Collection[str]
    ) -> Measured | None:
        """Return the energies of ``period``; None if the meter's are unknown."""
        meter = self._meter
        if meter is None:
            return None
        imported = self._counter(_Flow(_Kind.IMPORT, meter))
        exported = self._counter(_Flow(_Kind.EXPORT, meter))
        import_wh, export_wh = imported.energy_wh(period), exported.energy_wh(period)
        import_end, export_end = imported.at(period.end), exported.at(period.end)
        if import_wh is None or export_wh is None:
            return None
        assert import_end is not None, "an energy has both its boundaries"
        assert export_end is not None, "an energy has both its boundaries"
        return Measured(
            period=period,
            meter=meter,
            import_counter_wh=import_end,
            export_counter_wh=export_end,
            import_wh=import_wh,
            export_wh=export_wh,
            production_wh=self._sum(_Kind.PRODUCED, period, without=steered),
            consumption_wh=self._consumption_wh(period, import_wh - export_wh),
            car_wh=self._sum(_Kind.CAR, period),
            made=self._made(period, steered),
            charged_wh=self._sum(_Kind.CHARGED, period),
            discharged_wh=self._sum(_Kind.DISCHARGED, period),
        )

    @property
    def _meter(self) -> DeviceId | None:
        meters = (flow.device for flow in self._present if flow.kind is _Kind.IMPORT)
        return next(meters, None)

    def _consumption_wh(self, period: DeliveryPeriod, net_import_wh: int) -> int | None:
        made_wh = self._sum(_Kind.PRODUCED, period)
        given_wh = self._sum(_Kind.DISCHARGED, period)
        taken_wh = self._sum(_Kind.CHARGED, period)
        if made_wh is None or given_wh is None or taken_wh is None:
            return None
        return max(0, net_import_wh + made_wh + given_wh - taken_wh)

    def _sum(
        self, kind: _Kind, period: DeliveryPeriod, *, without: Collection[str] = ()
    ) -> int | None:
        total_wh = 0
        for flow in self._present:
            if flow.kind is kind and flow.device not in without:
                energy_wh = self._counter(flow).energy_wh(period)
                if energy_wh is None:
                    return None
                total_wh += energy_wh
        return total_wh

    def _made(
        self, period: DeliveryPeriod, steered: Collection[str]
    ) -> tuple[Made, ...] | None:
        made: list[Made] = []
        for flow in self._present:
            if flow.kind is _Kind.PRODUCED:
                energy_wh = self._counter(flow).energy_wh(period)
                if energy_wh is None:
                    return None
                made.append(Made(flow.device, energy_wh, flow.device in steered))
        return tuple(made)

    def _counter(self, flow: _Flow) -> BoundaryCounter:
        return self._counters.setdefault(flow, BoundaryCounter())

    def _counted(self, sample: _Sample) -> int | None:
        if sample.counter_wh is not None or sample.power_w is None:
            return sample.counter_wh
        integral = self._integrals.setdefault(sample.flow, PowerIntegral())
        return integral.counted(sample.at, sample.power_w)


def metering_point(image: ProcessImage) -> tuple[DeviceId, MeterState] | None:
    """Return the meter a home is settled by: the first by name."""
    return min(image.meters.items(), default=None, key=lambda item: item[0])


def _samples(image: ProcessImage) -> Iterator[_Sample]:
    point = metering_point(image)
    if point is not None:
        name, meter = point
        at = meter.measured_at
        yield _Sample(_Flow(_Kind.IMPORT, name), at, meter.import_wh)
        yield _Sample(_Flow(_Kind.EXPORT, name), at, meter.export_wh)
    for name, inverter in sorted(image.inverters.items()):
        flow = _Flow(_Kind.PRODUCED, name)
        yield _Sample(flow, inverter.measured_at, inverter.energy_wh, inverter.power_w)
    for name, battery in sorted(image.batteries.items()):
        at, power_w = battery.measured_at, battery.power_w
        out_w = None if power_w is None else max(0, power_w)
        in_w = None if power_w is None else max(0, -power_w)
        yield _Sample(_Flow(_Kind.DISCHARGED, name), at, battery.discharged_wh, out_w)
        yield _Sample(_Flow(_Kind.CHARGED, name), at, battery.charged_wh, in_w)
    for name, charger in sorted(image.chargers.items()):
        flow = _Flow(_Kind.CAR, name)
        yield _Sample(flow, charger.measured_at, charger.energy_wh, charger.power_w)
