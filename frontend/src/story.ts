// What is going on, in the words of the first screen: give or take, how much, at what
// price, with whom.
import type { Flows, Home, Now } from "./model";

export type Direction = "give" | "take" | "none" | "unknown";

export interface Story {
  direction: Direction;
  /** Whom the energy is exchanged with. */
  partner: "neighbours" | "grid";
  watts: number | null;
  priceMicro: number | null | undefined;
  /** Price against what the grid would ask or pay: + is to the home's advantage. */
  advantageMicro: number | null;
  names: string[];
}

/** Less at the meter is noise. */
const IDLE_W = 20;

export function storyOf(now: Now, flows: Flows | null | undefined, homes: readonly Home[]): Story {
  const neighbourW = now.neighbour_w;
  if (neighbourW) {
    const direction = neighbourW > 0 ? "take" : "give";
    return {
      direction,
      partner: "neighbours",
      watts: Math.abs(neighbourW),
      priceMicro: now.price_micro,
      advantageMicro: advantage(now, direction),
      names: partners(direction, flows, homes),
    };
  }
  if (now.grid_w == null) {
    const direction = neighbourW == null ? "unknown" : "none";
    return { direction, partner: "grid", watts: null, priceMicro: now.price_micro, advantageMicro: null, names: [] };
  }
  const direction = now.grid_w > IDLE_W ? "take" : now.grid_w < -IDLE_W ? "give" : "none";
  const prices = { take: now.import_micro, give: now.feed_in_micro, none: now.price_micro };
  return {
    direction,
    partner: "grid",
    watts: Math.abs(now.grid_w),
    priceMicro: prices[direction],
    advantageMicro: null,
    names: [],
  };
}

function advantage(now: Now, direction: "give" | "take"): number | null {
  const other = direction === "take" ? now.import_micro : now.feed_in_micro;
  if (now.price_micro == null || other == null) return null;
  return direction === "take" ? other - now.price_micro : now.price_micro - other;
}

/** Those I exchange energy with, the most first. */
function partners(direction: Direction, flows: Flows | null | undefined, homes: readonly Home[]): string[] {
  const me = homes.find((home) => home.me)?.id;
  const names = new Map(homes.map((home) => [home.id, home.name]));
  return (flows?.links ?? [])
    .filter(([from, to]) => (direction === "give" ? from === me : to === me))
    .sort((a, b) => b[2] - a[2])
    .map(([from, to]) => names.get(direction === "give" ? to : from))
    .filter((name): name is string => name !== undefined);
}
