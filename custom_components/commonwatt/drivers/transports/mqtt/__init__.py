"""Members talk over an MQTT broker: any broker, by a client of our own or another's."""

from .broker import Broker, BrokerFault, BrokerSettings, OnMessage, OwnBroker
from .transport import MQTTTransport

__all__ = [
    "Broker",
    "BrokerFault",
    "BrokerSettings",
    "MQTTTransport",
    "OnMessage",
    "OwnBroker",
]
