"""How a headless member gets to the others: as its settings say, opened, closed."""

from collections.abc import AsyncIterator
from dataclasses import replace
from ipaddress import ip_address
from pathlib import Path
from types import SimpleNamespace

import aiohttp
import pytest

from custom_components.commonwatt.drivers.headless import SettingsError, connections
from custom_components.commonwatt.drivers.headless.connections import Connections
from custom_components.commonwatt.drivers.headless.settings import (
    HTTPSettings,
    MQTTSettings,
    Settings,
    read_settings,
)
from custom_components.commonwatt.drivers.transports import Bundle
from custom_components.commonwatt.engine.model.period import DeliveryPeriod, Instant
from custom_components.commonwatt.engine.node import (
    CharterChanged,
    PeriodFinal,
    SessionsRevoked,
)
from tests.drivers.transports.village import Village, wall_clock

HTTP = HTTPSettings(
    host="127.0.0.1",
    port=0,
    addresses=(),
    dial=(),
    certificate=None,
    key=None,
    discovery=False,
)
MQTT = MQTTSettings(
    host="127.0.0.1",
    port=1,
    username="ann",
    password_file=None,
    tls=False,
    ca_file=None,
)


@pytest.fixture
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    """Return what dials out."""
    async with aiohttp.ClientSession() as session:
        yield session


def settings_of(tmp_path: Path) -> Settings:
    """Return settings in which nothing is said."""
    file = tmp_path / "node.toml"
    file.write_text("")
    return read_settings(file)


def ways(
    tmp_path: Path,
    client: aiohttp.ClientSession,
    *,
    http: HTTPSettings | None = None,
    mqtt: MQTTSettings | None = None,
) -> Connections:
    """Return the connections of one of two members."""
    gossip = Village("Ann", "Ben").gossip("Ann")
    return Connections(
        replace(settings_of(tmp_path), http=http, mqtt=mqtt),
        roster=gossip.roster,
        credentials=gossip.credentials,
        client=client,
    )


async def test_without_ways_there_is_no_transport_and_nothing_to_open(
    tmp_path: Path, client: aiohttp.ClientSession
) -> None:
    alone = ways(tmp_path, client)

    assert await alone.transport() is None
    assert alone.linked is None
    await alone.start()
    await alone.stop()


async def test_server_and_broker_are_one_transport(
    tmp_path: Path, client: aiohttp.ClientSession
) -> None:
    password = tmp_path / "password"
    password.write_text("secret\n")
    broker = replace(MQTT, password_file=password, tls=True)
    both = ways(tmp_path, client, http=HTTP, mqtt=broker)

    assert isinstance(await both.transport(), Bundle)
    assert both.linked == 0


@pytest.mark.parametrize("setting", ["password_file", "ca_file"])
async def test_a_file_of_the_broker_that_cannot_be_read_is_told(
    tmp_path: Path, client: aiohttp.ClientSession, setting: str
) -> None:
    missing = tmp_path / "missing"
    broker = replace(
        MQTT,
        tls=True,
        password_file=missing if setting == "password_file" else None,
        ca_file=missing if setting == "ca_file" else None,
    )

    with pytest.raises(SettingsError, match="mqtt"):
        await ways(tmp_path, client, mqtt=broker).transport()


async def test_a_certificate_that_is_none_is_told(
    tmp_path: Path, client: aiohttp.ClientSession
) -> None:
    nonsense = tmp_path / "certificate.pem"
    nonsense.write_text("nothing of the kind")
    served = replace(HTTP, certificate=nonsense, key=nonsense)

    with pytest.raises(SettingsError, match=r"http\.certificate"):
        await ways(tmp_path, client, http=served).start()


async def test_who_belongs_and_which_keys_count_is_heard(
    tmp_path: Path, client: aiohttp.ClientSession
) -> None:
    member = ways(tmp_path, client, http=HTTP)
    village = Village("Ann", "Ben")
    charter = replace(village.charter, members=(village.members["Ann"],))
    first = DeliveryPeriod(1)

    assert village.party("Ben") in member.roster
    member.hear(PeriodFinal(period=first, result=None))
    member.hear(CharterChanged(number=1, charter=charter))
    assert village.party("Ben") not in member.roster
    session = village.sessions("Ann").at(wall_clock()).certificate
    assert not member.roster.has_revoked(session)
    later = Instant(session.valid_from + 1)
    member.hear(SessionsRevoked(party=village.party("Ann"), before=later))
    assert member.roster.has_revoked(session)


async def test_a_member_is_announced_on_its_own_network_and_looks_for_others(
    tmp_path: Path, client: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    did: list[str] = []

    class Responder:
        def __init__(self, **_options: object) -> None:
            did.append("open")

        async def async_close(self) -> None:
            did.append("close")

    class Looking:
        def __init__(self, _responder: object, **_options: object) -> None:
            did.append("look")

        async def start(self) -> None:
            did.append("start")

        async def announce(
            self, *, port: int, addresses: list[str], scheme: str
        ) -> None:
            assert port > 0
            assert all(not ip_address(one).is_link_local for one in addresses)
            did.append(f"announce {scheme}")

        async def stop(self) -> None:
            did.append("stop")

    monkeypatch.setattr(connections, "AsyncZeroconf", Responder)
    monkeypatch.setattr(connections, "Discovery", Looking)
    member = ways(tmp_path, client, http=replace(HTTP, discovery=True))

    await member.start()
    await member.stop()

    assert did == ["open", "look", "start", "announce http", "stop", "close"]


@pytest.mark.parametrize(
    ("found", "known"),
    [
        (["127.0.0.1", "192.168.1.7", "169.254.3.3"], ["192.168.1.7"]),
        (["127.0.0.1"], ["127.0.0.1"]),
    ],
)
def test_neighbours_are_told_addresses_they_can_reach(
    monkeypatch: pytest.MonkeyPatch, found: list[str], known: list[str]
) -> None:
    adapter = SimpleNamespace(ips=[SimpleNamespace(ip=one) for one in found])
    monkeypatch.setattr("ifaddr.get_adapters", lambda: [adapter])

    assert connections._own_addresses() == known
