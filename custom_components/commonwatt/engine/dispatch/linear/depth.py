"""Wear that grows with the depth of a cycle: energy in layers, the shallowest on top.

What is charged goes into the shallowest layer with room, and comes out of the
shallowest with energy, for that is cheapest: so a kWh that goes in and out again soon
costs little, and one out of a long discharge much, as counting cycles by rainflow would
have it.

Source: B. Xu, J. Zhao, T. Zheng, E. Litvinov, D. S. Kirschen, "Factoring the cycle
aging cost of batteries participating in electricity markets", IEEE Transactions on
Power Systems 33 (2018), 2248-2259.
"""

import numpy as np

from .draft import Draft, StorageColumns
from .program import Floats, Space
from .rows import StorageRow


def wear_by_depth(draft: Draft, columns: StorageColumns) -> None:
    """Lay what goes in and comes out of a battery over its layers, and pay for it."""
    row, program, tree = columns.row, draft.program, draft.case.tree
    if not row.depths or not row.both_ways:
        return
    hours = draft.case.hours[tree.node_step]
    taken, given = (
        program.rows(f"{row.id} {name}", tree.nodes, space=Space.NODE, lower=0, upper=0)
        for name in ("layered", "unlayered")
    )
    step = tree.node_step
    program.put(taken, columns.charge, -row.charge.gain[step] * hours)
    program.put(given, columns.discharge, -row.discharge.gain[step] * hours)
    first = tree.node_before < 0
    later = np.flatnonzero(~first).astype(np.int32)
    layers = zip(row.depths, layers_at_start(row), strict=True)
    for number, ((capacity, price), stored) in enumerate(layers):
        name = f"{row.id} layer {number}"
        energy = program.columns(name, tree.nodes, space=Space.NODE, upper=capacity)
        into = program.columns(f"{name} in", tree.nodes, space=Space.NODE)
        out = program.columns(
            f"{name} out", tree.nodes, space=Space.NODE, cost=price * tree.node_weight
        )
        known = np.where(first, row.keep[0] * stored, 0.0)
        rows = program.rows(
            name, tree.nodes, space=Space.NODE, lower=known, upper=known
        )
        program.put(rows, energy, 1.0)
        program.put(
            rows[later], energy[tree.node_before[later]], -row.keep[step[later]]
        )
        program.put(rows, into, -1.0)
        program.put(rows, out, 1.0)
        program.put(taken, into, 1.0)
        program.put(given, out, 1.0)


def layers_at_start(row: StorageRow) -> list[float]:
    """Return what is in each layer now: nobody knows since when, so it lies deep."""
    left, stored = row.stored, [0.0] * len(row.depths)
    for number in reversed(range(len(stored))):
        stored[number] = min(left, row.depths[number][0])
        left -= stored[number]
    return stored


def cost_of_depth(row: StorageRow, power: Floats, hours: Floats) -> float:
    """Return what cycles cost, layer by layer: + is what the battery gives."""
    layers, cost = layers_at_start(row), 0.0
    if not row.both_ways:
        return 0.0
    for step, giving in enumerate((power * hours).tolist()):
        layers = [energy * row.keep[step] for energy in layers]
        gain = row.discharge.gain[step] if giving > 0 else row.charge.gain[step]
        left = abs(giving) * gain
        for number, (capacity, price) in enumerate(row.depths):
            room = layers[number] if giving > 0 else capacity - layers[number]
            moved = min(left, max(room, 0.0))
            layers[number] += -moved if giving > 0 else moved
            cost += moved * price if giving > 0 else 0.0
            left -= moved
    return cost
