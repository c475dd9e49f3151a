"""One simulated home with its node: its devices, and what they are told."""

from typing import Final, override

from ..devices import Setpoint
from ..model.period import Instant
from ..node import Node
from .homes import NO_COMMANDS, HomeCommands, HomeModel, HomeSpec, HomeState
from .reality import assets_of, image_of, merged, obeying


class Resident:
    """A home whose devices obey its node."""

    def __init__(self, spec: HomeSpec, model: HomeModel, node: Node) -> None:
        """Move in."""
        self.spec: Final = spec
        self.node: Final = node
        self.wakes_at: Instant | None = None
        """The only wake-up call that still counts."""

        self._model: Final = model
        self._commands = NO_COMMANDS

    @property
    def state(self) -> HomeState:
        """The home as its model stands."""
        return self._model.state

    def live_until(self, now: Instant) -> HomeState:
        """Let the home's time pass."""
        return self._model.advance(now, self._commands)

    def look(self, now: Instant) -> None:
        """Show the node what its devices show, and what the owner has told it."""
        state = self.live_until(now)
        self.node.set_assets(assets_of(self.spec, state), now)
        self.node.observe(image_of(self.spec, state), now)

    def obey(self, setpoints: tuple[Setpoint, ...], now: Instant) -> None:
        """Do what the node asks for, from now on."""
        self.command(obeying(self._commands, setpoints), now)

    def command(self, commands: HomeCommands, now: Instant) -> None:
        """Be told something else from now on."""
        self.live_until(now)
        self._commands = commands
        self.live_until(now)


class OutsideResident(Resident):
    """A home whose devices are reached from outside, and not by its node directly.

    Only what has no protocol, the hydrogen store, still obeys the node by itself.
    """

    def __init__(self, spec: HomeSpec, model: HomeModel, node: Node) -> None:
        """Move in; nobody has commanded anything yet."""
        super().__init__(spec, model, node)
        self._inside = NO_COMMANDS
        self._outside = NO_COMMANDS

    @override
    def obey(self, setpoints: tuple[Setpoint, ...], now: Instant) -> None:
        """Let the hydrogen store do what the node asks for."""
        self._inside = obeying(self._inside, setpoints)
        self.command(self._outside, now)

    @override
    def command(self, commands: HomeCommands, now: Instant) -> None:
        """Take what was written into the devices' registers."""
        self._outside = commands
        super().command(merged(commands, self._inside), now)
