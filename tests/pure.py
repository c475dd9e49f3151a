"""Proof by running: in ``script/test`` engine and drivers know no Home Assistant.

There their tests run in a process of their own, without pytest's Home Assistant plugin.
This module then refuses every import of homeassistant and keeps the glue from running.
Started any other way (one test from an editor, say) Home Assistant is loaded before we
get here, and the tests simply run.
"""

from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
import sys
from types import ModuleType
from typing import override


class HomeAssistantRefused(MetaPathFinder):
    """Finder that fails whoever asks for Home Assistant."""

    @override
    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,
        target: ModuleType | None = None,
    ) -> ModuleSpec | None:
        """Raise for homeassistant and leave all else to the other finders."""
        if fullname.partition(".")[0] == "homeassistant":
            raise ModuleNotFoundError(f"{fullname} must not be needed here")
        return None


def refuse_home_assistant() -> None:
    """Refuse homeassistant from now on, unless it is already there."""
    refused = any(isinstance(finder, HomeAssistantRefused) for finder in sys.meta_path)
    if refused or "homeassistant" in sys.modules:
        return
    sys.meta_path.insert(0, HomeAssistantRefused())
    import tools._engine  # noqa: F401, PLC0415  # importing it keeps the glue out
