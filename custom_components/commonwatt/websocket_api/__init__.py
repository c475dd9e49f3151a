"""WebSocket commands: what panel, cards and scripts may ask and do.

Whoever asks is checked here, for every command: a page that hides a button protects
nothing.
"""

from homeassistant.components import websocket_api
from homeassistant.core import HomeAssistant, callback

from .control import arm, resume, set_by_hand
from .demo import demo_summary
from .gifts import give, withdraw
from .live import homes, live
from .privacy import show_power
from .proof import verify, verify_on_chain


@callback
def async_register_commands(hass: HomeAssistant) -> None:
    """Make the commands known."""
    for command in (
        arm,
        demo_summary,
        give,
        homes,
        live,
        resume,
        set_by_hand,
        show_power,
        verify,
        verify_on_chain,
        withdraw,
    ):
        websocket_api.async_register_command(hass, command)
