"""The model with which every SunSpec device introduces itself."""

from typing import Final

from .sunspec_map import ModelContent

MANUFACTURER: Final = "CommonWatt"
VERSION: Final = "1.0"
LENGTH: Final = 66


def common_model(*, name: str, serial: str, unit_id: int) -> ModelContent:
    """Return model 1."""
    return ModelContent(
        model=1,
        length=LENGTH,
        values={
            "Mn": MANUFACTURER,
            "Md": name,
            "Vr": VERSION,
            "SN": serial,
            "DA": unit_id,
        },
    )
