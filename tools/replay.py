"""Compute again what a home says its community came to, from its diagnostics.

``script/simulate --diagnostics FILE`` clears and settles every period in a download
once more, by the code every node runs, and tells where the journal says otherwise.
Progress goes to standard error, one line of JSON to standard output.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
import json
from pathlib import Path
import re
from typing import Final

import tools._engine  # noqa: F401  # the component without its glue

# isort: split
from custom_components.commonwatt.engine.model.party import PartyId
from custom_components.commonwatt.engine.node.retelling import (
    Difference,
    Tale,
    again,
    differences,
    from_plain,
    number_of,
    read_tale,
)

type Say = Callable[[str], None]

EQUAL, DIFFERENT, NOTHING_TO_REPLAY = 0, 1, 2

_HOME: Final = re.compile(r"\b[0-9a-f]{40}\b")


class DownloadError(Exception):
    """A file that is no download with something to replay."""


@dataclass(slots=True)
class Count:
    """What all periods together came to."""

    periods: int = 0
    trades: int = 0
    energy_traded_wh: int = 0
    different: dict[str, int] = field(default_factory=dict)
    """Figures that differ, by period."""

    def add(self, tale: Tale, found: int) -> None:
        """Count in one period."""
        self.periods += 1
        if (result := tale.came.result) is not None:
            self.trades += len(result.trades)
            self.energy_traded_wh += result.energy_wh
        if found:
            self.different[str(tale.facts.period)] = found


def tales_in(path: Path) -> Iterator[Tale]:
    """Yield the periods in a download; DownloadError if there are none to read."""
    try:
        download = json.loads(path.read_text(encoding="utf-8"))
        told = download.get("data", download)["replay"]["periods"]
        tales = [read_tale(from_plain(one)) for one in told]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as err:
        raise DownloadError(f"{path}: nothing to replay in it ({err})") from err
    if not tales:
        raise DownloadError(f"{path}: no period in it is settled yet")
    yield from tales


def replay(path: Path, say: Say) -> int:
    """Compute every period in a download again; return the exit status."""
    count = Count()
    try:
        for tale in tales_in(path):
            found = [*differences(tale.came, again(tale.facts))]
            count.add(tale, len(found))
            say(f"{tale.facts.period}  {'DIFFERS' if found else 'equal'}")
            for one in found:
                say(f"    {told(one)}")
    except DownloadError as err:
        say(str(err))
        return NOTHING_TO_REPLAY
    print(
        json.dumps(
            {
                "periods": count.periods,
                "trades": count.trades,
                "energy_traded_wh": count.energy_traded_wh,
                "equal": count.periods - len(count.different),
                "different": count.different,
            }
        )
    )
    return DIFFERENT if count.different else EQUAL


def told(one: Difference) -> str:
    """Return a difference in words; members are numbered in a download."""
    where = _HOME.sub(lambda home: f"home {number_of(PartyId(home[0]))}", one.where)
    return f"{one.matter}: {where}: told {one.told}, computed {one.computed}"
