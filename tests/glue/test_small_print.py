"""What rooms of the glue do when something they rely on is not there."""

from collections.abc import Sequence
from pathlib import Path
import sys
from typing import override

from homeassistant.components.energy.data import EnergyPreferences
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
import numpy as np
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.commonwatt.community import waiting
from custom_components.commonwatt.community.commands import where_to_knock
from custom_components.commonwatt.community.identity import async_unseal
from custom_components.commonwatt.community.settings import (
    BrokerWay,
    HTTPWay,
    WaySettings,
)
from custom_components.commonwatt.const import DOMAIN
from custom_components.commonwatt.demo.street_planner import StreetPlanner
from custom_components.commonwatt.drivers.journal import JournalError, JournalFault
from custom_components.commonwatt.energy import async_get_solar_forecast
from custom_components.commonwatt.engine.dispatch.bidding import BidLimits, Outside
from custom_components.commonwatt.engine.dispatch.home import Horizon, PlanReason
from custom_components.commonwatt.engine.ledger.allocation import DeliveryKind
from custom_components.commonwatt.engine.ledger.journal import JournalEntry
from custom_components.commonwatt.engine.model.period import HOUR_MS, PERIOD_MS
from custom_components.commonwatt.engine.wire.vault import VaultError
from custom_components.commonwatt.forecasting.sources import (
    Sources,
    Term,
    TermKind,
    sources_of_dashboard,
)
from custom_components.commonwatt.planning.expectation import _powers_w
from custom_components.commonwatt.view.chronicle import (
    Chronicle,
    Link,
    LinkState,
    Page,
)
from custom_components.commonwatt.view.now import flows_section
from tests.engine.dispatch.planning import home as a_problem
from tests.glue.communities import until
from tests.glue.statuses import HOME, NEIGHBOUR, PERIOD, STATUS
from tests.glue.test_scores import add_sharing_home, data_of


@pytest.fixture(autouse=True)
def _real_storage(hass: HomeAssistant, tmp_path: Path) -> None:
    """Give every test a configuration folder of its own, on a real disk."""
    hass.config.config_dir = str(tmp_path)


