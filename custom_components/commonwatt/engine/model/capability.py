"""What a home can deliver and take, registered once, so that nobody offers the moon."""

from dataclasses import dataclass

from .party_id import PartyId


@dataclass(frozen=True, slots=True, kw_only=True)
class Capability:
    """Energy a party can move through its connection in one delivery period."""

    party: PartyId
    export_wh_max: int
    import_wh_max: int

    def __post_init__(self) -> None:
        """Refuse a connection that takes when it gives."""
        if min(self.export_wh_max, self.import_wh_max) < 0:
            raise ValueError("a capability is not negative")
