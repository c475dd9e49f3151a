"""Everything a person can get wrong in a form, and what the form says to it."""

from dataclasses import dataclass
from typing import Final

from tools.demo import free_port
from tools.hass import JSON

from .flows import Step
from .moving_in import EXACT, KEBA_UNIT, SDM630_UNIT, quick
from .surroundings import silent_listener, web_server
from .walker import Walk

ANSWER_SECONDS_MAX: Final = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """Something wrong, and what is to be said about it, by field."""

    what: str
    answers: dict[str, JSON]
    errors: dict[str, str]
    kind: str = "meter"


async def make_mistakes(walk: Walk) -> None:
    """Get everything wrong once; nothing may be added by it."""
    before = await walk.our_entities()
    await _wrong_homes(walk)
    await _wrong_addresses(walk)
    await _wrong_entities(walk)
    after = await walk.our_entities()
    walk.diary.expect("nothing was added by mistake", holds=len(before) == len(after))


def _see(walk: Walk, wrong: Wrong, step: Step, seconds: float | None = None) -> None:
    """Compare what the form says; its texts have been looked up already."""
    texts = [
        walk.texts.get(f"{step.place}.error.{key}", step.placeholders)
        for key in step.errors.values()
    ]
    took = "" if seconds is None else f" ({seconds:.1f} s)"
    walk.diary.expect(
        f"{wrong.what}: {' '.join(texts)}{took}",
        holds=step.errors == wrong.errors,
        found=step.shown,
    )
    if seconds is not None:
        walk.diary.expect(
            f"answered within {ANSWER_SECONDS_MAX:.0f} s",
            holds=seconds < ANSWER_SECONDS_MAX,
            found=seconds,
        )


# ----------------------------------------------------------------------- homes


async def _wrong_homes(walk: Walk) -> None:
    walk.diary.chapter("Mistakes with homes")
    form = await walk.flows.add_entry("home")
    for wrong in _wrong_answers():
        _see(walk, wrong, await walk.flows.answer(form, wrong.answers))
    step = await walk.flows.change_entry(walk.homes["Lodge"])
    stolen: dict[str, JSON] = {**EXACT, "name": "House"}
    wrong = Wrong(what="a name stolen", answers=stolen, errors={"name": "name_exists"})
    _see(walk, wrong, await walk.flows.answer(step, stolen))


def _elsewhere(**change: JSON) -> dict[str, JSON]:
    return {**quick("Elsewhere"), **change}


def _of(entity_id: str) -> JSON:
    return {"active_choice": "entity", "entity": entity_id}


def _wrong_answers() -> tuple[Wrong, ...]:
    heavy: JSON = {"network": 0, "levies": 0, "vat_percent": 400}
    return (
        Wrong(
            what="a name that is taken",
            answers=_elsewhere(name="house"),
            errors={"name": "name_exists"},
        ),
        Wrong(
            what="no name",
            answers=_elsewhere(name=" "),
            errors={"name": "name_invalid"},
        ),
        Wrong(
            what="no zone",
            answers=_elsewhere(grid_zone=" "),
            errors={"grid_zone": "zone_missing"},
        ),
        Wrong(
            what="no price",
            answers=_elsewhere(import_price=0),
            errors={"import_price": "price_missing"},
        ),
        Wrong(
            what="a price out of this world",
            answers=_elsewhere(import_price=25e6),
            errors={"base": "price_out_of_bounds"},
        ),
        Wrong(
            what="400 % tax",
            answers=_elsewhere(components=heavy),
            errors={"base": "price_out_of_bounds"},
        ),
        Wrong(
            what="a price without a number",
            answers=_elsewhere(import_price=_of("sensor.other_words")),
            errors={"import_price": "entity_without_number"},
        ),
        Wrong(
            what="a price in degrees",
            answers=_elsewhere(feed_in_price=_of("sensor.other_warmth")),
            errors={"feed_in_price": "entity_wrong_unit"},
        ),
        Wrong(
            what="a price nobody knows",
            answers=_elsewhere(feed_in_price=_of("sensor.nobody")),
            errors={"feed_in_price": "entity_not_found"},
        ),
    )


# ---------------------------------------------------------------------- Modbus


def _address(port: int, unit_id: int, **more: JSON) -> dict[str, JSON]:
    return {
        "host": "127.0.0.1",
        "port": port,
        "unit_id": unit_id,
        "driver": "auto",
        **more,
    }


