"""What a home will use and produce, learned from what it used and produced.

Knows energies of past delivery periods; knows no weather service, device or price.
"""

from .history import History, PeriodEnergy

__all__ = ["History", "PeriodEnergy"]
