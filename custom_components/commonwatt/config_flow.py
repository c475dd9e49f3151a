"""Where Home Assistant looks for the config flow; its steps are in ``flows``."""

from .flows.main import CommonWattConfigFlow

__all__ = ["CommonWattConfigFlow"]
