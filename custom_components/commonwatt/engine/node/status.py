"""What a node knows at one instant, ready to be shown."""

from collections.abc import Mapping
from dataclasses import dataclass

from ..devices.setpoint import Setpoint
from ..model.party import PartyId
from ..model.period import DeliveryPeriod, Instant
from ..peer.phase import Phase
from .events import Fault


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeStatus:
    """A frozen picture of a node.  None is unknown, never zero."""

    at: Instant
    period: DeliveryPeriod
    """The delivery period under way at ``at``."""

    phase: Phase
    """State of the round of ``round_period``."""

    round_period: DeliveryPeriod
    """The next delivery period that can still be traded, or is being decided."""

    members: int
    members_online: int
    """Members heard from lately, this one included."""

    clearing_price_micro_per_kwh: int | None
    """Price in the own zone for ``period``; None without a result."""

    clearing_price_final: bool
    """A quorum agreed on the result behind the price."""

    position_wh: int | None
    """Sold minus bought by this home in ``period``; None without a result."""

    neighbour_power_w: int | None
    """Mean power exchanged with neighbours in ``period``: + from them, - to them."""

    bought_wh_total: int
    """Energy received from neighbours in all settled periods; only grows."""

    sold_wh_total: int
    """Energy given to neighbours in all settled periods; only grows."""

    saved_nano_today: int
    saved_nano_total: int
    saved_basis: str
    """What the saving is measured against and which bill it changes."""

    import_wh_today: int
    """Energy metered from the grid, neighbours' included, in today's settled periods."""

    export_wh_today: int
    local_share_ppm: int | None
    """Share of today's metered import that came from neighbours."""

    self_sufficiency_ppm: int | None
    """Share of today's consumption that the retailer did not supply."""

    settled_periods: int
    last_settled: DeliveryPeriod | None
    open_periods: int
    """Periods past their start without a decision."""

    advice: tuple[Setpoint, ...]
    """The setpoints of the present plan, whether obeyed or not."""

    faults: Mapping[tuple[PartyId | None, Fault], int]
    """How often which peer did what wrong, for diagnostics."""
