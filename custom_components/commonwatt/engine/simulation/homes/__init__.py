"""Simulated homes: their devices, habits and weather.  Knows no market and no messages.

Everything follows from ``(seed, key of the home, time of day, days since the start)``:
the same seed gives the same energy, whatever the date and however often one looks.
"""
