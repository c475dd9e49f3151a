"""One home with Home Assistant: its process, its meter, and what its owner clicks."""

import asyncio
import base64
from collections.abc import Mapping
import contextlib
from dataclasses import dataclass, field
import json
import os
from pathlib import Path
import signal
from typing import Final

from tools.configuration import write_configuration
from tools.hass import JSON, Hass, HassError, our_warnings, text
from tools.rehearsal.player import Clock, RehearsalError

from . import hurried_hass
from .journals import bodies, finals

# isort: split
from custom_components.commonwatt.engine.ledger.journal import EntryKind
from custom_components.commonwatt.engine.model.party import Charter, PartyId
from custom_components.commonwatt.engine.wire.canonical import decode
from custom_components.commonwatt.engine.wire.charters import read_charter

SUBENTRIES: Final = "/api/config/config_entries/subentries/flow"
DOMAIN: Final = "commonwatt"
FEED_SECONDS: Final = 0.5
WS_PER_WH: Final = 3_600
STEP_SECONDS: Final = 0.1
PATIENCE_SECONDS: Final = 60.0

type Answers = Mapping[str, JSON]


@dataclass(slots=True, kw_only=True)
class House:
    """A home that always imports the same power, or exports it if that is negative."""

    name: str
    config_dir: Path
    port: int
    power_w: int
    pace: int
    hass: Hass = field(init=False)
    entry_id: str = ""
    log: list[str] = field(default_factory=list)
    """What Home Assistant said before its last start."""

    _feeding: asyncio.Task[None] | None = None
    _imported_wh: float = 1_000.0
    _exported_wh: float = 1_000.0

    # ----------------------------------------------------------------- its process

    async def start(self) -> None:
        """Start Home Assistant for the first time, with an owner and a home."""
        write_configuration(self.config_dir, port=self.port, frontend=False)
        (self.config_dir / "pace").write_text(str(self.pace))
        await self._enter(onboarded=False)
        await self.hass.onboard()
        await self.hass.wait_until_running()
        entry = await self.hass.flow(
            DOMAIN,
            {"next_step_id": "home"},
            {
                "name": self.name,
                "grid_zone": "community",
                "import_price": 0.25,
                "feed_in_price": 0.08,
                "components": {"network": 0, "levies": 0, "vat_percent": 0},
            },
        )
        self.entry_id = text(entry, "entry_id")
        await self._show_the_meter()
        await self._adopt_the_meter()

    async def kill(self) -> None:
        """End Home Assistant as a power cut would."""
        process = self.hass.process
        assert process is not None, "started"
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
        await self.hass.stop()
        self._keep_the_log()

    async def start_again(self) -> None:
        """Start it anew in the same folder, and sign in."""
        await self._enter(onboarded=True)
        await self.hass.sign_in()

    async def stop(self) -> None:
        """End everything kindly."""
        if self._feeding is not None:
            self._feeding.cancel()
        with contextlib.suppress(AttributeError):
            await self.hass.stop()
            self._keep_the_log()

    async def _enter(self, *, onboarded: bool) -> None:
        self.hass = Hass(
            config_dir=self.config_dir,
            port=self.port,
            onboarded=onboarded,
            program=(str(Path(hurried_hass.__file__)),),
        )
        await self.hass.__aenter__()

    def _keep_the_log(self) -> None:
        if self.hass.log_path.exists():
            said = self.hass.log_path.read_text(errors="replace")
            self.log.extend(said.splitlines())

    @property
    def complaints(self) -> list[str]:
        """Warnings and errors our component logged."""
        return our_warnings(self.log)

    # ------------------------------------------------------------------- its meter

    def feed(self, clock: Clock | None) -> None:
        """Let the meter count, in the time of ``clock``."""
        if self._feeding is not None:
            self._feeding.cancel()
        pace = 1 if clock is None else clock.pace
        self._feeding = asyncio.create_task(self._count(pace))

    async def _count(self, pace: int) -> None:
        loop = asyncio.get_running_loop()
        last = loop.time()
        while True:
            now = loop.time()
            counted_wh = self.power_w * (now - last) * pace / WS_PER_WH
            last = now
            self._imported_wh += max(0.0, counted_wh)
            self._exported_wh += max(0.0, -counted_wh)
            # While Home Assistant is down nobody looks at the meter; it goes on.
            with contextlib.suppress(HassError, OSError, RuntimeError):
                await self._show_the_meter()
            await asyncio.sleep(FEED_SECONDS)

    async def _show_the_meter(self) -> None:
        for key, value, unit, kind in (
            ("power", self.power_w, "W", "measurement"),
            ("imported", round(self._imported_wh), "Wh", "total_increasing"),
            ("exported", round(self._exported_wh), "Wh", "total_increasing"),
        ):
            attributes: dict[str, JSON] = {
                "unit_of_measurement": unit,
                "device_class": "power" if unit == "W" else "energy",
                "state_class": kind,
            }
            body: dict[str, JSON] = {"state": str(value), "attributes": attributes}
            await self.hass.post(f"/api/states/sensor.grid_{key}", body)

    async def _adopt_the_meter(self) -> None:
        step = await self._begin("meter", {"next_step_id": "entities"})
        entities = {
            name: f"sensor.grid_{name}" for name in ("power", "imported", "exported")
        }
        step = await self._answer(step, entities)
        sign = {"sign": "as_ours"} if "sign" in json.dumps(step) else {}
        await self._finish(step, {"name": "Meter", **sign})

    # --------------------------------------------------------------- its community

    async def found(self, name: str) -> None:
        """Found a community that whoever is invited by a member may join."""
        step = await self._begin("community", {"next_step_id": "create"})
        step = await self._answer(
            step, {"name": name, "admission": "inviter", "grid": {}, "identity": {}}
        )
        step = await self._answer(step, self._http())
        self._must_be("create_entry", step)
        await self.until_member()

    async def invite(self) -> str:
        """Return a link for one home."""
        path = f"/api/services/{DOMAIN}/invite?return_response"
        answer = await self.hass.post(path, {"config_entry_id": self.entry_id})
        response = answer.get("service_response") if isinstance(answer, dict) else None
        return text(response, "link")

    async def join(self, link: str) -> None:
        """Join a community by a link."""
        step = await self._begin("community", {"next_step_id": "join"})
        step = await self._answer(
            step, {"link": link, "name": "Village", "identity": {}}
        )
        filled_in = self._http()
        filled_in["dial"] = _suggested(step, "dial")
        step = await self._answer(step, filled_in)
        step = await self._after_progress(step)
        await self._finish(step, {})
        await self.until_member()

    async def move_to_broker(self, port: int) -> None:
        """Be connected by a broker alone from now on."""
        start: Answers = {
            "handler": [self.entry_id, "community"],
            "subentry_id": await self._community_subentry(),
        }
        step = _an_object(await self.hass.post(SUBENTRIES, start))
        step = await self._answer(step, {"next_step_id": "ways"})
        step = await self._answer(
            step, {"ways": ["broker"], "addresses": [], "dial": []}
        )
        broker: Answers = {"host": "127.0.0.1", "port": port, "tls": False}
        step = await self._answer(step, broker)
        self._must_be("abort", step)
        if step.get("reason") != "reconfigure_successful":
            raise RehearsalError(f"{self.name}: {step}")

    async def until_member(self) -> None:
        """Wait until the home shows that it is a member."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                if await self.membership() == "member":
                    return
                await asyncio.sleep(STEP_SECONDS)

    async def membership(self) -> str | None:
        """Return what the home's sensor says about its community."""
        listed = await self.hass.command("config/entity_registry/list")
        assert isinstance(listed, list), "a registry lists"
        for entity in listed:
            if text(entity, "unique_id") == f"{self.entry_id}_membership":
                with contextlib.suppress(HassError):
                    path = f"/api/states/{text(entity, 'entity_id')}"
                    return text(await self.hass.get(path), "state")
        return None

    # ----------------------------------------------------------------- its journal

    @property
    def journal(self) -> Path:
        """The journal of its membership."""
        storage = self.config_dir / ".storage"
        found = sorted(storage.glob(f"{DOMAIN}.{self.entry_id}.*.db"))
        return found[0] if found else storage / "none.db"

    @property
    def finals(self) -> dict[int, set[bytes]]:
        """Every result that was ever final for a period."""
        return finals(self.journal)

    @property
    def charters(self) -> list[bytes]:
        """The changes of the charter it knows."""
        return bodies(self.journal, EntryKind.CHARTER)

    def founding(self) -> Charter:
        """Return the first charter (blocking)."""
        return read_charter(decode(base64.b64decode(self._membership["founding"])))

    def party(self) -> PartyId:
        """Return as whom the home signs (blocking)."""
        return PartyId(self._membership["party"])

    @property
    def _membership(self) -> dict[str, str]:
        """What Home Assistant keeps of it."""
        entries = self.config_dir / ".storage" / "core.config_entries"
        for entry in json.loads(entries.read_text())["data"]["entries"]:
            for subentry in entry.get("subentries", ()):
                if subentry["subentry_type"] == "community":
                    data: dict[str, str] = subentry["data"]
                    return data
        raise RehearsalError(f"{self.name} belongs to no community")

    # ----------------------------------------------------------------------- forms

    def _http(self) -> dict[str, JSON]:
        address = f"http://127.0.0.1:{self.port}"
        return {"ways": ["http"], "addresses": [address], "dial": []}

    async def _community_subentry(self) -> str:
        listed = await self.hass.command(
            "config_entries/subentries/list", entry_id=self.entry_id
        )
        assert isinstance(listed, list), "subentries are listed"
        (found,) = [
            text(one, "subentry_id")
            for one in listed
            if text(one, "subentry_type") == "community"
        ]
        return found

    async def _begin(self, kind: str, choice: Answers) -> dict[str, JSON]:
        start: Answers = {"handler": [self.entry_id, kind]}
        menu = _an_object(await self.hass.post(SUBENTRIES, start))
        return await self._answer(menu, choice)

    async def _answer(
        self, step: Mapping[str, JSON], answers: Answers
    ) -> dict[str, JSON]:
        path = f"{SUBENTRIES}/{text(dict(step), 'flow_id')}"
        shown = _an_object(await self.hass.post(path, answers))
        if shown.get("errors"):
            raise RehearsalError(f"{self.name}: a form was not accepted: {shown}")
        return shown

    async def _after_progress(self, step: dict[str, JSON]) -> dict[str, JSON]:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while step["type"] in {"progress", "progress_done"}:
                await asyncio.sleep(STEP_SECONDS)
                path = f"{SUBENTRIES}/{text(step, 'flow_id')}"
                step = _an_object(await self.hass.get(path))
        return step

    async def _finish(self, step: dict[str, JSON], answers: Answers) -> None:
        self._must_be("form", step)
        self._must_be("create_entry", await self._answer(step, answers))

    def _must_be(self, kind: str, step: Mapping[str, JSON]) -> None:
        if step["type"] != kind:
            raise RehearsalError(f"{self.name}: {kind} was expected, not {step}")


def _suggested(step: Mapping[str, JSON], name: str) -> JSON:
    """Return what a form has filled in already."""
    schema = step["data_schema"]
    assert isinstance(schema, list), "a form has fields"
    for one in schema:
        if isinstance(one, dict) and one["name"] == name:
            described = one.get("description")
            if isinstance(described, dict):
                return described.get("suggested_value")
    return None


def _an_object(value: JSON) -> dict[str, JSON]:
    if not isinstance(value, dict):
        raise RehearsalError(f"no object: {value}")
    return value
