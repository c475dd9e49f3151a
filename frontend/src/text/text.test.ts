import assert from "node:assert/strict";
import { test } from "node:test";
import en from "./en.json";
import fr from "./fr.json";
import { isLoaded, list, load, named, translator } from "./text";

const places = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();

test("both languages say the same things with the same values", () => {
  assert.deepEqual(Object.keys(fr).sort(), Object.keys(en).sort());
  for (const key of Object.keys(en) as (keyof typeof en)[]) {
    assert.deepEqual(places(fr[key]), places(en[key]), key);
  }
});

test("French comes when it is asked for, English stands in until then", async () => {
  assert.equal(translator("fr-CH")("give"), en.give);
  assert.equal(isLoaded("fr-CH"), false);

  await load("fr-CH");

  assert.equal(translator("fr-CH")("give"), fr.give);
  assert.equal(isLoaded("fr"), true);
});

test("a language nobody wrote is English", async () => {
  assert.equal(isLoaded("xx"), true);
  await load("xx");
  assert.equal(translator("xx")("rest_homes", { count: 3 }), "3 more");
});

test("names the words do not know are shown as they are", () => {
  const t = translator("en");
  assert.equal(named(t, "source", "wind"), "Wind");
  assert.equal(named(t, "source", "tidal_power"), "tidal power");
});

test("lists read like speech", () => {
  const t = translator("en");
  assert.deepEqual(
    [["A"], ["A", "B"], ["A", "B", "C", "D"]].map((names) => list(t, names)),
    ["A", "A and B", "A, B and 2 more"],
  );
});
