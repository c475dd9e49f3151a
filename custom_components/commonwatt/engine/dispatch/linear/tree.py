"""Scenarios as a tree: one trunk of decisions, then a branch for each scenario.

A *node* is a step of the trunk or of one branch: everything decided has one value for
each node.  A *leaf* is a step of one scenario: what the grid has to make up for differs
between scenarios even where decisions do not.  With one scenario steps, nodes and
leaves are the same.
"""

from dataclasses import dataclass

import numpy as np

from .program import Floats, Indices


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tree:
    """Nodes 0..T-1 are the path of the first (expected) scenario."""

    steps: int
    scenarios: int
    node_step: Indices
    node_before: Indices
    """Node before each node; -1: now."""

    node_weight: Floats
    leaf_node: Indices
    leaf_step: Indices
    leaf_weight: Floats
    last_nodes: Indices
    """Last node of every scenario, and ``last_weight`` of them."""

    last_weight: Floats

    @classmethod
    def of(cls, steps: int, weights: Floats, *, shared: int) -> Tree:
        """Return the tree of scenarios that share their first ``shared`` steps."""
        scenarios = len(weights)
        if scenarios == 1:
            return cls._trunk(steps)
        shared = min(max(shared, 1), steps)
        tail = steps - shared
        node_of = np.empty((scenarios, steps), dtype=np.int32)
        node_of[0] = np.arange(steps)
        node_of[:, :shared] = node_of[0, :shared]
        for branch in range(1, scenarios):
            first = steps + (branch - 1) * tail
            node_of[branch, shared:] = np.arange(first, first + tail)
        nodes = steps + (scenarios - 1) * tail
        node_step = np.empty(nodes, dtype=np.int32)
        node_weight = np.empty(nodes)
        before = np.empty(nodes, dtype=np.int32)
        for branch in reversed(range(scenarios)):
            path = node_of[branch]
            node_step[path] = np.arange(steps)
            node_weight[path] = weights[branch]
            before[path] = np.concatenate(([-1], path[:-1]))
        node_weight[:shared] = 1.0
        return cls(
            steps=steps,
            scenarios=scenarios,
            node_step=node_step,
            node_before=before,
            node_weight=node_weight,
            leaf_node=node_of.ravel(),
            leaf_step=np.tile(np.arange(steps, dtype=np.int32), scenarios),
            leaf_weight=np.repeat(weights, steps),
            last_nodes=node_of[:, -1].copy(),
            last_weight=weights,
        )

    @classmethod
    def _trunk(cls, steps: int) -> Tree:
        path = np.arange(steps, dtype=np.int32)
        ones = np.ones(steps)
        return cls(
            steps=steps,
            scenarios=1,
            node_step=path,
            node_before=path - np.int32(1),
            node_weight=ones,
            leaf_node=path,
            leaf_step=path,
            leaf_weight=ones,
            last_nodes=path[-1:],
            last_weight=ones[:1],
        )

    @property
    def nodes(self) -> int:
        """Number of nodes."""
        return len(self.node_step)

    @property
    def leaves(self) -> int:
        """Number of leaves."""
        return len(self.leaf_step)
