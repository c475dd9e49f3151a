"""Members talk over WebSockets: in Home Assistant's own server, or in one of ours."""

from .address import clean_address
from .server import HTTPServer
from .transport import PATH, HTTPTransport

__all__ = ["PATH", "HTTPServer", "HTTPTransport", "clean_address"]
