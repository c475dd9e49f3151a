"""Reputation, score, badges and missions of a home, as Home Assistant shows them."""
