"""What an owner hands out when asking for help holds no secret."""

import json

from tools.hass import JSON

from .parsing import an_object
from .walker import Walk


async def download_diagnostics(walk: Walk) -> None:
    """Look for keys, hosts and serial numbers in the diagnostics of every home."""
    walk.diary.chapter("Diagnostics")
    for name, entry_id in walk.homes.items():
        answer = await walk.hass.get(f"/api/diagnostics/config_entry/{entry_id}")
        said = json.dumps(an_object(answer)["data"])
        keys = walk.storage / f"commonwatt.{entry_id}.keys"
        secrets: dict[str, JSON] = json.loads(keys.read_text())["data"]
        found = [what for what, secret in secrets.items() if str(secret) in said]
        found += ["a host"] if "127.0.0.1" in said else []
        walk.diary.expect(
            f"{name}: {len(said)} characters, no secret, no host",
            holds=bool(secrets) and not found,
            found=found,
        )
