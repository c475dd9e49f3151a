"""A member's identity: carried away, lost and brought back; leaving for good."""

from pathlib import Path
from unittest.mock import patch

from homeassistant.config_entries import (
    SOURCE_REAUTH,
    ConfigEntryState,
    ConfigFlowResult,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.exceptions import ServiceValidationError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.commonwatt.community.circle import Standing
from custom_components.commonwatt.community.identity import (
    async_keep_secrets,
    async_seal,
)
from custom_components.commonwatt.community.settings import (
    membership_of,
)
from custom_components.commonwatt.const import DOMAIN
from custom_components.commonwatt.engine.node import (
    Hindered,
    Obstacle,
)
from custom_components.commonwatt.journal_file import async_places
from custom_components.commonwatt.membership import Membership
from custom_components.commonwatt.secret_store import HomeSecrets
from tests.glue.communities import (
    ANN,
    add_member,
    answer,
    circle_of,
    manage,
    member,
    stands,
    until,
)

PASSPHRASE = "correct horse battery"


pytestmark = pytest.mark.usefixtures("web_server")


def texts_of(form: object) -> list[str]:
    """Return the defaults of a form."""
    assert isinstance(form, dict)
    return [str(key.default()) for key in form["data_schema"].schema if key.default]


def files_of(hass: HomeAssistant, name: str) -> list[str]:
    """Return the files that Home Assistant keeps with ``name`` in their names."""
    folder = Path(hass.config.path(".storage"))
    return [file.name for file in folder.iterdir() if name in file.name]


async def test_an_identity_is_carried_to_another_home(hass: HomeAssistant) -> None:
    entry = await add_member(hass)
    party = member(entry).feed.party
    form = await manage(hass, entry, "export")
    form = await answer(hass, form, {"passphrase": "short"})
    assert form["errors"] == {"passphrase": "passphrase_short"}
    form = await answer(hass, form, {"passphrase": PASSPHRASE})
    assert form["step_id"] == "exported"
    (sealed,) = texts_of(form)
    assert (await answer(hass, form, {}))["reason"] == "exported"

    reply = await hass.services.async_call(
        DOMAIN,
        "export_identity",
        {"passphrase": PASSPHRASE},
        blocking=True,
        return_response=True,
    )
    assert reply is not None
    assert reply["party"] == party
    with pytest.raises(ServiceValidationError) as refused:
        await hass.services.async_call(
            DOMAIN,
            "export_identity",
            {"passphrase": "short"},
            blocking=True,
            return_response=True,
        )
    assert refused.value.translation_key == "passphrase_short"

    for text in (sealed, reply["identity"]):
        assert await reauthenticated(hass, entry, text) == "reauth_successful"


async def reauthenticated(
    hass: HomeAssistant, entry: MockConfigEntry, sealed: object
) -> str:
    """Lose the keys, and bring the sealed ones; return how it ended."""
    form = await without_keys(hass, entry)
    form = await hass.config_entries.flow.async_configure(
        form["flow_id"], {"sealed": sealed, "passphrase": "wrong passphrase"}
    )
    assert form["errors"] == {"base": "identity_wrong_passphrase"}
    done = await hass.config_entries.flow.async_configure(
        form["flow_id"], {"sealed": sealed, "passphrase": PASSPHRASE}
    )
    assert done["type"] is FlowResultType.ABORT, done
    await until(lambda: stands(entry, Standing.MEMBER))
    return str(done["reason"])


async def without_keys(hass: HomeAssistant, entry: MockConfigEntry) -> ConfigFlowResult:
    """Give a home keys of somebody else; return what it asks for when it starts."""
    settings = member(entry).settings
    assert settings is not None
    assert await hass.config_entries.async_unload(entry.entry_id)
    await async_keep_secrets(hass, entry.entry_id, settings.place, HomeSecrets.create())
    assert not await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.SETUP_ERROR
    await hass.async_block_till_done()
    (flow,) = hass.config_entries.flow.async_progress()
    assert flow["context"]["source"] == SOURCE_REAUTH
    return await hass.config_entries.flow.async_configure(flow["flow_id"])


async def test_the_identity_of_another_member_is_refused(hass: HomeAssistant) -> None:
    entry = await add_member(hass)
    sealed = await async_seal(hass, HomeSecrets.create(), PASSPHRASE)
    form = await without_keys(hass, entry)
    assert form["step_id"] == "reauth_confirm"

    form = await hass.config_entries.flow.async_configure(
        form["flow_id"], {"sealed": sealed, "passphrase": PASSPHRASE}
    )

    assert form["errors"] == {"base": "identity_of_another"}


async def test_who_leaves_a_community_behind_needs_no_keys(hass: HomeAssistant) -> None:
    entry = await add_member(hass)
    form = await without_keys(hass, entry)
    subentry = membership_of(entry)
    assert subentry is not None
    hass.config_entries.async_remove_subentry(entry, subentry.subentry_id)

    done = await hass.config_entries.flow.async_configure(
        form["flow_id"], {"sealed": "AAAA", "passphrase": PASSPHRASE}
    )

    assert done["reason"] == "reauth_successful"
    await until(lambda: stands(entry, Standing.ALONE))


async def test_a_founder_may_be_who_it_was_elsewhere(hass: HomeAssistant) -> None:
    secrets = HomeSecrets.create()
    entry = await add_member(hass, secrets=secrets)

    sealed = await async_seal(hass, secrets, PASSPHRASE)

    assert await reauthenticated(hass, entry, sealed) == "reauth_successful"


async def test_the_last_member_cannot_leave(hass: HomeAssistant) -> None:
    entry = await add_member(hass)
    form = await manage(hass, entry, "leave")

    done = await answer(hass, form, {})

    assert done["reason"] == "hindered_last_member"


async def test_leaving_is_told_to_the_others(hass: HomeAssistant) -> None:
    entry = await add_member(hass, ANN)
    with patch.object(Membership, "async_ask", return_value=b"motion"):
        done = await answer(hass, await manage(hass, entry, "leave"), {})
        await hass.services.async_call(DOMAIN, "leave", {}, blocking=True)
    assert done["reason"] == "leaving"

    with (
        patch.object(
            Membership, "async_ask", return_value=Hindered(Obstacle.NOT_A_MEMBER)
        ),
        pytest.raises(ServiceValidationError) as refused,
    ):
        await hass.services.async_call(DOMAIN, "leave", {}, blocking=True)
    assert refused.value.translation_key == "refused_not_a_member"


async def test_a_community_that_is_deleted_leaves_nothing_behind(
    hass: HomeAssistant, hass_storage: dict[str, object]
) -> None:
    entry = await add_member(hass, ANN)
    settings = member(entry).settings
    assert settings is not None
    await circle_of(entry).directory.async_rename(ANN.party, "Ann")
    assert files_of(hass, settings.place)
    subentry = membership_of(entry)
    assert subentry is not None

    hass.config_entries.async_remove_subentry(entry, subentry.subentry_id)
    await until(lambda: stands(entry, Standing.ALONE))

    assert not files_of(hass, settings.place)
    assert not [name for name in hass_storage if settings.place in name]
    assert member(entry).neighbours()[0].party != settings.party


async def test_places_are_known_by_journal_or_keys(hass: HomeAssistant) -> None:
    folder = Path(hass.config.path(".storage"))
    await hass.async_add_executor_job(folder.mkdir)
    one, other = "0123456789abcdef", "fedcba9876543210"
    names = (f"{one}.db", f"{one}.db-wal", f"{other}.keys", "chain.db", "keys")
    for name in names:
        await hass.async_add_executor_job((folder / f"{DOMAIN}.home.{name}").touch)

    assert await async_places(hass, "home") == {one, other}
    assert await async_places(hass, "another") == set()


async def test_everything_of_a_membership_goes_with_the_home(
    hass: HomeAssistant, hass_storage: dict[str, object]
) -> None:
    entry = await add_member(hass)
    assert [name for name in hass_storage if entry.entry_id in name]

    await hass.config_entries.async_remove(entry.entry_id)
    await hass.async_block_till_done()

    assert not [name for name in hass_storage if entry.entry_id in name]
    assert not files_of(hass, entry.entry_id)
