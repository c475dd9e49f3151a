"""What all tests share: where recorded data lies. Knows no Home Assistant."""

import gc
import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
DATA_BESIDE_THE_CHECKOUT = ROOT.parent / "shared" / "data"


@pytest.fixture(autouse=True, scope="module")
def garbage_collection() -> None:
    """Collect between modules, but freeze nothing.

    Takes the place of a fixture of Home Assistant's plugin that freezes all there is.
    Hypothesis asks the collector who holds its generator; what is frozen is not found.
    """
    gc.collect()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Offer ``--data DIR``."""
    parser.addoption(
        "--data",
        metavar="DIR",
        default=os.environ.get("COMMONWATT_DATA"),
        help="folder of recorded data (default: $COMMONWATT_DATA, or ../shared/data)",
    )


def find_data(chosen: str | None) -> Path | None:
    """Return the folder of recorded data, if there is one.

    A folder that was asked for by name must exist: a typing error is not a reason to
    skip half of the tests.
    """
    if chosen is not None:
        folder = Path(chosen).resolve()
        if not folder.is_dir():
            raise pytest.UsageError(f"--data: there is no folder {folder}")
        return folder
    return DATA_BESIDE_THE_CHECKOUT if DATA_BESIDE_THE_CHECKOUT.is_dir() else None


@pytest.fixture(scope="session")
def data_dir(request: pytest.FixtureRequest) -> Path:
    """Folder of recorded data; skips the test where there is none."""
    folder = find_data(request.config.getoption("--data"))
    if folder is None:
        pytest.skip("recorded data: give --data DIR or set COMMONWATT_DATA")
    return folder
