"""One picture of a home for all who look at it: taken once a second, sent as changes.

Nothing is computed while nobody looks.
"""

from collections.abc import Callable, Iterable
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later
from homeassistant.util.json import JsonValueType

from ..const import LOGGER
from ..data import CommonWattData
from ..engine.model.party import PartyId
from ..engine.node import Event
from .chronicle import Chronicle
from .lookup import Lookup, look_up
from .now import flows_section, homes_section, now_section
from .proof import proof_section
from .together import (
    Tell,
    added_sections,
    control_section,
    gifts_section,
    limits_section,
)
from .trading import market_section

INTERVAL_S: Final = 1.0

type Sections = dict[str, JsonValueType]
type Listener = Callable[[Sections], None]


class LiveView:
    """Keeps the last picture, and tells listeners which of its sections changed."""

    def __init__(
        self, hass: HomeAssistant, entry: ConfigEntry, data: CommonWattData
    ) -> None:
        self.sections: Sections = {}
        self.data: Final = data
        self._hass: Final = hass
        self._entry: Final = entry
        self._chronicle: Final = Chronicle()
        self._lookup: Lookup | None = None
        self._looked_up_for: tuple[int, int] | None = None
        self._listeners: Final[list[Listener]] = []
        self._broken: Final[set[str]] = set()
        """Sections that failed once: told of once."""

        self._cancel_timer: CALLBACK_TYPE | None = None

    @callback
    def async_start(self) -> None:
        """Write down what is traded from now on, whether anybody looks or not."""
        party: PartyId = self.data.market.party

        @callback
        def take(events: Iterable[Event]) -> None:
            self._chronicle.take(events, party)

        self._entry.async_on_unload(self.data.market.async_listen_to_events(take))
        self._entry.async_on_unload(self._stop_timer)

    @callback
    def async_subscribe(self, listener: Listener) -> CALLBACK_TYPE:
        """Send ``listener`` all sections now, and later those that changed."""
        if not self._listeners:
            self._take_picture()
            self._schedule()
        self._listeners.append(listener)
        listener(self.sections)

        @callback
        def unsubscribe() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)
            if not self._listeners:
                self._stop_timer()

        return unsubscribe

    def trades(self) -> JsonValueType:
        """Return this home's last trades, whether anybody looks or not."""
        return market_section(self.data, self._chronicle, None)["trades"]

    @callback
    def async_refresh(self) -> None:
        """Send what has changed at once: somebody has just done something."""
        changed = self._take_picture()
        if changed:
            for listener in list(self._listeners):
                listener(changed)

    @callback
    def async_close(self) -> None:
        """Tell everybody that this home is gone, or about to come back."""
        self._stop_timer()
        listeners = self._listeners[:]
        self._listeners.clear()
        for listener in listeners:
            listener({})

    # -------------------------------------------------------------------- helpers

    @callback
    def _schedule(self) -> None:
        self._cancel_timer = async_call_later(self._hass, INTERVAL_S, self._timed)

    @callback
    def _timed(self, _moment: object) -> None:
        self._cancel_timer = None
        self.async_refresh()
        if self._listeners:
            self._schedule()

    @callback
    def _stop_timer(self) -> None:
        if self._cancel_timer is not None:
            self._cancel_timer()
            self._cancel_timer = None

    def _take_picture(self) -> Sections:
        """Look at everything; return the sections that are not what they were."""
        self._ask_if_due()
        data = self.data
        seen: Sections = {
            "now": now_section(data),
            "homes": homes_section(data),
            "flows": flows_section(data, self._chronicle),
            "market": market_section(data, self._chronicle, self._lookup),
            "proof": proof_section(data, self._lookup),
            "gifts": gifts_section(data),
            "control": control_section(data),
            "limits": limits_section(data),
        }
        for name, tell in added_sections(data):
            seen[name] = self._told(name, tell)
        changed = {
            name: section
            for name, section in seen.items()
            if name not in self.sections or self.sections[name] != section
        }
        self.sections = {**self.sections, **changed}
        return changed

    def _told(self, name: str, tell: Tell) -> JsonValueType:
        """Let another room tell its section; its bug takes no other one away."""
        try:
            return tell()
        except Exception:  # noqa: BLE001  # whatever it is
            if name not in self._broken:
                LOGGER.exception("The panel goes without its section %s", name)
            self._broken.add(name)
            return None

    def _ask_if_due(self) -> None:
        """Ask the node what only it knows, once for each thing that was decided."""
        status = self.data.market.status
        if status is None:
            return
        due = (status.settled_periods, status.round_period.number)
        if due != self._looked_up_for:
            self._looked_up_for = due
            self._entry.async_create_background_task(
                self._hass, self._ask(), "commonwatt panel"
            )

    async def _ask(self) -> None:
        try:
            self._lookup = await self.data.ask(look_up)
        except RuntimeError:
            LOGGER.debug("The node has stopped: nothing more is asked")
