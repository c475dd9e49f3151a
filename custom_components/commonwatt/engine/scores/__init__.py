"""Reputation, scores, badges and missions: worth playing, and never money.

Reputation follows from signed facts and is the same at every member; scores are a
home's own, and only what it chooses to show leaves it.  Knows integers only.
"""
