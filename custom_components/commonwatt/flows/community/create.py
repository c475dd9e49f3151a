"""Founding a community: its rules, and this home as its first member."""

from collections.abc import Mapping
from typing import Final

from homeassistant.config_entries import SubentryFlowResult
from homeassistant.const import CONF_NAME
from homeassistant.data_entry_flow import section
from homeassistant.helpers.selector import BooleanSelector, TextSelector
import voluptuous as vol

from ...community.identity import async_keep_secrets, async_party, new_place
from ...community.settings import CommunitySettings
from ...engine.model.party import (
    Admission,
    BillingBasis,
    Charter,
    CommunityId,
    FaultModel,
    Mechanism,
    Member,
    PrivacyMode,
)
from ...engine.model.schemes import SCHEMES, SharingScheme
from ...engine.model.settlement_rules import SettlementRules
from ...engine.model.standing import Standing
from ...engine.model.tariff import Tariff
from ...engine.wire.digests import community_id
from ...engine.wire.keys import HouseholdKey
from ...secret_store import HomeSecrets
from ...settings import HomeSettings, section_of, text
from ...tariff import TariffSource
from ..device import UserInput, name_errors
from .fields import (
    CONF_IDENTITY,
    async_read_identity,
    choice,
    identity_section,
    name_of,
)
from .ways import WaySteps
from .zones import read_zones, zones_schema

CONF_FAULT_MODEL: Final = "fault_model"
CONF_ADMISSION: Final = "admission"
CONF_BILLING_BASIS: Final = "billing_basis"
CONF_PRIVACY: Final = "privacy"
CONF_MECHANISM: Final = "mechanism"
CONF_SCHEME: Final = "scheme"
CONF_REPUTATION: Final = "reputation"
CONF_REFERENCE: Final = "reference"
CONF_GRID: Final = "grid"

SCHEME_OPTIONS: Final[Mapping[str, SharingScheme]] = {
    country.lower(): scheme for country, scheme in SCHEMES.items()
}
SCHEME_ELSEWHERE: Final = "de"


class CreateSteps(WaySteps):
    """Steps that found a community."""

    _name = ""
    _founder: HomeSecrets | None = None
    _charter: Charter | None = None

    async def async_step_create(
        self, user_input: UserInput | None = None
    ) -> SubentryFlowResult:
        """Ask by which rules the community is to live."""
        errors: dict[str, str] = {}
        if user_input is not None:
            errors = await self._found(user_input)
            if not errors:
                return await self.async_step_ways()
        return self.async_show_form(
            step_id="create",
            data_schema=self.add_suggested_values_to_schema(self._schema(), user_input),
            errors=errors,
            description_placeholders={"currency": self.hass.config.currency},
        )

    @property
    def founded(self) -> CommunityId | None:
        """The community that is about to be founded."""
        return None if self._charter is None else community_id(self._charter)

    async def async_finish_founding(self) -> SubentryFlowResult:
        """Keep the keys, and be the first member."""
        founder, charter = self._founder, self._charter
        assert founder is not None, "the rules come first"
        assert charter is not None, "the rules come first"
        settings = CommunitySettings.of_founder(
            charter,
            party=await async_party(self.hass, founder),
            place=new_place(),
            ways=self._ways,
        )
        await async_keep_secrets(
            self.hass, self._get_entry().entry_id, settings.place, founder
        )
        return self.async_create_entry(
            title=self._name, data=settings.as_data(), unique_id=settings.community
        )

    async def _found(self, user_input: UserInput) -> dict[str, str]:
        """Draw up the charter, or return what is wrong, by field."""
        if errors := name_errors(user_input):
            return errors
        tariff = self._tariff()
        if user_input[CONF_REFERENCE] and tariff is None:
            return {CONF_REFERENCE: "tariff_unknown"}
        founder = await async_read_identity(self.hass, user_input)
        if isinstance(founder, str):
            return {"base": founder}
        key = await self.hass.async_add_executor_job(HouseholdKey, founder.household)
        try:
            charter = self._draw_up(user_input, key, tariff)
        except ValueError:
            return {"base": "zones_invalid"}
        self._name, self._founder, self._charter = name_of(user_input), founder, charter
        return {}

    def _draw_up(
        self, user_input: UserInput, key: HouseholdKey, tariff: Tariff | None
    ) -> Charter:
        home = HomeSettings.from_data(self._get_entry().data)
        tree, zone = read_zones(
            section_of(user_input, CONF_GRID), home_zone=home.grid_zone
        )
        return Charter(
            members=(Member(party=key.party, zone=zone, household_key=key.public),),
            fee_tree=tree,
            fault_model=FaultModel(text(user_input, CONF_FAULT_MODEL)),
            billing_basis=BillingBasis(text(user_input, CONF_BILLING_BASIS)),
            privacy=PrivacyMode(text(user_input, CONF_PRIVACY)),
            admission=Admission(text(user_input, CONF_ADMISSION)),
            reference_tariff=tariff if user_input[CONF_REFERENCE] else None,
            mechanism=Mechanism(text(user_input, CONF_MECHANISM)),
            settlement=SettlementRules(
                scheme=SCHEME_OPTIONS[text(user_input, CONF_SCHEME)]
            ),
            standing=Standing() if user_input[CONF_REPUTATION] else None,
        )

    def _tariff(self) -> Tariff | None:
        """Return what this home's retailer charges now."""
        settings = HomeSettings.from_data(self._get_entry().data)
        return TariffSource(hass=self.hass, settings=settings.tariff).current()

    def _scheme(self) -> str:
        """Return the scheme of the country Home Assistant is in, if there is one."""
        country = (self.hass.config.country or "").lower()
        return country if country in SCHEME_OPTIONS else SCHEME_ELSEWHERE

    def _schema(self) -> vol.Schema:
        grid = zones_schema(unit=f"{self.hass.config.currency}/kWh")
        return vol.Schema(
            {
                vol.Required(CONF_NAME): TextSelector(),
                vol.Required(CONF_ADMISSION, default=Admission.INVITER.value): choice(
                    "admission", Admission
                ),
                vol.Required(
                    CONF_FAULT_MODEL, default=FaultModel.BYZANTINE.value
                ): choice("fault_model", FaultModel),
                vol.Required(
                    CONF_BILLING_BASIS, default=BillingBasis.INSIGHT.value
                ): choice("billing_basis", BillingBasis),
                vol.Required(CONF_PRIVACY, default=PrivacyMode.OPEN.value): choice(
                    "privacy", PrivacyMode
                ),
                vol.Required(CONF_MECHANISM, default=Mechanism.AUCTION.value): choice(
                    "mechanism", Mechanism
                ),
                vol.Required(CONF_SCHEME, default=self._scheme()): choice(
                    "scheme", SCHEME_OPTIONS
                ),
                vol.Required(CONF_REFERENCE, default=True): BooleanSelector(),
                vol.Required(CONF_REPUTATION, default=True): BooleanSelector(),
                vol.Required(CONF_GRID, default={}): section(
                    vol.Schema(grid), {"collapsed": True}
                ),
                vol.Required(CONF_IDENTITY, default={}): identity_section(),
            }
        )
