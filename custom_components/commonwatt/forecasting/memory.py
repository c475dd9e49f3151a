"""What a home remembers of itself, on disk: energies, forecasts, stays of its cars.

The past is kept, not what was learned of it: learning takes a second, and what is
learned anew is never older than the code.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, NotRequired, TypedDict

from homeassistant.core import HomeAssistant
from homeassistant.helpers.storage import Store
import numpy as np

from ..const import DOMAIN
from ..engine.devices import DeviceId
from ..engine.forecast import NeighbourTrade
from ..engine.forecast.series import Series
from ..engine.model.period import DeliveryPeriod
from .cars import CarPast, as_json, from_json

STORE_VERSION: Final = 1
SAVE_DELAY_S: Final = 60 * 60
"""Long, for the file is: what a crash loses is in the statistics again."""


class _SavedSeries(TypedDict):
    first: int
    wh: list[int | None]


NOTHING: Final = _SavedSeries(first=0, wh=[])


class _Saved(TypedDict):
    load: _SavedSeries
    sun: _SavedSeries
    issued: dict[str, _SavedSeries]
    cars: dict[str, list[list[int]]]
    takes_part: bool
    traded: NotRequired[list[list[int]]]
    neighbours_sun: NotRequired[_SavedSeries]
    community: NotRequired[str]
    """Whose trades and whose sun these are."""


def _nothing() -> Series:
    return Series.of({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """Everything that survives a restart."""

    load: Series = field(default_factory=_nothing)
    sun: Series = field(default_factory=_nothing)
    neighbours_sun: Series = field(default_factory=_nothing)
    """What the others' panels fed in."""

    issued: Mapping[str, Series] = field(default_factory=dict)
    """What each solar forecast said before the days it was for."""

    cars: Mapping[DeviceId, CarPast] = field(default_factory=dict)
    takes_part: bool = False
    """The owner has said that the home may learn with its neighbours."""

    traded: tuple[NeighbourTrade, ...] = ()
    """What neighbours traded in the last weeks."""


class HomeMemory:
    """The file of one home."""

    def __init__(self, hass: HomeAssistant, entry_id: str, community: str = "") -> None:
        """Take the community's identity: what was learned in another is forgotten."""
        self._community: Final = community
        # Series never change, so they can be written by another thread.
        self._store: Final[Store[_Saved]] = Store(
            hass,
            STORE_VERSION,
            f"{DOMAIN}.forecast.{entry_id}",
            private=True,
            serialize_in_event_loop=False,
        )
        self._remembered = Remembered()

    async def load(self) -> Remembered:
        """Return what was saved."""
        saved = await self._store.async_load()
        if saved is not None:
            issued = saved["issued"].items()
            known = saved.get("community", "") == self._community
            self._remembered = Remembered(
                load=_read(saved["load"]),
                sun=_read(saved["sun"]),
                neighbours_sun=_read(saved.get("neighbours_sun", NOTHING))
                if known
                else _nothing(),
                issued={name: _read(series) for name, series in issued},
                cars=from_json(saved["cars"]),
                takes_part=saved["takes_part"],
                traded=tuple(map(_trade, saved.get("traded", []))) if known else (),
            )
        return self._remembered

    def keep(self, remembered: Remembered) -> None:
        """Save this some time soon, and before Home Assistant stops."""
        self._remembered = remembered
        self._store.async_delay_save(self._data, SAVE_DELAY_S)

    async def flush(self) -> None:
        """Save what was to be saved later."""
        await self._store.async_save(self._data())

    async def remove(self) -> None:
        """Delete the file of a home that is gone."""
        await self._store.async_remove()

    def _data(self) -> _Saved:
        kept = self._remembered
        return _Saved(
            load=_write(kept.load),
            sun=_write(kept.sun),
            neighbours_sun=_write(kept.neighbours_sun),
            community=self._community,
            issued={name: _write(series) for name, series in kept.issued.items()},
            cars=as_json(kept.cars),
            takes_part=kept.takes_part,
            traded=[
                [t.period.number, t.price_micro_per_kwh, t.bought_wh, t.sold_wh]
                for t in kept.traded
            ],
        )


def _trade(saved: list[int]) -> NeighbourTrade:
    number, price, bought_wh, sold_wh = saved
    return NeighbourTrade(
        period=DeliveryPeriod(number),
        price_micro_per_kwh=price,
        bought_wh=bought_wh,
        sold_wh=sold_wh,
    )


def _write(series: Series) -> _SavedSeries:
    known = ~np.isnan(series.energy_wh)
    return _SavedSeries(
        first=series.first.number,
        wh=[
            round(float(wh)) if is_known else None
            for wh, is_known in zip(series.energy_wh, known, strict=True)
        ],
    )


def _read(saved: _SavedSeries) -> Series:
    energy_wh = [np.nan if wh is None else float(wh) for wh in saved["wh"]]
    return Series(DeliveryPeriod(saved["first"]), np.array(energy_wh, np.float64))
