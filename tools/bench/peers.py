"""Two hundred members, five of them full nodes: how fast, how dear, how many bytes.

The five run in processes of their own with everything a home has, nothing cached
between them.  Fifteen members vote; the thirteen voters that are no full nodes run side
by side, and the 182 others have signed beforehand what they say.  All orders are
revealed at gate closure, in a burst; four seconds later no more reveals count, and
finality is counted from there.  A period takes thirty seconds of real time.
Orders go to the committee only, unless ``--privacy open`` shows them to everybody.
Bytes are those a member receives: what one receives another has sent, so that on
average members send as much.
"""

import argparse
import asyncio
from collections.abc import Sequence
import contextlib
import json
from pathlib import Path
import statistics
import sys
import tempfile
import time
from typing import Final

from tools import mosquitto
from tools._engine import ROOT
from tools.rehearsal.ports import free_ports

from ._peers_crowd import Crowd
from ._peers_refused import refusing_ms
from ._peers_stage import FULL, MEMBERS, PACE, Stage

# isort: split
from custom_components.commonwatt.engine.model.party import PrivacyMode
from custom_components.commonwatt.engine.model.period import (
    DeliveryPeriod,
    Instant,
)

WARM_UP_PERIODS: Final = 2
PERIODS: Final = 4
CURTAIN_SECONDS: Final = 12
"""Time to sign everything and to start the processes."""


async def measure(
    transport: str, *, periods: int, privacy: PrivacyMode, pace: int, explain: bool
) -> dict[str, float]:
    """Play ``periods`` periods over one transport."""
    ports = free_ports(FULL)
    began_at_ms = time.time_ns() // 1_000_000
    stage = Stage.set(began_at_ms=began_at_ms, privacy=privacy, pace=pace)
    first = DeliveryPeriod.containing(Instant(began_at_ms)).number + WARM_UP_PERIODS
    crowd = Crowd(stage, range(first - 1, first + periods + 1))
    async with contextlib.AsyncExitStack() as stack:
        if transport == "mqtt":
            folder = stack.enter_context(tempfile.TemporaryDirectory())
            await stack.enter_async_context(
                mosquitto.running(Path(folder), port=ports[0])
            )
        nodes = [
            await _start(
                stage, transport, ports, number, first, periods, explain=explain
            )
            for number in range(FULL)
        ]
        await asyncio.sleep(CURTAIN_SECONDS / 4)
        performance = asyncio.create_task(
            crowd.over_http(ports) if transport == "http" else crowd.over_mqtt(ports[0])
        )
        outputs = await asyncio.gather(*(node.communicate() for node in nodes))
        performance.cancel()
        await asyncio.gather(performance, return_exceptions=True)
    return _summary(transport, [json.loads(out) for out, _ in outputs], periods)


async def _start(
    stage: Stage,
    transport: str,
    ports: list[int],
    number: int,
    first: int,
    periods: int,
    *,
    explain: bool,
) -> asyncio.subprocess.Process:
    wishes = {
        "began_at_ms": stage.began_at_ms,
        "privacy": stage.charter.privacy.value,
        "transport": transport,
        "ports": ports,
        "number": number,
        "first": first,
        "count": periods,
        "explain": explain,
        "pace": stage.pace,
    }
    return await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tools.bench._peers_full", json.dumps(wishes)),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )


def _summary(
    transport: str, told: Sequence[dict[str, object]], periods: int
) -> dict[str, float]:
    """Average over all members: so many are voters, and so many are not."""
    spans = sorted(
        float(span) for each in told for span in _object(each["finality_s"]).values()
    )
    for each in told:
        print(json.dumps({**each, "tally": None}), file=sys.stderr)
        for line in _lines(each["tally"]):
            print("   ", line, file=sys.stderr)
    voters = [each for each in told if each["is_voter"]]
    others = [each for each in told if not each["is_voter"]]
    share = 15 / MEMBERS

    def mean(key: str) -> float:
        of_voters, of_others = (
            statistics.mean(_number(each[key]) for each in group)
            for group in (voters, others)
        )
        return share * of_voters + (1 - share) * of_others

    def at(share: float) -> float:
        return round(spans[min(len(spans) - 1, int(len(spans) * share))], 3)

    return {
        f"{transport}_finality_p50_s": at(0.5) if spans else float("nan"),
        f"{transport}_finality_p99_s": at(0.99) if spans else float("nan"),
        f"{transport}_cpu_s_per_member_period": round(mean("cpu_s"), 3),
        f"{transport}_bytes_per_member_period": round(mean("received")),
        f"{transport}_bytes_per_voter_period": round(
            statistics.mean(_number(each["received"]) for each in voters)
        ),
        f"{transport}_orders_min": min(min(_numbers(one["orders"])) for one in voters),
        f"{transport}_final_share": round(len(spans) / (periods * FULL), 3),
    }


def _refusing(privacy: PrivacyMode) -> dict[str, float]:
    stage = Stage.set(began_at_ms=time.time_ns() // 1_000_000, privacy=privacy)
    costs_ms = refusing_ms(stage)
    print("refusing a message, in ms of CPU time:", costs_ms, file=sys.stderr)
    return {"rejected_ms_max": max(costs_ms.values())}


def _object(value: object) -> dict[str, float]:
    assert isinstance(value, dict), "an object"
    return value


def _numbers(value: object) -> list[float]:
    assert isinstance(value, list), "a list"
    return value


def _lines(value: object) -> list[str]:
    assert isinstance(value, list), "a list"
    return value


def _number(value: object) -> float:
    assert isinstance(value, int | float), "a number"
    return float(value)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure over both transports."""
    parser = argparse.ArgumentParser(prog="script/bench peers", description=__doc__)
    parser.add_argument(
        "--json", action="store_true", help="one line of JSON at the end"
    )
    parser.add_argument(
        "--pace",
        type=int,
        default=PACE,
        help="how often faster than life it goes; less where others need the machine",
    )
    parser.add_argument("--periods", type=int, default=PERIODS)
    parser.add_argument(
        "--explain", action="store_true", help="tell where the bytes go, on the side"
    )
    parser.add_argument("--transport", choices=("http", "mqtt"), action="append")
    parser.add_argument(
        "--privacy",
        choices=[mode.value for mode in PrivacyMode],
        default=PrivacyMode.COMMITTEE.value,
        help="who is told orders (default: %(default)s)",
    )
    wishes = parser.parse_args(arguments)
    privacy = PrivacyMode(wishes.privacy)
    found: dict[str, float] = {}
    for transport in wishes.transport or ("http", "mqtt"):
        print(f"200 members over {transport}", file=sys.stderr)
        found |= asyncio.run(
            measure(
                transport,
                periods=wishes.periods,
                privacy=privacy,
                pace=wishes.pace,
                explain=wishes.explain,
            )
        )
    found |= _refusing(privacy)
    if wishes.json:
        print(json.dumps(found))
    else:
        for name, value in found.items():
            print(f"{name:40} {value}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
