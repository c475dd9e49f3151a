"""Reconfiguring: every entry and every device, without losing a name or a history."""

from typing import Final

from tools.hass import JSON, text

from .flows import Step
from .moving_in import ADOPTED, HOUSE_UNITS, KEBA_UNIT, SDM630_UNIT, quick
from .walker import Walk

RELOAD_SECONDS: Final = 60


async def change_everything(walk: Walk) -> None:
    """Change homes and devices, one after the other."""
    walk.diary.chapter("Changes")
    before = await _ids(walk)
    await _change_homes(walk)
    await _change_modbus(walk)
    await _change_adopted(walk)
    await _rename_a_source(walk)
    after = await _ids(walk)
    lost = {key: name for key, name in before.items() if after.get(key) != name}
    walk.diary.expect("every entity keeps its id", holds=not lost, found=lost)


async def _ids(walk: Walk) -> dict[str, str]:
    entities = await walk.our_entities()
    return {text(e, "unique_id"): text(e, "entity_id") for e in entities}


def _done(walk: Walk, step: Step, what: str) -> None:
    walk.diary.expect(
        f"{what}: changed",
        holds=step.shown.get("reason") == "reconfigure_successful",
        found=step.shown,
    )


async def _change_homes(walk: Walk) -> None:
    step = await walk.flows.change_entry(walk.homes["Plot"])
    answers: dict[str, JSON] = {**quick("Plot"), "feed_in_price": 0}
    _done(walk, await walk.flows.answer(step, answers), "the price of the Plot")
    for name in walk.homes:
        step = await walk.flows.change_entry(walk.homes[name])
        shown = step.filled_in
        walk.diary.expect(
            f"the form of the {name} shows what was entered:"
            f" {shown['import_price']}, {shown['feed_in_price']}",
            holds=shown["name"] == name and None not in shown.values(),
            found=shown,
        )
        # Somebody who only presses the button changes nothing.
        _done(walk, await walk.flows.answer(step, shown), f"nothing of the {name}")

    async def are_loaded() -> bool:
        return set((await walk.entry_states()).values()) == {"loaded"}

    await walk.until("all homes are loaded again", are_loaded, seconds=RELOAD_SECONDS)


async def _change_modbus(walk: Walk) -> None:
    house, cellar = walk.house.port, walk.cellar.port
    known = [("House", kind, kind.capitalize(), house, u) for kind, u in HOUSE_UNITS]
    known.append(("House", "charger", "Charger", cellar, KEBA_UNIT))
    known.append(("Flat", "meter", "Flat meter", cellar, SDM630_UNIT))
    for home, kind, name, port, unit_id in known:
        device = walk.devices[name]
        step = await walk.flows.change_device(walk.homes[home], kind, device)
        shown = step.filled_in
        walk.diary.expect(
            f"the form of the {name} shows where it is: {shown}",
            holds=(shown["port"], shown["unit_id"]) == (port, unit_id),
        )
        step = await walk.flows.answer(step, {**shown, "host": "localhost"})
        step.must_be("form")
        done = await walk.flows.answer(step, step.filled_in)
        _done(walk, done, f"the host of the {name}")
    await _refuse_another(walk)


async def _refuse_another(walk: Walk) -> None:
    """Another device under a new address must not carry on the history of the old."""
    step = await walk.flows.change_device(
        walk.homes["House"], "inverter", walk.devices["Inverter"]
    )
    step = await walk.flows.answer(step, {**step.filled_in, "unit_id": 200})
    walk.diary.expect(
        "a meter in place of the inverter is refused",
        holds=step.errors == {"base": "wrong_kind"},
        found=step.shown,
    )


async def _change_adopted(walk: Walk) -> None:
    for kind in ADOPTED:
        name = f"Lodge {kind}"
        device = walk.devices[name]
        step = await walk.flows.change_device(walk.homes["Lodge"], kind, device)
        shown = step.filled_in
        walk.diary.expect(
            f"the form of the {name} shows its entities",
            holds=shown == ADOPTED[kind],
            found=shown,
        )
        step = await walk.flows.answer(step, shown)
        step.must_be("form")
        answers = {**step.filled_in, "name": f"{name} 2"}
        if kind == "meter":
            walk.diary.expect(
                "the answer about its sign is remembered",
                holds=step.filled_in["sign"] == "reversed",
                found=step.shown,
            )
        _done(walk, await walk.flows.answer(step, answers), f"the name of the {name}")
    await walk.until_number("Lodge", "consumption", 4300)


async def _rename_a_source(walk: Walk) -> None:
    """The entity a device was made of gets another name."""
    await walk.hass.command(
        "config/entity_registry/update",
        entity_id="sensor.other_grid",
        new_entity_id="sensor.renamed_grid",
    )
    await walk.call("input_number.set_value", "input_number.grid", value=200)
    await walk.until_number("Lodge", "consumption", 2600)
