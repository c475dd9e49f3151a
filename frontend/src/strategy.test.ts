import assert from "node:assert/strict";
import { test } from "node:test";
import { translator } from "./text/text";

// The strategy's element wants a browser's class to stand on.
(globalThis as { HTMLElement?: unknown }).HTMLElement ??= class {};

test("a dashboard has our cards of one home, and tiles of the entities there are", async () => {
  const { dashboardOf } = await import("./strategy");
  const entities = [
    { entity_id: "sensor.price", translation_key: "clearing_price" },
    { entity_id: "sensor.other", translation_key: "of_no_use_here" },
  ];

  const { views } = dashboardOf(translator("en"), entities, "abc");

  const text = JSON.stringify(views);
  for (const card of ["status", "map", "plan", "market", "origin", "score", "votes", "gift"]) {
    assert.ok(text.includes(`custom:commonwatt-${card}-card`), card);
  }
  assert.equal(text.match(/"entry_id":"abc"/g)?.length, 8);
  assert.ok(text.includes("sensor.price") && !text.includes("sensor.other"));
});

test("a home without entities gets a dashboard without tiles", async () => {
  const { dashboardOf } = await import("./strategy");

  const { views } = dashboardOf(translator("fr"), [], undefined);

  assert.ok(!JSON.stringify(views).includes("tile"));
  assert.equal(views.length, 4);
});
