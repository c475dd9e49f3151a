"""Ports of this machine that nobody listens on."""

import contextlib
import socket


def free_ports(count: int) -> list[int]:
    """Return ports that are free now."""
    with contextlib.ExitStack() as stack:
        servers = [
            stack.enter_context(socket.create_server(("127.0.0.1", 0)))
            for _ in range(count)
        ]
        return [int(server.getsockname()[1]) for server in servers]
