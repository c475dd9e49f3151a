"""What tests inside a Home Assistant share."""

import logging

import pytest

# Ours first: pytest's Home Assistant plugin brings a custom_components of its own.
import custom_components.commonwatt  # noqa: F401

# The plugin asks for every statement of the recorder: thousands of lines, and slow.
logging.getLogger("sqlalchemy.engine").setLevel(logging.WARNING)


@pytest.fixture(autouse=True)
def _our_integration(request: pytest.FixtureRequest) -> None:
    """Let Home Assistant find custom_components/commonwatt in every test here.

    A test that wants a recorder must get it before anything starts Home Assistant.
    """
    if "recorder_mock" in request.fixturenames:
        request.getfixturevalue("recorder_mock")
    request.getfixturevalue("enable_custom_integrations")
