// Giving energy: tap a home, tap an amount; five seconds to think better of it.
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { property, query, state } from "lit/decorators.js";
import { refusal } from "../actions";
import { type Context, homeName, myself } from "../context";
import { plain } from "../format";
import { icon } from "../icons";
import type { Home } from "../model";
import { base, tokens } from "../styles/base";

const AMOUNTS_WH = [500, 1000, 2000, 5000];
const PERIODS_PER_HOUR = 4;
/** The word for the community's pool in the place of a home. */
const POOL = "pool";
type Receiver = Pick<Home, "id" | "name" | "me">;
export const UNDO_MS = 5000;

export class CommonWattGift extends LitElement {
  static override styles = [
    tokens,
    base,
    css`
      dialog {
        border: none;
        border-radius: 20px;
        padding: 24px;
        width: min(440px, calc(100vw - 32px));
        background: var(--cw-card);
        color: var(--cw-text);
        box-shadow: 0 12px 40px rgba(0, 0, 0, 0.3);
      }
      dialog::backdrop {
        background: rgba(0, 0, 0, 0.4);
      }
      .title {
        display: flex;
        justify-content: space-between;
        align-items: flex-start;
        gap: 12px;
        margin-bottom: 12px;
      }
      h2 {
        font-size: 22px;
        line-height: 28px;
      }
      .facts {
        display: grid;
        gap: 4px;
        margin-bottom: 20px;
      }
      .amounts {
        display: grid;
        grid-template-columns: repeat(4, 1fr);
        gap: 8px;
        margin: 12px 0;
      }
      .amounts button {
        padding: 0;
      }
      .amounts button[aria-checked="true"] {
        color: var(--cw-text);
        background: var(--cw-tint);
        border-color: var(--cw-accent);
      }
      .send {
        width: 100%;
        margin-top: 12px;
      }
      select {
        font: inherit;
        color: inherit;
        background: var(--cw-card);
        border: 1px solid var(--cw-line);
        border-radius: 10px;
        min-height: 44px;
        width: 100%;
        padding: 0 12px;
        margin-top: 4px;
      }
      .toast {
        position: fixed;
        left: 50%;
        bottom: calc(88px + env(safe-area-inset-bottom, 0px));
        transform: translateX(-50%);
        z-index: 20;
        display: flex;
        align-items: center;
        gap: 16px;
        max-width: calc(100vw - 32px);
        background: #2b2f31;
        color: #fff;
        border-radius: 12px;
        padding: 6px 8px 6px 20px;
        font-size: 14px;
        box-shadow: 0 6px 20px rgba(0, 0, 0, 0.3);
      }
      .toast button {
        color: #7fe3d3;
        border-color: transparent;
      }
      .toast .left {
        position: absolute;
        left: 12px;
        right: 12px;
        bottom: 0;
        height: 3px;
        border-radius: 2px;
        background: #7fe3d3;
        transform-origin: left;
        animation: left ${UNDO_MS}ms linear forwards;
      }
      @keyframes left {
        to {
          transform: scaleX(0);
        }
      }
      @media (prefers-reduced-motion: reduce) {
        .toast .left {
          display: none;
        }
      }
      .error {
        color: var(--error-color, #b3261e);
        font-size: 14px;
        margin-top: 8px;
      }
    `,
  ];

