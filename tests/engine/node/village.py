"""A street that homes move into and out of."""

from typing import override

from custom_components.commonwatt.engine.model.party import (
    Admission,
    Charter,
)
from custom_components.commonwatt.engine.model.period import (
    DAY_MS,
    MINUTE_MS,
    Instant,
    after,
)
from custom_components.commonwatt.engine.model.zone import ZoneId
from custom_components.commonwatt.engine.node import (
    Guest,
    Hindered,
    Node,
    Outgoing,
)
from custom_components.commonwatt.engine.wire.invite import Invite, read_invite
from custom_components.commonwatt.engine.wire.keys import HouseholdKey
from tests.engine.node.street import VERIFY, Home, Street
from tests.engine.wire.community import secret

ZONE = ZoneId("community")


class Village(Street):
    """A street whose charter changes."""

    def __init__(
        self,
        *homes: tuple[str, int, int],
        admission: Admission = Admission.INVITER,
    ) -> None:
        """Let everybody move in, under a charter that lets in whom a member invites."""
        self.guests: dict[str, Guest] = {}
        self.admission = admission
        super().__init__(*homes)

    @override
    def found(self, charter: Charter) -> Charter:
        return Charter(
            members=charter.members,
            fee_tree=charter.fee_tree,
            fault_model=charter.fault_model,
            admission=self.admission,
        )

    def invite(self, inviter: str, *, nonce: bytes = bytes(16)) -> Invite:
        """Let a member invite somebody; the invitation goes through a link."""
        invited = self.nodes[inviter].community.invite(
            self.now, zone=ZONE, expires_at=after(self.now, DAY_MS), nonce=nonce
        )
        assert not isinstance(invited, Hindered)
        self.run(self.now)
        return read_invite(invited.at(["http://ann.local:8123"]).link)

    def knock(self, name: str, invite: Invite) -> Guest:
        """Let a home ask to be let in."""
        key = HouseholdKey(secret(name))
        self.keys[name] = key
        self.parties[name] = key.party
        self.names[key.party] = name
        guest = Guest(
            invite, party=key.party, sessions=self.sessions(name), verify=VERIFY
        )
        self.guests[name] = guest
        return guest

    def move_in(self, name: str, net_w: int, pv_w: int = 0) -> Node:
        """Let a guest that was let in begin as a member."""
        guest = self.guests.pop(name)
        assert guest.is_member
        home = Home(name=name, net_w=net_w, pv_w=pv_w)
        home.journal.extend(guest.entries(self.now))
        self.homes[name] = home
        self.wake(name)
        return self.nodes[name]

    def members(self, name: str) -> list[str]:
        """Return the members as a home knows them."""
        charter = self.nodes[name].charter(self.now)
        return [self.names[member.party] for member in charter.members]

    @override
    def run(self, until: Instant) -> None:
        """Let everything happen; guests knock every minute."""
        while self.guests and self.now < until:
            self._let_guests_knock()
            super().run(min(until, Instant((self.now // MINUTE_MS + 1) * MINUTE_MS)))
        super().run(until)

    def _let_guests_knock(self) -> None:
        for guest in self.guests.values():
            guest.tick(self.now)
            for outgoing in guest.effects().send:
                for node in self.nodes.values():
                    node.receive(outgoing.data, self.now)

    @override
    def _listeners(self, name: str, outgoing: Outgoing) -> list[str]:
        for guest_name, guest in self.guests.items():
            if outgoing.to in {None, self.parties[guest_name]}:
                guest.receive(outgoing.data, self.now)
        return list(super()._listeners(name, outgoing))
