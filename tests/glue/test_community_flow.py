"""Founding and joining through the forms, with every way to get it wrong."""

from collections.abc import AsyncIterator
from pathlib import Path
import ssl
from typing import Final
from unittest.mock import patch

from homeassistant.config_entries import SOURCE_USER, SubentryFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.core_config import async_process_ha_core_config
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.commonwatt.community.circle import Standing
from custom_components.commonwatt.community.settings import (
    SUBENTRY_COMMUNITY,
    BrokerWay,
    CommunitySettings,
    membership_of,
)
from custom_components.commonwatt.drivers.transports.mqtt import OwnBroker
from custom_components.commonwatt.engine.model.party import (
    Admission,
    BillingBasis,
    CommunityId,
    FaultModel,
)
from custom_components.commonwatt.engine.wire.invite import Invite
from custom_components.commonwatt.flows.community import join as joining
from custom_components.commonwatt.flows.community.ways import broker_at
from tests.glue.communities import (
    Values,
    answer,
    choose,
    circle_of,
    found,
    invited,
    knocked,
    manage,
    member,
    open_community,
    opened,
    served,
    stands,
    unload_all,
    until,
)
from tests.glue.forms import suggested
from tests.glue.homes import SETTINGS, add_home

NOWHERE: Final = "http://127.0.0.1:9"
"""The discard port: nobody answers."""

BROKER: Final[Values] = {"host": "broker.example", "port": 8883, "tls": True}


@pytest.fixture(autouse=True)
async def _real_storage(hass: HomeAssistant, tmp_path: Path) -> AsyncIterator[None]:
    """Give every test a configuration folder of its own, and a web server."""
    hass.config.config_dir = str(tmp_path)
    assert await async_setup_component(hass, "http", {})
    yield
    await unload_all(hass)


@pytest.fixture
async def home(hass: HomeAssistant) -> MockConfigEntry:
    """Return a home that belongs nowhere yet."""
    return await add_home(hass)


async def rules(
    hass: HomeAssistant, home: MockConfigEntry, **values: object
) -> SubentryFlowResult:
    """Fill in the rules of a new community."""
    form = await open_community(hass, home, "create")
    return await answer(hass, form, {"name": "Mill Lane", **values})


async def go_on(
    hass: HomeAssistant, home: MockConfigEntry, form: SubentryFlowResult
) -> CommunitySettings:
    """Finish without anybody being able to call; return what was kept."""
    menu = await answer(hass, form, {"ways": ["http"]})
    assert menu["step_id"] == "unreachable"
    done = await choose(hass, menu, "connected")
    assert done["type"] is FlowResultType.CREATE_ENTRY
    await until(lambda: stands(home, Standing.MEMBER))
    subentry = membership_of(home)
    assert subentry is not None
    return CommunitySettings.from_data(subentry.data)


def errors_of(form: SubentryFlowResult) -> dict[str, str]:
    """Return what a form says is wrong."""
    assert form["type"] is FlowResultType.FORM, form
    return form["errors"] or {}


# ---------------------------------------------------------------------- founding


async def test_a_name_is_enough_to_found_a_community(
    hass: HomeAssistant, home: MockConfigEntry
) -> None:
    settings = await go_on(hass, home, await rules(hass, home))

    charter = settings.founding
    (founder,) = charter.members
    assert founder.party == settings.party != home.unique_id
    assert founder.zone == SETTINGS.grid_zone
    assert charter.admission is Admission.INVITER
    assert charter.fault_model is FaultModel.BYZANTINE
    assert charter.billing_basis is BillingBasis.INSIGHT
    assert charter.reference_tariff == SETTINGS.tariff.tariff(
        energy=250_000, feed_in=80_000
    )
    subentry = membership_of(home)
    assert subentry is not None
    assert subentry.title == "Mill Lane"
    assert settings.party == member(home).feed.party


async def test_the_grid_may_be_described(
    hass: HomeAssistant, home: MockConfigEntry
) -> None:
    zones = [
        {"zone": "street"},
        {
            "zone": "house",
            "parent": "street",
            "export_fee": 0.01,
            "import_fee": 0.02,
            "export_kw_max": 11,
        },
    ]
    form = await rules(
        hass, home, reference=False, grid={"zone": "house", "zones": zones}
    )
    settings = await go_on(hass, home, form)

    tree = settings.founding.fee_tree
    assert [zone.id for zone in tree.zones] == ["street", "house"]
    house = tree.zones[1]
    assert house.export_fee_micro_per_kwh == 10_000
    assert house.import_fee_micro_per_kwh == 20_000
    assert (house.export_wh_max, house.import_wh_max) == (2_750, None)
    assert settings.founding.reference_tariff is None


