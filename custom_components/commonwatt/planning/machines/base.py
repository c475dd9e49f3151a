"""What all machines of a home share."""

from abc import ABC, abstractmethod
from typing import ClassVar, Final

from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant

from ...engine.dispatch import AssetId
from ...engine.dispatch.home import Generator, Horizon, Storage
from ...engine.dispatch.story import ActionKind


class Machine(ABC):
    """One machine its owner told of."""

    actions: ClassVar[tuple[ActionKind, ...]]
    """What it can do; each has a sensor that says when."""

    def __init__(self, subentry: ConfigSubentry) -> None:
        """Read a subentry."""
        self.id: Final = AssetId(subentry.subentry_id)
        self.subentry_id: Final = subentry.subentry_id
        self.name: Final = subentry.title

    @abstractmethod
    def seen(self, hass: HomeAssistant, horizon: Horizon) -> Storage | Generator:
        """Return it as the optimiser takes it, with what its entities show now."""
