// An element that lives on the shared subscription, and draws only when it must:
// Home Assistant hands over a new `hass` with every state change in the house.
import { LitElement, type PropertyValues } from "lit";
import { property, state } from "lit/decorators.js";
import { type Context, ContextMaker, localeOf } from "./context";
import type { Hass } from "./model";
import { isLoaded, load } from "./text/text";
import { type LiveState, type LiveStore, storeOf } from "./store";

export abstract class LiveElement extends LitElement {
  @state() protected live: LiveState = { phase: "connecting", snapshot: undefined };
  /** What of `hass` the drawing depends on: a new one is no reason by itself. */
  @state() protected drawn = "";
  @property({ type: Boolean, reflect: true }) narrow = false;
  @property({ type: Boolean, reflect: true }) dark = false;
  protected readonly maker = new ContextMaker();
  private current: Hass | undefined;
  private wanted: string | undefined;
  private unsubscribe: (() => void) | undefined;
  private store: LiveStore | undefined;

  set hass(hass: Hass) {
    const isFirst = this.current === undefined;
    this.current = hass;
    this.dark = hass.themes?.darkMode ?? false;
    const locale = localeOf(hass);
    this.drawn = [...Object.values(locale), this.dark].join();
    if (!isLoaded(locale.language)) void load(locale.language).then(() => this.requestUpdate("drawn"));
    if (isFirst) this.follow();
  }

  get hass(): Hass {
    return this.current as Hass;
  }

  /** Which home to show; the first there is if none is named. */
  protected show(entryId: string | undefined): void {
    if (entryId === this.wanted) return;
    this.wanted = entryId;
    this.follow();
  }

  protected get shownEntry(): string | undefined {
    return this.wanted ?? this.live.snapshot?.home.entry_id;
  }

  protected context(): Context | undefined {
    return this.current && this.maker.make(this.current, this.live, this.narrow);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.follow();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.unfollow();
  }

  protected override shouldUpdate(changed: PropertyValues): boolean {
    return this.current !== undefined && changed.size > 0;
  }

  private follow(): void {
    if (!this.isConnected || !this.current) return;
    const store = storeOf(this.current.connection, this.wanted);
    if (store === this.store && this.unsubscribe) return;
    this.unfollow();
    this.store = store;
    this.unsubscribe = store.subscribe((live) => (this.live = live));
  }

  private unfollow(): void {
    this.unsubscribe?.();
    this.unsubscribe = undefined;
  }
}
