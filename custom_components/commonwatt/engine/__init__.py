"""The pure core of CommonWatt: no I/O, no clock, no randomness, no Home Assistant.

Bytes, readings and ``now`` go in; :class:`~.node.Effects` come out.  The same code runs
in Home Assistant, in the demo neighbourhood and in the simulator.
"""
