"""Claims on disk: what of ours may still be in force in a device after a crash.

Written before the device is, so that the next start knows which limit is ours to
release, and what was there before us.
"""

from collections.abc import Mapping
from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.helpers.storage import Store
from homeassistant.util.json import JsonValueType

from .const import DOMAIN
from .engine.devices import ControlClaim, DeviceId
from .engine.model.period import Instant
from .settings import integer, section_of

STORE_VERSION: Final = 1

type _Claims = dict[str, dict[str, JsonValueType]]


class ClaimStore:
    """The claims of one home, by device."""

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        self._store: Final[Store[_Claims]] = Store(
            hass, STORE_VERSION, f"{DOMAIN}.claims.{entry_id}", atomic_writes=True
        )
        self._claims: _Claims = {}

    async def load(self) -> None:
        """Read what an earlier run left."""
        self._claims = await self._store.async_load() or {}

    def get(self, device: DeviceId) -> ControlClaim | None:
        """Return the claim on a device, if there is one."""
        data = self._claims.get(device)
        return None if data is None else _parse(data)

    async def put(self, device: DeviceId, claim: ControlClaim | None) -> None:
        """Keep a claim, or forget it; on disk when this returns."""
        if claim is None:
            self._claims.pop(device, None)
        else:
            self._claims[device] = _as_data(claim)
        await self._store.async_save(self._claims)

    async def remove(self) -> None:
        """Delete the file of a home that is gone."""
        await self._store.async_remove()


def _as_data(claim: ControlClaim) -> dict[str, JsonValueType]:
    return {
        "values": list(claim.values),
        "written_at": claim.written_at,
        "expires_at": claim.expires_at,
        "found": dict(claim.found),
    }


def _parse(data: Mapping[str, object]) -> ControlClaim:
    values, found = data["values"], section_of(data, "found")
    assert isinstance(values, list), "a claim lists its values"
    return ControlClaim(
        values=tuple(int(value) for value in values),
        written_at=Instant(integer(data, "written_at")),
        expires_at=Instant(integer(data, "expires_at")),
        found={name: integer(found, name) for name in found},
    )