def test_the_demo_bids_by_the_rule_without_a_solver(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    solving = "custom_components.commonwatt.engine.dispatch.solving"
    monkeypatch.setitem(sys.modules, solving, None)
    planner = StreetPlanner()
    outside = Outside(
        feed_in_micro_per_kwh=80_000,
        import_micro_per_kwh=300_000,
        avoided_micro_per_kwh=300_000,
    )

    plan = planner.plan(a_problem([10, 20, 30, 40]))

    assert plan.reason is PlanReason.SOLVER_MISSING
    assert planner.bid(PERIOD, outside, BidLimits(energy_wh_max=1_000)) is None


async def test_a_home_without_panels_has_no_solar_forecast(hass: HomeAssistant) -> None:
    stranger = MockConfigEntry(domain="another")
    stranger.add_to_hass(hass)
    entry = await add_sharing_home(hass)

    assert await async_get_solar_forecast(hass, entry.entry_id) is None
    assert await async_get_solar_forecast(hass, stranger.entry_id) is None
    await hass.config_entries.async_unload(entry.entry_id)


def link(energy_wh: int) -> Link:
    """Return energy that a neighbour supplies."""
    return Link(
        seller=NEIGHBOUR,
        buyer=HOME,
        energy_wh=energy_wh,
        kind=DeliveryKind.POSITION,
        price_micro_per_kwh=150_000,
    )


async def test_the_map_shows_what_is_traded_now_or_else_what_was_settled_last(
    hass: HomeAssistant,
) -> None:
    entry = await add_sharing_home(hass)
    data, chronicle = data_of(entry), Chronicle()
    data.market.status = None
    assert flows_section(data, chronicle) is None
    data.market.publish(STATUS)
    assert flows_section(data, chronicle) is None

    for ago, state in ((2, LinkState.SETTLED), (1, LinkState.SETTLED), (0, None)):
        page = Page(state=state, links=(link(100 + ago),))
        chronicle.pages[STATUS.period.next(-ago)] = page
    settled = flows_section(data, chronicle)
    assert settled is not None
    assert settled["start"] == STATUS.period.next(-1).start
    assert settled["state"] == "settled"

    chronicle.pages[STATUS.period] = Page(state=LinkState.FINAL, links=(link(500),))
    now = flows_section(data, chronicle)
    assert now is not None
    assert now["start"] == STATUS.period.start
    assert now["links"] == [[NEIGHBOUR, HOME, 500, 150_000]]
    await hass.config_entries.async_unload(entry.entry_id)


def test_an_invitation_names_every_way_and_nobodys_password() -> None:
    ways = WaySettings(
        http=HTTPWay(addresses=("https://home.example",)),
        broker=BrokerWay(
            host="broker.example", port=8883, username="ann", password="x", tls=True
        ),
    )

    assert where_to_knock(ways, ("https://home.example", "mqtt://b:1883")) == (
        "https://home.example",
        "mqtts://broker.example:8883",
        "mqtt://b:1883",
    )


@pytest.mark.parametrize("sealed", ["not base64!", "YWJj", "A" * 100_000])
async def test_what_was_never_sealed_does_not_open(
    hass: HomeAssistant, sealed: str
) -> None:
    with pytest.raises(VaultError):
        await async_unseal(hass, sealed, "a long passphrase")


class Guest(waiting.Waiting):
    """A guest that has just been let in."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry) -> None:
        """Knock at no door."""
        self.joined = False
        self._hass = hass  # type: ignore[misc]  # its own, for a test
        self._entry = entry  # type: ignore[misc]  # the same
        self._task = None
        self.settings = Settings()  # type: ignore[assignment, misc]  # no more is asked
        self.visit = Visit()  # type: ignore[assignment, misc]  # no more is asked

    @override
    def _join(self) -> None:
        self.joined = True


class Settings:
    """Where the journal of the new member goes."""

    place = "ab" * 8


class Visit:
    """A visit that has come to its end: the members have let the home in."""

    is_member = True
    is_spent = False

    async def async_until(self, _condition: object) -> None:
        """Wait for nothing."""

    def entries(self) -> Sequence[JournalEntry]:
        """Return no charters."""
        return ()


async def test_a_journal_that_cannot_be_begun_is_tried_again(
    hass: HomeAssistant,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    tried: list[Path] = []

    def begin(path: Path, _entries: object) -> None:
        tried.append(path)
        if len(tried) == 1:
            raise JournalError(JournalFault.DISK_FULL, "no space")

    monkeypatch.setattr(waiting, "_begin_journal", begin)
    monkeypatch.setattr(waiting, "RETRY_SECONDS", 0.0)
    entry = MockConfigEntry(domain=DOMAIN)
    entry.add_to_hass(hass)
    guest = Guest(hass, entry)

    guest.async_start()
    await until(lambda: guest.joined)
    await guest.async_stop()

    assert len(tried) == 2
    assert "cannot be begun" in caplog.text


GRID = {"type": "grid", "stat_energy_from": "grid:in", "stat_energy_to": "grid:out"}
OLD_GRID = {
    "type": "grid",
    "flow_from": [{"stat_energy_from": "old:in"}, "nonsense"],
    "flow_to": [{"stat_energy_to": "old:out"}],
}
SUN = {"type": "solar", "stat_energy_from": "sun:made"}
BATTERY = {
    "type": "battery",
    "stat_energy_from": "battery:given",
    "stat_energy_to": "battery:taken",
}
GAS = {"type": "gas", "stat_energy_from": "gas:in"}


def dashboard(*sources: object) -> EnergyPreferences:
    """Return what the Energy dashboard keeps."""
    return {
        "energy_sources": [*sources],  # type: ignore[list-item]  # as it is on disk
        "device_consumption": [],
        "device_consumption_water": [],
    }


def signed(terms: Sequence[Term]) -> dict[str, int]:
    """Return the statistics of a sum with their signs."""
    assert all(term.kind is TermKind.ENERGY for term in terms)
    return {term.statistic_id: term.sign for term in terms}


@pytest.mark.parametrize(
    ("sources", "load"),
    [
        ((GRID, GAS), {"grid:in": 1, "grid:out": -1}),
        ((OLD_GRID,), {"old:in": 1, "old:out": -1}),
        (
            (GRID, SUN, BATTERY),
            {
                "grid:in": 1,
                "grid:out": -1,
                "sun:made": 1,
                "battery:given": 1,
                "battery:taken": -1,
            },
        ),
        ((SUN, BATTERY), {}),
    ],
)
def test_the_load_of_a_dashboard_is_what_its_sources_add_up_to(
    sources: Sequence[object], load: dict[str, int]
) -> None:
    found = sources_of_dashboard(dashboard(*sources), {})

    assert signed(found.load) == load
    assert signed(found.sun) == ({"sun:made": 1} if SUN in sources else {})


def test_a_home_without_a_dashboard_tells_nothing() -> None:
    assert sources_of_dashboard(None, {}) == Sources()


def test_nothing_is_expected_beyond_the_forecast() -> None:
    horizon = Horizon(start=PERIOD.start, step_ms=(PERIOD_MS, HOUR_MS))
    known = np.array([100.0, 50.0, 50.0])

    assert [*_powers_w(known, PERIOD, horizon)] == [400, None]
