// The neighbours' price of the last day, between what the grid asks and what it pays.
import { css, html, nothing, svg, type SVGTemplateResult, type TemplateResult } from "lit";
import { linear, type Scale, stepPath } from "../chart/scale";
import { LEFT, RIGHT, type Sheet, TimeChart, timeScale } from "../chart/time-chart";
import type { Context } from "../context";
import { MICRO, plain } from "../format";
import type { DayRow } from "../model";

const PERIOD_MS = 900_000;
const DAY_MS = 96 * PERIOD_MS;
const TOP = 12;
const HEIGHT = 190;
const BARS = 56;

export class CommonWattPriceChart extends TimeChart {
  static override styles = [
    ...TimeChart.shared,
    css`
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
    `,
  ];

  private rows: DayRow[] = [];

  protected override render(): TemplateResult | typeof nothing {
    const c = this.context;
    this.rows = withGaps(c?.s.market.days ?? []);
    if (!c || !this.rows.some((row) => row[1] != null)) return nothing;
    const end = (this.rows.at(-1)?.[0] ?? 0) + PERIOD_MS;
    const sheet: Sheet = {
      width: c.narrow ? 344 : 720,
      height: TOP + HEIGHT + BARS + 44,
      bounds: [...this.rows.map((row) => row[0]), end],
      start: end - DAY_MS,
      end,
      resting: this.rows.length - 1,
    };
    const drawing = svg`${this.prices(c, sheet)}
      ${this.hours(c, sheet, sheet.height - 4, c.narrow ? 6 : 3)}
      ${this.energies(timeScale(sheet), TOP + HEIGHT + 14 + BARS / 2, sheet.width)}
      ${this.pointer(sheet, TOP, sheet.height - 18)}`;
    return html`${this.framed(c, c.t("market_chart"), sheet, drawing)}
      <div class="small quiet">▲ ${c.t("market_sold")} · ▼ ${c.t("market_bought")}</div>`;
  }

  private prices(c: Context, sheet: Sheet): SVGTemplateResult {
    const { import_micro: ask, feed_in_micro: pay } = c.s.now;
    const known = [...this.rows.map((row) => row[1]), ask, pay].filter((price): price is number => price != null);
    const [low, high] = [Math.min(0, ...known), Math.max(...known) * 1.08];
    const y = linear([low, high], [TOP + HEIGHT, TOP]);
    const inUnits = (price: number) => y(price * MICRO);
    return svg`
      ${ask == null || pay == null ? nothing : svg`<rect class="between" x=${LEFT} width=${sheet.width - LEFT - RIGHT} y=${y(ask)} height=${Math.max(0, y(pay) - y(ask))}></rect>`}
      ${this.rules(inUnits, [low / MICRO, high / MICRO], 5, sheet, (price) => c.f.price(price * MICRO).value)}
      ${([["market_import", ask, -6], ["market_feed_in", pay, 15]] as const).map(([key, price, dy]) => price == null ? nothing : svg`
        <line class="grid" x1=${LEFT} x2=${sheet.width - RIGHT} y1=${y(price)} y2=${y(price)}></line>
        <text x=${LEFT + 6} y=${y(price) + dy}>${c.t(key)} ${plain(c.f.price(price))}</text>`)}
      <path class="price" d=${stepPath(sheet.bounds, this.rows.map((row) => row[1]), timeScale(sheet), y)}></path>`;
  }

  /** What I sold, upwards, and bought, downwards. */
  private energies(x: Scale, zero: number, width: number): SVGTemplateResult {
    const most = Math.max(1, ...this.rows.flatMap((row) => [row[2] ?? 0, row[3] ?? 0]));
    const size = (wh: number) => (wh / most) * (BARS / 2);
    const bar = Math.max(1, x(PERIOD_MS) - x(0) - 1);
    return svg`<line class="rule" x1=${LEFT} x2=${width - RIGHT} y1=${zero} y2=${zero}></line>
      ${this.rows.map(([start, , bought, sold]) => svg`
        ${sold ? svg`<rect class="sold" x=${x(start)} width=${bar} y=${zero - size(sold)} height=${size(sold)}></rect>` : nothing}
        ${bought ? svg`<rect class="bought" x=${x(start)} width=${bar} y=${zero} height=${size(bought)}></rect>` : nothing}`)}`;
  }

  protected override words(c: Context, step: number): string[] {
    const [, price, bought, sold] = this.rows[step] ?? [];
    return [
      price == null ? c.t("no_trade") : plain(c.f.price(price)),
      ...(sold ? [`▲ ${plain(c.f.energy(sold))} ${c.t("market_sold")}`] : []),
      ...(bought ? [`▼ ${plain(c.f.energy(bought))} ${c.t("market_bought")}`] : []),
    ];
  }
}

/** A row for every period from the first to the last: one that was missed stays empty. */
export function withGaps(days: readonly DayRow[]): DayRow[] {
  const known = new Map(days.map((row) => [row[0], row]));
  const [first, last] = [days[0]?.[0] ?? 0, days.at(-1)?.[0] ?? -PERIOD_MS];
  const rows: DayRow[] = [];
  for (let at = first; at <= last; at += PERIOD_MS) rows.push(known.get(at) ?? [at, null, null, null, null]);
  return rows;
}
