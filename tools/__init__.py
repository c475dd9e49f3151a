"""Commands for developers: benchmarks, simulation, the demo. Never shipped."""