async def _wrong_addresses(walk: Walk) -> None:
    walk.diary.chapter("Mistakes with Modbus devices")
    cellar = walk.cellar.port
    async with silent_listener() as silent, web_server() as web:
        for wrong in (
            *_nonsense(cellar),
            *_nobody_there(cellar, silent=silent, web=web),
            *_somebody_else(cellar),
        ):
            form = await walk.flows.add_device(walk.homes["Plot"], wrong.kind, "modbus")
            seconds = walk.diary.seconds
            step = await walk.flows.answer(form, wrong.answers)
            _see(walk, wrong, step, walk.diary.seconds - seconds)


def _nonsense(port: int) -> tuple[Wrong, ...]:
    return (
        Wrong(
            what="a page of the web as host",
            answers=_address(port, 1, host="http://meter/"),
            errors={"host": "host_invalid"},
        ),
        Wrong(
            what="port 0 and unit 300",
            answers=_address(0, 300),
            errors={"port": "port_invalid", "unit_id": "unit_id_invalid"},
        ),
    )


def _nobody_there(port: int, *, silent: int, web: int) -> tuple[Wrong, ...]:
    return (
        Wrong(
            what="wrong port",
            answers=_address(free_port(), 1),
            errors={"base": "no_connection"},
        ),
        Wrong(
            what="wrong host",
            answers=_address(port, 1, host="no-such-meter.invalid"),
            errors={"base": "no_connection"},
        ),
        *(
            Wrong(
                what=f"a silent unit as {kind}, {driver}",
                answers=_address(silent, 1, driver=driver),
                errors={"base": "no_answer"},
                kind=kind,
            )
            for kind, driver in (
                ("meter", "auto"),
                ("meter", "sdm630"),
                ("inverter", "sunspec"),
                ("charger", "auto"),
            )
        ),
        Wrong(
            what="a web server",
            answers=_address(web, 1),
            errors={"base": "no_connection"},
        ),
        Wrong(
            what="wrong unit id",
            answers=_address(port, 77),
            errors={"base": "wrong_unit"},
        ),
    )


def _somebody_else(port: int) -> tuple[Wrong, ...]:
    return (
        Wrong(
            what="a device that is not SunSpec",
            answers=_address(port, SDM630_UNIT),
            errors={"base": "not_supported"},
            kind="inverter",
        ),
        Wrong(
            what="a meter as charger",
            answers=_address(port, SDM630_UNIT),
            errors={"base": "not_supported"},
            kind="charger",
        ),
        Wrong(
            what="a SunSpec meter as battery",
            answers=_address(port, 200),
            errors={"base": "wrong_kind"},
            kind="battery",
        ),
        Wrong(
            what="the same meter again, in another home",
            answers=_address(port, SDM630_UNIT),
            errors={"base": "duplicate_device"},
        ),
        Wrong(
            what="the same serial number under another address",
            answers=_address(port, 1),
            errors={"base": "duplicate_device"},
            kind="battery",
        ),
        Wrong(
            what="the same charger again",
            answers=_address(port, KEBA_UNIT),
            errors={"base": "duplicate_device"},
            kind="charger",
        ),
    )


# -------------------------------------------------------------------- entities


def _wrong_adoptions() -> tuple[Wrong, ...]:
    return (
        Wrong(
            what="an entity without a number",
            answers={"power": "sensor.other_words"},
            errors={"power": "entity_without_number"},
        ),
        Wrong(
            what="a power in degrees",
            answers={"power": "sensor.other_warmth"},
            errors={"power": "entity_wrong_unit"},
        ),
        Wrong(
            what="an entity that is not there",
            answers={"power": "sensor.nobody"},
            errors={"power": "entity_not_found"},
        ),
        Wrong(what="no entity", answers={}, errors={"base": "nothing_selected"}),
        Wrong(
            what="one entity for both directions",
            answers={"power": "sensor.other_spare", "power_back": "sensor.other_spare"},
            errors={"base": "entity_twice"},
        ),
        Wrong(
            what="only one direction",
            answers={"power_back": "sensor.other_spare"},
            errors={"power": "power_missing"},
        ),
        Wrong(
            what="a battery of 0 kWh",
            answers={"state_of_charge": "sensor.other_level", "capacity_kwh": 0},
            errors={"capacity_kwh": "capacity_invalid"},
            kind="battery",
        ),
        Wrong(
            what="an entity another device has already",
            answers={"power": "sensor.other_grid"},
            errors={"base": "duplicate_device"},
        ),
    )


async def _wrong_entities(walk: Walk) -> None:
    walk.diary.chapter("Mistakes with existing entities")
    for wrong in _wrong_adoptions():
        form = await walk.flows.add_device(walk.homes["Plot"], wrong.kind, "entities")
        _see(walk, wrong, await walk.flows.answer(form, wrong.answers))
