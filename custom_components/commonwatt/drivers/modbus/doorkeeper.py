"""What a device says, before anybody believes it."""

from collections.abc import Mapping

from ...engine.devices import (
    CounterGate,
    DeviceKind,
    DeviceSnapshot,
    Point,
    PointValue,
    Quantity,
    Repetition,
)
from ...engine.model.period import Instant
from .errors import PollError, PollFault


class Doorkeeper:
    """Gates the energy counters of one device and notices when it repeats itself."""

    def __init__(self, points: tuple[Point, ...]) -> None:
        self._points = points
        counters = [p for p in points if p.quantity is Quantity.ENERGY]
        self._gates = {point.key: CounterGate() for point in counters}
        # What the sun gave stays given, even when the inverter sleeps and forgets it.
        self._kept = {p.key for p in counters if p.kind is DeviceKind.INVERTER}
        self._never_still = tuple(
            point.key for point in points if point.quantity is Quantity.FREQUENCY
        )
        self._repetition: Repetition | None = None
        self.has_met = False
        """It has been spoken to before; otherwise counters need a second reading."""

    def admit(self, values: Mapping[str, PointValue], now: Instant) -> DeviceSnapshot:
        """Return the snapshot to believe.

        Raises:
            PollError: the device has died behind something that repeats its last words.
        """
        self.has_met = True
        self._refuse_repetition(values, now)
        believed = {point.key: values.get(point.key) for point in self._points}
        for key in self._gates:
            believed[key] = self._gate(key, believed[key], now)
        return DeviceSnapshot(measured_at=now, values=believed)

    def _gate(self, key: str, value: PointValue, now: Instant) -> PointValue:
        whole = None if value is None or isinstance(value, str) else int(value)
        self._gates[key] = self._gates[key].pass_on(whole, now)
        known = whole is not None or key in self._kept
        return self._gates[key].wh if known else None

    def _refuse_repetition(
        self, values: Mapping[str, PointValue], now: Instant
    ) -> None:
        if all(values.get(key) is None for key in self._never_still):
            self._repetition = None
            return
        self._repetition = Repetition.of(self._repetition, values, now=now)
        if self._repetition.is_frozen(now):
            raise PollError(PollFault.FROZEN, "the same values for too long")
