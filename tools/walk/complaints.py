"""What the log may say of us on such a walk, and nothing more."""

from collections.abc import Sequence
import re
from typing import Final

from tools.hass import our_warnings

from .walker import Walk

EXPECTED: Final = (
    r"Meter of House does not answer",
    r"Inverter and Battery of House does not answer",
    r"The journal of House is damaged",
)
"""Each is said once: two devices died, one journal was damaged."""

NOT_OURS: Final = "which has not been tested by Home Assistant"
"""Home Assistant's own notice about custom integrations."""


async def read_the_log(walk: Walk) -> None:
    """Compare every complaint about us with what has happened."""
    walk.diary.chapter("The log")
    warnings = our_warnings(walk.log)
    for pattern in EXPECTED:
        said = [line for line in warnings if re.search(pattern, line)]
        walk.diary.expect(f"once: {pattern}", holds=len(said) == 1, found=said)
    unexpected = [
        line for line in warnings if not any(re.search(p, line) for p in EXPECTED)
    ]
    walk.diary.expect(
        "no other warning of ours", holds=not unexpected, found=unexpected
    )
    about_us = [line for line in complaints(walk.log) if NOT_OURS not in line]
    others = [line for line in about_us if line not in warnings]
    walk.diary.expect("nobody complains about us", holds=not others, found=others)


def complaints(lines: Sequence[str]) -> list[str]:
    """Return warnings, errors and lines of tracebacks that name us."""
    found = []
    for line in lines:
        level = re.search(r" (DEBUG|INFO|WARNING|ERROR|CRITICAL) \(", line)
        if "commonwatt" not in line or (level and level[1] in ("DEBUG", "INFO")):
            continue
        found.append(line)
    return found
