"""What a motion would change, in words: every rule of a charter has some."""

from dataclasses import replace
from pathlib import Path

from homeassistant.core import HomeAssistant
import pytest

from custom_components.commonwatt.engine.model.community import (
    Admit,
    Amend,
    Change,
    Remove,
)
from custom_components.commonwatt.engine.model.party import (
    Admission,
    BillingBasis,
    FaultModel,
    Mechanism,
    Member,
    PrivacyMode,
)
from custom_components.commonwatt.engine.model.schemes import SCHEMES
from custom_components.commonwatt.engine.model.settlement_rules import SettlementRules
from custom_components.commonwatt.engine.model.sharing_key import StaticKey
from custom_components.commonwatt.engine.model.tariff import Tariff
from custom_components.commonwatt.engine.model.zone import FeeTree, Zone, ZoneId
from custom_components.commonwatt.engine.simulation.homes import neighbourhood_specs
from custom_components.commonwatt.engine.simulation.plants import plants_of
from custom_components.commonwatt.texts import async_common_texts
from custom_components.commonwatt.votes.rules import RuleWords
from tests.glue.statuses import NEIGHBOUR, STRANGER
from tests.glue.test_scores import add_sharing_home, data_of
from tests.glue.test_votes import MOTION, OLD, add_voter

HOMES = neighbourhood_specs()


@pytest.fixture(autouse=True)
def _real_storage(hass: HomeAssistant, tmp_path: Path) -> None:
    """Give every test a configuration folder of its own, on a real disk."""
    hass.config.config_dir = str(tmp_path)


CHANGES: tuple[tuple[Change, str], ...] = (
    (Remove(party=STRANGER), "no longer a member"),
    (
        Admit(
            member=Member(party=STRANGER, zone=ZoneId("east"), household_key=bytes(33)),
            invitation=b"",
        ),
        "zone east",
    ),
    (replace(OLD, fault_model=FaultModel.CRASH), "more than half"),
    (replace(OLD, billing_basis=BillingBasis.PRIVATE), "wire"),
    (replace(OLD, privacy=PrivacyMode.COMMITTEE), "committee"),
    (replace(OLD, mechanism=Mechanism.SHARING), "nobody bids"),
    (replace(OLD, committee_size=9), "9 of them vote instead of 15"),
    (
        replace(OLD, reference_tariff=Tariff(energy_micro_per_kwh=200_000)),
        "0.2000 EUR",
    ),
    (
        replace(
            OLD,
            fee_tree=FeeTree(
                (
                    Zone(id=ZoneId("community"), parent=None),
                    Zone(
                        id=ZoneId("east"),
                        parent=ZoneId("community"),
                        export_fee_micro_per_kwh=10_000,
                    ),
                )
            ),
        ),
        "zone east a kWh that leaves costs 0.0100 EUR",
    ),
    (
        replace(
            OLD, settlement=replace(SettlementRules(), sharing_key=StaticKey(shares=()))
        ),
        "fixed shares",
    ),
    (
        replace(OLD, settlement=replace(SettlementRules(), scheme=SCHEMES["FR"])),
        "autoconsommation",
    ),
    (
        replace(OLD, settlement=replace(SettlementRules(), grid_g_per_kwh=50)),
        "rules of settling",
    ),
    (
        replace(
            OLD,
            settlement=replace(
                SettlementRules(),
                plants=tuple(
                    plants_of(HOMES[0], NEIGHBOUR, ZoneId("community")).values()
                ),
            ),
        ),
        "plants",
    ),
)


@pytest.mark.parametrize(("change", "said"), CHANGES)
async def test_every_change_is_said(
    hass: HomeAssistant, change: Change, said: str
) -> None:
    entry = await add_voter(hass, MOTION)
    words = data_of(entry).votes.say(replace(MOTION, change=change))

    assert said in words.description
    assert words.title != "Change several rules"


async def test_two_rules_get_two_sentences(hass: HomeAssistant) -> None:
    entry = await add_voter(hass, MOTION)
    both = replace(OLD, admission=Admission.INVITER, fault_model=FaultModel.CRASH)
    words = data_of(entry).votes.say(replace(MOTION, change=both))

    assert words.title == "Change several rules"
    assert "Whoever invites" in words.description
    assert "more than half" in words.description


@pytest.mark.parametrize("language", ["en", "fr"])
async def test_every_rule_of_a_charter_has_words(
    hass: HomeAssistant, language: str
) -> None:
    hass.config.language = language
    await add_sharing_home(hass)
    words = RuleWords(await async_common_texts(hass), "EUR")
    for change, _ in CHANGES:
        if isinstance(change, Amend):
            assert list(words.changes(change, OLD))
            assert list(words.changes(OLD, change))
