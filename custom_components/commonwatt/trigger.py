"""Triggers: news of a home and its community, for automations."""

from collections.abc import Callable, Mapping
from typing import ClassVar, Final, override

from homeassistant.const import CONF_OPTIONS
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.trigger import (
    Trigger,
    TriggerActionRunner,
    TriggerConfig,
    TriggerNotTriggeredReporter,
)
from homeassistant.helpers.typing import ConfigType
import voluptuous as vol

from .engine.model.social import HelpReason
from .engine.scores.badges import Badge
from .engine.scores.missions import MissionKind
from .market_feed import TradeDirection
from .news.item import NEWS, News, NewsKind

CONF_CONFIG_ENTRY: Final = "config_entry_id"
CONF_DIRECTION: Final = "direction"
CONF_MIN_KWH: Final = "min_kwh"
CONF_BELOW: Final = "below"
CONF_ABOVE: Final = "above"
CONF_BADGE: Final = "badge"
CONF_MISSION: Final = "mission"
CONF_REASON: Final = "reason"
CONF_APPLIANCE: Final = "appliance"
ANY: Final = "any"

type Options = Mapping[str, object]
type Fits = Callable[[News, Options], bool]


class NewsTrigger(Trigger):
    """Fires on one kind of news, where its options fit."""

    kind: ClassVar[NewsKind]
    fields: ClassVar[Mapping[vol.Marker, object]] = {}

    @classmethod
    @override
    async def async_validate_config(
        cls, hass: HomeAssistant, config: ConfigType
    ) -> ConfigType:
        """Check the options of the trigger."""
        options = {vol.Optional(CONF_CONFIG_ENTRY): cv.string, **cls.fields}
        schema = vol.Schema({vol.Optional(CONF_OPTIONS, default=dict): options})
        checked: ConfigType = schema(config)
        return checked

    def __init__(self, hass: HomeAssistant, config: TriggerConfig) -> None:
        super().__init__(hass, config)
        self.options: Final[Options] = config.options or {}

    def fits(self, news: News) -> bool:  # noqa: ARG002  # for those with options
        """Tell whether news of the right kind is what was asked for."""
        return True

    @override
    async def async_attach_runner(
        self,
        run_action: TriggerActionRunner,
        did_not_trigger: TriggerNotTriggeredReporter | None = None,
    ) -> CALLBACK_TYPE:
        """Follow the news."""
        wanted = self.options.get(CONF_CONFIG_ENTRY)

        @callback
        def hear(news: News) -> None:
            if news.kind is not self.kind or wanted not in {None, news.entry_id}:
                return
            if self.fits(news):
                payload = {"home": news.home, **news.details}
                run_action(payload, f"{news.kind.value} at {news.home}")

        return async_dispatcher_connect(self._hass, NEWS, hear)


class TradeMatched(NewsTrigger):
    """The home bought from a neighbour, or sold to one."""

    kind = NewsKind.TRADE_MATCHED
    fields = {  # noqa: RUF012  # a class variable, as declared above
        vol.Optional(CONF_DIRECTION, default=ANY): vol.In([ANY, *TradeDirection]),
        vol.Optional(CONF_MIN_KWH, default=0): vol.All(
            vol.Coerce(float), vol.Range(min=0)
        ),
    }

    @override
    def fits(self, news: News) -> bool:
        energy_kwh, least = news.details["energy_kwh"], self.options[CONF_MIN_KWH]
        assert isinstance(energy_kwh, float)
        assert isinstance(least, float)
        direction = self.options[CONF_DIRECTION]
        return energy_kwh >= least and direction in {ANY, news.details[CONF_DIRECTION]}


class PriceBelow(NewsTrigger):
    """The neighbours' price falls below a limit it was not below before."""

    kind = NewsKind.PRICE_CHANGED
    fields = {vol.Required(CONF_BELOW): vol.Coerce(float)}  # noqa: RUF012

    @override
    def fits(self, news: News) -> bool:
        limit = self.options[CONF_BELOW]
        price, before = news.details["price_per_kwh"], news.details["price_before"]
        assert isinstance(limit, float)
        if not isinstance(price, float) or price >= limit:
            return False
        return not isinstance(before, float) or before >= limit


class PriceAbove(NewsTrigger):
    """The neighbours' price rises to a limit or above it."""

    kind = NewsKind.PRICE_CHANGED
    fields = {vol.Required(CONF_ABOVE): vol.Coerce(float)}  # noqa: RUF012

    @override
    def fits(self, news: News) -> bool:
        limit = self.options[CONF_ABOVE]
        price, before = news.details["price_per_kwh"], news.details["price_before"]
        assert isinstance(limit, float)
        if not isinstance(price, float) or price < limit:
            return False
        return not isinstance(before, float) or before < limit


