// What charts over time share: the axis of hours, a cursor for mouse, finger and arrow
// keys, and what stands under it, in words for eyes and for screen readers.
import { css, html, LitElement, nothing, svg, type SVGTemplateResult, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import type { Context } from "../context";
import { base, tokens } from "../styles/base";
import { hoursBetween, linear, type Scale, stepAt, ticks } from "./scale";

export const LEFT = 44;
export const RIGHT = 10;

export const timeStyles = css`
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
  .cursor {
    stroke: var(--cw-text);
    stroke-width: 1.5;
    stroke-dasharray: 3 3;
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
`;

/** The paper a chart is drawn on: how large it is, and which time it shows. */
export interface Sheet {
  width: number;
  height: number;
  /** Boundaries of the steps a cursor moves over, one more than there are steps. */
  bounds: readonly number[];
  start: number;
  end: number;
  /** The step that is read out while nobody points at one. */
  resting: number;
}

export abstract class TimeChart extends LitElement {
  static readonly shared = [tokens, base, timeStyles];

  @property({ attribute: false }) context?: Context;
  @property({ type: Boolean, reflect: true }) dark = false;
  @state() protected cursor: number | undefined;
  private sheet: Sheet | undefined;

  /** Steps the keys for pages jump. */
  protected readonly page: number = 4;

  /** What there is in a step, in words. */
  protected abstract words(c: Context, step: number): string[];

  /** Put a drawing on a sheet that can be read with mouse, finger and keys. */
  protected framed(c: Context, label: string, sheet: Sheet, drawing: unknown): TemplateResult {
    this.sheet = sheet;
    const last = sheet.bounds.length - 2;
    const step = Math.min(last, this.cursor ?? sheet.resting);
    const when = c.f.moment(sheet.bounds[step] ?? 0, c.s.now.at);
    const words = this.words(c, step);
    return html`<div class="readout" aria-live=${this.cursor === undefined ? "off" : "polite"} data-test="readout"><b>${when}</b> ${words.join(" · ")}</div>
      <svg
        viewBox="0 0 ${sheet.width} ${sheet.height}"
        role="slider"
        tabindex="0"
        aria-label=${label}
        aria-valuemin="0"
        aria-valuemax=${last}
        aria-valuenow=${step}
        aria-valuetext="${when}: ${words.join(", ")}"
        @keydown=${this.pressed}
        @pointermove=${this.pointed}
        @pointerleave=${this.left}
        @blur=${this.left}
      >
        ${drawing}
      </svg>`;
  }

  /** Round values of a scale, each with its line and its number. */
  protected rules(y: Scale, [low, high]: [number, number], most: number, sheet: Sheet, written: (value: number) => string): SVGTemplateResult[] {
    return ticks(low, high, most).map(
      (value) => svg`<line class="rule ${value === 0 ? "zero" : ""}" x1=${LEFT} x2=${sheet.width - RIGHT} y1=${y(value)} y2=${y(value)}></line>
        <text class="end" x=${LEFT - 6} y=${y(value) + 4}>${written(value)}</text>`,
    );
  }

  /** The hours of the day along the bottom; none so close to an edge that it would be cut. */
  protected hours(c: Context, sheet: Sheet, y: number, every: number): SVGTemplateResult[] {
    const x = timeScale(sheet);
    const margin = (24 * (sheet.end - sheet.start)) / (sheet.width - LEFT - RIGHT);
    return hoursBetween(sheet.start + margin, sheet.end - margin, every, (at) => c.f.hour(at)).map(
      (at) => svg`<text class="middle" x=${x(at)} y=${y}>${c.f.hour(at) === 0 ? c.f.day(at) : c.f.time(at)}</text>`,
    );
  }

  /** A line where the cursor is; nothing while there is none. */
  protected pointer(sheet: Sheet, top: number, bottom: number): SVGTemplateResult | typeof nothing {
    const from = sheet.bounds[this.cursor ?? -1];
    const to = sheet.bounds[(this.cursor ?? -1) + 1];
    if (from === undefined || to === undefined) return nothing;
    const middle = timeScale(sheet)((from + to) / 2);
    return svg`<line class="cursor" x1=${middle} x2=${middle} y1=${top} y2=${bottom}></line>`;
  }

  private readonly left = () => (this.cursor = undefined);

  private readonly pressed = (event: KeyboardEvent): void => {
    const { sheet } = this;
    if (!sheet) return;
    const last = sheet.bounds.length - 2;
    const moves: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, PageDown: this.page, PageUp: -this.page, Home: -last, End: last };
    const move = moves[event.key];
    if (move === undefined) return;
    event.preventDefault();
    this.cursor = Math.min(last, Math.max(0, (this.cursor ?? sheet.resting) + move));
  };

  private readonly pointed = (event: PointerEvent): void => {
    const { sheet } = this;
    if (!sheet) return;
    const box = (event.currentTarget as Element).getBoundingClientRect();
    const place = ((event.clientX - box.left) / box.width) * sheet.width;
    const at = linear([LEFT, sheet.width - RIGHT], [sheet.start, sheet.end])(place);
    const isInside = at >= Math.max(sheet.start, sheet.bounds[0] ?? 0) && at < sheet.end;
    this.cursor = isInside ? stepAt(sheet.bounds, at) : undefined;
  };
}

export function timeScale(sheet: Sheet): Scale {
  return linear([sheet.start, sheet.end], [LEFT, sheet.width - RIGHT]);
}
