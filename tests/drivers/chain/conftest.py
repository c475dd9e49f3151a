"""A chain for tests: one anvil for all tests of a module."""

from collections.abc import Iterator

import pytest

from tools.anvil import Chain, anvil


@pytest.fixture(scope="module")
def chain() -> Iterator[Chain]:
    """Run anvil; each test deploys contracts of its own."""
    with anvil() as running:
        yield running
