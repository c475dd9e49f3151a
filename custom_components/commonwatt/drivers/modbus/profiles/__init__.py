"""Devices described by data.

A profile says what to read and, if it knows enough for it, how to drive safely.
"""

from .device import ProfileDevice
from .library import load_profiles
from .schema import Profile, ProfileError

__all__ = ["Profile", "ProfileDevice", "ProfileError", "load_profiles"]
