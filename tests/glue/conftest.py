"""What tests inside a Home Assistant share."""

import pytest

# Ours first: pytest's Home Assistant plugin brings a custom_components of its own.
import custom_components.commonwatt  # noqa: F401


@pytest.fixture(autouse=True)
def _our_integration(enable_custom_integrations: None) -> None:
    """Let Home Assistant find custom_components/commonwatt in every test here."""
