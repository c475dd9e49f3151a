"""Pictures of the demo for the README and the documentation."""
