// Where homes stand and how flows run: my home in the middle, the others on a ring.
//
// What I give or take runs along a spoke. What flows between others leaves its home
// towards the middle, follows a track between ring and middle the shorter way, and comes
// out again: no line ever crosses a home.

export interface Point {
  x: number;
  y: number;
}

export interface Frame {
  width: number;
  height: number;
  /** Radius of a home's circle. */
  node: number;
  /** Room for names beside the ring, and above and below it. */
  marginX: number;
  marginY: number;
}

export interface Route {
  path: string;
  /** Places for a label, the best first. */
  labels: Point[];
}

/** Tracks between the middle and the ring, as parts of the ring's radius. */
const LANES = [0.7, 0.585, 0.47];
/** A spoke as steep as this runs through what stands above or below the middle. */
const STEEP = 0.75;
/** How far aside, in radians. */
const ASIDE = 0.2;
const CORNER = (7 * Math.PI) / 180;

export class RingLayout {
  private readonly center: Point;
  private readonly rx: number;
  private readonly ry: number;
  private readonly isMiddleUpper: boolean;
  private readonly angles = new Map<string, number>();
  private readonly busy: [number, number][][] = LANES.map(() => []);

  constructor(
    readonly frame: Frame,
    ids: readonly string[],
    private readonly me: string | undefined,
    /** Those the home in the middle trades with: where its spokes go. */
    private readonly partners: readonly string[] = [],
  ) {
    this.center = { x: frame.width / 2, y: frame.height / 2 };
    this.rx = frame.width / 2 - frame.node - frame.marginX;
    this.ry = frame.height / 2 - frame.node - frame.marginY;
    ids.forEach((id, index) => this.angles.set(id, (index / ids.length) * 2 * Math.PI - Math.PI / 2));
    const heights = partners.map((id) => Math.sin(this.angles.get(id) ?? 0));
    const crossed = (isBelow: boolean) => heights.filter((height) => (isBelow ? height : -height) > STEEP).length;
    this.isMiddleUpper = crossed(true) > crossed(false);
  }

  /** Whether a home's name belongs above it: away from the lines. */
  isUpper(id: string): boolean {
    return id === this.me ? this.isMiddleUpper : Math.sin(this.angles.get(id) ?? 0) < -0.25;
  }

  place(id: string): Point {
    if (id === this.me) return this.center;
    return this.on(this.angles.get(id) ?? 0, 1);
  }

  route(from: string, to: string): Route {
    return from === this.me || to === this.me ? this.spoke(from, to) : this.track(from, to);
  }

  private on(angle: number, part: number): Point {
    return {
      x: this.center.x + this.rx * part * Math.cos(angle),
      y: this.center.y + this.ry * part * Math.sin(angle),
    };
  }

  private spoke(from: string, to: string): Route {
    const a = this.place(from);
    const b = this.place(to);
    const gapFrom = (from === this.me ? 1.35 : 1) * this.frame.node + 5;
    const gapTo = (to === this.me ? 1.35 : 1) * this.frame.node + 11;
    const start = towards(a, b, gapFrom);
    const end = towards(b, a, gapTo);
    const outward = from === this.me ? 1 : -1;
    const labels = [0.56, 0.44, 0.68, 0.32, 0.8].map((part) =>
      between(start, end, outward > 0 ? part : 1 - part),
    );
    return { path: `M${at(start)}L${at(end)}`, labels };
  }

  private track(from: string, to: string): Route {
    const [home, other] = [this.angles.get(from) ?? 0, this.angles.get(to) ?? 0];
    const way = shortest(other - home);
    const sign = way < 0 ? -1 : 1;
    // Where a spoke ends already, a track comes from the side: two arrows, not one.
    const aside = (id: string) => (this.partners.includes(id) ? Math.min(ASIDE, Math.abs(way) / 4) * sign : 0);
    const a = home + aside(from);
    const b = home + way - aside(to);
    const turn = b - a;
    const lane = this.laneFor(a, turn);
    const part = LANES[lane] ?? 0.6;
    const corner = Math.min(CORNER, Math.abs(turn) / 3) * sign;
    const step = (part + 1) / 2 - part;
    const enter = this.on(a, part + step * 0.35);
    const leave = this.on(b, part + step * 0.35);
    const start = towards(this.on(home, 1), enter, this.frame.node + 4);
    const end = towards(this.on(other, 1), leave, this.frame.node + 10);
    const first = this.on(a + corner, part);
    const last = this.on(b - corner, part);
    const sweep = sign > 0 ? 1 : 0;
    const arc = `A${round(this.rx * part)} ${round(this.ry * part)} 0 0 ${sweep} ${at(last)}`;
    // A bend that ends aside runs into the home in one sweep; else it straightens first.
    const out = a === home ? `L${at(enter)}` : "";
    const bend = b === home + way ? `${at(leave)}L${at(end)}` : at(end);
    const path = `M${at(start)}${out}Q${at(this.on(a, part))} ${at(first)}${arc}Q${at(this.on(b, part))} ${bend}`;
    const labels = [0.5, 0.36, 0.64, 0.22, 0.78].map((share) => this.on(a + turn * share, part));
    return { path, labels };
  }

  /** The outermost track that is free along the way; the least busy one if none is. */
  private laneFor(start: number, turn: number): number {
    const low = Math.min(start, start + turn);
    const span: [number, number] = [low, low + Math.abs(turn)];
    let lane = this.busy.findIndex((taken) => !taken.some((other) => overlap(span, other)));
    if (lane < 0) {
      lane = this.busy.reduce((best, taken, index) => (taken.length < (this.busy[best]?.length ?? 0) ? index : best), 0);
    }
    this.busy[lane]?.push(span);
    return lane;
  }
}

/** Puts labels where they cover neither each other nor a home. */
export class LabelRoom {
  private readonly taken: [number, number, number, number][] = [];

  block(center: Point, halfWidth: number, halfHeight: number): void {
    this.taken.push([center.x - halfWidth, center.y - halfHeight, center.x + halfWidth, center.y + halfHeight]);
  }

  find(candidates: readonly Point[], halfWidth: number, halfHeight: number): Point | undefined {
    const free = candidates.find(({ x, y }) =>
      this.taken.every(
        ([left, top, right, bottom]) =>
          x + halfWidth <= left || x - halfWidth >= right || y + halfHeight <= top || y - halfHeight >= bottom,
      ),
    );
    if (free) this.block(free, halfWidth, halfHeight);
    return free;
  }
}

function towards(from: Point, to: Point, distance: number): Point {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  return between(from, to, distance / length);
}

function between(a: Point, b: Point, part: number): Point {
  return { x: a.x + (b.x - a.x) * part, y: a.y + (b.y - a.y) * part };
}

function shortest(angle: number): number {
  const turn = ((angle + Math.PI) % (2 * Math.PI) + 2 * Math.PI) % (2 * Math.PI) - Math.PI;
  return turn;
}

function overlap(a: [number, number], b: [number, number]): boolean {
  return [-2 * Math.PI, 0, 2 * Math.PI].some((shift) => a[0] + shift < b[1] && b[0] < a[1] + shift);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function at({ x, y }: Point): string {
  return `${round(x)} ${round(y)}`;
}
