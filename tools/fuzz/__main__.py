"""Fuzz every reader of foreign bytes with atheris, then time what it found.

Each target gets its share of the time.  Afterwards every input of the grown corpus is
read again without instrumentation, and the time it takes to reject one is reported. The
last line of standard output is JSON; a finding ends the run with its input.
"""

import argparse
from collections.abc import Callable, Sequence
import json
import os
from pathlib import Path
import statistics
import subprocess
import sys
import tempfile
from time import perf_counter
from typing import Final

from tools._engine import ROOT

READINGS: Final = 5
"""An input is timed so often; the quickest counts, all else is the machine's doing."""

_GRACE_SECONDS: Final = 600


def fuzz(target: str, corpus: Path, *, seconds: int) -> int:
    """Fuzz one target in a process of its own; return how many inputs it ran."""
    print(f"{target}: {seconds} s", file=sys.stderr)
    result = subprocess.run(
        [sys.executable, "-m", "tools.fuzz.victim", target, str(corpus), str(seconds)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=seconds + _GRACE_SECONDS,
    )
    runs = [
        int(line.split()[1])
        for line in result.stderr.splitlines()
        if line.startswith("Done ")
    ]
    if result.returncode or not runs:
        print(result.stdout, result.stderr, file=sys.stderr)
        raise SystemExit(f"{target}: a finding, or no atheris")
    return runs[-1]


def rejection_ms(targets: Sequence[str], corpora: Path) -> list[float]:
    """Return how long each rejected input of the corpora takes, in milliseconds."""
    from .targets import TARGETS  # noqa: PLC0415  # the victims come first

    spans = []
    for target in targets:
        read = TARGETS[target]
        for path in sorted((corpora / target).iterdir()):
            data = path.read_bytes()
            if not read(data):
                spans.append(min(_span_ms(read, data) for _ in range(READINGS)))
    return spans


def _span_ms(read: Callable[[bytes], bool], data: bytes) -> float:
    begun_at = perf_counter()
    read(data)
    return (perf_counter() - begun_at) * 1000


def main(arguments: Sequence[str] | None = None) -> int:
    """Fuzz, time, report."""
    parser = argparse.ArgumentParser(prog="script/fuzz", description=__doc__)
    parser.add_argument(
        "--seconds", type=int, default=60, help="for all targets together (60)"
    )
    wishes = parser.parse_args(arguments)
    from .targets import TARGETS, seeds  # noqa: PLC0415  # after --help

    good = list(seeds())
    with tempfile.TemporaryDirectory() as folder:
        corpora, runs = Path(folder), 0
        for target in TARGETS:
            corpus = corpora / target
            corpus.mkdir()
            for number, seed in enumerate(good):
                (corpus / f"seed-{number}").write_bytes(seed)
            share = max(1, wishes.seconds // len(TARGETS))
            runs += fuzz(target, corpus, seconds=share)
        spans = sorted(rejection_ms(tuple(TARGETS), corpora))
    print(
        json.dumps(
            {
                "findings": 0,
                "inputs": runs,
                "seconds": wishes.seconds,
                "corpus": len(spans),
                "rejection_ms_p50": round(statistics.median(spans), 4),
                "rejection_ms_p99": round(spans[len(spans) * 99 // 100], 4),
                "rejection_ms_max": round(spans[-1], 4),
            }
        )
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
