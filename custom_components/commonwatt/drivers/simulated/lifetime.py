"""What the simulated devices had counted before the demo began.

A counter of a SunSpec device that stands at 0 means "not available", so none starts
there; and a real home's meters are not new.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifetime:
    """Energy in Wh."""

    import_wh: int = 6_214_000
    export_wh: int = 11_830_000
    phase_import_wh: int = 2_391_000
    phase_export_wh: int = 4_106_000
    inverter_wh: int = 20_950_000
    pv_wh: int = 22_480_000
    battery_charged_wh: int = 5_120_000
    battery_discharged_wh: int = 4_690_000
    charger_wh: int = 3_874_000


LIFETIME: Final = Lifetime()