@pytest.mark.parametrize(
    ("values", "errors"),
    [
        ({"name": " "}, {"name": "name_invalid"}),
        ({"grid": {"zone": "z" * 65}}, {"base": "zones_invalid"}),
        (
            {"grid": {"zone": "a", "zones": [{"zone": "a", "parent": "b"}]}},
            {"base": "zones_invalid"},
        ),
        ({"grid": {"zones": [{"zone": " "}]}}, {"base": "zones_invalid"}),
        ({"identity": {"sealed": "no base 64"}}, {"base": "identity_not_a_vault"}),
        ({"identity": {"sealed": "A" * 9_000}}, {"base": "identity_not_a_vault"}),
        ({"identity": {"sealed": "AAAA"}}, {"base": "identity_not_a_vault"}),
    ],
)
async def test_wrong_rules_are_explained_and_nothing_is_lost(
    hass: HomeAssistant, home: MockConfigEntry, values: Values, errors: dict[str, str]
) -> None:
    form = await rules(hass, home, **values)

    assert errors_of(form) == errors
    done = await answer(hass, form, {"name": "Mill Lane"})
    assert done["step_id"] == "ways"


async def test_a_reference_needs_a_price(hass: HomeAssistant) -> None:
    entry = MockConfigEntry(
        domain="commonwatt",
        title="Home",
        data={
            **SETTINGS.as_data(),
            "tariff": {**SETTINGS.tariff.as_data(), "energy": "sensor.silent"},
        },
    )
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)

    form = await rules(hass, entry)

    assert errors_of(form) == {"reference": "tariff_unknown"}


async def test_a_home_belongs_to_one_community(
    hass: HomeAssistant, home: MockConfigEntry
) -> None:
    await go_on(hass, home, await rules(hass, home))

    result = await hass.config_entries.subentries.async_init(
        (home.entry_id, SUBENTRY_COMMUNITY), context={"source": SOURCE_USER}
    )

    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "one_community"


# -------------------------------------------------------------------------- ways


@pytest.mark.usefixtures("socket_enabled")
async def test_a_home_that_answers_from_outside_goes_straight_on(
    hass: HomeAssistant,
    home: MockConfigEntry,
    hass_client_no_auth: ClientSessionGenerator,
) -> None:
    address = await served(hass_client_no_auth)
    form = await rules(hass, home)

    done = await answer(
        hass, form, {"ways": ["http"], "addresses": [f"{address}/lovelace"]}
    )

    assert done["type"] is FlowResultType.CREATE_ENTRY
    ways = CommunitySettings.from_data(done["data"]).ways
    assert ways.http is not None
    assert ways.http.addresses == (address,)


@pytest.mark.usefixtures("socket_enabled")
async def test_an_address_nobody_answers_at_can_be_changed(
    hass: HomeAssistant, home: MockConfigEntry
) -> None:
    form = await rules(hass, home)
    menu = await answer(hass, form, {"ways": ["http"], "addresses": [NOWHERE]})

    assert menu["step_id"] == "unreachable"
    assert menu["description_placeholders"] == {"addresses": NOWHERE}
    form = await choose(hass, menu, "ways")
    assert suggested(form)["addresses"] == [NOWHERE]


async def test_the_external_address_is_suggested(
    hass: HomeAssistant, home: MockConfigEntry
) -> None:
    await async_process_ha_core_config(
        hass, {"external_url": "https://mill-lane.example:8123"}
    )

    form = await rules(hass, home)

    assert suggested(form)["addresses"] == ["https://mill-lane.example:8123"]


@pytest.mark.parametrize(
    ("values", "errors"),
    [
        ({"ways": []}, {"ways": "no_way"}),
        ({"ways": ["home_assistant_mqtt"]}, {"ways": "no_mqtt"}),
        (
            {"ways": ["http"], "addresses": ["mill-lane.example"]},
            {"addresses": "address_invalid"},
        ),
        (
            {"ways": ["http"], "dial": [f"http://a{n}.example" for n in range(9)]},
            {"dial": "address_invalid"},
        ),
    ],
)
async def test_wrong_ways_are_explained(
    hass: HomeAssistant, home: MockConfigEntry, values: Values, errors: dict[str, str]
) -> None:
    form = await answer(hass, await rules(hass, home), values)

    assert errors_of(form) == errors


