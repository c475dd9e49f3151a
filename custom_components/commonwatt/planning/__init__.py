"""The plan of the home in Home Assistant: asked for, shown, and followed.

Gathers what the optimiser needs and shows what it answers; computes no plan.
"""
