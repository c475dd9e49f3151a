"""A motion in Home Assistant's language: a title, and all that it would change."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import assert_never

from homeassistant.util import dt as dt_util

from ..engine.model.community import (
    Admit,
    Amend,
    Assess,
    Change,
    Leave,
    Pardon,
    Remove,
    StandingChange,
    VouchFor,
)
from ..engine.model.party import PartyId
from ..engine.model.period import DeliveryPeriod, datetime_from_instant
from ..engine.model.standing import Excuse
from ..engine.node import MotionView
from ..texts import Texts
from .rules import RuleWords


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A motion in words."""

    title: str
    description: str
    author: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Texts by the last part of their keys, the members' names, the currency."""

    texts: Texts
    names: Mapping[PartyId, str]
    currency: str

    def say(self, motion: MotionView) -> Said:
        """Return a motion in words."""
        title, sentences = self._change(motion.change, motion.rules)
        author = self.name(motion.author)
        description = self.texts["vote_by"].format(
            author=author, changes=" ".join(sentences)
        )
        return Said(title=title, description=description, author=author)

    def name(self, party: PartyId) -> str:
        """Return what people call a member; a stranger by the start of its party."""
        return self.names.get(party) or party[:8]

    def _change(self, change: Change, rules: Amend) -> tuple[str, list[str]]:
        texts = self.texts
        match change:
            case Admit(member=member):
                how = texts["vote_admit_how"].format(zone=member.zone)
                return texts["vote_admit"], [how]
            case Remove(party=party):
                name = self.name(party)
                how = texts["vote_remove_how"].format(name=name)
                return texts["vote_remove"].format(name=name), [how]
            case Leave():
                return texts["vote_leave"], [texts["vote_leave_how"]]
            case Amend():
                return self._amendment(change, rules)
            case VouchFor() | Pardon() | Assess():
                return self._standing(change)
            case _:
                assert_never(change)

    def _standing(self, change: StandingChange) -> tuple[str, list[str]]:
        texts = self.texts
        match change:
            case VouchFor(newcomer=party):
                name = self.name(party)
                how = texts["vote_vouch_how"].format(name=name)
                return texts["vote_vouch"].format(name=name), [how]
            case Pardon(excuse=excuse):
                return self._excuse(excuse)
            case Assess():
                return texts["vote_assess"], [texts["vote_assess_how"]]
            case _:
                assert_never(change)

    def _excuse(self, excuse: Excuse) -> tuple[str, list[str]]:
        texts = self.texts
        how = texts["vote_excuse_how"].format(
            begins=_clock(excuse.first),
            ends=_clock(excuse.until),
            cause=texts[f"vote_excuse_{excuse.cause.value}"],
        )
        if excuse.party is None:
            return texts["vote_excuse_all"], [how]
        name = self.name(excuse.party)
        return texts["vote_excuse"].format(name=name), [how]

    def _amendment(self, new: Amend, old: Amend) -> tuple[str, list[str]]:
        """Return a title, its own where one rule changes, and a sentence for each."""
        said = list(RuleWords(self.texts, self.currency).changes(new, old))
        if not said:
            return self.texts["vote_rules"], [self.texts["vote_nothing"]]
        rules = {rule for rule, _ in said}
        title = f"vote_{rules.pop()}" if len(rules) == 1 else "vote_rules"
        return self.texts[title], [sentence for _, sentence in said]


def _clock(period: DeliveryPeriod) -> str:
    """Return when a period begins, by the clock on the wall."""
    local = dt_util.as_local(datetime_from_instant(period.start))
    return local.strftime("%Y-%m-%d %H:%M")
