"""The market room: orders become prices, trades and network fees.

Knows orders, zones and energy; knows no peers, clocks or money accounts.
Rules: docs/reference/market-rules.md.
"""

from .clearing import clear

__all__ = ["clear"]
