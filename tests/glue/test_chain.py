"""The demo on a chain: days are posted, wallets filled, certificates proved."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
import sys
from unittest.mock import patch

from homeassistant.auth.models import User
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import (
    HomeAssistantError,
    ServiceValidationError,
    Unauthorized,
)
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import (
    MockHAClientWebSocket,
    WebSocketGenerator,
)
import pytest_socket
import voluptuous as vol

from custom_components.commonwatt.chain.files import chain_folder
from custom_components.commonwatt.chain.settler import Settler
from custom_components.commonwatt.chain.trouble import Trouble, issue_id
from custom_components.commonwatt.const import DOMAIN
from custom_components.commonwatt.demo import chain as demo_chain, runtime, street_books
from custom_components.commonwatt.demo.account import demo_account
from custom_components.commonwatt.demo.settings import DemoSettings
from custom_components.commonwatt.drivers.chain import ChainSettings
from custom_components.commonwatt.engine.ledger.batch import PERIODS_A_DAY
from custom_components.commonwatt.engine.ledger.chain import day_book
from custom_components.commonwatt.engine.model.period import (
    DAY_MS,
    MINUTE_MS,
    DeliveryPeriod,
    Instant,
)
from custom_components.commonwatt.engine.model.units import NANO_PER_UNIT
from custom_components.commonwatt.engine.wire.ethereum import checksummed
from tests.glue.chain_homes import until_final
from tests.glue.demos import add_demo, demo_of, no_waiting, until_stopped
from tools.anvil import Chain, anvil

pytestmark = [pytest.mark.usefixtures("socket_enabled"), pytest.mark.timeout(900)]

SEED = 1
PERIODS = 6
NOON = 48
"""Periods from midnight: here a day is over when the sun is high."""

PATIENCE_S = 600
WISHES: dict[str, dict[str, object]] = {
    "deposit": {"amount": 1},
    "withdraw": {"amount": 1},
    "transfer_certificate": {"certificate": "0" * 64, "to": "0x" + 40 * "1"},
}
"""What only administrators may ask of a wallet."""


@pytest.fixture(scope="module")
def chain() -> Iterator[Chain]:
    """Run a chain on which the user's home has coins."""
    # A fixture of a module is made before its first test opens the sockets.
    pytest_socket.enable_socket()
    with anvil("--block-time", "0.25", "--slots-in-an-epoch", "1") as running:
        account = checksummed(demo_account(SEED))
        running.rpc("anvil_setBalance", [account, hex(10**18)])
        yield running


@pytest.fixture(autouse=True)
def _real_storage(hass: HomeAssistant, tmp_path: Path) -> None:
    """Give every test a configuration folder of its own, on a real disk."""
    hass.config.config_dir = str(tmp_path)


