"""One secure sum, as one member sees it: messages and time in, messages out.

Announce, share, send, agree, unmask.  Owns what was heard and what is to be said next;
signs nothing, sends nothing, draws nothing at random.  Who says what is certain: the
envelope a message came in names its author.

Privacy: a vector leaves the home once, under a mask per other member.  A member that
has a vector of somebody never helps to take the pair masks off it, and of a member that
vanished nobody gives a share of the self-mask: of no home are both ever known.
A sum of fewer than five, or one that singles somebody out, is not taken off its masks.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ...model.federation import (
    Agreement,
    Announcement,
    FederationMessage,
    MaskedVector,
    Roster,
    RosterStep,
    SealedShares,
    SumName,
    Unmasking,
)
from ...model.party import PartyId
from ...model.period import Instant
from .cohort import COHORT_MIN, Remembered, aggregator, roster_digest
from .fixed_point import Words, to_bytes
from .letters import Letters, Refusal
from .parts import (
    Cohort,
    deal,
    mask,
    pair_seeds_of,
    self_seed_of,
    share_digest,
    shares_of,
    unmask,
)
from .phase import (
    GATHERED,
    TRANSITIONS,
    AbortReason,
    Phase,
    SumTiming,
    Trigger,
)
from .secrets_of_a_sum import SumSecrets

LEFT_OUT_SHARE: Final = 3
"""A list without more than one in three of those heard is not gone on with."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Summed:
    """The sum, the same for every member that heard the same."""

    words: Words
    senders: tuple[PartyId, ...]


@dataclass(frozen=True, slots=True)
class Aborted:
    """No sum; nothing was revealed, and the next attempt starts afresh."""

    reason: AbortReason


