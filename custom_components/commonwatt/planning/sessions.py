"""What charging points have given the cars that are plugged in now."""

from collections.abc import Mapping

from ..engine.devices import DeviceId, ProcessImage


class Sessions:
    """Counts each session itself where the charging point does not.

    A session that was under way when we came is counted from then on.
    """

    def __init__(self) -> None:
        """Start without any session."""
        self._began_wh: dict[DeviceId, int] = {}

    def observe(self, image: ProcessImage) -> None:
        """Notice who is plugged in, and who is no longer."""
        for device, state in image.chargers.items():
            if not state.connected:
                self._began_wh.pop(device, None)
            elif state.energy_wh is not None:
                self._began_wh.setdefault(device, state.energy_wh)

    def given_wh(self, image: ProcessImage) -> Mapping[DeviceId, int]:
        """Return the energy of each session whose energy is known."""
        given: dict[DeviceId, int] = {}
        for device, state in image.chargers.items():
            if state.session_wh is not None:
                given[device] = state.session_wh
            elif state.energy_wh is not None and device in self._began_wh:
                given[device] = max(0, state.energy_wh - self._began_wh[device])
        return given
