"""Founding or joining a community, and all that its member can change about it."""