class SecureSum:
    """State machine of one sum: ``receive`` and ``tick``, then ``take_outbox``.

    ``seed`` is 32 uniform bytes that nobody else knows.  A member that has restarted
    must not take part in a sum it has already sent a vector for.
    """

    def __init__(
        self,
        *,
        name: SumName,
        me: PartyId,
        members: tuple[PartyId, ...],
        vector: Words,
        seed: bytes,
        timing: SumTiming,
        remembered: Remembered,
    ) -> None:
        """Begin with the announcement of this member."""
        assert me in members, "only members take part"
        self.name: Final = name
        self.members: Final = members
        self.phase = Phase.ANNOUNCING
        self.outcome: Summed | Aborted | None = None
        self._me: Final = me
        self._aggregator: Final = aggregator(members, name)
        self._vector: Final = vector
        self._secrets: Final = SumSecrets(seed, name=name, me=me)
        self._timing: Final = timing
        self._remembered: Final = remembered
        self._letters: Final = Letters(
            name=name,
            me=me,
            members=frozenset(members),
            aggregator=self._aggregator,
            length=len(vector),
        )
        self._outbox: Final[list[FederationMessage]] = []
        self._cohort: Cohort | None = None
        self._sharers: tuple[PartyId, ...] = ()
        self._senders: tuple[PartyId, ...] = ()
        self._say(Announcement(sum_name=name, public_key=self._secrets.public_key))

    # -- in and out --------------------------------------------------------------

    def receive(
        self, author: PartyId, message: FederationMessage, now: Instant
    ) -> Refusal | None:
        """Take a message; return why it was dropped, or None."""
        self.tick(now)
        refusal = self._letters.refuse(author, message, self.phase)
        if refusal is None:
            self._letters.keep(author, message)
            self._advance()
        return refusal

    def tick(self, now: Instant) -> None:
        """Close lists whose time has come and give up what has taken too long."""
        step = GATHERED.get(self.phase)
        if (
            step is not None
            and self._me == self._aggregator
            and now >= self._timing.list_at(self.phase)
            and self._letters.roster(step) is None
        ):
            self._say(Roster(sum_name=self.name, step=step, parties=self._roster(step)))
            self._advance()
        while not self.phase.over and now >= self._timing.ends(self.phase):
            self._abort(AbortReason.TIMED_OUT)

    def deadline(self) -> Instant | None:
        """Return when ``tick`` has something to do, if nothing is heard."""
        if self.phase.over:
            return None
        step = GATHERED.get(self.phase)
        if step is not None and self._me == self._aggregator:
            return self._timing.list_at(self.phase)
        return self._timing.ends(self.phase)

    def take_outbox(self) -> tuple[FederationMessage, ...]:
        """Return what is to be broadcast, once.  Persist before sending."""
        messages = tuple(self._outbox)
        self._outbox.clear()
        return messages

    def _say(self, message: FederationMessage) -> None:
        """Send a message; what everybody hears, this member hears too."""
        self._outbox.append(message)
        self._letters.keep(self._me, message)

    def _roster(self, step: RosterStep) -> tuple[PartyId, ...]:
        """Return the list to publish: a cohort has to single nobody out."""
        listed = self._listed(step)
        if step is RosterStep.COHORT:
            return self._remembered.thinned(listed, keeping=self._me)
        return listed

    def _listed(self, step: RosterStep) -> tuple[PartyId, ...]:
        """Return who belongs on the list as far as this member has heard."""
        match step:
            case RosterStep.COHORT:
                return tuple(sorted(self._letters.announcements()))
            case RosterStep.SHARERS:
                return tuple(sorted(self._shares()))
            case RosterStep.SENDERS:
                return tuple(sorted(self._vectors()))

    def _shares(self) -> Mapping[PartyId, SealedShares]:
        assert self._cohort is not None, "shares are dealt within a cohort"
        return self._letters.shares(self._cohort)

    def _vectors(self) -> Mapping[PartyId, MaskedVector]:
        digest = self._digest(RosterStep.SHARERS, self._sharers)
        return self._letters.vectors(self._sharers, digest)

    def _unmaskings(self) -> Mapping[PartyId, Unmasking]:
        digest = self._digest(RosterStep.SENDERS, self._senders)
        return self._letters.unmaskings(self._senders, digest)

    def _digest(self, step: RosterStep, parties: tuple[PartyId, ...]) -> bytes:
        assert self._cohort is not None, "later lists follow from the cohort"
        return roster_digest(self.name, step, parties, self._cohort.digest)

    # -- going on ----------------------------------------------------------------

    def _advance(self) -> None:
        """Do all that can be done with what has been heard."""
        before = None
        while before is not self.phase and not self.phase.over:
            before = self.phase
            step = GATHERED.get(self.phase)
            if step is not None:
                roster = self._letters.roster(step)
                if roster is not None:
                    self._accept(roster)
            elif self.phase is Phase.AGREEING:
                self._agree()
            else:
                self._finish()

    def _accept(self, roster: Roster) -> None:
        problem = self._problem(roster)
        if problem is not None:
            self._abort(problem)
            return
        match roster.step:
            case RosterStep.COHORT:
                self._share(roster.parties)
            case RosterStep.SHARERS:
                self._send(roster.parties)
            case RosterStep.SENDERS:
                self._senders = roster.parties
                digest = self._digest(RosterStep.SENDERS, roster.parties)
                self._enter(Trigger.SENDERS_ACCEPTED)
                self._say(Agreement(sum_name=self.name, senders_digest=digest))

    def _problem(self, roster: Roster) -> AbortReason | None:
        """Return why this member will not go on with a list."""
        heard = frozenset(self._listed(roster.step))
        listed = frozenset(roster.parties)
        if len(listed) < COHORT_MIN:
            return AbortReason.TOO_FEW
        if self._me not in listed:
            return AbortReason.LEFT_OUT
        # Whoever keeps the list must not choose whom to be alone with.
        is_picked = LEFT_OUT_SHARE * len(heard - listed) > len(heard)
        if is_picked or not listed <= heard:
            return AbortReason.LIST_DIFFERS
        if roster.step is RosterStep.SENDERS:
            if heard != listed:
                # A vector that is known must not be called missing: its pair masks
                # would come off.
                return AbortReason.LIST_DIFFERS
            if not self._remembered.allows(roster.parties):
                return AbortReason.SINGLES_OUT
        return None

    def _share(self, parties: tuple[PartyId, ...]) -> None:
        announced = self._letters.announcements()
        self._cohort = Cohort.of(
            self.name, {party: announced[party].public_key for party in parties}
        )
        shares = deal(self._secrets, self._cohort, self._me)
        if shares is None:
            self._abort(AbortReason.BAD_KEY)
            return
        self._enter(Trigger.COHORT_ACCEPTED)
        self._say(shares)

    def _send(self, parties: tuple[PartyId, ...]) -> None:
        assert self._cohort is not None, "sharers follow the cohort"
        if len(parties) < self._cohort.threshold:
            self._abort(AbortReason.TOO_FEW)
            return
        self._sharers = parties
        masked = mask(self._vector, self._secrets, self._cohort, parties, me=self._me)
        self._enter(Trigger.SHARERS_ACCEPTED)
        self._say(
            MaskedVector(
                sum_name=self.name,
                sharers_digest=self._digest(RosterStep.SHARERS, parties),
                data=to_bytes(masked),
            )
        )

    def _agree(self) -> None:
        """Take the masks off once enough senders were shown the same list."""
        assert self._cohort is not None, "senders follow the cohort"
        expected = self._digest(RosterStep.SENDERS, self._senders)
        agreements = self._letters.agreements(self._senders)
        agreed = [said.senders_digest == expected for said in agreements.values()]
        if not all(agreed):
            self._abort(AbortReason.LIST_DIFFERS)
        elif len(agreed) >= self._cohort.threshold:
            self._enter(Trigger.AGREED)
            self._say(self._unmasking(self._cohort, expected))

    def _unmasking(self, cohort: Cohort, digest: bytes) -> Unmasking:
        """Return my shares of who sent and my seeds with who vanished."""
        place = cohort.parties.index(self._me)
        shares = []
        heard = self._shares()
        for party in self._senders:
            dealt = heard[party].shares[place]
            share = self._secrets.unseal(
                dealt.sealed, by=party, public_key=cohort.keys[party]
            )
            # A share that its owner spoilt helps nobody: others have to do.
            if share is not None and dealt.share_digest == share_digest(
                cohort.name, owner=party, holder=self._me, share=share
            ):
                shares.append((party, share))
        seeds = []
        for party in self._vanished():
            seed = self._secrets.pair_seed(party, cohort.keys[party])
            assert seed is not None, "shares were dealt with this key"
            seeds.append((party, seed))
        return Unmasking(
            sum_name=self.name,
            senders_digest=digest,
            shares=tuple(shares),
            seeds=tuple(seeds),
        )

    def _finish(self) -> None:
        """Compute the sum as soon as everything needed is there."""
        assert self._cohort is not None, "masks come off within a cohort"
        given, dealt = self._unmaskings(), self._shares()
        if len(given) < self._cohort.threshold:
            return
        pair_seeds = pair_seeds_of(given, dealt, self._cohort, self._vanished())
        if len(pair_seeds) < len(self._senders) * len(self._vanished()):
            return
        shares = {
            sender: shares_of(sender, given, dealt, self._cohort)
            for sender in self._senders
        }
        if any(len(held) < self._cohort.threshold for held in shares.values()):
            return
        self_seeds = {
            sender: found
            for sender, held in shares.items()
            if (found := self_seed_of(held, self._cohort)) is not None
        }
        if len(self_seeds) < len(self._senders):
            self._abort(AbortReason.BAD_SHARES)
            return
        vectors = self._vectors()
        self._enter(Trigger.UNMASKED)
        self._remembered.remember(self._senders)
        self.outcome = Summed(
            words=unmask(
                {party: vectors[party] for party in self._senders},
                self_seeds,
                pair_seeds,
            ),
            senders=self._senders,
        )

    def _vanished(self) -> tuple[PartyId, ...]:
        return tuple(party for party in self._sharers if party not in self._senders)

    def _enter(self, trigger: Trigger) -> None:
        self.phase = TRANSITIONS[self.phase, trigger]

    def _abort(self, reason: AbortReason) -> None:
        self._enter(Trigger.FAILED)
        self.outcome = Aborted(reason)
