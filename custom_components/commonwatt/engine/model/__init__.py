"""The vocabulary every room of the engine shares: values, no behaviour beyond their rules.

Standard library only.  Knows no market, no peers, no wire format.
"""
