"""Drivers: asyncio I/O with the outside world.  They know no Home Assistant."""
