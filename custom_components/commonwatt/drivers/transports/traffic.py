"""How many bytes a transport sent and received, for diagnostics and benchmarks."""


class Traffic:
    """Bytes as they leave for the socket: payload, encryption and framing."""

    __slots__ = ("received", "sent")

    def __init__(self) -> None:
        self.sent = 0
        self.received = 0
