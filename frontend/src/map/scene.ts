// Which homes and flows a map has room for: the largest, the rest folded into one.
import type { Home, Link } from "../model";

/** Stands for all homes that have no place of their own. */
export const REST = "rest";

export interface Arrow {
  from: string;
  to: string;
  energyWh: number;
  /** Whether my home gives or takes it; false: it flows between others. */
  mine: boolean;
}

export interface Scene {
  me: Home | undefined;
  /** On the ring, in the order they were told, so that nobody changes places. */
  ring: Home[];
  restCount: number;
  arrows: Arrow[];
  /** Flows too small to be drawn, and those among folded homes. */
  hiddenArrows: number;
}

export interface Room {
  homes: number;
  arrows: number;
}

export function sceneOf(homes: readonly Home[], links: readonly Link[], room: Room): Scene {
  const me = homes.find((home) => home.me);
  const others = homes.filter((home) => !home.me);
  const ring = others.length <= room.homes ? others : largest(others, links, me?.id, room.homes - 1);
  const places = new Set([...ring.map((home) => home.id), ...(me ? [me.id] : [])]);
  const restCount = others.length - ring.length;
  const { arrows, folded } = merged(links, places, me?.id);
  const drawn = arrows.slice(0, room.arrows);
  return { me, ring, restCount, arrows: drawn, hiddenArrows: arrows.length - drawn.length + folded };
}

/** Those who exchange most, with me before all others; in the order they came. */
function largest(others: Home[], links: readonly Link[], me: string | undefined, count: number): Home[] {
  const weight = new Map<string, number>();
  for (const [from, to, energyWh] of links) {
    const mine = from === me || to === me;
    for (const id of [from, to]) {
      weight.set(id, (weight.get(id) ?? 0) + energyWh * (mine ? 1_000_000 : 1));
    }
  }
  const ranked = [...others].sort((a, b) => (weight.get(b.id) ?? 0) - (weight.get(a.id) ?? 0));
  const chosen = new Set(ranked.slice(0, count).map((home) => home.id));
  return others.filter((home) => chosen.has(home.id));
}

function merged(links: readonly Link[], places: Set<string>, me: string | undefined) {
  const arrows = new Map<string, Arrow>();
  let folded = 0;
  for (const [from, to, energyWh] of links) {
    const ends = [from, to].map((id) => (places.has(id) ? id : REST)) as [string, string];
    if (ends[0] === ends[1]) {
      folded++;
      continue;
    }
    const key = ends.join(">");
    const known = arrows.get(key);
    if (known) known.energyWh += energyWh;
    else arrows.set(key, { from: ends[0], to: ends[1], energyWh, mine: ends.includes(me ?? "") });
  }
  const sorted = [...arrows.values()].sort(
    (a, b) => Number(b.mine) - Number(a.mine) || b.energyWh - a.energyWh,
  );
  return { arrows: sorted, folded };
}
