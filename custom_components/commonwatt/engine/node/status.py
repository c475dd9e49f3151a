"""What a node knows at one instant, ready to be shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..devices.setpoint import Setpoint
from ..model.party import BillingBasis, PartyId
from ..model.period import PERIODS_PER_HOUR, DeliveryPeriod, Instant
from ..model.social import ScoreCard
from ..peer import Fault, Phase
from .agreements import Agreements
from .citizen import Citizen
from .config import NodeConfig
from .deals import AgreementView
from .learning import Learning
from .learning_status import NOT_LEARNING, LearningStatus
from .mix import OriginShare, carbon_g_per_kwh, shares
from .motion_views import MotionView
from .pool_shares import OpenPoolGift, OpenRequest
from .rounds import Rounds
from .settling import Settling
from .showing import Showing
from .social import Social


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

    saved_nano_today: int | None
    """None where no tariff is known."""

    saved_nano_total: int
    saved_basis: BillingBasis
    """What a shared kWh changes on the bills, which every saving rests on."""

    import_wh_today: int
    """Metered from the grid, neighbours' energy included, in settled periods."""

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

    origin_today: tuple[OriginShare, ...] = ()
    """Where today's use came from; adds up to one million, or nobody knows."""

    origin_month: tuple[OriginShare, ...] = ()
    """The same for the month of UTC in which was last settled."""

    carbon_g_per_kwh_today: int | None = None
    """Greenhouse gases of what was used today."""

    carbon_mg_today: int | None = None
    """The same in all; None where nobody knows what was used."""

    is_waking: bool = False
    """The node has just started and waits to hear from the others."""

    is_member: bool = True
    """False once the home has left its community, or was removed."""

    agreements: tuple[AgreementView, ...] = ()
    """Contracts and gifts of this home."""

    requests: tuple[OpenRequest, ...] = ()
    """Members' requests for help that can still be answered."""

    pool: tuple[OpenPoolGift, ...] = ()
    """What members have left at the community's disposal."""

    score_cards: Mapping[PartyId, ScoreCard] = field(default_factory=dict)
    """Of the members that want to be on the leaderboard."""

    motions: tuple[MotionView, ...] = ()
    """Open motions, those first that close first; then how the last ones ended."""

    live_powers_w: Mapping[PartyId, int] = field(default_factory=dict)
    """At the meters of the members that show it, + from the grid; never settled."""

    is_power_shown: bool = False
    """This home lets the others see its own."""

    learning: LearningStatus = NOT_LEARNING
    """Where learning with the neighbours stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusSources:
    """The rooms of a node a status is read from."""

    config: NodeConfig
    members_online: int
    rounds: Rounds
    settling: Settling
    agreements: Agreements
    learning: Learning
    social: Social
    showing: Showing
    community: Citizen
    advice: tuple[Setpoint, ...]
    faults: Mapping[tuple[PartyId | None, Fault], int]
    is_waking: bool


def status_of(
    sources: StatusSources, now: Instant, *, day_started_at: Instant
) -> NodeStatus:
    """Read a status; computes nothing that is settled, signed or cleared."""
    config, settling = sources.config, sources.settling
    period = DeliveryPeriod.containing(now)
    outcome = sources.rounds.outcome(period)
    result = None if outcome is None else outcome.result
    charter = config.charter_at(period)
    me = charter.member(config.party)
    position_wh = None if result is None else result.position_wh(config.party)
    phases = sources.rounds.phases
    round_period = max(phases, default=period)
    day, totals = settling.day(day_started_at), settling.totals
    return NodeStatus(
        at=now,
        period=period,
        phase=phases.get(round_period, Phase.COMMITTING),
        round_period=round_period,
        members=len(charter.members),
        members_online=sources.members_online,
        clearing_price_micro_per_kwh=(
            None
            if result is None or me is None
            else result.price_micro_per_kwh(me.zone)
        ),
        clearing_price_final=outcome is not None and outcome.phase is Phase.FINAL,
        position_wh=position_wh,
        neighbour_power_w=(
            None if position_wh is None else -position_wh * PERIODS_PER_HOUR
        ),
        bought_wh_total=totals.bought_wh,
        sold_wh_total=totals.sold_wh,
        saved_nano_today=day.saved_nano,
        saved_nano_total=totals.saved_nano,
        saved_basis=charter.billing_basis,
        import_wh_today=day.import_wh,
        export_wh_today=day.export_wh,
        local_share_ppm=day.local_share_ppm,
        self_sufficiency_ppm=day.self_sufficiency_ppm,
        settled_periods=totals.settled_periods,
        last_settled=settling.last_settled,
        open_periods=sum(phase is Phase.OPEN for phase in phases.values()),
        advice=sources.advice,
        faults=sources.faults,
        origin_today=shares(day.mix),
        origin_month=shares(totals.month_mix),
        carbon_g_per_kwh_today=carbon_g_per_kwh(day.mix),
        carbon_mg_today=sum(p.carbon_mg for p in day.mix) if day.mix else None,
        is_member=me is not None,
        is_waking=sources.is_waking,
        agreements=sources.agreements.view(now),
        learning=sources.learning.status(now),
        requests=sources.social.requests(now),
        pool=sources.social.pool.gifts(now),
        score_cards=sources.social.cards,
        live_powers_w=sources.showing.powers_w(now),
        is_power_shown=sources.showing.is_on,
        motions=sources.community.motion_views(),
    )
