"""The engine stands alone: every module of it, in a fresh process, without the glue."""

from pathlib import Path
import subprocess
import sys

ROOT = Path(__file__).resolve().parents[2]
ENGINE = ROOT / "custom_components" / "commonwatt" / "engine"

IMPORT_ALL_OF_IT = """
import importlib, pkgutil, sys
sys.modules["homeassistant"] = None  # any import of it now fails
import tools._engine
import custom_components.commonwatt.engine as engine
names = [m.name for m in pkgutil.walk_packages(engine.__path__, engine.__name__ + ".")]
for name in names:
    importlib.import_module(name)
assert "custom_components.commonwatt.const" not in sys.modules, "the glue ran"
print(len(names))
"""


def test_every_module_of_the_engine_imports_without_home_assistant() -> None:
    result = subprocess.run(
        [sys.executable, "-c", IMPORT_ALL_OF_IT],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert result.returncode == 0, result.stderr
    modules = [path for path in ENGINE.rglob("*.py") if path.parent != ENGINE]
    rooms = [path for path in ENGINE.glob("*.py") if path.stem != "__init__"]
    assert int(result.stdout) == len(modules) + len(rooms)
