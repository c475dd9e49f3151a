// A plan as two stacks: where energy comes from, upwards, and where it goes, downwards.
import type { Plan, PlanAsset } from "../model";

export type Tone = "solar" | "load" | "grid_in" | "grid_out" | "in" | "out" | "appliance";

export interface Series {
  key: string;
  /** Name of the device, for series of one. */
  name: string;
  tone: Tone;
  up: boolean;
  watts: number[];
}

/** Less than this all along is not worth a colour. */
const FAINT_W = 10;

export function seriesOf(plan: Plan): Series[] {
  const steps = plan.boundaries.length - 1;
  const row = (value: (step: number) => number) => Array.from({ length: steps }, (_, step) => value(step));
  const up: Series[] = [
    one("solar", "solar", true, row((i) => Math.max(0, (plan.solar_w[i] ?? 0) - (plan.curtailed_w[i] ?? 0)))),
    ...plan.assets.map((asset) => part(asset, true)),
    one("grid_in", "grid_in", true, row((i) => Math.max(0, -(plan.net_w[i] ?? 0)))),
  ];
  const down: Series[] = [
    one("load", "load", false, row((i) => Math.max(0, plan.load_w[i] ?? 0))),
    ...plan.assets.map((asset) => part(asset, false)),
    one("grid_out", "grid_out", false, row((i) => Math.max(0, plan.net_w[i] ?? 0))),
  ];
  return [...up, ...down].filter((series) => series.watts.some((watts) => watts >= FAINT_W));
}

function one(key: string, tone: Tone, up: boolean, watts: number[]): Series {
  return { key, name: "", tone, up, watts };
}

function part(asset: PlanAsset, up: boolean): Series {
  const tone: Tone = asset.stored_wh.length > 0 ? (up ? "out" : "in") : "appliance";
  const watts = asset.power_w.map((power) => Math.max(0, up ? power : -power));
  return { key: `${asset.id}_${up ? "out" : "in"}`, name: asset.name, tone, up, watts };
}

export interface Layer extends Series {
  low: number[];
  high: number[];
}

/** Put the series of each direction on top of each other, away from zero. */
export function stacked(all: readonly Series[]): Layer[] {
  const tops = new Map<boolean, number[]>();
  return all.map((series) => {
    const sign = series.up ? 1 : -1;
    const low = tops.get(series.up) ?? series.watts.map(() => 0);
    const high = series.watts.map((watts, step) => (low[step] ?? 0) + sign * watts);
    tops.set(series.up, high);
    return { ...series, low, high };
  });
}

export function extent(layers: readonly Layer[]): [number, number] {
  const values = layers.flatMap((layer) => layer.high);
  return [Math.min(-500, ...values), Math.max(500, ...values)];
}
