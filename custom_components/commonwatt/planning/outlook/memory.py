"""What prices and intensities have been, kept over a restart."""

from collections.abc import Mapping
from typing import Final, TypedDict

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.storage import Store

from ...const import DOMAIN
from ...engine.model.period import DeliveryPeriod
from .source import Source

STORE_VERSION: Final = 1
SAVE_DELAY_S: Final = 15 * 60


class _Saved(TypedDict):
    entity: str
    values: list[list[int]]


class Memory:
    """The past of every source of one home."""

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        self._store: Final[Store[dict[str, _Saved]]] = Store(
            hass, STORE_VERSION, f"{DOMAIN}.outlook.{entry_id}"
        )

    async def load(self, sources: Mapping[str, Source]) -> None:
        """Give back what was known; another entity starts from nothing."""
        saved = await self._store.async_load() or {}
        for name, source in sources.items():
            if name in saved and saved[name]["entity"] == source.entity:
                source.remember(
                    {DeliveryPeriod(n): value for n, value in saved[name]["values"]}
                )

    @callback
    def save_soon(self, sources: Mapping[str, Source]) -> None:
        """Write it down when there is time."""

        def as_data() -> dict[str, _Saved]:
            return {
                name: _Saved(
                    entity=source.entity,
                    values=[[p.number, v] for p, v in sorted(source.known.items())],
                )
                for name, source in sources.items()
            }

        if sources:
            self._store.async_delay_save(as_data, SAVE_DELAY_S)

    async def remove(self) -> None:
        """Delete the file of a home that is gone."""
        await self._store.async_remove()
