"""A chain for tests: one anvil for all tests of a module."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from custom_components.commonwatt.drivers.chain import Deployment
from tests.drivers.chain.street import FINALITY, Street
from tools.anvil import Chain, anvil


@pytest.fixture(scope="module")
def chain() -> Iterator[Chain]:
    """Run anvil; each test deploys contracts of its own."""
    with anvil() as running:
        yield running


@pytest.fixture(scope="module")
def final_chain() -> Iterator[Chain]:
    """Run an anvil whose blocks are final soon."""
    with anvil(*FINALITY) as running:
        yield running


@pytest.fixture(scope="module")
def deployment(
    final_chain: Chain, tmp_path_factory: pytest.TempPathFactory
) -> Deployment:
    """Make the contracts of a street, by our own deployer."""
    street = Street(final_chain, tmp_path_factory.mktemp("deployer"))
    try:
        return street.deploy(street.terms())
    finally:
        street.close()


@pytest.fixture
def street(
    final_chain: Chain, deployment: Deployment, tmp_path: Path
) -> Iterator[Street]:
    """Give each test the street as it was founded, and take back what it did."""
    before = final_chain.rpc("evm_snapshot", [])
    found = Street(final_chain, tmp_path, deployment)
    found.next_day()
    yield found
    found.close()
    final_chain.rpc("evm_setAutomine", [True])
    final_chain.rpc("evm_revert", [before])
