import assert from "node:assert/strict";
import { test } from "node:test";
import type { Connection, LiveEvent, Snapshot } from "./model";
import { LiveStore, storeOf } from "./store";

class FakeConnection implements Connection {
  connected = true;
  refuses = 0;
  open = 0;
  asked = 0;
  tell: (event: LiveEvent) => void = () => {};
  private readonly heard = new Map<string, Set<() => void>>();

  addEventListener(name: string, listener: () => void): void {
    this.heard.set(name, (this.heard.get(name) ?? new Set()).add(listener));
  }

  removeEventListener(name: string, listener: () => void): void {
    this.heard.get(name)?.delete(listener);
  }

  fire(name: string): void {
    for (const listener of this.heard.get(name) ?? []) listener();
  }

  async subscribeMessage<T>(callback: (message: T) => void): Promise<() => void> {
    this.asked++;
    if (this.refuses > 0) {
      this.refuses--;
      throw { code: "home_not_loaded" };
    }
    this.open++;
    this.tell = callback as (event: LiveEvent) => void;
    return () => void this.open--;
  }
}

const SNAPSHOT = { now: { at: 1 }, gifts: [] } as unknown as Snapshot;
const soon = (ms = 0) => new Promise((done) => setTimeout(done, ms));

test("all who look share one subscription, and the last one out ends it", async () => {
  const connection = new FakeConnection();
  const store = storeOf(connection, "home");
  assert.equal(storeOf(connection, "home"), store);
  const seen: string[] = [];

  const stops = ["a", "b"].map((name) => store.subscribe(({ phase }) => seen.push(`${name} ${phase}`)));
  await soon();
  connection.tell({ snapshot: SNAPSHOT });
  assert.equal(connection.open, 1);
  stops.forEach((stop) => stop());
  await soon();

  assert.equal(connection.open, 0);
  assert.deepEqual(seen, ["a connecting", "b connecting", "a live", "b live"]);
});

test("a delta replaces sections whole and leaves the others as they are", async () => {
  const connection = new FakeConnection();
  const store = new LiveStore(connection, undefined);
  store.subscribe(() => {});
  await soon();

  connection.tell({ snapshot: SNAPSHOT });
  connection.tell({ delta: { now: { at: 2 } as Snapshot["now"] } });

  assert.equal(store.state.snapshot?.now.at, 2);
  assert.equal(store.state.snapshot?.gifts, SNAPSHOT.gifts);
});

test("what is not loaded yet is asked for again until it is", async () => {
  const connection = new FakeConnection();
  connection.refuses = 2;
  const store = new LiveStore(connection, "home", 1);
  const phases: string[] = [];
  const stop = store.subscribe(({ phase }) => phases.push(phase));

  await soon(50);
  connection.tell({ snapshot: SNAPSHOT });

  assert.equal(connection.asked, 3);
  assert.deepEqual(phases, ["connecting", "missing", "missing", "live"]);
  stop();
});

test("a lost connection keeps the last picture, and comes back by itself", async () => {
  const connection = new FakeConnection();
  const store = new LiveStore(connection, "home", 1);
  store.subscribe(() => {});
  await soon();
  connection.tell({ snapshot: SNAPSHOT });

  connection.fire("disconnected");
  assert.equal(store.state.phase, "offline");
  assert.equal(store.state.snapshot, SNAPSHOT);
  connection.fire("ready");
  await soon();
  connection.tell({ snapshot: SNAPSHOT });

  assert.equal(store.state.phase, "live");
});

test("a home that is unloaded is waited for, and events of before no longer count", async () => {
  const connection = new FakeConnection();
  const store = new LiveStore(connection, "home", 1);
  store.subscribe(() => {});
  await soon();
  connection.tell({ snapshot: SNAPSHOT });
  const before = connection.tell;

  before({ closed: true });
  assert.equal(store.state.phase, "offline");
  await soon(20);
  before({ delta: { now: { at: 99 } as Snapshot["now"] } });
  assert.equal(store.state.snapshot?.now.at, 1);
  connection.tell({ snapshot: SNAPSHOT });

  assert.equal(store.state.phase, "live");
});
