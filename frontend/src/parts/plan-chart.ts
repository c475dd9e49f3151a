// The plan as a picture: sources up, uses down, stored energy and price on their own
// scales below, and a line where now is. Arrow keys move through it and say what is there.
import { css, html, nothing, svg, type SVGTemplateResult, type TemplateResult } from "lit";
import { property } from "lit/decorators.js";
import { extent, type Layer, type Series, seriesOf, stacked } from "../chart/plan-series";
import { bandPath, linear, type Scale, stepAt, stepPath } from "../chart/scale";
import { LEFT, RIGHT, type Sheet, TimeChart, timeScale } from "../chart/time-chart";
import type { Context } from "../context";
import { plain } from "../format";
import type { Plan, PlanAsset } from "../model";

const HOUR_MS = 3_600_000;
const STACK = { top: 8, height: 210 };
const STRIP = 54;
const GAP = 26;

export class CommonWattPlanChart extends TimeChart {
  static override styles = [
    ...TimeChart.shared,
    css`
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
    `,
  ];

  @property({ type: Number }) hoursShown = 48;
  protected override readonly page = 8;
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
    const stores = plan.assets.filter((asset) => asset.kind === "battery" && asset.capacity_wh);
    const socTop = STACK.top + STACK.height + GAP + 14;
    const priceTop = socTop + (stores.length > 0 ? STRIP + GAP + 6 : 0);
    const hasPrices = plan.price_micro.some((price) => price != null);
    const start = plan.boundaries[0] ?? 0;
    const sheet: Sheet = {
      width: c.narrow ? 344 : 1000,
      height: (hasPrices ? priceTop + STRIP : priceTop - GAP) + 8,
      bounds: plan.boundaries,
      start,
      end: Math.min(plan.boundaries.at(-1) ?? 0, start + this.hoursShown * HOUR_MS),
      resting: stepAt(plan.boundaries, c.s.now.at),
    };
    const x = timeScale(sheet);
    const drawing = svg`
      <defs><clipPath id="frame"><rect x=${LEFT} y="0" width=${sheet.width - LEFT - RIGHT} height=${sheet.height}></rect></clipPath></defs>
      ${this.stack(c, plan, x, sheet)}
      ${stores.length > 0 ? this.stored(c, plan, stores, x, socTop, sheet.width) : nothing}
      ${hasPrices ? this.prices(c, plan, x, priceTop, sheet.width) : nothing}
      ${this.now(c, x, sheet)}${this.pointer(sheet, 0, sheet.height - 8)}`;
    return html`${this.framed(c, c.t("plan_chart"), sheet, drawing)}
      <div class="legend">${this.layers.map((layer) => html`<span><span class="dot" style="background:${this.tone(layer)}"></span>${layer.up ? "▲" : "▼"} ${seriesName(c, layer)}</span>`)}</div>`;
  }

  private stack(c: Context, plan: Plan, x: Scale, sheet: Sheet): SVGTemplateResult[] {
    const [low, high] = extent(this.layers);
    const bottom = STACK.top + STACK.height;
    const y = linear([low, high], [bottom, STACK.top]);
    const kilowatts = (watts: number) => c.f.number(Math.abs(watts) / 1000, watts % 1000 ? 1 : 0);
    const bands = this.layers.map(
      (layer) => svg`<path clip-path="url(#frame)" fill=${this.tone(layer)} d=${bandPath(plan.boundaries, layer.low, layer.high, x, y)}></path>`,
    );
    return [
      svg`<text x="0" y=${STACK.top + 4}>kW</text>`,
      ...this.rules(y, [low, high], 5, sheet, kilowatts),
      ...bands,
      ...this.hours(c, sheet, bottom + 16, c.narrow ? 12 : 6),
    ];
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

  private now(c: Context, x: Scale, sheet: Sheet): SVGTemplateResult {
    const at = x(Math.max(c.s.now.at, sheet.start));
    return svg`<line class="now" x1=${at} x2=${at} y1="0" y2=${sheet.height - 8}></line>
      <text class="nowtext" x=${at + 5} y=${STACK.top + 4}>${c.t("plan_now")}</text>`;
  }

  private tone(layer: Layer): string {
    const appliances = this.layers.filter((one) => one.tone === "appliance").map((one) => one.key);
    return tone(layer, appliances.indexOf(layer.key));
  }

  protected override words(c: Context, step: number): string[] {
    return this.layers
      .filter((layer) => (layer.watts[step] ?? 0) >= 10)
      .map((layer) => `${layer.up ? "▲" : "▼"} ${seriesName(c, layer)} ${plain(c.f.power(layer.watts[step]))}`);
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