  @property({ attribute: false }) context?: Context;
  @property({ type: Boolean, reflect: true }) dark = false;
  @state() private chosen: string | undefined;
  @state() private choosing = false;
  @state() private amountWh = 1000;
  @state() private busy = false;
  @state() private problem = "";
  @state() private said: { text: string; gift?: string } | undefined;
  @query("dialog") private dialog?: HTMLDialogElement;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** Show a home, or let people choose one to give to. */
  async open(id?: string): Promise<void> {
    const others = this.context?.s.homes.filter((home) => !home.me) ?? [];
    this.choosing = id === undefined;
    this.chosen = id ?? others[0]?.id;
    this.problem = "";
    await this.updateComplete;
    this.dialog?.showModal();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.timer);
  }

  protected override render(): TemplateResult | typeof nothing {
    const c = this.context;
    if (!c) return nothing;
    const home = c.s.homes.find((one) => one.id === this.chosen);
    return html`<dialog aria-labelledby="title" @close=${() => (this.chosen = undefined)} @click=${this.outside} data-test="home-dialog">
        ${this.chosen === POOL ? this.sheet(c, { id: POOL, name: c.t("pool"), me: false }) : home ? this.sheet(c, home, home) : nothing}
      </dialog>
      <div aria-live="polite">${this.said ? this.toast(c) : nothing}</div>`;
  }

  private sheet(c: Context, home: Receiver, whole?: Home): TemplateResult {
    const name = home.me ? c.t("you") : home.name;
    return html`<div class="title">
        <h2 id="title">${this.choosing ? c.t("gift") : name}</h2>
        <button class="plain" @click=${() => this.dialog?.close()}>${c.t("close")}</button>
      </div>
      ${this.choosing || !whole ? this.chooser(c, home) : this.facts(c, whole)}
      ${home.me || !c.s.home.may_act ? nothing : this.form(c, home)}`;
  }

  private chooser(c: Context, home: Receiver): TemplateResult {
    return html`<label class="small quiet">${c.t("gift_choose")}
      <select @change=${(event: Event) => (this.chosen = (event.target as HTMLSelectElement).value)}>
        ${c.s.homes.filter((one) => !one.me).map((one) => html`<option value=${one.id} ?selected=${one.id === home.id}>${one.name}</option>`)}
        ${c.s.pool ? html`<option value=${POOL} ?selected=${home.id === POOL}>${c.t("pool")}</option>` : nothing}
      </select></label>`;
  }

  private facts(c: Context, home: Home): TemplateResult {
    const live =
      home.power_w == null
        ? c.t("home_private")
        : home.power_w === 0
          ? c.t("home_idle")
          : c.t(home.power_w > 0 ? "home_takes" : "home_gives", { power: plain(c.f.power(home.power_w)) });
    const me = myself(c)?.id;
    const flows = (c.s.flows?.links ?? [])
      .filter(([from, to]) => from === home.id || to === home.id)
      .sort((a, b) => Number(b[0] === me || b[1] === me) - Number(a[0] === me || a[1] === me) || b[2] - a[2])
      .slice(0, 4);
    return html`<div class="facts">
      <p class="quiet">${name(c, home)} ${live}.</p>
      ${flows.map(
        ([from, to, energyWh]) => html`<p class="small num">
          ${homeName(c, from)} → ${homeName(c, to)} · ${plain(c.f.power(energyWh * PERIODS_PER_HOUR))}
        </p>`,
      )}
    </div>`;
  }

  private form(c: Context, home: Receiver): TemplateResult {
    const amount = plain(c.f.energy(this.amountWh));
    const amounts = AMOUNTS_WH.filter((wh) => wh <= c.s.home.gift_wh_max_day);
    return html`<h3>${c.t("gift_to", { name: home.name })}</h3>
      <div class="amounts" role="radiogroup" aria-label=${c.t("gift_amount")} @keydown=${(event: KeyboardEvent) => this.stepped(event, amounts)}>
        ${amounts.map(
          (wh) => html`<button role="radio" aria-checked=${wh === this.amountWh} tabindex=${wh === this.amountWh ? 0 : -1}
            @click=${() => (this.amountWh = wh)}>${c.f.number(wh / 1000, wh % 1000 ? 1 : 0)} kWh</button>`,
        )}
      </div>
      <p class="small quiet">${c.t(home.id === POOL ? "pool_how" : "gift_how")}</p>
      <button class="filled send" ?disabled=${this.busy || c.offline} @click=${() => this.send(c, home)} data-test="gift-send">
        ${icon("gift", 20)}${c.t("gift_send", { amount })}
      </button>
      ${this.problem ? html`<p class="error" role="alert">${this.problem}</p>` : nothing}`;
  }

  private toast(c: Context): TemplateResult {
    const gift = this.said?.gift;
    return html`<div class="toast" data-test="toast">
      <span>${this.said?.text}</span>
      ${gift ? html`<button @click=${() => this.undo(c, gift)} data-test="gift-undo">${c.t("gift_undo")}</button><span class="left"></span>` : nothing}
    </div>`;
  }

  private stepped(event: KeyboardEvent, amounts: number[]): void {
    const move = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
    if (move === undefined) return;
    event.preventDefault();
    const index = (amounts.indexOf(this.amountWh) + move + amounts.length) % amounts.length;
    this.amountWh = amounts[index] ?? this.amountWh;
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('[aria-checked="true"]')?.focus());
  }

  private outside(event: MouseEvent): void {
    if (event.target === this.dialog) this.dialog?.close();
  }

  private async send(c: Context, home: Receiver): Promise<void> {
    this.busy = true;
    this.problem = "";
    try {
      const { id } = await c.act.give(home.id, this.amountWh);
      this.dialog?.close();
      const amount = plain(c.f.energy(this.amountWh));
      this.say(c.t("gift_sent", { amount, name: home.name }), UNDO_MS, id);
    } catch (error) {
      this.problem = refusal(c.t, error);
    } finally {
      this.busy = false;
    }
  }

  private async undo(c: Context, gift: string): Promise<void> {
    this.say("", 0);
    try {
      await c.act.withdraw(gift);
      this.say(c.t("gift_undone"), 3000);
    } catch (error) {
      this.say(refusal(c.t, error), 4000);
    }
  }

  private say(text: string, forMs: number, gift?: string): void {
    clearTimeout(this.timer);
    this.said = text ? { text, ...(gift ? { gift } : {}) } : undefined;
    if (text) this.timer = setTimeout(() => (this.said = undefined), forMs);
  }
}

function name(c: Context, home: Home): string {
  return home.me ? c.t("you") : home.name;
}
