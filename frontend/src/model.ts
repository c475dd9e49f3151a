// What the server tells: the sections of `custom_components/commonwatt/view/`.
// Null is unknown, never zero.

export type Kind = "home" | "demo";
type Maybe<T> = T | null | undefined;

export interface HomeFacts {
  entry_id: string;
  title: string;
  kind: Kind;
  party: string;
  currency: string;
  simulated: boolean;
  admin: boolean;
  may_act: boolean;
  gift_wh_max_day: number;
}

export interface Now {
  at: number;
  /** Where the home stands with its community; null in the demo. */
  standing?: Maybe<"alone" | "guest" | "waking" | "member" | "removed">;
  running: boolean;
  grid_w: Maybe<number>;
  consumption_w: Maybe<number>;
  solar_w: Maybe<number>;
  battery_w: Maybe<number>;
  charger_w: Maybe<number>;
  soc_ppm: Maybe<number>;
  neighbour_w?: Maybe<number>;
  price_micro?: Maybe<number>;
  price_final?: boolean;
  import_micro: Maybe<number>;
  feed_in_micro: Maybe<number>;
  period_start?: number;
  phase?: string;
  members?: number;
  members_online?: number;
  saved_nano_today?: Maybe<number>;
  saved_nano_total?: number;
  basis?: "sharing" | "private" | "insight";
  local_share_ppm?: Maybe<number>;
  self_sufficiency_ppm?: Maybe<number>;
  settled_periods?: number;
  open_periods?: number;
  power_shown?: boolean;
}

export interface Home {
  id: string;
  name: string;
  kind: string;
  me: boolean;
  power_w: Maybe<number>;
  online: Maybe<boolean>;
}

/** From, to, Wh, what the buyer pays per kWh. */
export type Link = [string, string, number, Maybe<number>];

export interface Flows {
  start: number;
  state: "final" | "settled";
  links: Link[];
}

/** Start, clearing price, bought Wh, sold Wh, saved nano-currency. */
export type DayRow = [number, Maybe<number>, Maybe<number>, Maybe<number>, Maybe<number>];

export interface Trade {
  start: number;
  direction: "bought" | "sold";
  partner: string;
  energy_wh: number;
  price_micro: Maybe<number>;
  kind: "position" | "shared" | "contract" | "gift";
  state: "final" | "settled";
}

/** Price and the energy wanted or offered up to it. */
export type Stair = [number, number];

export interface Book {
  start: number;
  bids: Stair[];
  offers: Stair[];
}

export interface Market {
  days: DayRow[];
  trades: Trade[];
  book: Maybe<Book>;
}

export interface PlanAsset {
  id: string;
  name: string;
  kind: string;
  power_w: number[];
  stored_wh: number[];
  capacity_wh: Maybe<number>;
}

export interface PlanAction {
  asset: string;
  name: string;
  kind: string;
  reason: string;
  starts_at: number;
  ends_at: number;
  power_w: number;
}

export interface Plan {
  rung: string;
  reason: string;
  made_at: Maybe<number>;
  boundaries: number[];
  net_w: number[];
  load_w: Maybe<number>[];
  solar_w: Maybe<number>[];
  curtailed_w: number[];
  price_micro: Maybe<number>[];
  assets: PlanAsset[];
  actions: PlanAction[];
}

export interface Share {
  supplier: "own" | "neighbour" | "grid" | "unknown";
  source: string;
  share_ppm: number;
}

export interface Certificate {
  id: string;
  community: string;
  start: number;
  end: number;
  producer: string;
  source: string;
  stored: boolean;
  device: Maybe<string>;
  energy_wh: number;
  carbon_mg: number;
  parent: Maybe<string>;
  serial: number;
  state: string;
  used_for: string;
  holder: string;
  mine: boolean;
}

export interface Proof {
  day: Share[];
  month: Share[];
  carbon_g_per_kwh: Maybe<number>;
  certificates: Certificate[];
}

export interface Gift {
  id: string;
  giver: string;
  receiver: string;
  energy_wh: number;
  moved_wh: number;
  state: string;
  from: number;
  until: number;
  mine: boolean;
}

/** Energy that members have put at everybody's disposal. */
export interface Pool {
  energy_wh: number;
  mine: { id: string; energy_wh: number; until: number }[];
}

