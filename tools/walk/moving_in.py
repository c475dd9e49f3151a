"""Four homes: a quick one, an exact one, one with a meter only, one with nothing."""

from typing import Final

from tools.hass import JSON

from .walker import Walk

NO_COMPONENTS: Final[JSON] = {"network": 0, "levies": 0, "vat_percent": 0}
HOUSE_UNITS: Final = (("meter", 200), ("inverter", 1), ("battery", 1))
SDM630_UNIT: Final = 2
KEBA_UNIT: Final = 255


def quick(name: str) -> dict[str, JSON]:
    """Return the answers of somebody who knows two prices."""
    return {
        "name": name,
        "grid_zone": "community",
        "import_price": 0.25,
        "feed_in_price": 0.08,
        "components": NO_COMPONENTS,
    }


EXACT: Final[dict[str, JSON]] = {
    "name": "Lodge",
    "grid_zone": "feeder 7",
    "import_price": {"active_choice": "entity", "entity": "input_number.spot"},
    "feed_in_price": {"active_choice": "entity", "entity": "sensor.other_feed_in"},
    "components": {"network": 0.0512, "levies": 0.0205, "vat_percent": 20},
}
"""The answers of somebody who knows everything; as the frontend sends them."""

ADOPTED: Final[dict[str, dict[str, JSON]]] = {
    "meter": {
        "power": "sensor.other_grid",
        "imported": "sensor.other_imported",
        "exported": "sensor.other_exported",
    },
    "inverter": {"power": "sensor.other_sun", "energy": "sensor.other_sun_energy"},
    "battery": {
        "power": "sensor.other_battery_out",
        "power_back": "sensor.other_battery_in",
        "state_of_charge": "sensor.other_charge",
        "capacity_kwh": 10,
    },
    "charger": {
        "power": "sensor.other_car",
        "connected": "binary_sensor.other_plug",
    },
}
"""Devices of the Lodge that another integration shows already."""


async def add_homes(walk: Walk) -> None:
    """Add all homes."""
    walk.diary.chapter("Homes")
    for name in ("House", "Flat", "Plot"):
        await walk.add_home(quick(name))
    await walk.add_home(EXACT)
    states = await walk.entry_states()
    walk.diary.expect(
        "four homes are loaded: " + ", ".join(sorted(states)),
        holds=list(states.values()) == ["loaded"] * len(walk.homes),
        found=states,
    )


async def add_modbus_devices(walk: Walk) -> None:
    """Let the house find its devices over Modbus."""
    walk.diary.chapter("Devices over Modbus")
    for kind, unit_id in HOUSE_UNITS:
        await add_modbus(walk, "House", kind, walk.house.port, unit_id)
    await add_modbus(walk, "House", "charger", walk.cellar.port, KEBA_UNIT)
    await add_modbus(
        walk, "Flat", "meter", walk.cellar.port, SDM630_UNIT, name="Flat meter"
    )
    await walk.remember_devices("House")
    await walk.remember_devices("Flat")


async def add_modbus(
    walk: Walk,
    home: str,
    kind: str,
    port: int,
    unit_id: int,
    *,
    name: str = "",
) -> None:
    """Add one device, after a look at who answered."""
    form = await walk.flows.add_device(walk.homes[home], kind, "modbus")
    address: dict[str, JSON] = {"host": "127.0.0.1", "port": port, "unit_id": unit_id}
    found = await walk.flows.answer(form, {**address, "driver": "auto"})
    found.must_be("form")
    walk.diary.expect(
        f"unit {unit_id} says: {found.placeholders['manufacturer']}"
        f" {found.placeholders['model']}, {found.placeholders['power']} now",
        holds=not found.errors and found.shown["step_id"] == "modbus_confirm",
        found=found.errors,
    )
    answers = {**found.filled_in, "name": name or kind.capitalize()}
    (await walk.flows.answer(found, answers)).must_be("create_entry")


async def adopt_devices(walk: Walk) -> None:
    """Make devices of entities that are there already, and ask which way they count."""
    walk.diary.chapter("Devices from existing entities")
    for kind, entities in ADOPTED.items():
        form = await walk.flows.add_device(walk.homes["Lodge"], kind, "entities")
        asked = await walk.flows.answer(form, entities)
        asked.must_be("form")
        answers = {**asked.filled_in, "name": f"Lodge {kind}"}
        if kind == "meter":
            walk.diary.expect(
                "the meter is asked about by what it shows now, -1.5 kW",
                holds=asked.placeholders == {"power": "-1.5 kW"}
                and "meter_sign_negative" in str(asked.fields["sign"]),
                found=asked.shown,
            )
            answers["sign"] = "reversed"
        else:
            walk.diary.expect(
                f"the {kind} is asked for its sign unless it has two sensors",
                holds=("sign" in asked.fields) == ("power_back" not in entities),
            )
        (await walk.flows.answer(asked, answers)).must_be("create_entry")
    await walk.remember_devices("Lodge")


async def look_around(walk: Walk) -> None:
    """Every device shows what it reads."""
    walk.diary.chapter("First light")
    readings = (
        ("Meter", "meter_power"),
        ("Meter", "meter_import"),
        ("Inverter", "inverter_power"),
        ("Inverter", "inverter_energy"),
        ("Battery", "battery_state_of_charge"),
        ("Charger", "charger_power"),
        ("Flat meter", "meter_power"),
        ("House", "consumption"),
        ("Flat", "consumption"),
    )
    for device, key in readings:
        await walk.until_number(device, key)
    await walk.until_shows("Plot", "members_online", "1")
    plain = await walk.find("Plot", "consumption")
    walk.diary.expect("a home without a meter consumes nothing known", holds=not plain)
    await _enable_a_quiet_entity(walk)
    await _see_the_signs(walk)


async def _enable_a_quiet_entity(walk: Walk) -> None:
    """What most people do not want to see is off until it is wanted."""
    entity_id = await walk.find("Flat meter", "meter_frequency")
    off = await walk.value("Flat meter", "meter_frequency")
    walk.diary.expect("the frequency is off at first", holds=off is None, found=off)
    await walk.hass.command(
        "config/entity_registry/update", entity_id=entity_id, disabled_by=None
    )
    await walk.hass.post(
        f"/api/config/config_entries/entry/{walk.homes['Flat']}/reload"
    )
    await walk.until_number("Flat meter", "meter_frequency", least=49, most=51)


async def _see_the_signs(walk: Walk) -> None:
    """The meter counts export as positive; ours counts import."""
    await walk.until_number("Lodge meter", "meter_power", 1500)
    await walk.until_number("Lodge battery", "battery_power", 300)
    await walk.until_number("Lodge battery", "stored_energy", 6)
    await walk.until_number("Lodge", "consumption", 4300)
    await walk.call("input_number.set_value", "input_number.grid", value=200)
    await walk.until_number("Lodge", "consumption", 2600)
    await walk.call("input_number.set_value", "input_number.grid", value=99_999)
    await walk.until_shows("Lodge meter", "meter_power", "unknown", "unavailable")
    await walk.until_shows("Lodge", "consumption", "unknown", "unavailable")
    await walk.call("input_number.set_value", "input_number.grid", value=-1500)
    await walk.until_number("Lodge", "consumption", 4300)
