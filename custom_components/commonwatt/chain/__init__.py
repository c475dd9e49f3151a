"""Settling on a chain: the wallet of a home and the days of its community.

Owns what Home Assistant sees of a chain.  Loads no chain library: the driver does, in a
thread of its own, and only where a chain is configured.
"""
