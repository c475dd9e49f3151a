// One subscription for each home, shared by all that show it.
//
// Home Assistant's connection re-subscribes by itself, but too early after a restart:
// the home may not be loaded yet.  So this does it, again and again until it works.
import type { Connection, LiveEvent, Snapshot } from "./model";

export type Phase = "connecting" | "live" | "offline" | "missing";

export interface LiveState {
  phase: Phase;
  /** The last that was seen, also while offline. */
  snapshot: Snapshot | undefined;
}

type Listener = (state: LiveState) => void;

const RETRY_MS = 2000;

export class LiveStore {
  state: LiveState = { phase: "connecting", snapshot: undefined };
  private readonly listeners = new Set<Listener>();
  private stop: (() => Promise<void> | void) | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** Goes up with every attempt: answers to earlier ones no longer count. */
  private attempt = 0;

  constructor(
    private readonly connection: Connection,
    private readonly entryId: string | undefined,
    private readonly retryMs = RETRY_MS,
  ) {}

  subscribe(listener: Listener): () => void {
    if (this.listeners.size === 0) this.open();
    this.listeners.add(listener);
    listener(this.state);
    return () => {
      if (this.listeners.delete(listener) && this.listeners.size === 0) this.close();
    };
  }

  private readonly ready = () => this.begin();
  private readonly lost = () => this.set({ ...this.state, phase: "offline" });

  private open(): void {
    this.connection.addEventListener("ready", this.ready);
    this.connection.addEventListener("disconnected", this.lost);
    this.begin();
  }

  private close(): void {
    this.attempt++;
    clearTimeout(this.timer);
    this.connection.removeEventListener("ready", this.ready);
    this.connection.removeEventListener("disconnected", this.lost);
    void this.stop?.();
    this.stop = undefined;
  }

  private async begin(): Promise<void> {
    clearTimeout(this.timer);
    const attempt = ++this.attempt;
    try {
      const stop = await this.connection.subscribeMessage<LiveEvent>(
        (event) => attempt === this.attempt && this.take(event),
        this.entryId === undefined
          ? { type: "commonwatt/live" }
          : { type: "commonwatt/live", entry_id: this.entryId },
        { resubscribe: false },
      );
      if (attempt === this.attempt) this.stop = stop;
      else void stop();
    } catch {
      if (attempt === this.attempt) this.again("missing");
    }
  }

  private take(event: LiveEvent): void {
    if (event.closed) this.again("offline");
    else if (event.snapshot) this.set({ phase: "live", snapshot: event.snapshot });
    else if (event.delta && this.state.snapshot) {
      this.set({ phase: "live", snapshot: { ...this.state.snapshot, ...event.delta } });
    }
  }

  private again(phase: Phase): void {
    const known = this.state.snapshot !== undefined;
    this.set({ ...this.state, phase: known ? "offline" : phase });
    this.timer = setTimeout(() => void this.begin(), this.retryMs);
  }

  private set(state: LiveState): void {
    this.state = state;
    for (const listener of this.listeners) listener(state);
  }
}

const stores = new WeakMap<Connection, Map<string, LiveStore>>();

/** Return the store of a home; the first home there is if none is named. */
export function storeOf(connection: Connection, entryId?: string): LiveStore {
  let byHome = stores.get(connection);
  if (!byHome) stores.set(connection, (byHome = new Map()));
  const key = entryId ?? "";
  let store = byHome.get(key);
  if (!store) byHome.set(key, (store = new LiveStore(connection, entryId)));
  return store;
}
