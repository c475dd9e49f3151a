"""The drivers' tests run without Home Assistant."""

from tests.pure import refuse_home_assistant

refuse_home_assistant()
