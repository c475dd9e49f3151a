"""What the home will use and produce: learned from what Home Assistant remembers.

Reads statistics, devices and other integrations' solar forecasts, has the engine learn
from them at night and shows what it expects.  Fits nothing and plans nothing itself.
"""
