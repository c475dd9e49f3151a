"""How Modbus devices fail, in words that can be shown, translated and acted upon."""

from enum import StrEnum
from typing import Final

from modbus_connection import (
    AcknowledgeError,
    GatewayPathUnavailableError,
    GatewayTargetError,
    IllegalDataAddressError,
    ModbusConnectionError,
    ModbusError,
    ModbusExceptionError,
    ModbusTimeoutError,
    ServerDeviceBusyError,
)
from modbus_connection.model.sunspec import SunSpecMapShiftError


class IdentifyReason(StrEnum):
    """Why a device could not be identified."""

    NO_CONNECTION = "no_connection"
    """Nothing accepts connections there: wrong host or port, or powered down."""

    NO_ANSWER = "no_answer"
    """Something accepts the connection but does not answer this unit."""

    WRONG_UNIT = "wrong_unit"
    """A gateway or device answers that there is nothing under this unit id."""

    NOT_SUPPORTED = "not_supported"
    """It answers, but is neither SunSpec nor any device of a profile."""

    WRONG_KIND = "wrong_kind"
    """It was recognised, but is not a device of the kind asked for."""

    OTHER_DEVICE = "other_device"
    """It was recognised, but its serial number is not the one expected."""

    DAMAGED_MAP = "damaged_map"
    """It says it is SunSpec, but its chain of models makes no sense."""


class IdentifyError(Exception):
    """The device cannot be used as asked."""

    def __init__(self, reason: IdentifyReason, detail: str = "") -> None:
        self.reason: Final = reason
        super().__init__(f"{reason}: {detail}" if detail else str(reason))


class PollFault(StrEnum):
    """Why a poll brought nothing."""

    LINK_DOWN = "link_down"
    """No connection; the next poll tries to connect again."""

    SILENT = "silent"
    """Connected, but no answer in time; inverters do this at night."""

    GATEWAY = "gateway"
    """The gateway answers that the device behind it does not."""

    BUSY = "busy"
    """The device asks for patience."""

    REFUSED = "refused"
    """The device rejects the request for another reason."""

    ILLEGAL = "illegal"
    """No address the device was known to serve is served any more."""

    MAP_SHIFTED = "map_shifted"
    """The registers have moved: the device must be identified again."""

    GARBLED = "garbled"
    """What came back cannot be an answer to what was asked."""

    FROZEN = "frozen"
    """The same values, to the last digit, for longer than a living grid allows."""


class PollError(Exception):
    """A poll failed; everything the device offers is unknown until one succeeds."""

    def __init__(self, fault: PollFault, detail: str = "") -> None:
        self.fault: Final = fault
        super().__init__(f"{fault}: {detail}" if detail else str(fault))


_FAULTS: Final[tuple[tuple[type[Exception], PollFault], ...]] = (
    (SunSpecMapShiftError, PollFault.MAP_SHIFTED),
    (ModbusTimeoutError, PollFault.SILENT),
    (ModbusConnectionError, PollFault.LINK_DOWN),
    (GatewayPathUnavailableError, PollFault.GATEWAY),
    (GatewayTargetError, PollFault.GATEWAY),
    (AcknowledgeError, PollFault.BUSY),
    (ServerDeviceBusyError, PollFault.BUSY),
    (IllegalDataAddressError, PollFault.ILLEGAL),
    (ModbusExceptionError, PollFault.REFUSED),
)
"""The first type that fits decides."""


def nobody_there(error: Exception) -> bool:
    """Tell whether a gateway says that there is no such unit behind it."""
    return isinstance(error, (GatewayPathUnavailableError, GatewayTargetError))


def poll_fault(error: ModbusError | SunSpecMapShiftError) -> PollFault:
    """Return what an error of the library means for whoever polls."""
    faults = (fault for kind, fault in _FAULTS if isinstance(error, kind))
    return next(faults, PollFault.GARBLED)
