"""The transport in memory."""

import asyncio

from custom_components.commonwatt.drivers.transports import MemoryHub, Receive
from custom_components.commonwatt.engine.model.party import PartyId
from custom_components.commonwatt.engine.node import Outgoing

ANN, BEN, CAT = (PartyId(letter * 40) for letter in "abc")


async def test_envelopes_reach_the_others_in_order_and_not_at_once() -> None:
    hub, heard = MemoryHub(), list[tuple[PartyId, bytes]]()
    transports = {party: hub.transport(party) for party in (ANN, BEN, CAT)}

    def listener(party: PartyId) -> Receive:
        return lambda data: heard.append((party, data))

    for party, transport in transports.items():
        await transport.start(listener(party))
    await transports[ANN].send(Outgoing(data=b"1"))
    await transports[ANN].send(Outgoing(data=b"2", to=CAT))

    assert heard == []
    await asyncio.sleep(0)
    assert heard == [(BEN, b"1"), (CAT, b"1"), (CAT, b"2")]


async def test_who_has_left_hears_nothing_more() -> None:
    hub, heard = MemoryHub(), list[bytes]()
    ann, ben = hub.transport(ANN), hub.transport(BEN)
    await ann.start(heard.append)
    await ben.start(heard.append)
    await ann.send(Outgoing(data=b"on its way"))
    await ben.stop()
    await ben.stop()
    await ann.send(Outgoing(data=b"too late"))
    await asyncio.sleep(0)

    assert heard == []
