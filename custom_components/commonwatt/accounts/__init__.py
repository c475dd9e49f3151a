"""What a home traded and used, hour by hour, for statistics and the dashboard."""
