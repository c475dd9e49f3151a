"""What the coming days cost and emit, as far as anybody tells or the past does.

Reads what other integrations know of prices and carbon; plans nothing and pays nobody.
"""

from .runtime import FlatOutlook, Outlook, OutlookRuntime

__all__ = ["FlatOutlook", "Outlook", "OutlookRuntime"]
