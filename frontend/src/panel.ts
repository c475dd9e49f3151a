// The panel: five views and settings, over one live picture.
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, query, state } from "lit/decorators.js";
import { refusal } from "./actions";
import type { Context } from "./context";
import { icon, type IconName } from "./icons";
import { LiveElement } from "./live-element";
import type { Armable, Gift, HelpRequest, Listed, Vote } from "./model";
import type { HandDeeds } from "./parts/by-hand";
import { exportCertificates } from "./parts/export";
import type { CommonWattGift } from "./parts/gift";
import { hero, heroStyles } from "./parts/hero";
import { bookChart, marketStyles, tradeTable } from "./parts/market";
import { flowList, flowsWhen, myHome, nowStyles } from "./parts/now";
import { openGift } from "./parts/open-gift";
import { carbon, origin, originStyles } from "./parts/origin";
import { actionList, planStyles, steering } from "./parts/plan";
import { arming, limitsForm, limitsShown, peerList, settingsStyles, showing } from "./parts/settings";
import { badgeList, giftList, type HelpDeeds, leaderboard, missionList, poolView, requestList, scoreView, togetherStyles, voteList } from "./parts/together";
import { base, tokens } from "./styles/base";
import { panelStyles } from "./styles/panel";
import type { Translate } from "./text/text";

/** Where the browser keeps which home was chosen. */
const CHOSEN = "commonwatt-home";
const TABS = ["now", "plan", "market", "proof", "together"] as const;
type Tab = (typeof TABS)[number] | "settings";

export class CommonWattPanel extends LiveElement {
  static override styles = [
    tokens,
    base,
    panelStyles,
    heroStyles,
    nowStyles,
    planStyles,
    marketStyles,
    originStyles,
    togetherStyles,
    settingsStyles,
  ];

  @property({ attribute: false }) route?: { path: string };
  @property({ attribute: false }) panel?: unknown;
  @state() private tab: Tab = "now";
  @state() private listed: Listed[] = [];
  @state() private busy = false;
  @state() private problem = "";
  @state() private month = false;
  @query("commonwatt-gift") private gift?: CommonWattGift;
  private readonly resized = () => (this.phone = window.innerWidth < 870);
  @state() private phone = window.innerWidth < 870;

