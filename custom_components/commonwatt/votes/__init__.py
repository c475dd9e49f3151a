"""Motions of the community in words: in the panel, as a to-do list, as news."""
