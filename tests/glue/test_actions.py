"""Actions on the street of the demo, as automations call them."""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path

from homeassistant.auth.models import User
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import (
    HomeAssistantError,
    ServiceValidationError,
    Unauthorized,
)
from homeassistant.util.json import JsonValueType
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from custom_components.commonwatt.const import DOMAIN
from custom_components.commonwatt.demo.settings import DemoSettings
from tests.glue.demos import add_demo, demo_of, no_waiting, until
from tests.glue.test_scores import data_of


@pytest.fixture
async def street(
    hass: HomeAssistant,
    tmp_path: Path,
    socket_enabled: None,  # noqa: ARG001  # the simulated devices need it
) -> AsyncIterator[MockConfigEntry]:
    """A street that has settled two periods and lives on."""
    hass.config.config_dir = str(tmp_path)
    with no_waiting():
        entry = await add_demo(hass, DemoSettings(speed=900, stop_after_periods=40))
        demo = demo_of(entry)
        await until(demo, lambda: demo._accounts.periods_settled >= 2)
        yield entry
        assert await hass.config_entries.async_unload(entry.entry_id)


async def act(
    hass: HomeAssistant, name: str, **data: object
) -> Mapping[str, JsonValueType]:
    """Call an action and return its answer."""
    answer = await hass.services.async_call(
        DOMAIN, name, data, blocking=True, return_response=True
    )
    assert isinstance(answer, dict)
    return answer


def someone(entry: MockConfigEntry) -> str:
    """Return the name of a neighbour."""
    return data_of(entry).neighbours()[1].name


async def test_energy_is_sent_by_name_and_taken_back(
    hass: HomeAssistant, street: MockConfigEntry
) -> None:
    name = someone(street)
    sent = await act(hass, "send_energy", to=name.upper(), energy_kwh=1.5)
    agreement = sent["agreement"]

    status = data_of(street).market.status
    assert status is not None
    assert agreement in {view.terms.id for view in status.agreements}
    assert await act(hass, "end_agreement", agreement=agreement) == sent
    with pytest.raises(ServiceValidationError, match="over"):
        await act(hass, "end_agreement", agreement=agreement)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"to": "Nobody", "energy_kwh": 1}, "no neighbour called Nobody"),
        ({"energy_kwh": 900}, "more than this home gives away"),
    ],
)
async def test_what_cannot_be_given_is_refused_in_words(
    hass: HomeAssistant,
    street: MockConfigEntry,
    data: dict[str, object],
    said: str,
) -> None:
    with pytest.raises(ServiceValidationError, match=said):
        await act(hass, "send_energy", **{"to": someone(street), **data})


@pytest.mark.parametrize(
    "rule",
    [
        {"price_rule": "fixed", "price": 0.15},
        {"price_rule": "market", "price": -0.01},
        {"price_rule": "shared", "seller_share": 40},
    ],
)
@pytest.mark.parametrize("direction", ["sell", "buy"])
async def test_a_contract_is_offered_and_withdrawn(
    hass: HomeAssistant,
    street: MockConfigEntry,
    rule: dict[str, object],
    direction: str,
) -> None:
    offered = await act(
        hass,
        "offer_contract",
        partner=someone(street),
        direction=direction,
        energy_kwh_max_day=2,
        **rule,
    )
    agreement = offered["agreement"]
    with pytest.raises(ServiceValidationError, match="agreed already"):
        await act(hass, "accept_contract", agreement=agreement)
    await act(hass, "end_agreement", agreement=agreement)


async def test_no_contract_is_accepted_that_nobody_offered(
    hass: HomeAssistant,
    street: MockConfigEntry,  # noqa: ARG001  # it must be there
) -> None:
    with pytest.raises(ServiceValidationError, match="no such agreement"):
        await act(hass, "accept_contract", agreement="nonsense")


async def test_trades_and_statement_agree_with_the_node(
    hass: HomeAssistant, street: MockConfigEntry
) -> None:
    trades = (await act(hass, "get_trades"))["trades"]
    assert isinstance(trades, list)
    assert trades
    names = {one.name for one in data_of(street).neighbours()}
    for trade in trades:
        assert isinstance(trade, dict)
        assert trade["partner"] in names
        assert trade["direction"] in {"bought", "sold"}

    statement = await act(hass, "get_statement", hours=2)
    periods = statement["periods"]
    assert isinstance(periods, int)
    assert periods >= 2
    assert statement["periods_missing"] == 8 - periods
    assert statement["currency"] == "EUR"
    origin = statement["origin"]
    assert isinstance(origin, list)
    shares = [one["percent"] for one in origin if isinstance(one, dict)]
    assert sum(float(str(share)) for share in shares) == pytest.approx(100)


async def call_as(
    hass: HomeAssistant, user: User | MockUser, **limits: float | None
) -> None:
    await hass.services.async_call(
        DOMAIN, "set_limits", limits, blocking=True, context=Context(user_id=user.id)
    )


async def test_limits_are_set_by_administrators_only(
    hass: HomeAssistant,
    street: MockConfigEntry,
    hass_admin_user: MockUser,
    hass_read_only_user: MockUser,
) -> None:
    def limits() -> tuple[int | None, int | None, int]:
        wishes = data_of(street).plans.wishes
        return (
            wishes.sell_micro_per_kwh_min,
            wishes.buy_micro_per_kwh_max,
            wishes.keep_wh,
        )

    with pytest.raises(Unauthorized):
        await call_as(hass, hass_read_only_user, sell_min=0.1)
    assert limits() == (None, None, 0)

    await call_as(hass, hass_admin_user, sell_min=0.1, buy_max=0.3, keep_kwh=2)
    assert limits() == (100_000, 300_000, 2_000)

    await call_as(hass, hass_admin_user, sell_min=None)
    assert limits() == (None, 300_000, 2_000)


async def test_two_neighbours_of_one_name_cannot_be_told_apart(
    hass: HomeAssistant, street: MockConfigEntry
) -> None:
    data = data_of(street)
    me, first, *rest = data.neighbours()
    data.neighbours = lambda: (me, first, first, *rest)
    with pytest.raises(ServiceValidationError, match="Several neighbours"):
        await act(hass, "send_energy", to=first.name, energy_kwh=1)
    with pytest.raises(ServiceValidationError):
        await act(hass, "send_energy", to=me.party, energy_kwh=1)


async def test_a_node_that_has_stopped_says_so(
    hass: HomeAssistant, street: MockConfigEntry
) -> None:
    data, name = data_of(street), someone(street)

    async def stopped(_question: object) -> None:
        raise RuntimeError

    data.ask = stopped  # type: ignore[assignment]  # a node that is gone
    with pytest.raises(HomeAssistantError, match="stopping or starting"):
        await act(hass, "send_energy", to=name, energy_kwh=1)
