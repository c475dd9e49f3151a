"""EMHASS beside us: in a virtual environment of its own, on the same case."""

from collections.abc import Callable
from dataclasses import dataclass
import json
import os
from pathlib import Path
import subprocess
import sys
from typing import Final

from tools._engine import ROOT

VERSION: Final = "0.18.7"
PYTHON: Final = ">=3.11,<3.14"
"""Versions its dependencies have wheels for."""

FOLDER: Final = ROOT / ".tools" / "emhass"
SCRIPT: Final = Path(__file__).with_name("_emhass_case.py")
INSTALL_S_MAX: Final = 900
SOLVE_S_MAX: Final = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerFigures:
    """What a peer says of a case; money recomputed from its powers."""

    objective: float
    first_s: float
    resolve_s: float


def ask_emhass(case: Path, tell: Callable[[str], None]) -> PeerFigures:
    """Return the figures of EMHASS; SystemExit if it cannot be installed or run."""
    python = FOLDER / "bin" / "python"
    if not python.exists():
        tell(f"installing EMHASS {VERSION} into {FOLDER}")
        install(python)
    tell("EMHASS solves the same case")
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    ran = subprocess.run(
        [str(python), str(SCRIPT), str(case)],
        capture_output=True,
        text=True,
        timeout=SOLVE_S_MAX,
        check=False,
        env=environment,
        cwd=FOLDER,
    )
    if ran.returncode != 0:
        raise SystemExit(f"EMHASS failed:\n{ran.stderr[-3000:]}")
    answer: dict[str, float] = json.loads(ran.stdout.splitlines()[-1])
    return PeerFigures(
        objective=answer["objective"],
        first_s=answer["first_s"],
        resolve_s=answer["resolve_s"],
    )


def install(python: Path) -> None:
    """Make a virtual environment with EMHASS in it; SystemExit if that fails."""
    uv = Path(sys.executable).with_name("uv")
    FOLDER.parent.mkdir(exist_ok=True)
    for command in (
        [str(uv), "venv", "--python", PYTHON, str(FOLDER)],
        [str(uv), "pip", "install", "--python", str(python), f"emhass=={VERSION}"],
    ):
        ran = subprocess.run(
            command, capture_output=True, text=True, timeout=INSTALL_S_MAX, check=False
        )
        if ran.returncode != 0:
            raise SystemExit(f"{' '.join(command)} failed:\n{ran.stderr[-3000:]}")
