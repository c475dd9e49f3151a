"""Names the glue shares. Knows no behaviour."""

from enum import StrEnum
import logging
from typing import Final

DOMAIN: Final = "commonwatt"
LOGGER: Final = logging.getLogger(__package__)

CONF_KIND: Final = "kind"


class EntryKind(StrEnum):
    """What a config entry stands for."""

    HOME = "home"
    DEMO = "demo"
