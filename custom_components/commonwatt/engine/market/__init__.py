"""The market room: orders become prices, trades and network fees.

Knows orders, zones and energy; knows no peers, clocks or money accounts.
Rules: docs/reference/market-rules.md.
"""

from ..model.preference import Preference
from .clearing import clear, zone_prices
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
from .security import Secured, Terms, TermsOf, secured, weighted, within_credit
from .sheet import Handover

__all__ = [
    "Agenda",
    "CityResult",
    "Handover",
    "Preference",
    "Promise",
    "Reservation",
    "Round",
    "Secured",
    "Supply",
    "Terms",
    "TermsOf",
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
    "secured",
    "thinned_curve",
    "weighted",
    "within_credit",
    "zone_prices",
]