async def test_a_broker_is_tried_before_it_is_kept(
    hass: HomeAssistant, home: MockConfigEntry
) -> None:
    form = await answer(hass, await rules(hass, home), {"ways": ["broker"]})
    assert form["step_id"] == "broker"
    with (
        patch.object(OwnBroker, "start"),
        patch.object(OwnBroker, "stop"),
        patch.object(OwnBroker, "is_connected", new=True),
    ):
        done = await answer(hass, form, {**BROKER, "password": "secret"})
        await unload_all(hass)

    assert done["type"] is FlowResultType.CREATE_ENTRY
    ways = CommunitySettings.from_data(done["data"]).ways
    assert ways.http is None
    assert ways.broker is not None
    assert (ways.broker.host, ways.broker.port) == ("broker.example", 8883)
    assert (ways.broker.password, ways.broker.tls) == ("secret", True)
    assert "secret" not in repr(ways)


async def test_home_assistants_own_mqtt_may_carry_a_community(
    hass: HomeAssistant, home: MockConfigEntry
) -> None:
    hass.config.components.add("mqtt")
    form = await rules(hass, home)

    done = await answer(hass, form, {"ways": ["home_assistant_mqtt"]})

    assert done["type"] is FlowResultType.CREATE_ENTRY
    assert CommunitySettings.from_data(done["data"]).ways.home_assistant_mqtt


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("refused", "broker_refused"),
        ("unreachable", "broker_unreachable"),
        (None, "broker_unreachable"),
    ],
)
async def test_a_broker_that_lets_nobody_in_is_not_kept(
    hass: HomeAssistant, home: MockConfigEntry, fault: str | None, error: str
) -> None:
    form = await answer(hass, await rules(hass, home), {"ways": ["broker"]})
    faulty = patch(
        "custom_components.commonwatt.community.broker_trial.async_own_broker",
        return_value=FaultyBroker(fault),
    )
    no_patience = patch(
        "custom_components.commonwatt.community.broker_trial.SECONDS_MAX", 0.0
    )
    with faulty, no_patience:
        form = await answer(hass, form, dict(BROKER))

    assert errors_of(form) == {"base": error}
    assert suggested(form)["host"] == "broker.example"


async def test_a_certificate_has_to_be_one(
    hass: HomeAssistant, home: MockConfigEntry
) -> None:
    form = await answer(hass, await rules(hass, home), {"ways": ["broker"]})

    form = await answer(hass, form, {**BROKER, "certificate": "no certificate"})

    assert errors_of(form) == {"base": "certificate_invalid"}


async def test_a_certificate_of_the_owners_own_is_believed(
    hass: HomeAssistant, home: MockConfigEntry
) -> None:
    form = await answer(hass, await rules(hass, home), {"ways": ["broker"]})
    with (
        patch.object(ssl, "create_default_context") as made,
        patch.object(OwnBroker, "start"),
        patch.object(OwnBroker, "stop"),
        patch.object(OwnBroker, "is_connected", new=True),
    ):
        done = await answer(hass, form, {**BROKER, "certificate": "PEM"})
        await unload_all(hass)

    assert done["type"] is FlowResultType.CREATE_ENTRY
    made.assert_called_with(cadata="PEM")


class FaultyBroker:
    """A broker that never lets anybody in."""

    is_connected = False

    def __init__(self, fault: str | None) -> None:
        self.fault = None if fault is None else Fault(fault)

    async def start(self, on_message: object, on_connected: object) -> None:
        """Begin."""

    async def stop(self) -> None:
        """End."""


class Fault:
    """Why not."""

    def __init__(self, value: str) -> None:
        self.value = value


@pytest.mark.parametrize(
    ("address", "broker"),
    [
        ("mqtt://b.example", BrokerWay(host="b.example", port=1883)),
        ("mqtts://b.example:99", BrokerWay(host="b.example", port=99, tls=True)),
        ("http://b.example", None),
        ("mqtt://", None),
        ("mqtt://b.example:none", None),
    ],
)
def test_an_invitation_may_name_a_broker(
    address: str, broker: BrokerWay | None
) -> None:
    assert broker_at(address) == broker


