"""The vocabulary of every room: values, and no behaviour beyond their rules.

Standard library only.  Knows no market, no peers, no wire format.
"""
