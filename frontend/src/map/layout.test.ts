import assert from "node:assert/strict";
import { test } from "node:test";
import { type Frame, LabelRoom, type Point, RingLayout } from "./layout";

const WIDE: Frame = { width: 760, height: 520, node: 24, marginX: 78, marginY: 38 };
const PHONE: Frame = { width: 328, height: 460, node: 22, marginX: 20, marginY: 44 };

/** Walk along a path of M, L, Q and A commands in small steps. */
function walk(path: string): Point[] {
  const points: Point[] = [];
  let here: Point = { x: 0, y: 0 };
  for (const [, command, rest] of path.matchAll(/([MLQA])([^MLQA]*)/g)) {
    const n = (rest ?? "").trim().split(/[\s,]+/).map(Number);
    const end: Point = { x: n.at(-2) ?? 0, y: n.at(-1) ?? 0 };
    for (let step = 1; command !== "M" && step <= 40; step++) {
      points.push(along(command ?? "L", here, end, n, step / 40));
    }
    here = end;
  }
  return points;
}

function along(command: string, a: Point, b: Point, n: number[], t: number): Point {
  if (command === "L") return { x: a.x + (b.x - a.x) * t, y: a.y + (b.y - a.y) * t };
  if (command === "Q") {
    const [cx = 0, cy = 0] = n;
    const u = 1 - t;
    return { x: u * u * a.x + 2 * u * t * cx + t * t * b.x, y: u * u * a.y + 2 * u * t * cy + t * t * b.y };
  }
  const [rx = 1, ry = 1, , , sweep = 0] = n;
  const frame = CURRENT;
  const center = { x: frame.width / 2, y: frame.height / 2 };
  const from = Math.atan2((a.y - center.y) / ry, (a.x - center.x) / rx);
  let turn = Math.atan2((b.y - center.y) / ry, (b.x - center.x) / rx) - from;
  if (sweep && turn < 0) turn += 2 * Math.PI;
  if (!sweep && turn > 0) turn -= 2 * Math.PI;
  return { x: center.x + rx * Math.cos(from + turn * t), y: center.y + ry * Math.sin(from + turn * t) };
}

let CURRENT = WIDE;

for (const [name, frame, counts] of [
  ["a tablet", WIDE, [1, 2, 3, 5, 11, 15]],
  ["a phone", PHONE, [1, 2, 3, 5, 9]],
] as const) {
  test(`on ${name} no flow crosses a home, whoever trades with the middle`, () => {
    CURRENT = frame;
    for (const [count, isBusy] of counts.flatMap((one) => [[one, false], [one, true]] as const)) {
      const ids = Array.from({ length: count }, (_, index) => `h${index}`);
      const everybody = ["me", ...ids];
      for (const from of everybody) {
        for (const to of everybody.filter((id) => id !== from)) {
          const layout = new RingLayout(frame, ids, "me", isBusy ? ids : []);
          const strangers = everybody.filter((id) => id !== from && id !== to);
          for (const point of walk(layout.route(from, to).path)) {
            for (const id of strangers) {
              const home = layout.place(id);
              const distance = Math.hypot(point.x - home.x, point.y - home.y);
              assert.ok(distance >= frame.node, `${from} to ${to} of ${count} meets ${id}: ${distance}`);
            }
          }
        }
      }
    }
  });

  test(`on ${name} homes do not cover each other and stay inside`, () => {
    for (const count of counts) {
      const ids = Array.from({ length: count }, (_, index) => `h${index}`);
      const layout = new RingLayout(frame, ids, "me");
      const places = ["me", ...ids].map((id) => layout.place(id));
      places.forEach((a, index) => {
        assert.ok(a.x >= frame.node && a.x <= frame.width - frame.node);
        assert.ok(a.y >= frame.node && a.y <= frame.height - frame.node);
        for (const b of places.slice(index + 1)) {
          assert.ok(Math.hypot(a.x - b.x, a.y - b.y) >= 2 * frame.node);
        }
      });
    }
  });
}

test("flows that share a way take different tracks", () => {
  const ids = Array.from({ length: 8 }, (_, index) => `h${index}`);
  const layout = new RingLayout(WIDE, ids, "me");

  const radius = (path: string) => /A([\d.]+)/.exec(path)?.[1];
  const first = radius(layout.route("h0", "h3").path);
  const second = radius(layout.route("h1", "h2").path);
  const elsewhere = radius(layout.route("h5", "h6").path);

  assert.notEqual(first, second);
  assert.equal(first, elsewhere);
});

test("a label finds the next free place, or none", () => {
  const room = new LabelRoom();
  room.block({ x: 0, y: 0 }, 10, 10);

  assert.deepEqual(room.find([{ x: 5, y: 5 }, { x: 40, y: 0 }], 10, 10), { x: 40, y: 0 });
  assert.equal(room.find([{ x: 41, y: 1 }], 10, 10), undefined);
});

test("the name in the middle stands where fewer spokes run", () => {
  const ids = ["top", "right", "bottom", "left"];

  assert.equal(new RingLayout(WIDE, ids, "me", ["bottom", "left"]).isUpper("me"), true);
  assert.equal(new RingLayout(WIDE, ids, "me", ["top", "right"]).isUpper("me"), false);
  assert.equal(new RingLayout(WIDE, ids, "me").isUpper("me"), false);
});

test("what comes to a home from another one ends beside what comes from the middle", () => {
  const ids = ["top", "right", "bottom", "left"];
  const end = (partners: string[]) => /([\d.]+) ([\d.]+)$/.exec(new RingLayout(WIDE, ids, "me", partners).route("right", "top").path);

  assert.equal(Number(end([])?.[1]), WIDE.width / 2);
  assert.ok(Math.abs(Number(end(["top"])?.[1]) - WIDE.width / 2) > 8);
});
