"""Everything is removed; nothing of ours stays behind."""

import asyncio
from pathlib import Path
from typing import Final

from .walker import Walk

LISTENING: Final = "0A"
ESTABLISHED: Final = "01"


def sockets_of(pid: int, state: str) -> set[tuple[int, int]]:
    """Return local and remote port of a process' TCP sockets in ``state``."""
    inodes = set()
    for link in Path(f"/proc/{pid}/fd").iterdir():
        target = str(link.readlink())
        if target.startswith("socket:["):
            inodes.add(target[8:-1])
    found = set()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
            cells = line.split()
            if cells[9] in inodes and cells[3] == state:
                ports = [int(cell.rpartition(":")[2], 16) for cell in cells[1:3]]
                found.add((ports[0], ports[1]))
    return found


def listening(walk: Walk) -> set[int]:
    """Return the ports Home Assistant listens on."""
    assert walk.hass.process is not None, "running"
    return {local for local, _ in sockets_of(walk.hass.process.pid, LISTENING)}


async def remove_everything(walk: Walk) -> None:
    """Remove every home, and the demo while it runs."""
    walk.diary.chapter("Farewell")
    assert walk.hass.process is not None, "running"
    for entry_id in walk.homes.values():
        await walk.hass.delete(f"/api/config/config_entries/entry/{entry_id}")
    await asyncio.sleep(0.5)
    entities = await walk.our_entities()
    walk.diary.expect("no entity is left", holds=not entities, found=entities)
    others = listening(walk) - {walk.hass.port}
    walk.diary.expect("no port is left open", holds=not others, found=others)
    devices = {walk.house.port, walk.cellar.port}
    connections = sockets_of(walk.hass.process.pid, ESTABLISHED)
    talking = [pair for pair in connections if pair[1] in devices]
    walk.diary.expect("no device is connected", holds=not talking, found=talking)
    kept = [file.name for file in walk.storage.glob("commonwatt*")]
    walk.diary.expect("no file is left in .storage", holds=not kept, found=kept)
