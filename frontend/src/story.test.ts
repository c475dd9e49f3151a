import assert from "node:assert/strict";
import { test } from "node:test";
import type { Flows, Home, Now } from "./model";
import { storyOf } from "./story";

const NOW: Now = {
  at: 0,
  running: true,
  grid_w: 400,
  consumption_w: 900,
  solar_w: 500,
  battery_w: 0,
  charger_w: 0,
  soc_ppm: null,
  neighbour_w: -1900,
  price_micro: 185_000,
  import_micro: 318_000,
  feed_in_micro: 75_000,
};
const HOMES: Home[] = ["me", "cafe", "school"].map((id) => ({
  id,
  name: id.toUpperCase(),
  kind: id,
  me: id === "me",
  power_w: null,
  online: true,
}));
const FLOWS: Flows = {
  start: 0,
  state: "final",
  links: [
    ["me", "cafe", 100, 185_000],
    ["me", "school", 375, 185_000],
    ["school", "cafe", 999, 185_000],
  ],
};

test("a home that sells gives, to whom it sells most first", () => {
  const story = storyOf(NOW, FLOWS, HOMES);

  assert.deepEqual(story, {
    direction: "give",
    partner: "neighbours",
    watts: 1900,
    priceMicro: 185_000,
    advantageMicro: 110_000,
    names: ["SCHOOL", "CAFE"],
  });
});

test("a home that buys takes, for less than the grid asks", () => {
  const story = storyOf({ ...NOW, neighbour_w: 600 }, FLOWS, HOMES);

  assert.equal(story.direction, "take");
  assert.equal(story.advantageMicro, 133_000);
  assert.deepEqual(story.names, []);
});

test("without a trade it is the grid's turn, at the grid's price", () => {
  assert.equal(storyOf({ ...NOW, neighbour_w: 0 }, null, HOMES).priceMicro, 318_000);
  const giving = storyOf({ ...NOW, neighbour_w: 0, grid_w: -800 }, null, HOMES);
  assert.deepEqual([giving.direction, giving.partner, giving.priceMicro], ["give", "grid", 75_000]);
  assert.equal(storyOf({ ...NOW, neighbour_w: 0, grid_w: 3 }, null, HOMES).direction, "none");
});

test("what nobody measured is unknown, not nothing", () => {
  const dark = { ...NOW, neighbour_w: null, grid_w: null };

  assert.deepEqual([storyOf(dark, null, HOMES).direction, storyOf(dark, null, HOMES).watts], ["unknown", null]);
});
