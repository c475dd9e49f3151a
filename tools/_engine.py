"""Makes the engine importable on its own. Importing this module is all there is to do.

``custom_components/commonwatt/__init__.py`` is glue and imports Home Assistant. Where
Home Assistant is not there, or not wanted, two empty stand-ins take the places of
``custom_components`` and ``custom_components.commonwatt``: they know where their files
lie, so that ``custom_components.commonwatt.engine`` and ``.drivers`` are found, and the
glue never runs.
"""

from pathlib import Path
import sys
from types import ModuleType
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent


def stand_in(name: str, folder: Path) -> None:
    """Register an empty package called ``name`` whose modules lie in ``folder``."""
    package = ModuleType(name)
    package.__path__ = [str(folder)]
    sys.modules[name] = package
    parent, _, child = name.rpartition(".")
    if parent:
        setattr(sys.modules[parent], child, package)


def leave_the_glue_out() -> None:
    """Put the stand-ins in place, unless the real component is already loaded."""
    if "custom_components.commonwatt" in sys.modules:
        return
    stand_in("custom_components", ROOT / "custom_components")
    stand_in("custom_components.commonwatt", ROOT / "custom_components" / "commonwatt")


leave_the_glue_out()
