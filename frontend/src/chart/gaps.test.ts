import assert from "node:assert/strict";
import { test } from "node:test";
import type { DayRow } from "../model";
import { withGaps } from "../parts/price-chart";

const PERIOD_MS = 900_000;

test("a period nobody knows anything of is a gap, not a longer one before it", () => {
  const days: DayRow[] = [
    [0, 200_000, 10, 0, 5],
    [3 * PERIOD_MS, null, 0, 20, 7],
  ];

  assert.deepEqual(withGaps(days), [days[0], [PERIOD_MS, null, null, null, null], [2 * PERIOD_MS, null, null, null, null], days[1]]);
  assert.deepEqual(withGaps([]), []);
});
