"""Neighbourhoods on a seeded, simulated clock.  Above the node: nobody imports this."""
