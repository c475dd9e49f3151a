"""The tutorial, followed to the letter: what it types runs, what it shows is there."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
import re
import subprocess

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "tutorial" / "first-trades.md"
BLOCK = re.compile(
    r"^```(?P<kind>console|output)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Command:
    """A line the reader types, and the lines the page then shows."""

    line: str
    shown: tuple[str, ...] = ()


def read_steps(page: str) -> Iterator[Command]:
    """Yield the commands of a page; what is shown belongs to the last one typed."""
    lines: list[str] = []
    shown: list[str] = []
    for block in BLOCK.finditer(page):
        text = block["text"].splitlines()
        if block["kind"] == "output":
            shown += text
            continue
        yield from _commands(lines, shown)
        lines, shown = [line.removeprefix("$ ") for line in text], []
    yield from _commands(lines, shown)


def _commands(lines: list[str], shown: list[str]) -> Iterator[Command]:
    *first, last = lines or [""]
    yield from map(Command, first)
    if last:
        yield Command(last, tuple(shown))


def run(line: str) -> str:
    """Run a line as the reader would; fails the test if it fails."""
    done = subprocess.run(
        ["/bin/bash", "-c", line], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def table(output: str) -> list[str]:
    """Return the lines of the demo's table."""
    return [row for row in output.splitlines() if re.match(r"\s*\d{4}-\d\d-\d\d", row)]


def test_the_page_is_read_as_a_reader_reads_it() -> None:
    page = "```console\n$ one\n$ two\n```\nso\n```output\nx\n```\n```sh\nnot me\n```\n"
    assert list(read_steps(page)) == [Command("one"), Command("two", ("x",))]


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_tutorial_does_what_it_says() -> None:
    tables: dict[str, list[str]] = {}
    for step in read_steps(PAGE.read_text()):
        output = run(step.line)
        for expected in step.shown:
            assert expected in output, f"{step.line} did not show {expected}"
        if "script/demo" in step.line:
            rows = table(output)
            assert len(rows) == 4
            # Typed twice: the page promises the same table.
            assert tables.setdefault(step.line, rows) == rows
    assert len(tables) == 2
    different_seeds = list(tables.values())
    assert different_seeds[0] != different_seeds[1]
