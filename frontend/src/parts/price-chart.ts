// The neighbours' price of the last day, between what the grid asks and what it pays.
import { css, html, LitElement, nothing, svg, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { hoursBetween, linear, stepPath, ticks } from "../chart/scale";
import type { Context } from "../context";
import { MICRO, plain } from "../format";
import type { DayRow } from "../model";
import { base, tokens } from "../styles/base";

const PERIOD_MS = 900_000;
const DAY_MS = 96 * PERIOD_MS;
/** No hour is written so close to an edge that it would not fit. */
const EDGE_MS = 3 * PERIOD_MS;
const LEFT = 44;
const RIGHT = 10;
const TOP = 12;
const HEIGHT = 190;
const BARS = 56;

export class CommonWattPriceChart extends LitElement {
  static override styles = [
    tokens,
    base,
    css`
      :host {
        display: block;
      }
      svg {
        display: block;
        width: 100%;
        height: auto;
        touch-action: pan-y;
        border-radius: 4px;
      }
      text {
        font-family: inherit;
        font-size: 11px;
        fill: var(--cw-quiet);
        font-variant-numeric: tabular-nums;
      }
      .end {
        text-anchor: end;
      }
      .middle {
        text-anchor: middle;
      }
      .rule {
        stroke: var(--cw-line);
      }
      .between {
        fill: var(--cw-tint);
      }
      .grid {
        stroke: var(--cw-quiet);
        stroke-dasharray: 5 4;
      }
      .price {
        fill: none;
        stroke: var(--cw-accent);
        stroke-width: 2.5;
      }
      .bought {
        fill: var(--cw-grid);
      }
      .sold {
        fill: var(--cw-accent);
      }
      .cursor {
        stroke: var(--cw-text);
        stroke-dasharray: 3 3;
      }
      .readout {
        font-size: 13px;
        line-height: 20px;
        min-height: 20px;
        margin-bottom: 8px;
        color: var(--cw-quiet);
        font-variant-numeric: tabular-nums;
      }
      .readout b {
        color: var(--cw-text);
        font-weight: 500;
      }
    `,
  ];

  @property({ attribute: false }) context?: Context;
  @property({ type: Boolean, reflect: true }) dark = false;
  @state() private cursor: number | undefined;

  protected override render(): TemplateResult | typeof nothing {
    const c = this.context;
    const rows = c?.s.market.days ?? [];
    if (!c || !rows.some((row) => row[1] != null)) return nothing;
    const width = c.narrow ? 344 : 720;
    const end = (rows.at(-1)?.[0] ?? 0) + PERIOD_MS;
    const start = end - DAY_MS;
    const x = linear([start, end], [LEFT, width - RIGHT]);
    const { import_micro: ask, feed_in_micro: pay } = c.s.now;
    const prices = rows.map((row) => row[1]).filter((price): price is number => price != null);
    const all = [...prices, ...[ask, pay].filter((price): price is number => price != null)];
    const y = linear([Math.min(0, ...all), Math.max(...all) * 1.08], [TOP + HEIGHT, TOP]);
    const bounds = [...rows.map((row) => row[0]), end];
    const index = this.cursor ?? rows.length - 1;
    const row = rows[index];
    const height = TOP + HEIGHT + BARS + 44;
    return html`<div class="readout" aria-live=${this.cursor === undefined ? "off" : "polite"}>${row ? this.readout(c, row) : nothing}</div>
      <svg viewBox="0 0 ${width} ${height}" role="slider" tabindex="0" aria-label=${c.t("market_chart")}
        aria-valuemin="0" aria-valuemax=${rows.length - 1} aria-valuenow=${index}
        aria-valuetext=${row ? this.parts(c, row).join(", ") : ""}
        @keydown=${this.pressed}
        @pointermove=${(event: PointerEvent) => this.pointed(event, rows, width, start, end)}
        @pointerleave=${() => (this.cursor = undefined)}
        @blur=${() => (this.cursor = undefined)}>
        ${ask == null || pay == null ? nothing : svg`<rect class="between" x=${LEFT} width=${width - LEFT - RIGHT} y=${y(ask)} height=${Math.max(0, y(pay) - y(ask))}></rect>`}
        ${ticks(Math.min(0, ...all) / MICRO, (Math.max(...all) * 1.08) / MICRO, 5).map((price) => svg`
          <line class="rule" x1=${LEFT} x2=${width - RIGHT} y1=${y(price * MICRO)} y2=${y(price * MICRO)}></line>
          <text class="end" x=${LEFT - 6} y=${y(price * MICRO) + 4}>${c.f.price(price * MICRO).value}</text>`)}
        ${([["market_import", ask, -6], ["market_feed_in", pay, 15]] as const).map(([key, price, dy]) => price == null ? nothing : svg`
          <line class="grid" x1=${LEFT} x2=${width - RIGHT} y1=${y(price)} y2=${y(price)}></line>
          <text x=${LEFT + 6} y=${y(price) + dy}>${c.t(key)} ${plain(c.f.price(price))}</text>`)}
        <path class="price" d=${stepPath(bounds, rows.map((one) => one[1]), x, y)}></path>
        ${hoursBetween(start + EDGE_MS, end - EDGE_MS, c.narrow ? 6 : 3, (at) => c.f.hour(at)).map((at) => svg`
          <text class="middle" x=${x(at)} y=${height - 4}>${c.f.time(at)}</text>`)}
        ${this.energies(rows, x, TOP + HEIGHT + 14 + BARS / 2, width)}
        ${row && this.cursor !== undefined ? svg`<line class="cursor" x1=${x(row[0] + PERIOD_MS / 2)} x2=${x(row[0] + PERIOD_MS / 2)} y1=${TOP} y2=${height - 18}></line>` : nothing}
      </svg>
      <div class="small quiet">▲ ${c.t("market_sold")} · ▼ ${c.t("market_bought")}</div>`;
  }

  /** What I sold, upwards, and bought, downwards. */
  private energies(rows: DayRow[], x: (at: number) => number, zero: number, width: number) {
    const most = Math.max(1, ...rows.flatMap((row) => [row[2] ?? 0, row[3] ?? 0]));
    const size = (wh: number) => (wh / most) * (BARS / 2);
    const bar = Math.max(1, x(PERIOD_MS) - x(0) - 1);
    return svg`<line class="rule" x1=${LEFT} x2=${width - RIGHT} y1=${zero} y2=${zero}></line>
      ${rows.map(([start, , bought, sold]) => svg`
        ${sold ? svg`<rect class="sold" x=${x(start)} width=${bar} y=${zero - size(sold)} height=${size(sold)}></rect>` : nothing}
        ${bought ? svg`<rect class="bought" x=${x(start)} width=${bar} y=${zero} height=${size(bought)}></rect>` : nothing}`)}`;
  }

  private parts(c: Context, [start, price, bought, sold]: DayRow): string[] {
    return [
      c.f.moment(start, c.s.now.at),
      price == null ? c.t("no_trade") : plain(c.f.price(price)),
      ...(sold ? [`▲ ${plain(c.f.energy(sold))} ${c.t("market_sold")}`] : []),
      ...(bought ? [`▼ ${plain(c.f.energy(bought))} ${c.t("market_bought")}`] : []),
    ];
  }

  private readout(c: Context, row: DayRow): TemplateResult {
    const [when, ...rest] = this.parts(c, row);
    return html`<b>${when}</b> ${rest.join(" · ")}`;
  }

  private pressed(event: KeyboardEvent): void {
    const count = this.context?.s.market.days.length ?? 0;
    const move = { ArrowLeft: -1, ArrowRight: 1, PageDown: 4, PageUp: -4, Home: -count, End: count }[event.key];
    if (move === undefined || count === 0) return;
    event.preventDefault();
    this.cursor = Math.min(count - 1, Math.max(0, (this.cursor ?? count - 1) + move));
  }

  private pointed(event: PointerEvent, rows: DayRow[], width: number, start: number, end: number): void {
    const box = (event.currentTarget as Element).getBoundingClientRect();
    const at = linear([LEFT, width - RIGHT], [start, end])(((event.clientX - box.left) / box.width) * width);
    const index = rows.findIndex((row) => at >= row[0] && at < row[0] + PERIOD_MS);
    this.cursor = index < 0 ? undefined : index;
  }
}
