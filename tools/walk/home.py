"""The Home Assistant of the walk: entities of "another integration", and its start."""

from collections.abc import AsyncIterator
import contextlib
from pathlib import Path
from typing import Final

from tools.configuration import write_configuration
from tools.hass import Hass

CONFIGURATION: Final = """
api:
diagnostics:
input_number:
  grid: {min: -100000, max: 100000, initial: -1500, unit_of_measurement: W}
  spot: {min: -500, max: 3000, initial: 91, unit_of_measurement: EUR/MWh}
template:
  - sensor:
      - name: Other grid
        unique_id: other_grid
        unit_of_measurement: W
        device_class: power
        state_class: measurement
        state: "{{ states('input_number.grid') }}"
        availability: "{{ states('input_number.grid') | float(0) < 90000 }}"
"""
"""Counts export as positive, and can fall silent."""

MORE_SENSORS: Final = (
    ("Other imported", "1234.5", "kWh"),
    ("Other exported", "345678", "Wh"),
    ("Other sun", "2.5", "kW"),
    ("Other sun energy", "4.2", "MWh"),
    ("Other battery out", "500", "W"),
    ("Other battery in", "200", "W"),
    ("Other charge", "60", "%"),
    ("Other car", "0", "W"),
    ("Other feed in", "7.5", "ct/kWh"),
    ("Other spare", "1", "W"),
    ("Other level", "50", "%"),
    ("Other words", "fine", ""),
    ("Other warmth", "21.5", "°C"),
)
"""Name, state and unit."""

PLUG: Final = """
  - binary_sensor:
      - name: Other plug
        unique_id: other_plug
        device_class: plug
        state: "{{ true }}"
"""


def configure(config_dir: Path, *, port: int) -> None:
    """Write the configuration of a home with another integration in it."""
    write_configuration(config_dir, port=port, frontend=True)
    sensors = "".join(
        f"      - name: {name}\n"
        f"        unique_id: {name.lower().replace(' ', '_')}\n"
        f'        state: "{state}"\n'
        + (f'        unit_of_measurement: "{unit}"\n' if unit else "")
        for name, state, unit in MORE_SENSORS
    )
    with (config_dir / "configuration.yaml").open("a") as file:
        file.write(CONFIGURATION + sensors + PLUG)


@contextlib.asynccontextmanager
async def first_start(config_dir: Path, *, port: int) -> AsyncIterator[Hass]:
    """Start it for the first time, with an owner."""
    configure(config_dir, port=port)
    async with Hass(config_dir=config_dir, port=port) as hass:
        await hass.onboard()
        await hass.wait_until_running()
        yield hass
