"""The market room: orders become prices, trades and network fees.

Knows orders, zones and energy; knows no peers, clocks or money accounts.
Rules: docs/reference/market-rules.md.
"""

from ..model.preference import Preference
from .clearing import clear
from .contracts import Promise, Reservation, Usage, agreements, contract_price, reserve
from .district import (
    CityResult,
    clear_city,
    clear_district,
    district_curve,
    thinned_curve,
)
from .pledges import Agenda, agenda_of
from .preferences import Round, Supply, assign
from .sheet import Handover

__all__ = [
    "Agenda",
    "CityResult",
    "Handover",
    "Preference",
    "Promise",
    "Reservation",
    "Round",
    "Supply",
    "Usage",
    "agenda_of",
    "agreements",
    "assign",
    "clear",
    "clear_city",
    "clear_district",
    "contract_price",
    "district_curve",
    "reserve",
    "thinned_curve",
]
