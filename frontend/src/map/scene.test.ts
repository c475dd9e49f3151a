import assert from "node:assert/strict";
import { test } from "node:test";
import type { Home, Link } from "../model";
import { REST, sceneOf } from "./scene";

const ROOM = { homes: 15, arrows: 12 };

function home(id: string, me = false): Home {
  return { id, name: id, kind: "home", me, power_w: null, online: true };
}

function street(count: number): Home[] {
  return Array.from({ length: count }, (_, index) => home(`h${index}`, index === 0));
}

test("twelve homes all have a place of their own", () => {
  const scene = sceneOf(street(12), [["h3", "h0", 250, 185_000]], ROOM);

  assert.equal(scene.me?.id, "h0");
  assert.equal(scene.ring.length, 11);
  assert.equal(scene.restCount, 0);
  assert.deepEqual(scene.arrows, [{ from: "h3", to: "h0", energyWh: 250, mine: true }]);
});

test("of two hundred homes those I trade with come first, the rest is folded", () => {
  const links: Link[] = Array.from({ length: 150 }, (_, index) => [`h${index + 1}`, `h${index + 40}`, 900, null]);
  links.push(["h0", "h199", 5, null], ["h198", "h0", 7, null]);

  const scene = sceneOf(street(200), links, ROOM);

  const ring = scene.ring.map((one) => one.id);
  assert.equal(ring.length, ROOM.homes - 1);
  assert.ok(ring.includes("h198") && ring.includes("h199"));
  assert.equal(scene.restCount, 199 - ring.length);
  assert.ok(scene.arrows.length <= ROOM.arrows);
  assert.deepEqual(scene.arrows.slice(0, 2).map((arrow) => arrow.mine), [true, true]);
});

test("what folded homes exchange with shown ones adds up to one flow", () => {
  const homes = street(30);
  const links: Link[] = homes.slice(20).map((one) => [one.id, "h0", 10, null]);
  links.push(["h1", "h0", 500, null]);

  const scene = sceneOf(homes, links, { homes: 4, arrows: 9 });

  const total = scene.arrows.reduce((sum, arrow) => sum + arrow.energyWh, 0);
  assert.equal(total, 600);
  assert.equal(scene.arrows.filter((arrow) => arrow.from === REST).length, 1);
});

test("flows among folded homes are counted, not drawn", () => {
  const scene = sceneOf(street(30), [["h28", "h29", 10, null], ["h1", "h0", 5, null]], { homes: 3, arrows: 9 });
  const drawn = scene.arrows.filter((arrow) => arrow.from !== REST || arrow.to !== REST);

  assert.equal(drawn.length, scene.arrows.length);
  assert.equal(scene.arrows.length + scene.hiddenArrows, 2);
});

test("a home without neighbours is a scene, too", () => {
  const scene = sceneOf([home("h0", true)], [], ROOM);

  assert.deepEqual([scene.ring, scene.arrows, scene.restCount], [[], [], 0]);
});