# ----------------------------------------------------------------------- joining


async def test_what_is_no_invitation_is_refused(
    hass: HomeAssistant, home: MockConfigEntry
) -> None:
    form = await open_community(hass, home, "join")
    form = await answer(hass, form, {"name": " ", "link": "commonwatt:join?i=AAAA"})
    assert errors_of(form) == {"name": "name_invalid"}
    form = await answer(hass, form, {"name": "Mill Lane", "link": "come in"})
    assert errors_of(form) == {"link": "link_invalid"}
    link = Invite(community=CommunityId("ab" * 32), invitation=b"sealed").link
    form = await answer(
        hass,
        form,
        {"name": "Mill Lane", "link": link, "identity": {"sealed": "AAAA"}},
    )
    assert errors_of(form) == {"base": "identity_not_a_vault"}


async def test_the_broker_of_an_invitation_is_suggested(
    hass: HomeAssistant, home: MockConfigEntry
) -> None:
    invite = Invite(
        community=CommunityId("ab" * 32),
        invitation=b"sealed",
        addresses=("mqtts://broker.example:8883",),
    )
    form = await open_community(hass, home, "join")
    form = await answer(hass, form, {"name": "Mill Lane", "link": invite.link})
    assert suggested(form)["ways"] == ["broker"]

    form = await answer(hass, form, {"ways": ["broker"]})

    assert suggested(form) == {"host": "broker.example", "port": 8883, "tls": True}


async def test_silence_is_told_and_may_be_tried_again(
    hass: HomeAssistant, home: MockConfigEntry
) -> None:
    link = Invite(community=CommunityId("ab" * 32), invitation=b"sealed").link
    form = await open_community(hass, home, "join")
    form = await answer(hass, form, {"name": "Mill Lane", "link": link})
    with patch.object(joining, "KNOCK_SECONDS_MAX", 0.1):
        step = await answer(hass, form, {"ways": ["http"]})
        assert step["progress_action"] == "knock"
        menu = await opened(hass, step)
        assert menu["step_id"] == "silence"
        assert menu["menu_options"] == ["knock", "ways"]
        menu = await opened(hass, await choose(hass, menu, "knock"))
    assert menu["step_id"] == "silence"


async def test_a_form_that_is_closed_knocks_no_longer(
    hass: HomeAssistant, home: MockConfigEntry
) -> None:
    link = Invite(community=CommunityId("ab" * 32), invitation=b"sealed").link
    form = await open_community(hass, home, "join")
    form = await answer(hass, form, {"name": "Mill Lane", "link": link})
    step = await answer(hass, form, {"ways": ["http"]})

    hass.config_entries.subentries.async_abort(step["flow_id"])

    # A task that went on would linger and fail this test.
    await hass.async_block_till_done()
    assert member(home).standing is Standing.ALONE


@pytest.mark.usefixtures("socket_enabled")
async def test_one_reads_the_charter_before_one_joins(
    hass: HomeAssistant, hass_client_no_auth: ClientSessionGenerator
) -> None:
    first, second = [await add_home(hass, name=name) for name in ("One", "Two")]
    await found(hass, first, await served(hass_client_no_auth))

    form = await knocked(hass, second, await invited(hass, first))

    assert form["step_id"] == "charter"
    told = form["description_placeholders"]
    assert told is not None
    assert told["members"] == "1"
    assert told["admission"] == "Whoever invites"
    assert told["tariff"] == "0.2500 EUR/kWh"
    hass.config_entries.subentries.async_abort(form["flow_id"])
    await until(lambda: circle_of(first).settings is not None)
    assert circle_of(first).others == ()
    assert member(second).standing is Standing.ALONE


async def test_a_guest_may_change_its_ways(
    hass: HomeAssistant, home: MockConfigEntry
) -> None:
    settings = await go_on(hass, home, await rules(hass, home))
    subentry = membership_of(home)
    assert subentry is not None
    invite = Invite(community=settings.community, invitation=b"sealed")
    hass.config_entries.async_update_subentry(
        home, subentry, data={**subentry.data, "invite": invite.link}
    )
    await until(lambda: stands(home, Standing.GUEST))

    form = await manage(hass, home)

    assert form["step_id"] == "ways"
