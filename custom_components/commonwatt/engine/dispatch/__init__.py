"""What a home wants: a plan for its devices and the order that follows from it.

Advises, never decides: what leaves this room is integers, and the market has the word.
Knows no devices, no peers and no other home.
"""

from .assets import AssetId, Assets, ChargingPoint, Generator, Store

__all__ = ["AssetId", "Assets", "ChargingPoint", "Generator", "Store"]
