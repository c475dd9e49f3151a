"""Members talk over WebSockets: in Home Assistant's own server, or in one of ours."""

from .address import clean_address
from .probe import answers
from .server import HTTPServer, server_tls
from .transport import PATH, HTTPTransport

__all__ = [
    "PATH",
    "HTTPServer",
    "HTTPTransport",
    "answers",
    "clean_address",
    "server_tls",
]
