"""Who walks: a signed-in user, what surrounds the home, and a diary."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from math import inf, isfinite
import os
from pathlib import Path
import signal
from typing import Final

from tools.hass import JSON, Hass, HassError, text

from .diary import Diary, WalkError
from .flows import DOMAIN, Answers, Flows
from .parsing import an_object, objects
from .surroundings import SimulatedHome
from .texts import Texts

STEP_SECONDS: Final = 0.2


@dataclass(slots=True, kw_only=True)
class Walk:
    """Everything the chapters share."""

    hass: Hass
    texts: Texts
    diary: Diary
    house: SimulatedHome
    """Its meter and its hybrid inverter with a battery belong to the home "House"."""

    cellar: SimulatedHome
    """Its other meter and its charger do, too: on a machine of their own."""

    homes: dict[str, str] = field(default_factory=dict)
    """Ids of the config entries by name."""

    devices: dict[str, str] = field(default_factory=dict)
    """Ids of the subentries by name."""

    log: list[str] = field(default_factory=list)
    """What Home Assistant said before its last start."""

    @property
    def flows(self) -> Flows:
        """Forms to fill in."""
        return Flows(self.hass, self.texts)

    @property
    def storage(self) -> Path:
        """Where Home Assistant keeps what it must remember."""
        return self.hass.config_dir / ".storage"

    # ------------------------------------------------------------------ looking

    async def our_entities(self) -> list[dict[str, JSON]]:
        """Return our part of the entity registry."""
        listed = objects(await self.hass.command("config/entity_registry/list"))
        return [entity for entity in listed if entity["platform"] == DOMAIN]

    async def find(self, owner: str, key: str) -> str | None:
        """Return the entity that shows ``key`` of a device or home, if there is one."""
        owner_id = self.devices.get(owner) or self.homes[owner]
        for entity in await self.our_entities():
            if entity["unique_id"] == f"{owner_id}_{key}":
                return text(entity, "entity_id")
        return None

    async def state(self, entity_id: str) -> dict[str, JSON]:
        """Return a state with its attributes."""
        return an_object(await self.hass.get(f"/api/states/{entity_id}"))

    async def value(self, owner: str, key: str) -> str | None:
        """Return what an entity of a device or home shows; None: there is none."""
        entity_id = await self.find(owner, key)
        if entity_id is None:
            return None
        try:
            return text(await self.state(entity_id), "state")
        except HassError:
            return None

    async def number(self, owner: str, key: str) -> float | None:
        """Return the number an entity shows; None for anything else."""
        try:
            return float(await self.value(owner, key) or "")
        except ValueError:
            return None

    async def entry_states(self) -> dict[str, str]:
        """Return how our config entries are doing, by name."""
        listed = objects(await self.hass.command("config_entries/get", domain=DOMAIN))
        return {text(entry, "title"): text(entry, "state") for entry in listed}

    # ------------------------------------------------------------------- doing

    async def until(
        self, what: str, holds: Callable[[], Awaitable[bool]], *, seconds: float
    ) -> None:
        """Wait for something to become true and note how long it took."""
        loop = asyncio.get_running_loop()
        began_at = loop.time()
        while not await holds():
            if loop.time() - began_at > seconds:
                raise WalkError(f"not within {seconds:.0f} s: {what}")
            await asyncio.sleep(STEP_SECONDS)
        self.diary.saw(f"{what} ({loop.time() - began_at:.1f} s)")

    async def until_shows(
        self, owner: str, key: str, *values: str, seconds: float = 15
    ) -> None:
        """Wait until an entity shows one of ``values``."""

        async def shows() -> bool:
            return await self.value(owner, key) in values

        await self.until(
            f"{owner}: {key} is {' or '.join(values)}", shows, seconds=seconds
        )

    async def until_number(
        self,
        owner: str,
        key: str,
        exactly: float | None = None,
        *,
        least: float = -inf,
        most: float = inf,
        seconds: float = 20,
    ) -> None:
        """Wait until an entity shows a number, within limits."""
        if exactly is not None:
            least = most = exactly

        async def shows() -> bool:
            number = await self.number(owner, key)
            return number is not None and least <= number <= most

        limits = {"": exactly, "at least ": least, "at most ": most}
        said = [
            f"{name}{limit:g}"
            for name, limit in limits.items()
            if limit is not None and isfinite(limit)
        ]
        what = said[0] if exactly is not None else " and ".join(said) or "a number"
        await self.until(f"{owner}: {key} is {what}", shows, seconds=seconds)

    async def call(self, service: str, entity_id: str | None, **data: JSON) -> None:
        """Call a service for an entity; HassError if Home Assistant refuses."""
        assert entity_id is not None, "the entity was seen before"
        domain, _, name = service.partition(".")
        await self.hass.command(
            "call_service",
            domain=domain,
            service=name,
            target={"entity_id": entity_id},
            service_data=data,
        )

    async def add_home(self, answers: Answers) -> None:
        """Add a home through its form."""
        form = await self.flows.add_entry("home")
        done = await self.flows.answer(form, answers)
        done.must_be("create_entry")
        entry = an_object(done.shown["result"])
        self.homes[text(entry, "title")] = text(entry, "entry_id")

    async def remember_devices(self, home: str) -> None:
        """Note the ids of a home's devices."""
        listed = await self.hass.command(
            "config_entries/subentries/list", entry_id=self.homes[home]
        )
        for device in objects(listed):
            self.devices[text(device, "title")] = text(device, "subentry_id")

    # ------------------------------------------------------- stopping, starting

    async def stop(self) -> None:
        """Stop Home Assistant as its own service manager does."""
        assert self.hass.process is not None, "running"
        await self.hass.stop()
        self.diary.expect(
            "Home Assistant stops in order",
            holds=self.hass.process.returncode == 0,
            found=self.hass.process.returncode,
        )
        self._keep_the_log()

    async def crash(self) -> None:
        """Kill Home Assistant: no farewell to anybody."""
        assert self.hass.process is not None, "running"
        os.killpg(self.hass.process.pid, signal.SIGKILL)
        await self.hass.process.wait()
        await self.hass.stop()
        self._keep_the_log()

    async def start(self) -> None:
        """Start Home Assistant again in the same folder, and sign in."""
        before = self.hass
        self.hass = Hass(config_dir=before.config_dir, port=before.port, onboarded=True)
        await self.hass.__aenter__()
        await self.hass.sign_in()
        await self.hass.wait_until_running()

    def _keep_the_log(self) -> None:
        said = self.hass.log_path.read_text(errors="replace")
        self.log.extend(said.splitlines())
