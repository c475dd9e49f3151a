"""Asking a unit, with an end to waiting for the dead.

The busy (Modbus exceptions 5 and 6) are asked again by the backend of the connection.
"""

from collections.abc import Awaitable, Callable
import contextlib
from typing import Final

from modbus_connection import (
    ModbusError,
    ModbusTimeoutError,
    ModbusUnit,
)
from modbus_connection.model.sunspec import SunSpecMapShiftError

from .errors import PollError, poll_fault

ANSWER_S: Final = 2.5
"""Longest wait for an answer: well above the slowest healthy device."""

SILENCES_MAX: Final = 3
"""Unanswered requests in a row after which the connection itself is suspected."""


class Link:
    """A unit and how it has been answering.

    A peer that keeps its socket open but never answers again would be waited for for
    ever: after :data:`SILENCES_MAX` silences the connection is dropped, and the next
    request makes a new one.
    """

    def __init__(self, unit: ModbusUnit) -> None:
        # Before the first connect: a link that is up keeps the timeout it has.
        unit.require_timeout(ANSWER_S)
        self.unit: Final = unit
        self._silences = 0

    async def ask[T](self, request: Callable[[], Awaitable[T]]) -> T:
        """Return the answer to a request; whatever goes wrong is counted.

        Raises:
            ModbusError: there is no answer, or none that can be used.
            SunSpecMapShiftError: the registers are no longer where they were.
        """
        try:
            answer = await request()
        except ModbusTimeoutError:
            self._silences += 1
            if self._silences >= SILENCES_MAX:
                await self._hang_up()
            raise
        self._silences = 0
        return answer

    async def poll[T](self, request: Callable[[], Awaitable[T]]) -> T:
        """Ask as part of a poll.

        Raises:
            PollError: there is no answer, or none that can be used.
        """
        try:
            return await self.ask(request)
        except (ModbusError, SunSpecMapShiftError) as err:
            raise PollError(poll_fault(err), str(err)) from err

    async def _hang_up(self) -> None:
        self._silences = 0
        with contextlib.suppress(ModbusError):
            await self.unit.disconnect()
