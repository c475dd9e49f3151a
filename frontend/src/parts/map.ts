// The map: who supplies whom. Positions are places on a drawing, not addresses.
import { css, html, LitElement, nothing, svg, type SVGTemplateResult, type TemplateResult } from "lit";
import { property } from "lit/decorators.js";
import type { Context } from "../context";
import { plain } from "../format";
import { iconAt, ICONS, kindIcon } from "../icons";
import { type Frame, LabelRoom, type Point, RingLayout } from "../map/layout";
import { type Arrow, REST, type Scene, sceneOf } from "../map/scene";
import type { Home } from "../model";
import { base, tokens } from "../styles/base";

const WIDE: Frame = { width: 760, height: 520, node: 24, marginX: 78, marginY: 38 };
const NARROW: Frame = { width: 328, height: 460, node: 22, marginX: 20, marginY: 44 };
const PERIODS_PER_HOUR = 4;
const NAME_LENGTH = { wide: 20, narrow: 11 };
const LINE = 14;

export class CommonWattMap extends LitElement {
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
        overflow: visible;
      }
      text {
        font-family: inherit;
        fill: var(--cw-text);
        text-anchor: middle;
      }
      .home text {
        paint-order: stroke;
        stroke: var(--cw-card);
        stroke-width: 4px;
        stroke-linejoin: round;
      }
      .name {
        font-size: 12px;
      }
      .live {
        font-size: 11px;
        fill: var(--cw-quiet);
        font-variant-numeric: tabular-nums;
      }
      .flow {
        fill: none;
        stroke: var(--cw-quiet);
        stroke-opacity: 0.45;
        stroke-linecap: butt;
      }
      .flow.mine {
        stroke: var(--cw-accent);
        stroke-opacity: 1;
      }
      .head {
        fill: var(--cw-quiet);
      }
      .head.mine {
        fill: var(--cw-accent);
      }
      .amount rect {
        fill: var(--cw-card);
        stroke: var(--cw-line);
      }
      .amount text {
        font-size: 11px;
        font-variant-numeric: tabular-nums;
        fill: var(--cw-quiet);
      }
      .amount.mine rect {
        stroke: var(--cw-accent);
      }
      .amount.mine text {
        fill: var(--cw-text);
        font-weight: 500;
      }
      .home circle {
        fill: var(--cw-card);
        stroke: var(--cw-line);
        stroke-width: 1.5;
      }
      .home path {
        fill: var(--cw-quiet);
      }
      .home.trades circle {
        stroke: var(--cw-accent);
        stroke-width: 2;
      }
      .home.me circle {
        fill: var(--cw-accent);
        stroke: none;
      }
      .home.me path {
        fill: var(--cw-on-accent);
      }
      .home.offline {
        opacity: 0.5;
      }
      .home[data-home] {
        cursor: pointer;
      }
      .home g:focus {
        outline: none;
      }
      .home g:focus-visible circle {
        stroke: var(--cw-accent);
        stroke-width: 4;
      }
      .home[data-home]:hover circle {
        stroke: var(--cw-accent);
      }
    `,
  ];

  @property({ attribute: false }) context?: Context;
  @property({ type: Boolean, reflect: true }) dark = false;

  protected override render(): TemplateResult | typeof nothing {
    const c = this.context;
    if (!c) return nothing;
    const frame = c.narrow ? NARROW : WIDE;
    const room = c.narrow ? { homes: 9, arrows: 9 } : { homes: 15, arrows: 14 };
    const scene = sceneOf(c.s.homes, c.s.flows?.links ?? [], room);
    const ids = [...scene.ring.map((home) => home.id), ...(scene.restCount > 0 ? [REST] : [])];
    const partners = scene.arrows.filter((arrow) => arrow.mine).map(({ from, to }) => (from === scene.me?.id ? to : from));
    const layout = new RingLayout(frame, ids, scene.me?.id, partners);
    return html`<svg
      viewBox="0 0 ${frame.width} ${frame.height}"
      role="group"
      aria-label=${c.t("map")}
      data-test="map"
    >
      ${this.flows(c, scene, layout, frame, ids)} ${this.homes(c, scene, layout, frame)}
    </svg>`;
  }

  private flows(c: Context, scene: Scene, layout: RingLayout, frame: Frame, ids: string[]): SVGTemplateResult[] {
    const most = Math.max(1, ...scene.arrows.map((arrow) => arrow.energyWh));
    const room = new LabelRoom();
    for (const id of [...ids, scene.me?.id ?? ""]) {
      const place = layout.place(id);
      const shift = layout.isUpper(id) ? -14 : 14;
      room.block({ x: place.x, y: place.y + shift }, frame.node + 16, frame.node + 18);
    }
    const drawn = scene.arrows.map((arrow) => ({ arrow, route: layout.route(arrow.from, arrow.to) }));
    const lines = drawn.map(({ arrow, route }) => {
      const width = 1.5 + 4.5 * Math.sqrt(arrow.energyWh / most);
      return svg`<path class="flow ${arrow.mine ? "mine" : ""}" d=${route.path} stroke-width=${width}
        marker-end="url(#${arrow.mine ? "mine" : "other"})"></path>`;
    });
    const labels = drawn.map(({ arrow, route }) => {
      const text = plain(c.f.power(arrow.energyWh * PERIODS_PER_HOUR));
      const half = text.length * 3.2 + 6;
      const place = room.find(route.labels, half, 10);
      return place ? this.amount(arrow, place, text, half) : svg``;
    });
    // The head of an arrow keeps its size, whatever the width of its line.
    const head = (id: string) => svg`<marker id=${id} viewBox="0 0 10 10" refX="3" refY="5" markerWidth="13"
      markerHeight="13" markerUnits="userSpaceOnUse" orient="auto"><path class="head ${id}" d="M0 0L10 5L0 10z"></path></marker>`;
    return [svg`<defs>${head("mine")}${head("other")}</defs>`, ...[...lines].reverse(), ...labels];
  }

  private amount(arrow: Arrow, place: Point, text: string, half: number): SVGTemplateResult {
    return svg`<g class="amount ${arrow.mine ? "mine" : ""}" aria-hidden="true">
      <rect x=${place.x - half} y=${place.y - 9} width=${2 * half} height="18" rx="9"></rect>
      <text x=${place.x} y=${place.y + 4}>${text}</text></g>`;
  }

  private homes(c: Context, scene: Scene, layout: RingLayout, frame: Frame): SVGTemplateResult[] {
    const trading = new Set(scene.arrows.filter((arrow) => arrow.mine).flatMap((arrow) => [arrow.from, arrow.to]));
    const draw = (home: Home, trades: boolean) =>
      this.home(c, home, layout.place(home.id), { frame, trades, above: layout.isUpper(home.id) });
    const nodes = scene.ring.map((home) => draw(home, trading.has(home.id)));
    if (scene.me) nodes.push(draw(scene.me, false));
    if (scene.restCount > 0) nodes.push(this.rest(c, scene.restCount, layout.place(REST), frame, layout.isUpper(REST)));
    return nodes;
  }

  private home(c: Context, home: Home, place: Point, how: { frame: Frame; trades: boolean; above: boolean }): SVGTemplateResult {
    const radius = home.me ? how.frame.node * 1.35 : how.frame.node;
    const label = c.t("home_label", { name: home.me ? c.t("you") : home.name, what: power(c, home) });
    const classes = ["home", home.me ? "me" : "", how.trades ? "trades" : "", home.online === false ? "offline" : ""];
    const open = () => this.open(home.id);
    const names = home.me ? [c.t("you")] : lines(home.name, c.narrow ? NAME_LENGTH.narrow : NAME_LENGTH.wide);
    const texts = [...names.map((text) => ({ text, kind: "name" })), ...(home.power_w == null ? [] : [{ text: live(c, home.power_w), kind: "live" }])];
    const first = how.above ? place.y - radius - 8 - (texts.length - 1) * LINE : place.y + radius + LINE;
    return svg`<g class=${classes.join(" ")} data-home=${home.id} @click=${open}>
      <g role="button" tabindex="0" aria-label=${label} @keydown=${(event: KeyboardEvent) => this.pressed(event, open)}>
        <circle cx=${place.x} cy=${place.y} r=${radius}></circle>
        ${iconAt(kindIcon(home.kind), place.x, place.y, radius)}
      </g>
      ${texts.map(({ text, kind }, index) => svg`<text class=${kind} aria-hidden="true" x=${place.x} y=${first + index * LINE}>${text}</text>`)}
    </g>`;
  }

  private rest(c: Context, count: number, place: Point, frame: Frame, above: boolean): SVGTemplateResult {
    const y = above ? place.y - frame.node - 8 : place.y + frame.node + LINE;
    return svg`<g class="home" role="img" aria-label=${c.t("rest_label", { count })} data-test="rest">
      <circle cx=${place.x} cy=${place.y} r=${frame.node} stroke-dasharray="4 3"></circle>
      ${iconAt(ICONS.rest, place.x, place.y, frame.node)}
      <text class="name" x=${place.x} y=${y}>${c.t("rest_homes", { count })}</text></g>`;
  }

  private pressed(event: KeyboardEvent, open: () => void): void {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    open();
  }

  private open(id: string): void {
    this.dispatchEvent(new CustomEvent("home-chosen", { detail: id, bubbles: true, composed: true }));
  }
}

function power(c: Context, home: Home): string {
  if (home.online === false) return c.t("home_offline");
  if (home.power_w == null) return c.t("home_private");
  if (home.power_w === 0) return c.t("home_idle");
  return c.t(home.power_w > 0 ? "home_takes" : "home_gives", { power: plain(c.f.power(home.power_w)) });
}

function live(c: Context, powerW: number): string {
  const sign = powerW > 0 ? "▼ " : powerW < 0 ? "▲ " : "";
  return sign + plain(c.f.power(powerW));
}

/** A name on two lines at most, the second cut where it does not fit. */
function lines(name: string, length: number): string[] {
  if (name.length <= length) return [name];
  const cut = name.lastIndexOf(" ", length);
  if (cut <= 0) return [shortened(name, length)];
  return [name.slice(0, cut), shortened(name.slice(cut + 1), length)];
}

function shortened(name: string, length: number): string {
  return name.length <= length ? name : `${name.slice(0, length - 1).trimEnd()}…`;
}
