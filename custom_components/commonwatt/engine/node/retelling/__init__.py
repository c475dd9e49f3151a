"""Settled periods, told so that anybody can compute them again and compare.

Owns what such a tale holds, how it is written, and how names are kept out of it.  Knows
no files and no signatures: that the facts were signed is for the journal to prove.
"""

from .again import again
from .anonymous import anonymous, number_of
from .difference import Difference, Matter, differences
from .facts import Came, Facts, Tale
from .gather import booked, facts_of
from .plain import Plain, from_plain, plain
from .written import read_tale, tale_value

__all__ = [
    "Came",
    "Difference",
    "Facts",
    "Matter",
    "Plain",
    "Tale",
    "again",
    "anonymous",
    "booked",
    "differences",
    "facts_of",
    "from_plain",
    "number_of",
    "plain",
    "read_tale",
    "tale_value",
]
