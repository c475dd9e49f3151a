"""The rings of the house, where import-linter cannot look.

Its contracts (pyproject.toml) name modules; the modules of the glue come and go. Here
the rule is told the other way round: engine and drivers reach nothing but themselves.
"""

from collections.abc import Iterator

import pytest

from tests.tree import COMPONENT, Source, absolute_imports_of, imports_of, sources

OURS = "custom_components.commonwatt"


def of_ring(ring: str) -> Iterator[Source]:
    """Yield the files of one ring."""
    folder = COMPONENT / ring
    return (source for source in sources() if source.path.is_relative_to(folder))


@pytest.mark.parametrize(
    ("ring", "reachable"), [("engine", ("engine",)), ("drivers", ("drivers", "engine"))]
)
def test_a_ring_reaches_inwards_only(ring: str, reachable: tuple[str, ...]) -> None:
    allowed = tuple(f"{OURS}.{name}" for name in reachable)
    outwards = [
        f"{source.name}: {name}"
        for source in of_ring(ring)
        for name in imports_of(source)
        if name.startswith(f"{OURS}.") and not name.startswith(allowed)
    ]

    assert outwards == []


def test_the_engine_could_move_house() -> None:
    absolute = [
        f"{source.name}: {name}"
        for source in of_ring("engine")
        for name in absolute_imports_of(source)
        if name.startswith("custom_components")
    ]

    assert absolute == []
