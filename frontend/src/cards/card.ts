// What all cards share: Home Assistant's card contract, and the live picture.
import { css, html, nothing, type TemplateResult } from "lit";
import { state } from "lit/decorators.js";
import type { Context } from "../context";
import { LiveElement } from "../live-element";
import type { Hass } from "../model";
import { base, tokens } from "../styles/base";
import type { TextKey } from "../text/text";

export interface CardConfig {
  type: string;
  title?: string;
  entry_id?: string;
  [option: string]: unknown;
}

interface FormSchema {
  name: string;
  selector: Record<string, unknown>;
  required?: boolean;
}

export const cardStyles = css`
  :host {
    display: block;
    height: 100%;
  }
  ha-card {
    display: block;
    height: 100%;
    box-sizing: border-box;
    padding: 16px;
    overflow: hidden;
  }
  .head {
    margin-bottom: 10px;
  }
  .stale {
    opacity: 0.6;
  }
`;

export abstract class CommonWattCard extends LiveElement {
  static readonly shared = [tokens, base, cardStyles];

  /** The card's own part of its texts: `card_map` and `card_map_about`. */
  static readonly card: string;
  static readonly options: FormSchema[] = [];
  /** Columns of twelve, and rows where they are known. */
  static readonly grid: { columns: number | "full"; rows?: number; min_columns?: number } = { columns: 12, min_columns: 6 };

  @state() protected config: CardConfig | undefined;
  private observer: ResizeObserver | undefined;

  setConfig(config: CardConfig): void {
    if (config.entry_id !== undefined && typeof config.entry_id !== "string") {
      throw new Error("entry_id must be the id of a CommonWatt config entry");
    }
    this.config = config;
    this.show(config.entry_id);
  }

  static getStubConfig(): Omit<CardConfig, "type"> {
    return {};
  }

  static getConfigForm(): { schema: FormSchema[] } {
    const mine = (this as unknown as typeof CommonWattCard).options;
    return {
      schema: [
        { name: "title", selector: { text: {} } },
        { name: "entry_id", selector: { config_entry: { integration: "commonwatt" } } },
        ...mine,
      ],
    };
  }

  getCardSize(): number {
    return 4;
  }

  getGridOptions() {
    return (this.constructor as typeof CommonWattCard).grid;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.observer = new ResizeObserver(([entry]) => {
      this.narrow = (entry?.contentRect.width ?? 999) < 500;
    });
    this.observer.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.observer?.disconnect();
  }

  protected override render(): TemplateResult {
    const t = this.maker.words(this.hass);
    const c = this.context();
    return html`<ha-card data-phase=${this.live.phase}>
      ${this.heading(c)}
      ${c
        ? html`<div class=${c.offline ? "stale" : ""}>${c.offline ? html`<p class="small quiet">${c.t("offline", { time: c.f.moment(c.s.now.at, Date.now()) })}</p>` : nothing}${this.body(c)}</div>`
        : html`<p class="empty">${t(this.live.phase === "missing" ? "missing" : "connecting")}</p>`}
    </ha-card>`;
  }

  protected abstract body(c: Context): TemplateResult | typeof nothing;

  protected titleKey(): TextKey | undefined {
    return undefined;
  }

  protected note(_c: Context): string {
    return "";
  }

  private heading(c: Context | undefined): TemplateResult | typeof nothing {
    const key = this.titleKey();
    const title = this.config?.title ?? (key ? this.maker.words(this.hass)(key) : "");
    const note = c ? this.note(c) : "";
    if (!title && !note) return nothing;
    return html`<div class="head"><h2>${title}</h2>${note ? html`<span class="small quiet num">${note}</span>` : nothing}</div>`;
  }
}

/** Which of our entities a card goes with, by their translation key. */
export function suggestion(type: string, keys: readonly string[]) {
  return (hass: Hass, entityId: string) => {
    const entity = hass.entities?.[entityId];
    const isOurs = entity?.platform === "commonwatt" && keys.includes(entity.translation_key ?? "");
    return isOurs ? { config: { type: `custom:${type}` } } : null;
  };
}
