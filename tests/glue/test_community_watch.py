"""What a home shows of its community: faults, connections, where it stands."""

from dataclasses import replace

from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest

from custom_components.commonwatt.community.circle import Standing
from custom_components.commonwatt.community.watch import (
    BROKER_REFUSED,
    CONTRADICTION,
    CUT_OFF,
    CUT_OFF_MS,
    FLOOD,
    FLOOD_MIN,
    OMISSION,
    REMOVED,
    CommunityWatch,
)
from custom_components.commonwatt.const import DOMAIN
from custom_components.commonwatt.diagnostics import (
    async_get_config_entry_diagnostics,
)
from custom_components.commonwatt.drivers.transports import Refusal
from custom_components.commonwatt.drivers.transports.mqtt import BrokerFault
from custom_components.commonwatt.engine.model.party import Charter, PartyId
from custom_components.commonwatt.engine.model.period import HOUR_MS, Instant
from custom_components.commonwatt.engine.node import (
    CharterChanged,
    MemberOffline,
    MemberOnline,
)
from custom_components.commonwatt.engine.peer import Fault
from tests.glue.communities import (
    ANN,
    add_member,
    circle_of,
    member,
)
from tests.glue.statuses import STATUS

type Faults = dict[tuple[PartyId | None, Fault], int]


pytestmark = pytest.mark.usefixtures("web_server")


def issues(registry: ir.IssueRegistry) -> set[str]:
    """Return what Home Assistant shows about communities."""
    return {
        str(issue.translation_key)
        for (domain, _), issue in registry.issues.items()
        if domain == DOMAIN and str(issue.translation_key).startswith("community_")
    }


async def test_a_fault_of_the_community_is_shown_until_it_is_over(
    hass: HomeAssistant, issue_registry: ir.IssueRegistry
) -> None:
    entry = await add_member(hass, ANN)
    circle, watch = circle_of(entry), CommunityWatch(hass, entry)

    def look(minutes: int, faults: Faults | None = None) -> set[str]:
        seen = replace(STATUS, at=Instant(minutes * 60_000), faults=faults or {})
        watch.look(circle, seen)
        return issues(issue_registry)

    assert look(1) == set()
    lying: Faults = {(ANN.party, Fault.CONTRADICTION): 1, (None, Fault.REJECTED): 9}
    assert look(1, lying) == set()  # once a minute is enough
    assert look(2, lying) == {CONTRADICTION}
    assert look(3) == set()
    for _ in range(FLOOD_MIN):
        circle.ways.refusals.note("203.0.113.9", Refusal.STRANGER)
    assert look(4) == {FLOOD}
    assert look(30) == {FLOOD}
    an_hour = CUT_OFF_MS // 60_000
    assert look(2 + an_hour) == {CUT_OFF, FLOOD}
    circle.hear([MemberOnline(party=ANN.party)], Instant(0))
    assert look(5 + 2 * an_hour) == set()


async def test_books_that_lack_orders_again_and_again_are_told_of_and_blamed_on_nobody(
    hass: HomeAssistant, issue_registry: ir.IssueRegistry
) -> None:
    entry = await add_member(hass, ANN)
    circle, watch = circle_of(entry), CommunityWatch(hass, entry)

    def look(hours: int, count: int) -> set[str]:
        faults: Faults = {
            (ANN.party, Fault.WITNESSED_OMISSION): count,
            (ANN.party, Fault.OMISSION): count,
        }
        status = replace(STATUS, at=Instant(hours * HOUR_MS), faults=faults)
        watch.look(circle, status)
        (peer,) = circle.peers(status, status.at)
        assert isinstance(peer, dict)
        assert peer["faults"] == 0
        return issues(issue_registry) - {CUT_OFF}

    assert look(100, 7) == set()  # of before the start
    assert look(101, 8) == look(110, 9) == set()
    assert look(124, 10) == {OMISSION}
    assert look(126, 10) == set()  # the first of the three is a day old
    assert look(127, 13) == {OMISSION}
    assert look(152, 13) == set()


async def test_a_home_that_was_removed_is_told(
    hass: HomeAssistant, issue_registry: ir.IssueRegistry
) -> None:
    entry = await add_member(hass, ANN)
    circle = circle_of(entry)
    charter = circle.charter
    without_us = Charter(members=charter.members[1:], fee_tree=charter.fee_tree)

    circle.hear([CharterChanged(number=1, charter=without_us)], Instant(0))
    CommunityWatch(hass, entry).look(circle, STATUS)

    assert member(entry).standing is Standing.REMOVED
    assert issues(issue_registry) == {REMOVED}
    assert circle.settings.party not in circle.ways.roster.parties


async def test_a_broker_that_refuses_us_is_told(
    hass: HomeAssistant, issue_registry: ir.IssueRegistry
) -> None:
    entry = await add_member(hass)
    circle = circle_of(entry)
    circle.ways.broker = Refusing()

    CommunityWatch(hass, entry).look(circle, STATUS)

    assert issues(issue_registry) == {BROKER_REFUSED}


class Refusing:
    """A broker that lets nobody in."""

    is_connected = False
    fault = BrokerFault.REFUSED


async def test_connections_are_shown_to_administrators(hass: HomeAssistant) -> None:
    entry = await add_member(hass, ANN)
    circle = circle_of(entry)
    circle.hear([MemberOnline(party=ANN.party)], Instant(1))
    circle.hear([MemberOffline(party=ANN.party)], Instant(5))
    circle.ways.refusals.note(ANN.party, Refusal.TOO_MUCH)

    assert entry.runtime_data.shown["peers"]() == [
        {
            "id": ANN.party,
            "name": circle.directory.name_of(ANN.party),
            "online": False,
            "last_seen": 5,
            "transport": None,
            "faults": 1,
            "rtt_ms": None,
        }
    ]


async def test_diagnostics_count_and_name_nobody(hass: HomeAssistant) -> None:
    entry = await add_member(hass, ANN)
    circle = circle_of(entry)
    await circle.directory.async_rename(ANN.party, "Ann")
    circle.ways.refusals.note("203.0.113.9", Refusal.STRANGER)

    told = str(await async_get_config_entry_diagnostics(hass, entry))

    for secret in (ANN.party, "Ann", "203.0.113.9", "home.example", "Mill Lane"):
        assert secret not in told
    assert "'refused': {'stranger': 1}" in told
    assert "'standing': 'waking'" in told


async def test_entities_tell_where_the_home_stands(hass: HomeAssistant) -> None:
    entry = await add_member(hass, ANN)

    shown = hass.states.get("sensor.home_membership")
    assert shown is not None
    assert shown.state == "waking"
    reachable = hass.states.get("binary_sensor.home_neighbours_reachable")
    assert reachable is not None
    assert reachable.state == "off"
    assert await hass.config_entries.async_unload(entry.entry_id)
