// The cards: parts of the panel, each on its own.
import { html, nothing, type TemplateResult } from "lit";
import { query, state } from "lit/decorators.js";
import { refusal } from "../actions";
import type { Context } from "../context";
import { icon } from "../icons";
import type { Vote } from "../model";
import type { CommonWattGift } from "../parts/gift";
import { openGift } from "../parts/open-gift";
import { hero, heroStyles } from "../parts/hero";
import { flowsWhen, nowStyles } from "../parts/now";
import { carbon, origin, originStyles } from "../parts/origin";
import { actionList, planStyles } from "../parts/plan";
import { giftList, scoreView, togetherStyles, voteList } from "../parts/together";
import { CommonWattCard } from "./card";

export class MapCard extends CommonWattCard {
  static override styles = [...CommonWattCard.shared];
  static override readonly card = "map";
  @query("commonwatt-gift") private gift?: CommonWattGift;

  protected override titleKey() {
    return "map_title" as const;
  }

  protected override note(c: Context): string {
    return flowsWhen(c);
  }

  protected override body(c: Context): TemplateResult {
    return html`<commonwatt-map .context=${c} .dark=${this.dark} @home-chosen=${(event: CustomEvent<string>) => openGift(this.gift, event.detail)}></commonwatt-map>
      <commonwatt-gift .context=${c} .dark=${this.dark}></commonwatt-gift>`;
  }
}

export class StatusCard extends CommonWattCard {
  static override styles = [...CommonWattCard.shared, heroStyles];
  static override readonly card = "status";

  protected override body(c: Context): TemplateResult {
    return hero(c);
  }
}

export class PlanCard extends CommonWattCard {
  static override styles = [...CommonWattCard.shared, planStyles];
  static override readonly card = "plan";
  static override readonly options = [
    { name: "hours", selector: { number: { min: 6, max: 48, step: 6, unit_of_measurement: "h", mode: "box" } } },
    { name: "show_actions", selector: { boolean: {} } },
  ];

  static override getStubConfig() {
    return { hours: 24, show_actions: true };
  }

  protected override titleKey() {
    return "card_plan_title" as const;
  }

  protected override body(c: Context): TemplateResult {
    if (!c.s.plan) return html`<p class="empty">${c.t("plan_none")}</p>`;
    const hours = Number(this.config?.hours ?? 24);
    return html`<commonwatt-plan-chart .context=${c} .hoursShown=${hours} .dark=${this.dark}></commonwatt-plan-chart>
      ${this.config?.show_actions === false ? nothing : actionList(c)}`;
  }
}

export class MarketCard extends CommonWattCard {
  static override styles = [...CommonWattCard.shared];
  static override readonly card = "market";

  protected override titleKey() {
    return "market_price" as const;
  }

  protected override note(c: Context): string {
    return `${c.t("saved_today")} ${c.f.money(c.s.now.saved_nano_today)}`;
  }

  protected override body(c: Context): TemplateResult {
    if (!c.s.market.days.some((row) => row[1] != null)) return html`<p class="empty">${c.t("market_none")}</p>`;
    return html`<commonwatt-price-chart .context=${c} .dark=${this.dark}></commonwatt-price-chart>`;
  }
}

export class OriginCard extends CommonWattCard {
  static override styles = [...CommonWattCard.shared, originStyles];
  static override readonly card = "origin";
  static override readonly options = [
    { name: "month", selector: { boolean: {} } },
  ];

  protected override titleKey() {
    return "proof_title" as const;
  }

  protected override note(c: Context): string {
    return c.t(this.config?.month ? "proof_month" : "proof_today");
  }

  protected override body(c: Context): TemplateResult {
    const month = this.config?.month === true;
    return html`${origin(c, month ? c.s.proof.month : c.s.proof.day)}${month ? nothing : carbon(c)}`;
  }
}

export class ScoreCard extends CommonWattCard {
  static override styles = [...CommonWattCard.shared, togetherStyles];
  static override readonly card = "score";

  protected override titleKey() {
    return "score" as const;
  }

  protected override body(c: Context): TemplateResult {
    return scoreView(c);
  }
}

export class VotesCard extends CommonWattCard {
  static override styles = [...CommonWattCard.shared, togetherStyles];
  static override readonly card = "votes";
  @state() private busy = false;
  @state() private problem = "";

  protected override titleKey() {
    return "votes" as const;
  }

  protected override body(c: Context): TemplateResult {
    return html`${voteList(c, (vote, approve) => this.cast(c, vote, approve), this.busy)}
      ${this.problem ? html`<p class="error" role="alert">${this.problem}</p>` : nothing}`;
  }

  private async cast(c: Context, vote: Vote, approve: boolean): Promise<void> {
    this.busy = true;
    this.problem = "";
    try {
      await c.act.vote(vote.id, approve);
    } catch (error) {
      this.problem = refusal(c.t, error);
    } finally {
      this.busy = false;
    }
  }
}

export class GiftCard extends CommonWattCard {
  static override styles = [...CommonWattCard.shared, nowStyles, togetherStyles];
  static override readonly card = "gift";
  @query("commonwatt-gift") private gift?: CommonWattGift;

  protected override titleKey() {
    return "gifts" as const;
  }

  protected override body(c: Context): TemplateResult {
    const can = c.s.home.may_act && c.s.homes.length > 1;
    return html`${giftList(c)}
      ${can ? html`<button class="filled" @click=${() => openGift(this.gift)}>${icon("gift", 20)}${c.t("gift")}</button>` : nothing}
      <commonwatt-gift .context=${c} .dark=${this.dark}></commonwatt-gift>`;
  }
}
