"""The flow of a home's community as Home Assistant finds it."""

from typing import override

from homeassistant.config_entries import SOURCE_RECONFIGURE, SubentryFlowResult

from ...community.settings import membership_of
from ...engine.model.party import CommunityId
from ..device import UserInput
from .chain import ChainSteps
from .create import CreateSteps
from .join import JoinSteps


class CommunityFlow(CreateSteps, JoinSteps, ChainSteps):
    """Founds or joins a community, and changes a membership."""

    async def async_step_user(
        self,
        user_input: UserInput | None = None,  # noqa: ARG002  # a step's signature
    ) -> SubentryFlowResult:
        """Ask whether there is an invitation."""
        if membership_of(self._get_entry()) is not None:
            return self.async_abort(reason="one_community")
        return self.async_show_menu(step_id="user", menu_options=["create", "join"])

    @property
    @override
    def community(self) -> CommunityId:
        if self.source == SOURCE_RECONFIGURE:
            return self.settings.community
        if self._invite is not None:
            return self._invite.community
        assert self.founded is not None, "the rules come first"
        return self.founded

    @property
    @override
    def must_be_found(self) -> bool:
        return self.source != SOURCE_RECONFIGURE and self._invite is None

    @override
    async def async_step_connected(
        self, user_input: UserInput | None = None
    ) -> SubentryFlowResult:
        if self.source == SOURCE_RECONFIGURE:
            return await self.async_keep_ways()
        if self._invite is not None:
            return await self.async_step_knock()
        return await self.async_finish_founding()
