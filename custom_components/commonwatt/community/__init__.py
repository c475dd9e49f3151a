"""A home among its neighbours: how it is connected, whom it knows, what goes wrong."""
