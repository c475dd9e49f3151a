"""A village of three homes with Home Assistant and a member without, end to end."""
