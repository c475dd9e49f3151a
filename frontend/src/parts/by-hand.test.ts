import assert from "node:assert/strict";
import { test } from "node:test";
import type { Armable } from "../model";
import { wishOf } from "./by-hand";

const BATTERY: Armable = {
  id: "b",
  name: "Battery",
  kind: "battery",
  armed: true,
  until: null,
  by_hand_until: null,
  phase: "armed",
  asked: null,
  in_force: null,
  fault: null,
  value_min: -5000,
  value_max: 4000,
};
const CHARGER: Armable = { ...BATTERY, kind: "charger", value_min: 6000, value_max: 16_000 };

test("a battery charges with a negative power and gives with a positive one", () => {
  assert.deepEqual(wishOf(BATTERY, "charge", 2.5, 60), { value: -2500, minutes: 60 });
  assert.deepEqual(wishOf(BATTERY, "discharge", 2.5, 30), { value: 2500, minutes: 30 });
});

test("nobody asks a device for more than it can", () => {
  assert.equal(wishOf(BATTERY, "discharge", 5, 60).value, 4000);
  assert.equal(wishOf(BATTERY, "charge", 9, 60).value, -5000);
});

test("holding still and pausing need no amount", () => {
  assert.equal(wishOf(BATTERY, "hold", 3, 60).value, 0);
  assert.equal(wishOf(CHARGER, "pause", 16, 60).value, 0);
});

test("a charger is told a current, in milliamperes", () => {
  assert.equal(wishOf(CHARGER, "charge", 10, 60).value, 10_000);
});
