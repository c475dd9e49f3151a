"""Founding a community through the forms, with every way to get it wrong."""

from homeassistant.config_entries import SOURCE_USER
from homeassistant.core import HomeAssistant
from homeassistant.core_config import async_process_ha_core_config
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.commonwatt.community.settings import (
    SUBENTRY_COMMUNITY,
    membership_of,
)
from custom_components.commonwatt.engine.model.party import (
    Admission,
    BillingBasis,
    FaultModel,
    Mechanism,
    PrivacyMode,
)
from custom_components.commonwatt.engine.model.schemes import SCHEMES
from custom_components.commonwatt.engine.wire.keys import HouseholdKey
from tests.glue.communities import (
    Values,
    answer,
    errors_of,
    go_on,
    member,
    rules,
)
from tests.glue.homes import SETTINGS

pytestmark = pytest.mark.usefixtures("web_server")


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


async def test_a_home_may_be_an_account_its_owner_has(
    hass: HomeAssistant, home: MockConfigEntry
) -> None:
    key = "1f" * 32
    wrong = {
        "household_key_invalid": {"household_key": f"{key}00"},
        "identity_twice": {"household_key": key, "sealed": "AAAA"},
    }
    for error, identity in wrong.items():
        form = await rules(hass, home, identity=identity)
        assert errors_of(form) == {"base": error}
        assert key not in str(form)

    form = await rules(hass, home, identity={"household_key": f" 0x{key}\n"})
    settings = await go_on(hass, home, form)

    assert settings.party == HouseholdKey(bytes.fromhex(key)).party
    subentry = membership_of(home)
    assert subentry is not None
    assert key not in str(subentry.data)


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

    assert settings.founding.mechanism is Mechanism.AUCTION
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


async def test_energy_may_be_shared_by_the_scheme_of_a_country(
    hass: HomeAssistant, home: MockConfigEntry
) -> None:
    await async_process_ha_core_config(hass, {"country": "AT"})
    form = await rules(
        hass, home, mechanism="sharing", billing_basis="sharing", privacy="committee"
    )
    charter = (await go_on(hass, home, form)).founding

    assert charter.mechanism is Mechanism.SHARING
    assert charter.privacy is PrivacyMode.COMMITTEE
    assert charter.settlement.scheme == SCHEMES["AT"]


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
