"""The generic SunSpec driver: models are facts in a file, one reader for all."""

from .device import SunSpecDevice
from .discovery import find_map

__all__ = ["SunSpecDevice", "find_map"]
