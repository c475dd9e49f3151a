"""The profiles that come with the component; read once, off the event loop."""

import asyncio
from collections.abc import Mapping
from functools import cache
from pathlib import Path
import tomllib
from typing import Final

from .schema import Profile, parse_profile

_FOLDER: Final = Path(__file__).parent


@cache
def read_profiles() -> Mapping[str, Profile]:
    """Return all profiles by name; blocks on the disk the first time.

    Raises:
        ProfileError: a profile is not understood.
    """
    return {
        file.stem: parse_profile(file.stem, tomllib.loads(file.read_text("utf-8")))
        for file in sorted(_FOLDER.glob("*.toml"))
    }


async def load_profiles() -> Mapping[str, Profile]:
    """Return all profiles without blocking the event loop."""
    return await asyncio.to_thread(read_profiles)