export interface Armable {
  id: string;
  name: string;
  kind: string;
  armed: boolean;
  until: Maybe<number>;
  /** While the owner's own setpoint holds; the plan drives otherwise. */
  by_hand_until: Maybe<number>;
  phase: string;
  asked: Maybe<number>;
  in_force: Maybe<number>;
  fault: Maybe<string>;
  value_min: number;
  value_max: number;
}

export interface Score {
  points: number;
  out_of: number;
  level: Maybe<string>;
  season_ends_at: Maybe<number>;
  /** Without points, a part was not measured; why says what is missing. */
  parts: { name: string; points: Maybe<number>; out_of: number; why: string }[];
  reputation_ppm: Maybe<number>;
  streak_days: Maybe<number>;
}

export interface Badge {
  id: string;
  name: string;
  description: string;
  icon: string;
  earned_at: Maybe<number>;
  progress_ppm: Maybe<number>;
}

export interface Mission {
  id: string;
  name: string;
  description: string;
  progress_ppm: Maybe<number>;
  ends_at: Maybe<number>;
  joined: Maybe<boolean>;
  amount: Maybe<string>;
}

export interface Leaderboard {
  opted_in: boolean;
  league: Maybe<string>;
  rows: { rank: number; name: string; points: number; me: boolean }[];
}

export interface HelpRequest {
  id: string;
  number: number;
  from: string;
  party: Maybe<string>;
  energy_wh: number;
  until: number;
  given_wh: number;
  mine: boolean;
}

export interface Vote {
  id: string;
  title: string;
  description: string;
  deadline: number;
  yes: number;
  no: number;
  voters: number;
  quorum: number;
  mine: Maybe<"yes" | "no">;
  state: "open" | "passed" | "failed";
}

export interface Peer {
  id: string;
  name: string;
  online: Maybe<boolean>;
  last_seen: Maybe<number>;
  transport: Maybe<string>;
  faults: Maybe<number>;
  rtt_ms: Maybe<number>;
}

/** What the home has on a chain; instants are days of UTC since 1970. */
export interface Chain {
  chain_id: number;
  account: string;
  credit_nano: Maybe<number>;
  pending_nano: Maybe<number>;
  batch: Maybe<number>;
  day: Maybe<number>;
  waits: boolean;
  gas_wei: string;
  coin: string;
}

export interface Limits {
  buy_max_micro: Maybe<number>;
  sell_min_micro: Maybe<number>;
  keep_wh: Maybe<number>;
}

export interface Snapshot {
  home: HomeFacts;
  now: Now;
  homes: Home[];
  flows: Maybe<Flows>;
  market: Market;
  plan: Maybe<Plan>;
  proof: Proof;
  gifts: Gift[];
  pool?: Maybe<Pool>;
  control: Maybe<Armable[]>;
  score: Maybe<Score>;
  badges: Maybe<Badge[]>;
  missions: Maybe<Mission[]>;
  leaderboard: Maybe<Leaderboard>;
  requests: Maybe<HelpRequest[]>;
  votes: Maybe<Vote[]>;
  peers: Maybe<Peer[]>;
  limits: Maybe<Limits>;
  chain?: Maybe<Chain>;
}

export interface LiveEvent {
  snapshot?: Snapshot;
  delta?: Partial<Snapshot>;
  closed?: boolean;
}

export interface Listed {
  entry_id: string;
  title: string;
  kind: Kind;
  state: string;
}

/** The part of Home Assistant's `hass` object that is used here. */
export interface Hass {
  connection: Connection;
  connected?: boolean;
  language?: string;
  locale?: { language: string; time_format?: string; time_zone?: string };
  config?: { time_zone?: string; currency?: string };
  themes?: { darkMode?: boolean };
  user?: { is_admin: boolean };
  states: Record<string, { entity_id: string; state: string; attributes: Record<string, unknown> }>;
  entities?: Record<string, { entity_id: string; platform?: string; translation_key?: string; device_id?: string; hidden?: boolean }>;
  devices?: Record<string, { config_entries?: string[] }>;
  services?: Record<string, Record<string, unknown>>;
  callWS<T>(message: Record<string, unknown>): Promise<T>;
  callService(domain: string, service: string, data?: Record<string, unknown>): Promise<unknown>;
}

export interface Connection {
  connected: boolean;
  addEventListener(name: string, listener: () => void): void;
  removeEventListener(name: string, listener: () => void): void;
  subscribeMessage<T>(
    callback: (message: T) => void,
    message: Record<string, unknown>,
    options?: { resubscribe?: boolean },
  ): Promise<() => Promise<void> | void>;
}
