"""What a home's devices are told from outside.  Without commands they follow habits.

Every command may carry an expiry; at that very instant the device goes back to what it
does by itself, however far the model is advanced in one go.
"""

from dataclasses import dataclass

from ...model.period import Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerCommand:
    """One power, in the sign of the device, as near as the device can come to it."""

    power_w: int
    expires_at: Instant | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BatteryCommand:
    """Limits inside which the inverter goes on balancing the meter; + is discharging.

    Equal limits are a setpoint.  Where the limits contradict each other the upper one
    holds.
    """

    power_w_min: int
    power_w_max: int
    expires_at: Instant | None = None
    charging_from_grid_allowed: bool = True
    """Otherwise the battery takes no more than the sun gives at that moment."""

    @classmethod
    def setpoint(
        cls, power_w: int, *, expires_at: Instant | None = None
    ) -> BatteryCommand:
        """Return the command that asks for exactly ``power_w``."""
        return cls(power_w_min=power_w, power_w_max=power_w, expires_at=expires_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargerCommand:
    """Current offered to the car in each phase; below 6 A it pauses.

    When the command expires, ``fallback_ma`` is offered (None: the charger's maximum).
    """

    current_ma: int
    expires_at: Instant | None = None
    fallback_ma: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeCommands:
    """Everything a home is told at one time; None leaves a device to its habit."""

    battery: BatteryCommand | None = None
    battery_reserve_ppm: int = 0
    """State of charge the battery does not go below by discharging."""

    inverter_limit: PowerCommand | None = None
    """Most that sun and battery together may deliver."""

    charger: ChargerCommand | None = None
    guest: PowerCommand | None = None
    """Charging power while the car is a guest at work."""

    hydrogen: PowerCommand | None = None
    """+ fuel cell, - electrolyser."""

    chp: PowerCommand | None = None
    heat_pump: PowerCommand | None = None
    """Electric power; the heat pump still keeps the home between its hard limits."""

    hot_water: PowerCommand | None = None
    """Electric power (0: off); the tank still keeps between its hard limits."""


NO_COMMANDS = HomeCommands()


def expiries(commands: HomeCommands) -> tuple[Instant, ...]:
    """Return the instants at which a command stops holding, in order."""
    given = (
        commands.battery,
        commands.inverter_limit,
        commands.charger,
        commands.guest,
        commands.hydrogen,
        commands.chp,
        commands.heat_pump,
        commands.hot_water,
    )
    return tuple(
        sorted(
            command.expires_at
            for command in given
            if command is not None and command.expires_at is not None
        )
    )


def in_force[Command: (BatteryCommand, PowerCommand)](
    command: Command | None, at: Instant
) -> Command | None:
    """Return the command if it still holds at ``at``."""
    if command is None:
        return None
    expired = command.expires_at is not None and command.expires_at <= at
    return None if expired else command
