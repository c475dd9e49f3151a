// Driving an armed device by hand for a while, instead of the plan.
import { html, type TemplateResult } from "lit";
import type { Context } from "../context";
import { plain } from "../format";
import type { Armable } from "../model";

/** Milliamperes, as the charger counts; watts for a battery, + giving. */
export interface HandWish {
  value: number;
  minutes: number;
}

export interface HandDeeds {
  set: (device: Armable, wish: HandWish) => void;
  resume: (device: Armable) => void;
}

type Way = "charge" | "discharge" | "hold" | "pause";

const MINUTES = [30, 60, 120, 240, 720];
const MINUTES_USUAL = 60;
const MILLI = 1000;

/** What of a form becomes a wish: amounts are in kW for a battery, in A for a charger. */
export function wishOf(device: Armable, way: Way, amount: number, minutes: number): HandWish {
  const size = Math.round(amount * MILLI);
  const signed = device.kind === "charger" || way === "discharge" ? size : -size;
  const isStill = way === "hold" || way === "pause";
  return { value: isStill ? 0 : Math.min(device.value_max, Math.max(device.value_min, signed)), minutes };
}

export function byHand(c: Context, device: Armable, deeds: HandDeeds, busy: boolean): TemplateResult {
  return device.by_hand_until == null ? form(c, device, deeds, busy) : inForce(c, device, device.by_hand_until, deeds, busy);
}

function inForce(c: Context, device: Armable, until: number, deeds: HandDeeds, busy: boolean): TemplateResult {
  const time = c.f.moment(until, c.s.now.at);
  return html`<div class="byhand" data-test="by-hand">
    <span class="grow">${c.t("by_hand_until", { time })}: ${told(c, device)}</span>
    <button ?disabled=${busy} @click=${() => deeds.resume(device)} data-test="by-hand-end">${c.t("by_hand_resume")}</button>
  </div>`;
}

function told(c: Context, device: Armable): string {
  const value = device.asked ?? device.in_force ?? 0;
  if (device.kind === "charger") {
    return value === 0 ? c.t("by_hand_paused") : c.t("by_hand_current", { current: `${c.f.number(value / MILLI, 0)}\u00a0A` });
  }
  if (value === 0) return c.t("by_hand_still");
  return c.t(value > 0 ? "by_hand_giving" : "by_hand_charging", { power: plain(c.f.power(value)) });
}

function form(c: Context, device: Armable, deeds: HandDeeds, busy: boolean): TemplateResult {
  const isCharger = device.kind === "charger";
  const ways: Way[] = isCharger ? ["charge", "pause"] : ["charge", "discharge", "hold"];
  const most = Math.max(device.value_max, -device.value_min) / MILLI;
  const least = isCharger ? device.value_min / MILLI : 0.1;
  const submit = (event: Event) => {
    event.preventDefault();
    const data = new FormData(event.target as HTMLFormElement);
    const way = (data.get("way") ?? "hold") as Way;
    deeds.set(device, wishOf(device, way, Number(data.get("amount")), Number(data.get("minutes"))));
  };
  return html`<details class="byhand-form">
    <summary>${c.t("by_hand")}<span class="visually-hidden"> ${device.name}</span></summary>
    <form @submit=${submit} data-test="by-hand-form">
      <div class="fields">
        <label>${c.t("by_hand_what")}<select name="way">${ways.map((way) => html`<option value=${way}>${c.t(`by_hand_${way}`)}</option>`)}</select></label>
        <label>${c.t(isCharger ? "by_hand_amperes" : "by_hand_kilowatts")}
          <input name="amount" type="number" required inputmode="decimal" min=${least} max=${most} step=${isCharger ? 1 : "any"} value=${most} /></label>
        <label>${c.t("by_hand_for")}<select name="minutes">${MINUTES.map((minutes) => html`<option value=${minutes} ?selected=${minutes === MINUTES_USUAL}>${duration(c, minutes)}</option>`)}</select></label>
      </div>
      <p class="small quiet">${c.t("by_hand_why")}</p>
      <button ?disabled=${busy} data-test="by-hand-set">${c.t("by_hand_set")}</button>
    </form>
  </details>`;
}

function duration(c: Context, minutes: number): string {
  return minutes < 60 ? c.t("minutes", { count: minutes }) : c.t("hours", { count: minutes / 60 });
}
