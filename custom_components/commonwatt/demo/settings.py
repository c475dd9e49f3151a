"""What the demo's config entry says, parsed once."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from ..chain.settings import CONF_CHAIN, chain_as_data, chain_settings
from ..const import CONF_KIND, EntryKind
from ..drivers.chain import ChainSettings

CONF_SPEED: Final = "speed"
CONF_SEED: Final = "seed"
CONF_TRACES: Final = "traces"
CONF_STOP_AFTER_PERIODS: Final = "stop_after_periods"

SPEED_DEFAULT: Final = 60
SEED_DEFAULT: Final = 1
SEED_MAX: Final = 2**31 - 1
PERIODS_MAX: Final = 100_000
"""More than a thousand days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoSettings:
    """How the demo neighbourhood runs."""

    speed: int = SPEED_DEFAULT
    seed: int = SEED_DEFAULT
    traces: Path | None = None
    """Folder of recorded series that the neighbours follow."""

    stop_after_periods: int | None = None
    """Stop the clock when so many delivery periods are settled."""

    chain: ChainSettings | None = None
    """Where the street settles; None: its signed journal is the ledger."""

    @classmethod
    def from_data(cls, data: Mapping[str, object]) -> Self:
        """Parse what ``as_data`` wrote, or what a form returned."""
        traces = data.get(CONF_TRACES)
        periods = data.get(CONF_STOP_AFTER_PERIODS)
        return cls(
            speed=_integer(data.get(CONF_SPEED, SPEED_DEFAULT)),
            seed=_integer(data.get(CONF_SEED, SEED_DEFAULT)),
            traces=Path(str(traces)) if traces else None,
            stop_after_periods=_integer(periods) if periods else None,
            chain=chain_settings(data),
        )

    def as_data(self) -> dict[str, object]:
        """Return the data of the demo's config entry."""
        return {
            CONF_KIND: EntryKind.DEMO.value,
            CONF_SPEED: self.speed,
            CONF_SEED: self.seed,
            CONF_TRACES: str(self.traces) if self.traces else None,
            CONF_STOP_AFTER_PERIODS: self.stop_after_periods,
            CONF_CHAIN: None if self.chain is None else chain_as_data(self.chain),
        }


def _integer(value: object) -> int:
    # A number selector answers with floats.
    assert isinstance(value, int | float), "the form asks for numbers"
    return int(value)