  override connectedCallback(): void {
    super.connectedCallback();
    this.show(localStorage.getItem(CHOSEN) ?? undefined);
    window.addEventListener("resize", this.resized);
    this.resized();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener("resize", this.resized);
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("route")) {
      const wanted = this.route?.path.split("/")[1] as Tab | undefined;
      if (wanted && ([...TABS, "settings"] as string[]).includes(wanted)) this.tab = wanted;
    }
    if (changed.has("live") && this.listed.length === 0 && this.live.phase !== "connecting") void this.list();
    // Home Assistant calls narrow what has no sidebar; for us it is the room there is.
    this.narrow = this.phone;
  }

  private async list(): Promise<void> {
    this.listed = await this.hass.callWS<Listed[]>({ type: "commonwatt/homes" }).catch(() => []);
    const chosen = this.shownEntry;
    // The home of last time may be gone for good.
    if (this.listed.length > 0 && !this.listed.some((home) => home.entry_id === chosen)) this.choose(undefined);
  }

  private choose(entryId: string | undefined): void {
    if (entryId === undefined) localStorage.removeItem(CHOSEN);
    else localStorage.setItem(CHOSEN, entryId);
    this.show(entryId);
  }

  protected override render(): TemplateResult {
    const t = this.maker.words(this.hass);
    const c = this.context();
    const tab = this.tab === "settings" && c && !c.s.home.admin ? "now" : this.tab;
    return html`
      <header>
        <ha-menu-button .hass=${this.hass} .narrow=${this.narrow}></ha-menu-button>
        <h1 class=${this.narrow && this.listed.length > 1 ? "visually-hidden" : ""}>${t("title")}</h1>
        ${this.narrow ? nothing : this.tabs(t, tab)}
        <span class="fill"></span>
        ${this.listed.length > 1 ? this.chooser(t) : nothing}
        ${c?.s.home.admin
          ? html`<button class="plain gear" aria-label=${t("settings")} aria-pressed=${tab === "settings"} @click=${() => this.go("settings")}>${icon("settings")}</button>`
          : nothing}
      </header>
      <main id="view" class=${tab} role=${tab === "settings" ? "main" : "tabpanel"} aria-label=${t(`tab_${tab}`)} data-tab=${tab}>
        ${c ? html`${this.notices(c)}${this.view(c, tab)}` : this.waiting(t)}
      </main>
      ${this.narrow ? this.tabs(t, tab) : nothing}
      ${c ? html`<commonwatt-gift .context=${c} .dark=${this.dark}></commonwatt-gift>` : nothing}
    `;
  }

  private tabs(t: Translate, chosen: Tab): TemplateResult {
    return html`<nav class="tabs" role="tablist" aria-label=${t("tabs")} @keydown=${this.stepped}>
      ${TABS.map(
        (tab) => html`<button
          role="tab"
          id="tab-${tab}"
          aria-selected=${tab === chosen}
          tabindex=${tab === chosen || (chosen === "settings" && tab === "now") ? 0 : -1}
          aria-controls="view"
          @click=${() => this.go(tab)}
        >
          ${icon(tab as IconName, this.narrow ? 24 : 20)}<span>${t(`tab_${tab}`)}</span>
        </button>`,
      )}
    </nav>`;
  }

  private chooser(t: Translate): TemplateResult {
    return html`<label class="choose"><span class="visually-hidden">${t("choose_home")}</span>
      <select @change=${(event: Event) => this.choose((event.target as HTMLSelectElement).value)}>
        ${this.listed.map((home) => html`<option value=${home.entry_id} ?selected=${home.entry_id === this.shownEntry}>${home.title}</option>`)}
      </select></label>`;
  }

  private waiting(t: Translate): TemplateResult {
    return html`<div class="card waiting"><p>${t(this.live.phase === "missing" ? "missing" : "connecting")}</p></div>`;
  }

  private notices(c: Context): TemplateResult {
    const time = c.f.moment(c.s.now.at, Date.now());
    const isDemo = c.s.home.kind === "demo";
    return html`<div class="notices">
      ${c.offline ? html`<p class="notice offline" role="status" data-test="offline">${icon("offline", 20)}${c.t("offline", { time })}</p>` : nothing}
      ${isDemo && !c.offline ? html`<p class="notice" data-test="demo">${c.t(c.s.now.running ? "demo" : "demo_stopped", { time })}</p>` : nothing}
      ${this.problem ? html`<p class="notice bad" role="alert">${icon("alert", 20)}${this.problem}</p>` : nothing}
    </div>`;
  }

  private view(c: Context, tab: Tab): TemplateResult {
    switch (tab) {
      case "now":
        return this.now(c);
      case "plan":
        return this.plan(c);
      case "market":
        return this.market(c);
      case "proof":
        return this.proof(c);
      case "together":
        return this.together(c);
      case "settings":
        return this.settings(c);
    }
  }

  private now(c: Context): TemplateResult {
    const alone = (c.s.now.members ?? c.s.homes.length) <= 1;
    return html`<section class="card wide">${hero(c)}</section>
      ${alone ? this.alone(c) : html`
        <section class="card main">
          <div class="head"><h2>${c.t("map_title")}</h2><span class="small quiet num">${flowsWhen(c)}</span></div>
          <commonwatt-map .context=${c} .dark=${this.dark} @home-chosen=${(event: CustomEvent<string>) => openGift(this.gift, event.detail)}></commonwatt-map>
          <p class="small quiet">${c.t("map_legend_live")}</p>
        </section>`}
      <div class="side">
        ${alone ? nothing : html`<section class="card"><div class="head"><h2>${c.t("flows")}</h2></div>${flowList(c)}
          ${c.s.home.may_act ? html`<button @click=${() => openGift(this.gift)} data-test="gift-open">${icon("gift", 20)}${c.t("gift")}</button>` : nothing}</section>`}
        <section class="card"><div class="head"><h2>${c.t("my_home")}</h2></div>${myHome(c)}</section>
      </div>`;
  }

  private alone(c: Context): TemplateResult {
    const { standing } = c.s.now;
    const how = standing === "guest" || standing === "removed" ? standing : standing === "alone" ? "alone" : "first";
    return html`<section class="card main alone" data-test="alone">
      <div class="circle">${icon("home", 48)}</div>
      <h2>${c.t(how)}</h2>
      <p class="quiet">${c.t(`${how}_why`)}</p>
    </section>`;
  }

  private plan(c: Context): TemplateResult {
    const plan = c.s.plan;
    return html`<section class="card wide">
        <div class="head"><h2>${c.t("plan")}</h2>${plan ? html`<span class="small quiet">${c.t(`rung_${plan.rung}` as "rung_rule")}</span>` : nothing}</div>
        ${plan ? html`<commonwatt-plan-chart .context=${c} .dark=${this.dark}></commonwatt-plan-chart>` : html`<p class="empty">${c.t("plan_none")}</p>`}
      </section>
      <section class="card half"><div class="head"><h2>${c.t("plan_next")}</h2></div>${actionList(c)}</section>
      <section class="card half"><div class="head"><h2>${c.t("plan_driver")}</h2></div>
        ${steering(c, (armed) => this.armAll(c, armed), this.busy)}
        ${c.s.control ? arming(c, (device, armed) => this.arm(c, [device], armed), this.busy, this.handDeeds(c)) : nothing}</section>`;
  }

  private market(c: Context): TemplateResult {
    const { phase } = c.s.now;
    const isPriced = c.s.market.days.some((row) => row[1] != null);
    return html`<section class="card wide">${hero(c)}</section>
      <section class="card main">
        <div class="head"><h2>${c.t("market_price")}</h2><span class="small quiet">${c.t("market_day")}</span></div>
        ${isPriced ? html`<commonwatt-price-chart .context=${c} .dark=${this.dark}></commonwatt-price-chart>` : html`<p class="empty">${c.t("market_none")}</p>`}
        <details><summary>${c.t("book")}</summary>${phase ? html`<p class="small quiet">${c.t(`phase_${phase}` as "phase_open")}</p>` : nothing}${bookChart(c)}</details>
      </section>
      <div class="side">
        <section class="card"><div class="head"><h2>${c.t("trades")}</h2><span class="small quiet">${c.t("saved_total", { amount: c.f.money(c.s.now.saved_nano_total) })}</span></div>${tradeTable(c)}</section>
        <section class="card"><div class="head"><h2>${c.t("limits")}</h2></div>${limitsShown(c)}</section>
      </div>`;
  }

  private proof(c: Context): TemplateResult {
    const choose = (month: boolean) => () => (this.month = month);
    return html`<section class="card main">
        <div class="head"><h2>${c.t("proof_title")}</h2>
          <div class="switch" role="group" aria-label=${c.t("proof_title")}>
            <button aria-pressed=${!this.month} @click=${choose(false)}>${c.t("proof_today")}</button>
            <button aria-pressed=${this.month} @click=${choose(true)}>${c.t("proof_month")}</button>
          </div></div>
        ${origin(c, this.month ? c.s.proof.month : c.s.proof.day)}
        ${this.month ? nothing : carbon(c)}
      </section>
      <section class="card side">
        <div class="head"><h2>${c.t("certificates")}</h2>
          ${c.s.proof.certificates.length ? html`<button class="plain" @click=${() => exportCertificates(c)} data-test="export">${icon("download", 20)}${c.t("export")}</button>` : nothing}</div>
        <p class="small quiet">${c.t("certificates_why")}</p>
        <commonwatt-certificates .context=${c} .dark=${this.dark}></commonwatt-certificates>
      </section>`;
  }

  private together(c: Context): TemplateResult {
    const section = (title: string, body: unknown, kind = "half") =>
      html`<section class="card ${kind}"><div class="head"><h2>${title}</h2></div>${body}</section>`;
    return html`${section(c.t("score"), scoreView(c))}
      ${section(c.t("missions"), missionList(c))}
      ${section(c.t("votes"), voteList(c, (vote, approve) => this.vote(c, vote, approve), this.busy))}
      ${section(c.t("gifts"), html`${giftList(c, (gift) => this.thank(c, gift))}
        ${c.s.home.may_act && c.s.homes.length > 1 ? html`<button @click=${() => openGift(this.gift)}>${icon("gift", 20)}${c.t("gift")}</button>` : nothing}`)}
      ${section(c.t("requests"), html`${requestList(c, this.helpDeeds(c), this.busy)}
        ${poolView(c, (gift) => this.run(c, () => c.act.withdraw(gift)), this.busy)}
        ${c.s.pool && c.s.home.may_act && c.s.homes.length > 1 ? html`<button @click=${() => openGift(this.gift, "pool")} data-test="pool-open">${c.t("pool_give")}</button>` : nothing}`)}
      ${section(c.s.leaderboard?.league ?? c.t("leaderboard"), leaderboard(c, (shown) => this.run(c, () => c.act.showScore(shown)), this.busy))}
      ${section(c.t("badges"), badgeList(c), "wide")}`;
  }

  private settings(c: Context): TemplateResult {
    return html`
      <section class="card half"><div class="head"><h2>${c.t("limits")}</h2></div>${limitsForm(c, (limits) => this.run(c, () => c.act.setLimits(limits)), this.busy)}</section>
      <section class="card half"><div class="head"><h2>${c.t("arming")}</h2></div>${arming(c, (device, armed) => this.arm(c, [device], armed), this.busy)}</section>
      <section class="card half"><div class="head"><h2>${c.t("privacy")}</h2></div><p class="stacked">${c.t("privacy_why")}</p>
        ${showing(c, (shown) => this.run(c, () => c.act.showPower(shown)), this.busy)}
        ${c.s.home.kind === "demo" ? html`<p class="small quiet stacked">${c.t("privacy_demo")}</p>` : nothing}</section>
      <section class="card half"><div class="head"><h2>${c.t("peers")}</h2></div>${peerList(c)}</section>
      <section class="card wide"><div class="head"><h2>${c.t("dashboard")}</h2></div><p>${c.t("dashboard_why")}</p></section>`;
  }

  // ------------------------------------------------------------------- deeds

  private go(tab: Tab): void {
    this.tab = tab;
    this.problem = "";
    history.replaceState(null, "", `/neighbourhood/${tab}`);
    this.renderRoot.querySelector("main")?.scrollTo?.(0, 0);
  }

  private stepped(event: KeyboardEvent): void {
    const move = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (move === undefined) return;
    event.preventDefault();
    const here = Math.max(0, (TABS as readonly string[]).indexOf(this.tab));
    const next = TABS[(here + move + TABS.length) % TABS.length] ?? "now";
    this.go(next);
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>(`#tab-${next}`)?.focus());
  }

  private async run(c: Context, deed: () => Promise<unknown>): Promise<void> {
    this.busy = true;
    this.problem = "";
    try {
      await deed();
    } catch (error) {
      this.problem = refusal(c.t, error);
    } finally {
      this.busy = false;
    }
  }

  private vote(c: Context, vote: Vote, approve: boolean): Promise<void> {
    return this.run(c, () => c.act.vote(vote.id, approve));
  }

  private arm(c: Context, devices: Armable[], armed: boolean): Promise<void> {
    return this.run(c, () => c.act.arm(devices.map((device) => device.id), armed));
  }

  private armAll(c: Context, armed: boolean): Promise<void> {
    const devices = (c.s.control ?? []).filter((device) => device.armed !== armed);
    return this.arm(c, devices, armed);
  }

  private handDeeds(c: Context): HandDeeds {
    return {
      set: (device, { value, minutes }) => void this.run(c, () => c.act.setByHand(device.id, value, minutes)),
      resume: (device) => void this.run(c, () => c.act.resume(device.id)),
    };
  }

  private helpDeeds(c: Context): HelpDeeds {
    return {
      help: (request: HelpRequest) => void (request.party && openGift(this.gift, request.party)),
      ask: (energyWh) => void this.run(c, () => c.act.askForHelp(energyWh)),
      end: (request) => void this.run(c, () => c.act.endRequest(request.number)),
    };
  }

  private thank(c: Context, gift: Gift): void {
    const giver = c.s.homes.find((home) => home.id === gift.giver);
    if (giver) void this.run(c, () => c.act.thank(giver.name, gift.id));
  }
}
