// The plan as a picture: sources up, uses down, stored energy and price on their own
// scales below, and a line where now is. Arrow keys move through it and say what is there.
import { css, html, LitElement, nothing, svg, type SVGTemplateResult, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { extent, type Layer, type Series, seriesOf, stacked, stepAt } from "../chart/plan-series";
import { bandPath, hoursBetween, linear, type Scale, stepPath, ticks } from "../chart/scale";
import type { Context } from "../context";
import { plain } from "../format";
import type { Plan, PlanAsset } from "../model";
import { base, tokens } from "../styles/base";

const HOUR_MS = 3_600_000;
const LEFT = 44;
const RIGHT = 10;
const STACK = { top: 8, height: 210 };
const STRIP = 54;
const GAP = 26;

export class CommonWattPlanChart extends LitElement {
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
        stroke-width: 1;
      }
      .zero {
        stroke: var(--cw-quiet);
        stroke-width: 1;
      }
      .now {
        stroke: var(--cw-text);
        stroke-width: 1.5;
      }
      .nowtext {
        fill: var(--cw-text);
        font-weight: 500;
      }
      .cursor {
        stroke: var(--cw-accent);
        stroke-width: 1.5;
        stroke-dasharray: 3 3;
      }
      .soc {
        fill: none;
        stroke: var(--cw-battery-out);
        stroke-width: 2;
      }
      .socfill {
        fill: var(--cw-battery-out);
        fill-opacity: 0.15;
      }
      .price {
        fill: none;
        stroke: var(--cw-text);
        stroke-width: 1.75;
      }
      .title {
        font-weight: 500;
        fill: var(--cw-text);
      }
      .legend {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 16px;
        margin-top: 12px;
        font-size: 13px;
        line-height: 20px;
      }
      .legend span {
        display: inline-flex;
        align-items: center;
        gap: 6px;
      }
      .dot {
        width: 10px;
        height: 10px;
        border-radius: 3px;
        flex: none;
      }
      .readout {
        min-height: 20px;
        margin-bottom: 8px;
        font-size: 13px;
        line-height: 20px;
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
  @property({ type: Number }) hours = 48;
  @property({ type: Boolean, reflect: true }) dark = false;
  @state() private cursor: number | undefined;
  private drawnPlan: Plan | undefined;
  private layers: Layer[] = [];

  protected override render(): TemplateResult | typeof nothing {
    const c = this.context;
    const plan = c?.s.plan;
    if (!c || !plan || plan.boundaries.length < 2) return nothing;
    if (plan !== this.drawnPlan) {
      this.drawnPlan = plan;
      this.layers = stacked(seriesOf(plan));
    }
    const width = c.narrow ? 344 : 1000;
    const start = plan.boundaries[0] ?? 0;
    const end = Math.min(plan.boundaries.at(-1) ?? 0, start + this.hours * HOUR_MS);
    const x = linear([start, end], [LEFT, width - RIGHT]);
    const stores = plan.assets.filter((asset) => asset.kind === "battery" && asset.capacity_wh);
    const socTop = STACK.top + STACK.height + GAP + 14;
    const priceTop = socTop + (stores.length > 0 ? STRIP + GAP + 6 : 0);
    const hasPrices = plan.price_micro.some((price) => price != null);
    const height = (hasPrices ? priceTop + STRIP : priceTop - GAP) + 8;
    const selected = this.cursor ?? stepAt(plan.boundaries, c.s.now.at);
    return html`<div class="readout" aria-live=${this.cursor === undefined ? "off" : "polite"} data-test="readout">${this.readout(c, plan, selected)}</div>
      <svg
        viewBox="0 0 ${width} ${height}"
        role="slider"
        tabindex="0"
        aria-label=${c.t("plan_chart")}
        aria-valuemin="0"
        aria-valuemax=${plan.boundaries.length - 2}
        aria-valuenow=${selected}
        aria-valuetext=${this.spoken(c, plan, selected)}
        @keydown=${this.pressed}
        @pointermove=${(event: PointerEvent) => this.pointed(event, plan, width, start, end)}
        @pointerleave=${() => (this.cursor = undefined)}
        @blur=${() => (this.cursor = undefined)}
      >
        <defs><clipPath id="frame"><rect x=${LEFT} y="0" width=${width - LEFT - RIGHT} height=${height}></rect></clipPath></defs>
        ${this.stack(c, plan, x, start, end, width)}
        ${stores.length > 0 ? this.stored(c, plan, stores, x, socTop, width) : nothing}
        ${hasPrices ? this.prices(c, plan, x, priceTop, width) : nothing}
        ${this.marks(c, plan, x, height)}
      </svg>
      <div class="legend">${this.layers.map((layer) => html`<span><span class="dot" style="background:${this.tone(layer)}"></span>${layer.up ? "▲" : "▼"} ${seriesName(c, layer)}</span>`)}</div>`;
  }

  private stack(c: Context, plan: Plan, x: Scale, start: number, end: number, width: number): SVGTemplateResult[] {
    const [low, high] = extent(this.layers);
    const y = linear([low, high], [STACK.top + STACK.height, STACK.top]);
    const rules = ticks(low, high, 5).map(
      (watts) => svg`<line class=${watts === 0 ? "zero" : "rule"} x1=${LEFT} x2=${width - RIGHT} y1=${y(watts)} y2=${y(watts)}></line>
        <text class="end" x=${LEFT - 6} y=${y(watts) + 4}>${c.f.number(Math.abs(watts) / 1000, Math.abs(watts) % 1000 ? 1 : 0)}</text>`,
    );
    const bands = this.layers.map(
      (layer) => svg`<path clip-path="url(#frame)" fill=${this.tone(layer)} d=${bandPath(plan.boundaries, layer.low, layer.high, x, y)}></path>`,
    );
    const step = c.narrow ? 12 : 6;
    const hours = hoursBetween(start + HOUR_MS, end - HOUR_MS, step, (at) => c.f.hour(at)).map(
      (at) => svg`<text class="middle" x=${x(at)} y=${STACK.top + STACK.height + 16}>${c.f.hour(at) === 0 ? c.f.day(at) : c.f.time(at)}</text>`,
    );
    return [svg`<text x="0" y=${STACK.top + 4}>kW</text>`, ...rules, ...bands, ...hours];
  }

  private stored(c: Context, plan: Plan, stores: PlanAsset[], x: Scale, top: number, width: number): SVGTemplateResult[] {
    const y = linear([0, 1], [top + STRIP, top]);
    const capacity = stores.reduce((sum, store) => sum + (store.capacity_wh ?? 0), 0) || 1;
    const filled = plan.net_w.map((_, step) => stores.reduce((sum, store) => sum + (store.stored_wh[step] ?? 0), 0) / capacity);
    return [
      this.strip(c.t("plan_stored"), top, width),
      ...[0, 1].map((part) => svg`<text class="end" x=${LEFT - 6} y=${y(part) + 4}>${c.f.percent(part * 1_000_000)}</text>`),
      svg`<path class="socfill" clip-path="url(#frame)" d=${bandPath(plan.boundaries, filled.map(() => 0), filled, x, y)}></path>
        <path class="soc" clip-path="url(#frame)" d=${stepPath(plan.boundaries, filled, x, y)}></path>`,
    ];
  }

  private prices(c: Context, plan: Plan, x: Scale, top: number, width: number): SVGTemplateResult[] {
    const known = plan.price_micro.filter((price): price is number => price != null);
    const high = Math.max(...known) * 1.1 || 1;
    const y = linear([Math.min(0, ...known), high], [top + STRIP, top]);
    const label = c.f.price(known[0]);
    const same = known.every((price) => price === known[0]);
    const marks = same ? known.slice(0, 1) : [Math.min(...known), Math.max(...known)];
    return [
      this.strip(`${c.t("plan_price")} (${label.unit})`, top, width),
      ...marks.map((micro) => svg`<text class="end" x=${LEFT - 6} y=${y(micro) + 4}>${c.f.price(micro).value}</text>`),
      svg`<path class="price" clip-path="url(#frame)" d=${stepPath(plan.boundaries, plan.price_micro, x, y)}></path>`,
    ];
  }

  private strip(title: string, top: number, width: number): SVGTemplateResult {
    return svg`<text class="title" x=${LEFT + 8} y=${top - 6}>${title}</text>
      <line class="rule" x1=${LEFT} x2=${width - RIGHT} y1=${top + STRIP} y2=${top + STRIP}></line>`;
  }

  private marks(c: Context, plan: Plan, x: Scale, height: number): SVGTemplateResult[] {
    const now = Math.max(c.s.now.at, plan.boundaries[0] ?? 0);
    const marks = [
      svg`<line class="now" x1=${x(now)} x2=${x(now)} y1="0" y2=${height - 8}></line>
        <text class="nowtext" x=${x(now) + 5} y=${STACK.top + 4}>${c.t("plan_now")}</text>`,
    ];
    const step = this.cursor;
    if (step !== undefined) {
      const from = plan.boundaries[step] ?? 0;
      const middle = x((from + (plan.boundaries[step + 1] ?? from)) / 2);
      marks.push(svg`<line class="cursor" x1=${middle} x2=${middle} y1="0" y2=${height - 8}></line>`);
    }
    return marks;
  }

  private tone(layer: Layer): string {
    const appliances = this.layers.filter((one) => one.tone === "appliance").map((one) => one.key);
    return tone(layer, appliances.indexOf(layer.key));
  }

  private readout(c: Context, plan: Plan, step: number): TemplateResult {
    const at = plan.boundaries[step] ?? 0;
    return html`<b>${c.f.moment(at, c.s.now.at)}</b> ${this.parts(c, step).join(" · ")}`;
  }

  private spoken(c: Context, plan: Plan, step: number): string {
    return `${c.f.moment(plan.boundaries[step] ?? 0, c.s.now.at)}: ${this.parts(c, step).join(", ")}`;
  }

  private parts(c: Context, step: number): string[] {
    return this.layers
      .filter((layer) => (layer.watts[step] ?? 0) >= 10)
      .map((layer) => `${layer.up ? "▲" : "▼"} ${seriesName(c, layer)} ${plain(c.f.power(layer.watts[step]))}`);
  }

  private pressed(event: KeyboardEvent): void {
    const plan = this.context?.s.plan;
    const move = { ArrowLeft: -1, ArrowRight: 1, PageDown: 8, PageUp: -8, Home: -10_000, End: 10_000 }[event.key];
    if (!plan || move === undefined) return;
    event.preventDefault();
    const here = this.cursor ?? stepAt(plan.boundaries, this.context?.s.now.at ?? 0);
    this.cursor = Math.min(plan.boundaries.length - 2, Math.max(0, here + move));
  }

  private pointed(event: PointerEvent, plan: Plan, width: number, start: number, end: number): void {
    const box = (event.currentTarget as Element).getBoundingClientRect();
    const at = linear([LEFT, width - RIGHT], [start, end])(((event.clientX - box.left) / box.width) * width);
    this.cursor = at < start || at > end ? undefined : stepAt(plan.boundaries, at);
  }
}

function seriesName(c: Context, series: Series): string {
  switch (series.tone) {
    case "in":
      return c.t("series_in", { name: series.name });
    case "out":
      return c.t("series_out", { name: series.name });
    case "appliance":
      return series.name;
    default:
      return c.t(`series_${series.tone}`);
  }
}

const TONES: Record<string, string> = {
  solar: "var(--cw-solar)",
  load: "color-mix(in srgb, var(--cw-quiet) 55%, var(--cw-card))",
  grid_in: "var(--cw-grid)",
  grid_out: "var(--cw-grid-out)",
  in: "var(--cw-battery-in)",
  out: "var(--cw-battery-out)",
};
const APPLIANCES = ["#8d6e63", "#607d8b", "#bcaaa4", "#455a64"];

function tone(series: Series, appliance: number): string {
  const known = TONES[series.tone];
  if (known && !/charger|car/.test(series.key)) return known;
  if (known) return series.tone === "in" ? "#26a69a" : "#80cbc4";
  return APPLIANCES[appliance % APPLIANCES.length] ?? "#8d6e63";
}
