"""What a member can change: invitations, ways, names, its identity, and leaving."""

from typing import Final

from homeassistant.config_entries import ConfigEntry, SubentryFlowResult
from homeassistant.helpers.selector import (
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    QrCodeSelector,
    QrCodeSelectorConfig,
    QrErrorCorrectionLevel,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    TextSelector,
)
import voluptuous as vol

from ...community.commands import (
    INVITATION_DAYS,
    INVITATION_DAYS_MAX,
    async_export,
    async_invite,
    async_leave,
    async_renew_key,
)
from ...community.settings import CommunitySettings, membership_of
from ...engine.model.party import PartyId
from ...engine.model.zone import ZoneId
from ...engine.node import Hindered
from ...membership import Membership
from ...settings import number, text
from ...votes.casting import OBSTACLES
from ..device import UserInput
from .fields import CONF_PASSPHRASE, CONF_SEALED, choice, long_text, password
from .ways import WaySteps

CONF_DAYS: Final = "days"
CONF_ZONE: Final = "zone"
CONF_NEIGHBOUR: Final = "neighbour"
CONF_NAME: Final = "name"
QR_SCALE: Final = 4


class ManageSteps(WaySteps):
    """Steps for whoever is a member, or waits to be one."""

    _link = ""
    _sealed = ""

    async def async_step_reconfigure(
        self,
        user_input: UserInput | None = None,  # noqa: ARG002  # a step's signature
    ) -> SubentryFlowResult:
        """Ask what is to be done."""
        membership = self.membership
        if membership is None:
            return self.async_abort(reason="home_not_loaded")
        settings = self.settings
        self._ways = settings.ways
        if membership.circle is None:
            # A guest has nothing but its way to the door.
            return await self.async_step_ways()
        return self.async_show_menu(
            step_id="reconfigure",
            menu_options=[
                "invite",
                "ways",
                "neighbour",
                "chain",
                "export",
                "renew",
                "leave",
            ],
        )

    @property
    def membership(self) -> Membership | None:
        """The running membership of the home; None while the home is not loaded."""
        entry: ConfigEntry = self._get_entry()
        data = getattr(entry, "runtime_data", None)
        return None if data is None else data.membership

    @property
    def settings(self) -> CommunitySettings:
        """What is known of the membership in hand."""
        subentry = membership_of(self._get_entry())
        assert subentry is not None, "it is being changed"
        return CommunitySettings.from_data(subentry.data)

    async def async_keep_ways(self) -> SubentryFlowResult:
        """Be connected like this from now on."""
        return self.async_update_and_abort(
            self._get_entry(),
            self._get_reconfigure_subentry(),
            data_updates={"ways": self._ways.as_data()},
        )

    # --------------------------------------------------------------- invitations

    async def async_step_invite(
        self, user_input: UserInput | None = None
    ) -> SubentryFlowResult:
        """Ask for how long, and for which part of the grid."""
        circle = self._member.circle
        assert circle is not None, "only members invite"
        zones = [zone.id for zone in circle.charter.fee_tree.zones]
        errors: dict[str, str] = {}
        if user_input is not None:
            invited = await async_invite(
                self._member,
                days=round(number(user_input, CONF_DAYS)),
                zone=ZoneId(text(user_input, CONF_ZONE)),
            )
            if not isinstance(invited, Hindered):
                self._link = invited.link
                return await self.async_step_invitation()
            errors = {"base": OBSTACLES[invited.obstacle]}
        days = NumberSelectorConfig(
            min=1, max=INVITATION_DAYS_MAX, step=1, mode=NumberSelectorMode.BOX
        )
        schema = {
            vol.Required(CONF_DAYS, default=INVITATION_DAYS): NumberSelector(days),
            vol.Required(CONF_ZONE, default=zones[-1]): choice("zone", zones),
        }
        return self.async_show_form(
            step_id="invite", data_schema=vol.Schema(schema), errors=errors
        )

    async def async_step_invitation(
        self, user_input: UserInput | None = None
    ) -> SubentryFlowResult:
        """Show the invitation, to be scanned or copied."""
        if user_input is not None:
            return self.async_abort(reason="invited")
        code = QrCodeSelectorConfig(
            data=self._link,
            scale=QR_SCALE,
            error_correction_level=QrErrorCorrectionLevel.LOW,
        )
        schema = {
            vol.Optional("code"): QrCodeSelector(code),
            vol.Optional("link", default=self._link): long_text(),
        }
        return self.async_show_form(
            step_id="invitation", data_schema=vol.Schema(schema)
        )

    # --------------------------------------------------------------------- names

    async def async_step_neighbour(
        self, user_input: UserInput | None = None
    ) -> SubentryFlowResult:
        """Give a neighbour a name, or take it back."""
        circle = self._member.circle
        assert circle is not None, "only members have neighbours"
        if not circle.others:
            return self.async_abort(reason="no_neighbours")
        if user_input is not None:
            await circle.directory.async_rename(
                PartyId(text(user_input, CONF_NEIGHBOUR)),
                str(user_input.get(CONF_NAME, "")),
            )
            return self.async_abort(reason="neighbour_named")
        options = [
            SelectOptionDict(value=party, label=circle.directory.name_of(party))
            for party in circle.others
        ]
        schema = {
            vol.Required(CONF_NEIGHBOUR): SelectSelector(
                SelectSelectorConfig(options=options)
            ),
            vol.Optional(CONF_NAME): TextSelector(),
        }
        return self.async_show_form(step_id="neighbour", data_schema=vol.Schema(schema))

    # ------------------------------------------------------------------ identity

    async def async_step_export(
        self, user_input: UserInput | None = None
    ) -> SubentryFlowResult:
        """Ask for the passphrase that seals the identity."""
        errors: dict[str, str] = {}
        if user_input is not None:
            try:
                self._sealed = await async_export(
                    self.hass,
                    self._get_entry(),
                    self.settings,
                    text(user_input, CONF_PASSPHRASE),
                )
            except ValueError:
                errors = {CONF_PASSPHRASE: "passphrase_short"}
            else:
                return await self.async_step_exported()
        return self.async_show_form(
            step_id="export",
            data_schema=vol.Schema({vol.Required(CONF_PASSPHRASE): password()}),
            errors=errors,
        )

    async def async_step_exported(
        self, user_input: UserInput | None = None
    ) -> SubentryFlowResult:
        """Show the sealed identity, to be copied."""
        if user_input is not None:
            return self.async_abort(reason="exported")
        schema = {vol.Optional(CONF_SEALED, default=self._sealed): long_text()}
        return self.async_show_form(step_id="exported", data_schema=vol.Schema(schema))

    async def async_step_renew(
        self, user_input: UserInput | None = None
    ) -> SubentryFlowResult:
        """Let nobody speak for this home who may have stolen its session key."""
        if user_input is None:
            return self.async_show_form(step_id="renew", data_schema=vol.Schema({}))
        hindered = await async_renew_key(self._member)
        if hindered is None:
            return self.async_abort(reason="renewed")
        return self.async_abort(reason=OBSTACLES[hindered.obstacle])

    # ------------------------------------------------------------------- leaving

    async def async_step_leave(
        self, user_input: UserInput | None = None
    ) -> SubentryFlowResult:
        """Leave, if that is what is wanted."""
        if user_input is None:
            return self.async_show_form(step_id="leave", data_schema=vol.Schema({}))
        hindered = await async_leave(self._member)
        if hindered is None:
            return self.async_abort(reason="leaving")
        return self.async_abort(reason=OBSTACLES[hindered.obstacle])

    @property
    def _member(self) -> Membership:
        membership = self.membership
        assert membership is not None, "the home was loaded a step ago"
        return membership
