"""What the settler does when a chain is not as it should be: with one of paper."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.requirements import RequirementsNotFound
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.commonwatt.chain import library
from custom_components.commonwatt.chain.alone import LonePoster
from custom_components.commonwatt.chain.posting import DAYS_KEPT
from custom_components.commonwatt.chain.settler import Settler
from custom_components.commonwatt.chain.trouble import Trouble, issue_id, troubles_of
from custom_components.commonwatt.const import DOMAIN
from custom_components.commonwatt.drivers.chain import (
    ChainError,
    ChainFault,
    ChainSettings,
    ChainStatus,
    ChainThread,
    DeploymentTerms,
    JobChange,
    JobState,
)
from custom_components.commonwatt.engine.model.period import Instant
from tests.glue.homes import settle
from tests.glue.paper_chain import CALM, KEY, ME, TODAY, PaperBooks, PaperChain


@pytest.fixture
def paper() -> Iterator[PaperChain]:
    """Let whoever opens a chain find one of paper."""
    chain = PaperChain()
    with patch.object(ChainThread, "open", return_value=chain):
        yield chain


@pytest.fixture
def books() -> PaperBooks:
    return PaperBooks()


@pytest.fixture
def settler(hass: HomeAssistant, books: PaperBooks, tmp_path: Path) -> Settler:
    entry = MockConfigEntry(domain=DOMAIN, title="Home", entry_id="home")
    entry.add_to_hass(hass)
    return Settler(
        hass,
        entry,
        settings=ChainSettings(urls=("http://paper",), chain_id=1),
        terms=DeploymentTerms(charter=bytes(32), founders=(ME,), line_nano=0),
        poster=LonePoster(hass, books, ME),
        key=KEY,
        folder=tmp_path,
        pace_s=0,
    )


def issues_of(hass: HomeAssistant) -> set[str]:
    return {name for domain, name in ir.async_get(hass).issues if domain == DOMAIN}


async def test_a_day_is_posted_stands_and_is_paid_before_the_next(
    settler: Settler, paper: PaperChain, books: PaperBooks
) -> None:
    await settler._turn()
    await settler._turn()
    assert [day.batch.day for day in paper.posted] == [TODAY]
    assert paper.claimed == []
    before = settler.wallet
    assert before is not None
    assert (before.waits, before.pending_nano) == (True, 1_000)

    paper.standing = 1
    await settler._turn()
    assert paper.claimed == [1]
    after = settler.wallet
    assert after is not None
    assert (after.waits, after.pending_nano, after.released_nano) == (False, 900, 100)
    await settler._turn()
    assert [day.batch.day for day in paper.posted] == [TODAY, TODAY + 1]
    assert books.closed == [TODAY, TODAY + 1]


async def test_only_the_days_of_a_week_are_kept_for_proofs(
    settler: Settler, paper: PaperChain, books: PaperBooks
) -> None:
    while books.ready() is not None or settler.days[-1].number != len(books.closed):
        await settler._turn()
        paper.standing = len(paper.posted)

    assert len(settler.days) == DAYS_KEPT
    assert settler.days[-1].number == len(paper.posted) == DAYS_KEPT + 3
    await settler._turn()
    assert settler.wallet is not None
    assert settler.wallet.is_caught_up


async def test_a_batch_that_was_undone_is_posted_anew(
    settler: Settler, paper: PaperChain, books: PaperBooks
) -> None:
    await settler._turn()
    paper.is_void = True
    await settler._turn()
    await settler._turn()

    assert [day.batch.day for day in paper.posted] == [TODAY, TODAY]
    assert books.closed == [TODAY]


async def test_a_batch_that_was_refused_is_posted_anew_and_told_of(
    settler: Settler, paper: PaperChain, caplog: pytest.LogCaptureFixture
) -> None:
    await settler._turn()
    paper.posted.clear()
    paper.changes = (
        JobChange(name="batch:1:abc", state=JobState.REVERTED, detail="Pending"),
        JobChange(name="batch:1:abc", state=JobState.SENT, detail=""),
    )
    await settler._turn()

    assert [day.batch.day for day in paper.posted] == [TODAY]
    assert caplog.text.count("The chain refused batch:1:abc: Pending") == 1


async def test_the_contract_is_told_what_the_members_decided(
    settler: Settler, paper: PaperChain
) -> None:
    await settler._turn()
    assert paper.mirrored == []  # nobody knows yet whether there are coins
    await settler._turn()

    assert paper.mirrored == [(b"charter", Instant(5), {ME: b"digest"})]


async def test_without_a_quorum_a_day_waits(
    settler: Settler, paper: PaperChain, books: PaperBooks
) -> None:
    books.signs = False
    await settler._turn()
    assert paper.posted == []
    books.signs = True
    await settler._turn()

    assert [day.batch.day for day in paper.posted] == [TODAY]
    assert books.closed == [TODAY]


async def test_contracts_are_awaited_before_anything_is_posted(
    settler: Settler, paper: PaperChain
) -> None:
    wanted: list[object] = []
    paper.deployment = None
    with patch.object(PaperChain, "deploy", wanted.append, create=True):
        await settler._turn()

    assert len(wanted) == 1
    assert paper.posted == []
    assert settler.wallet is not None
    assert settler.wallet.head is None
    assert settler.wallet.section()["contracts"] is None


@pytest.mark.parametrize("fault", ChainFault)
async def test_every_fault_is_told_as_long_as_it_lasts(
    hass: HomeAssistant, settler: Settler, paper: PaperChain, fault: ChainFault
) -> None:
    paper.fault = ChainError(fault, "why")
    looked: list[set[str]] = []

    def look() -> None:
        looked.append(issues_of(hass))
        paper.fault = None
        if len(looked) > 1:
            settler._stop.set()

    settler.async_listen(look)
    await settler._live()

    assert looked[0] == {issue_id("home", Trouble.of(fault))}
    assert looked[1] == set()


def test_what_hinders_transactions_is_found_in_the_status() -> None:
    troubled = ChainStatus(
        block=1,
        finalized=1,
        is_behind=True,
        coins_wei=0,
        gas_spent_wei=0,
        jobs_open=1,
        is_stuck=True,
        is_too_dear=True,
        is_out_of_coins=True,
        endpoint=None,
    )

    assert troubles_of(CALM) == set()
    assert troubles_of(troubled) == {
        Trouble.SILENT,
        Trouble.STUCK,
        Trouble.TOO_DEAR,
        Trouble.NO_COINS,
    }


async def test_a_library_that_cannot_be_installed_is_told(
    hass: HomeAssistant, settler: Settler
) -> None:
    refused = RequirementsNotFound(DOMAIN, library.REQUIREMENTS)
    settler.async_listen(settler._stop.set)
    with patch.object(library, "async_process_requirements", side_effect=refused):
        await settler._live()

    assert issues_of(hass) == {issue_id("home", Trouble.NO_LIBRARY)}
    with pytest.raises(ChainError, match="unreachable"):
        await settler.async_ask(lambda home: home.account)


@pytest.mark.usefixtures("paper")
async def test_a_mistake_of_ours_stops_nothing(
    settler: Settler, caplog: pytest.LogCaptureFixture
) -> None:
    settler.async_listen(settler._stop.set)
    with patch.object(PaperBooks, "ready", side_effect=ZeroDivisionError):
        await settler._live()

    assert "Settling on the chain failed" in caplog.text


@pytest.mark.usefixtures("paper")
async def test_the_chain_is_let_go_of_at_the_end(
    hass: HomeAssistant, settler: Settler
) -> None:
    looked = asyncio.Event()
    settler.async_listen(looked.set)
    settler.async_start()
    await looked.wait()
    assert await settler.async_ask(lambda home: home.account) == ME
    await settler.async_stop()
    await settler.async_stop()
    await settle(hass)

    with pytest.raises(ChainError, match="unreachable"):
        await settler.async_ask(lambda home: home.account)
