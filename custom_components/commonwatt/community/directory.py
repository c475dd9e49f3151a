"""What the owner calls the neighbours: kept here, told to nobody, erased at will."""

from collections.abc import Mapping
from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.helpers.storage import Store

from ..const import DOMAIN
from ..engine.model.party import PartyId

STORE_VERSION: Final = 1
NAME_LENGTH_MAX: Final = 64
CODE_LENGTH: Final = 4
"""Letters of a party that tell nameless neighbours apart."""


class Directory:
    """The names of the members of one community, as one home uses them."""

    def __init__(self, hass: HomeAssistant, entry_id: str, place: str) -> None:
        """Know nobody yet."""
        self._names: Final[dict[PartyId, str]] = {}
        self._nameless = "{code}"
        self._store: Final[Store[dict[str, str]]] = Store(
            hass,
            STORE_VERSION,
            f"{DOMAIN}.{entry_id}.{place}.names",
            private=True,
            atomic_writes=True,
        )

    async def async_load(self, nameless: str) -> None:
        """Read the names; ``nameless`` is what all others are called, by ``{code}``."""
        self._nameless = nameless
        stored = await self._store.async_load() or {}
        self._names.update({PartyId(party): name for party, name in stored.items()})

    @property
    def names(self) -> Mapping[PartyId, str]:
        """The names that were given."""
        return dict(self._names)

    def name_of(self, party: PartyId) -> str:
        """Return what to call a neighbour."""
        nameless = self._nameless.replace("{code}", party[:CODE_LENGTH].upper())
        return self._names.get(party, nameless)

    async def async_rename(self, party: PartyId, name: str) -> None:
        """Call a neighbour so from now on; nothing: forget what it was called."""
        wanted = name.strip()[:NAME_LENGTH_MAX]
        if wanted:
            self._names[party] = wanted
        else:
            self._names.pop(party, None)
        await self._store.async_save(
            {str(party): known for party, known in self._names.items()}
        )

    async def async_forget(self) -> None:
        """Erase all names."""
        self._names.clear()
        await self._store.async_remove()
