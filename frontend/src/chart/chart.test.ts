import assert from "node:assert/strict";
import { test } from "node:test";
import type { Plan } from "../model";
import { extent, seriesOf, stacked } from "./plan-series";
import { bandPath, linear, stepAt, stepPath, ticks } from "./scale";

const PLAN: Plan = {
  rung: "optimal",
  reason: "none",
  made_at: 0,
  boundaries: [0, 900, 1800, 2700],
  net_w: [-700, 1500, 0],
  load_w: [1200, 500, 400],
  solar_w: [500, 3000, null],
  curtailed_w: [0, 200, 0],
  price_micro: [300_000, 300_000, null],
  assets: [
    { id: "battery", name: "Battery", kind: "battery", power_w: [0, -800, 400], stored_wh: [0, 200, 100], capacity_wh: 5000 },
    { id: "dishwasher", name: "Dishwasher", kind: "appliance", power_w: [0, 0, 0], stored_wh: [], capacity_wh: null },
  ],
  actions: [],
};

test("what comes in equals what goes out in every step", () => {
  const series = seriesOf(PLAN);

  for (let step = 0; step < 3; step++) {
    const sum = (up: boolean) => series.filter((one) => one.up === up).reduce((total, one) => total + (one.watts[step] ?? 0), 0);
    assert.equal(sum(true), sum(false));
  }
});

test("devices that do nothing get no colour", () => {
  const keys = seriesOf(PLAN).map((series) => series.key);

  assert.deepEqual(keys, ["solar", "battery_out", "grid_in", "load", "battery_in", "grid_out"]);
});

test("layers lie on each other, sources above zero and uses below", () => {
  const layers = stacked(seriesOf(PLAN));

  const top = layers.filter((layer) => layer.up).at(-1);
  const bottom = layers.filter((layer) => !layer.up).at(-1);
  assert.deepEqual(top?.high, [1200, 2800, 400]);
  assert.deepEqual(bottom?.high, [-1200, -2800, -400]);
  assert.deepEqual(extent(layers), [-2800, 2800]);
});

test("an instant has a step, also before and after the plan", () => {
  assert.deepEqual([-5, 0, 899, 900, 2699, 9999].map((at) => stepAt(PLAN.boundaries, at)), [0, 0, 0, 1, 2, 2]);
});

test("axes have round numbers", () => {
  assert.deepEqual(ticks(-2800, 2800, 5), [-2000, 0, 2000]);
  assert.deepEqual(ticks(0, 1, 5), [0, 0.2, 0.4, 0.6000000000000001, 0.8, 1]);
  assert.deepEqual(ticks(3, 3, 5), [3]);
});

test("a line of steps leaves gaps where nothing is known", () => {
  const same = linear([0, 1], [0, 1]);

  assert.equal(stepPath([0, 1, 2, 3], [5, null, 6], same, same), "M0 5H1M2 6H3");
  assert.equal(bandPath([0, 1, 2], [0, 0], [3, 4], same, same), "M0 3H1L1 4H2L2 0H1L1 0H0Z");
});
