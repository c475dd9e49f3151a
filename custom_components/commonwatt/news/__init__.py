"""What happens in a home and its community, told to triggers, conditions and events."""