def before_noon(real_now: Instant) -> Instant:
    midnight = real_now // DAY_MS * DAY_MS
    return Instant(midnight - 3 * DAY_MS // 2 - 60 * MINUTE_MS)


def day_until_noon(period: DeliveryPeriod) -> int:
    return (period.number - NOON) // PERIODS_A_DAY


@contextmanager
def in_a_hurry() -> Iterator[None]:
    """Begin shortly before a day is over, and look at the chain often."""
    with (
        no_waiting(),
        patch.object(runtime, "first_instant", before_noon),
        patch.object(day_book, "day_of", day_until_noon),
        patch.object(demo_chain, "PACE_S", 0.3),
        patch.object(street_books, "WINDOW_S", 2),
    ):
        yield


def settings_on(chain: Chain, *, chain_id: int | None = None) -> DemoSettings:
    return DemoSettings(
        speed=900,
        seed=SEED,
        stop_after_periods=PERIODS,
        chain=ChainSettings(urls=(chain.url,), chain_id=chain_id or chain.chain_id),
    )


def settler_of(entry: MockConfigEntry) -> Settler:
    settler = demo_of(entry).chain
    assert settler is not None
    return settler


async def until_seen(settler: Settler, condition: Callable[[], bool]) -> None:
    """Wait until something is true after a look at the chain."""
    seen = asyncio.Event()

    def look() -> None:
        if condition():
            seen.set()

    stop = settler.async_listen(look)
    async with asyncio.timeout(PATIENCE_S):
        await seen.wait()
    stop()


def is_settled(settler: Settler) -> bool:
    wallet = settler.wallet
    return wallet is not None and wallet.is_caught_up and wallet.last_day is not None


@contextmanager
def failed(
    key: str, kind: type[HomeAssistantError] = HomeAssistantError
) -> Iterator[None]:
    """Expect a failure with a text of ours."""
    with pytest.raises(kind) as raised:
        yield
    assert raised.value.translation_key == key


@contextmanager
def refused(key: str) -> Iterator[None]:
    """Expect that the caller is told to ask for something else."""
    with failed(key, ServiceValidationError):
        yield


async def ask(hass: HomeAssistant, action: str, **data: object) -> dict[str, object]:
    """Call an action and return its answer."""
    answer = await hass.services.async_call(
        DOMAIN, action, data, blocking=True, return_response=True
    )
    assert answer is not None
    return dict(answer)


async def test_a_day_of_the_street_is_settled_on_the_chain(
    hass: HomeAssistant, chain: Chain, hass_ws_client: WebSocketGenerator
) -> None:
    with in_a_hurry():
        entry = await add_demo(hass, settings_on(chain))
        settler = settler_of(entry)
        await until_stopped(hass, entry)
        await until_seen(settler, lambda: is_settled(settler))
        await until_final(settler)
        wallet = settler.wallet
        assert wallet is not None
        assert wallet.state is not None
        (day,) = settler.days

        # What is released is paid, to the nano; the rest is still pending.
        leaf = day.leaf(wallet.account)
        assert leaf is not None
        assert wallet.state.claimed_nano == leaf.released_nano == wallet.released_nano
        assert wallet.state.credit_nano == leaf.released_nano
        assert day.closed.nets_nano[wallet.account] == leaf.net_nano
        assert wallet.pending_nano is not None

        shown = {
            key: hass.states.get(f"sensor.demo_{key}")
            for key in (
                "credit_on_the_chain",
                "not_settled_yet",
                "settled_until",
                "gas_spent",
            )
        }
        states = {key: state.state for key, state in shown.items() if state is not None}
        posted_on = date(1970, 1, 1) + timedelta(days=day.posted.batch.day)
        assert states["settled_until"] == posted_on.isoformat()
        credit = wallet.state.credit_nano / NANO_PER_UNIT
        assert float(states["credit_on_the_chain"]) == pytest.approx(credit)
        pending = wallet.pending_nano / NANO_PER_UNIT
        assert float(states["not_settled_yet"]) == pytest.approx(pending)
        assert float(states["gas_spent"]) > 0

        summary = demo_of(entry).summary()["chain"]
        assert isinstance(summary, dict)
        assert summary["caught_up"] is True
        assert summary["batch"] == 1

        await look_with_the_panel(entry, await hass_ws_client(hass), settler)
        await prove_certificates(hass, settler)
        await move_credit(hass, settler)
        assert ir.async_get(hass).issues == {}
        assert await hass.config_entries.async_unload(entry.entry_id)


async def look_with_the_panel(
    entry: MockConfigEntry, panel: MockHAClientWebSocket, settler: Settler
) -> None:
    """Find the wallet in its section, and a certificate by its command."""
    section = entry.runtime_data.shown["chain"]()
    assert section["batch"] == 1
    (day,) = settler.days
    (name, *_) = day.closed.places
    for certificate, code in ((name, None), ("0" * 64, "certificate_unknown")):
        await panel.send_json_auto_id(
            {"type": f"{DOMAIN}/certificate/chain", "certificate": certificate}
        )
        answer = await panel.receive_json()
        assert answer["success"] is (code is None)
        if code is None:
            assert answer["result"]["valid"] is True
        else:
            assert answer["error"]["code"] == code


async def prove_certificates(hass: HomeAssistant, settler: Settler) -> None:
    """Prove one that is free and one that is used up; hand the free one on."""
    (day,) = settler.days
    free = {origin.certificate.hex(): origin for origin in day.posted.origins}
    used = next(iter(name for name in day.closed.places if name not in free))
    proved = await ask(hass, "verify_certificate", certificate=used)
    assert (proved["valid"], proved["free"], proved["batch"]) == (True, False, 1)

    with refused("chain_no_such_certificate"):
        await ask(hass, "verify_certificate", certificate="0" * 64)

    assert settler.wallet is not None
    me = settler.wallet.account
    mine = next((name for name, one in free.items() if one.holder == me), None)
    name = mine or next(iter(free))
    proved = await ask(hass, "verify_certificate", certificate=name)
    assert (proved["valid"], proved["free"], proved["proved"]) == (True, True, True)
    if mine is not None:
        friend = "0x" + "ab" * 20
        moved = await ask(hass, "transfer_certificate", certificate=mine, to=friend)
        assert moved["energy_kwh"] == free[mine].energy_wh / 1000


async def move_credit(hass: HomeAssistant, settler: Settler) -> None:
    """Pay in; what is a unit of account cannot be given back for coins."""
    for wrong in ({"amount": 0}, {"amount": 1e9}, {"amount": 1, "to": "0x12"}):
        with pytest.raises(vol.Invalid):
            await ask(hass, "withdraw", **wrong)
    with refused("chain_no_such_certificate"):
        await ask(hass, "transfer_certificate", **WISHES["transfer_certificate"])
    with refused("chain_not_backed"):
        await ask(hass, "withdraw", amount=0.01)
    with refused("chain_too_little_credit"):
        await ask(hass, "deposit", amount=400_000)
    wallet = settler.wallet
    assert wallet is not None
    assert wallet.state is not None
    credit_nano = wallet.state.credit_nano
    if credit_nano >= 2:
        await ask(hass, "deposit", amount=credit_nano // 2 / NANO_PER_UNIT)
        await until_seen(settler, lambda: _deposited(settler) == credit_nano // 2)


def _deposited(settler: Settler) -> int:
    wallet = settler.wallet
    return 0 if wallet is None or wallet.state is None else wallet.state.deposited_nano


async def test_another_chain_than_the_one_meant_is_told_to_the_owner(
    hass: HomeAssistant, chain: Chain
) -> None:
    with in_a_hurry():
        entry = await add_demo(hass, settings_on(chain, chain_id=100))
        settler = settler_of(entry)
        wanted = (DOMAIN, issue_id(entry.entry_id, Trouble.WRONG_CHAIN))
        issues = ir.async_get(hass).issues
        await until_seen(settler, lambda: wanted in issues)

        assert settler.wallet is None
        state = hass.states.get("sensor.demo_credit_on_the_chain")
        assert state is not None
        assert state.state == "unavailable"
        assert await hass.config_entries.async_unload(entry.entry_id)


async def test_without_coins_nothing_is_sent_and_the_owner_is_told(
    hass: HomeAssistant, chain: Chain
) -> None:
    poor = checksummed(demo_account(SEED + 1))
    with in_a_hurry():
        settings = settings_on(chain)
        entry = await add_demo(
            hass, DemoSettings(speed=900, seed=SEED + 1, chain=settings.chain)
        )
        settler = settler_of(entry)
        wanted = (DOMAIN, issue_id(entry.entry_id, Trouble.NO_COINS))
        issues = ir.async_get(hass).issues
        await until_seen(settler, lambda: wanted in issues)
        placeholders = issues[wanted].translation_placeholders
        assert placeholders is not None
        assert placeholders["account"] == poor

        chain.rpc("anvil_setBalance", [poor, hex(10**18)])
        await until_seen(settler, lambda: wanted not in issues)
        assert await hass.config_entries.async_unload(entry.entry_id)


async def test_a_silent_chain_hinders_nobody(hass: HomeAssistant) -> None:
    chain = ChainSettings(urls=("http://127.0.0.1:1",), chain_id=100)
    with in_a_hurry():
        settings = DemoSettings(speed=900, stop_after_periods=2, chain=chain)
        entry = await add_demo(hass, settings)
        settler = settler_of(entry)
        wanted = (DOMAIN, issue_id(entry.entry_id, Trouble.SILENT))
        issues = ir.async_get(hass).issues
        await until_seen(settler, lambda: wanted in issues)
        demo = await until_stopped(hass, entry)

        assert demo.summary()["periods_settled"] == 2
        assert entry.runtime_data.shown["chain"]() is None
        for action, data in WISHES.items():
            with failed("chain_unreachable"):
                await ask(hass, action, **data)
        folder = chain_folder(hass, entry.entry_id)
        assert folder.is_dir()
        assert await hass.config_entries.async_unload(entry.entry_id)
        await hass.config_entries.async_remove(entry.entry_id)
        assert not folder.exists()


async def test_without_a_chain_the_journal_is_the_ledger_and_web3_stays_away(
    hass: HomeAssistant,
    hass_ws_client: WebSocketGenerator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Whoever imports it from now on fails.
    for name in [name for name in sys.modules if name.partition(".")[0] == "web3"]:
        monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.setitem(sys.modules, "web3", None)
    monkeypatch.delitem(
        sys.modules,
        "custom_components.commonwatt.drivers.chain.web3_parts",
        raising=False,
    )

    with no_waiting():
        entry = await add_demo(hass, DemoSettings(speed=900, stop_after_periods=1))
        summary = (await until_stopped(hass, entry)).summary()

    assert summary["periods_settled"] == 1
    assert "chain" not in summary
    assert hass.states.get("sensor.demo_clearing_price") is not None
    assert hass.states.get("sensor.demo_credit_on_the_chain") is None
    panel = await hass_ws_client(hass)
    await panel.send_json_auto_id(
        {"type": f"{DOMAIN}/certificate/chain", "certificate": "0" * 64}
    )
    assert (await panel.receive_json())["error"]["code"] == "no_chain"
    assert await hass.config_entries.async_unload(entry.entry_id)


async def test_only_administrators_touch_the_wallet(
    hass: HomeAssistant, hass_read_only_user: User
) -> None:
    with in_a_hurry():
        entry = await add_demo(hass)
        context = Context(user_id=hass_read_only_user.id)
        for action, data in WISHES.items():
            with pytest.raises(Unauthorized):
                await hass.services.async_call(
                    DOMAIN, action, data, blocking=True, context=context
                )
            with refused("no_chain"):
                await ask(hass, action, **data)
        assert await hass.config_entries.async_unload(entry.entry_id)