class BadgeEarned(NewsTrigger):
    """The home earned a badge."""

    kind = NewsKind.BADGE_EARNED
    fields = {vol.Optional(CONF_BADGE, default=ANY): vol.In([ANY, *Badge])}  # noqa: RUF012

    @override
    def fits(self, news: News) -> bool:
        return self.options[CONF_BADGE] in {ANY, news.details["badge"]}


class MissionTrigger(NewsTrigger):
    """Something about the community's mission of the week."""

    fields = {vol.Optional(CONF_MISSION, default=ANY): vol.In([ANY, *MissionKind])}  # noqa: RUF012

    @override
    def fits(self, news: News) -> bool:
        return self.options[CONF_MISSION] in {ANY, news.details["mission"]}


class MissionStarted(MissionTrigger):
    """A new mission began."""

    kind = NewsKind.MISSION_STARTED


class MissionDone(MissionTrigger):
    """The community reached its goal."""

    kind = NewsKind.MISSION_DONE


class GiftReceived(NewsTrigger):
    """A neighbour's gift arrived."""

    kind = NewsKind.GIFT_RECEIVED


class HelpAsked(NewsTrigger):
    """A neighbour asks for energy."""

    kind = NewsKind.HELP_ASKED
    fields = {vol.Optional(CONF_REASON, default=ANY): vol.In([ANY, *HelpReason])}  # noqa: RUF012

    @override
    def fits(self, news: News) -> bool:
        return self.options[CONF_REASON] in {ANY, news.details["reason"]}


class Thanked(NewsTrigger):
    """A neighbour says thank you for a gift."""

    kind = NewsKind.THANKED


class GoodTime(NewsTrigger):
    """Now is the time to run an appliance, by the plan."""

    kind = NewsKind.GOOD_TIME
    fields = {vol.Optional(CONF_APPLIANCE, default=""): cv.string}  # noqa: RUF012

    @override
    def fits(self, news: News) -> bool:
        wanted = str(self.options[CONF_APPLIANCE]).strip().casefold()
        return wanted in {"", str(news.details["appliance"]).casefold()}


class VoteOpened(NewsTrigger):
    """A neighbour proposes a change this home can vote on."""

    kind = NewsKind.VOTE_OPENED

    @override
    def fits(self, news: News) -> bool:
        return not news.details["own"]


class VotePassed(NewsTrigger):
    """The members want a change."""

    kind = NewsKind.VOTE_PASSED


class VoteFailed(NewsTrigger):
    """Too few members wanted a change in time."""

    kind = NewsKind.VOTE_FAILED


class RoundVoid(NewsTrigger):
    """The members agreed that a period has no result."""

    kind = NewsKind.ROUND_VOID


class SurplusBegan(NewsTrigger):
    """There is energy to spare, here or next door."""

    kind = NewsKind.SURPLUS_BEGAN


class SurplusEnded(NewsTrigger):
    """What there was to spare is gone."""

    kind = NewsKind.SURPLUS_ENDED


class IslandBegan(NewsTrigger):
    """The community needs nothing from the grid any more."""

    kind = NewsKind.ISLAND_BEGAN


class IslandEnded(NewsTrigger):
    """The community needs the grid again."""

    kind = NewsKind.ISLAND_ENDED


TRIGGERS: Final[dict[str, type[Trigger]]] = {
    "trade_matched": TradeMatched,
    "price_below": PriceBelow,
    "price_above": PriceAbove,
    "surplus_began": SurplusBegan,
    "surplus_ended": SurplusEnded,
    "gift_received": GiftReceived,
    "help_asked": HelpAsked,
    "thanked": Thanked,
    "badge_earned": BadgeEarned,
    "mission_started": MissionStarted,
    "mission_done": MissionDone,
    "island_began": IslandBegan,
    "island_ended": IslandEnded,
    "round_void": RoundVoid,
    "good_time": GoodTime,
    "vote_opened": VoteOpened,
    "vote_passed": VotePassed,
    "vote_failed": VoteFailed,
}


async def async_get_triggers(hass: HomeAssistant) -> dict[str, type[Trigger]]:  # noqa: ARG001  # Home Assistant's signature
    """Return the triggers."""
    return TRIGGERS
