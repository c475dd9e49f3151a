"""A motion in Home Assistant's language: a title, and all that it would change."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import assert_never

from ..engine.model.community import Admit, Amend, Change, Leave, Remove
from ..engine.model.party import PartyId
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
            case _:
                assert_never(change)

    def _amendment(self, new: Amend, old: Amend) -> tuple[str, list[str]]:
        """Return a title, its own where one rule changes, and a sentence for each."""
        said = list(RuleWords(self.texts, self.currency).changes(new, old))
        if not said:
            return self.texts["vote_rules"], [self.texts["vote_nothing"]]
        rules = {rule for rule, _ in said}
        title = f"vote_{rules.pop()}" if len(rules) == 1 else "vote_rules"
        return self.texts[title], [sentence for _, sentence in said]
