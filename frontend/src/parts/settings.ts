// What only administrators change: limits, arming; and what they may know of members.
import { css, html, nothing, type TemplateResult } from "lit";
import type { LimitsWish } from "../actions";
import type { Context } from "../context";
import { DASH, MICRO, plain } from "../format";
import { icon } from "../icons";
import type { Armable, Peer } from "../model";
import { byHand, type HandDeeds } from "./by-hand";

export const settingsStyles = css`
  .fields {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(160px, 1fr));
    gap: 12px;
    margin: 12px 0;
  }
  .fields label {
    font-size: 13px;
    color: var(--cw-quiet);
    display: grid;
    gap: 4px;
  }
  .fields input,
  .fields select {
    font: inherit;
    font-size: 16px;
    color: var(--cw-text);
    background: var(--cw-card);
    border: 1px solid var(--cw-quiet);
    border-radius: 8px;
    min-height: 44px;
    padding: 0 12px;
    min-width: 0;
  }
  .arming-why {
    margin: 8px 0 4px;
  }
  .armable > .device {
    display: flex;
    align-items: center;
    gap: 12px;
    min-height: 48px;
    padding: 6px 0;
  }
  .peers {
    max-height: 400px;
    overflow-y: auto;
  }
  .armable {
    border-top: 1px solid var(--cw-line);
    padding-bottom: 4px;
  }
  .armable:first-child {
    border-top: none;
  }
  .armable .grow {
    flex: 1;
    min-width: 0;
  }
  .armable .icon {
    color: var(--cw-quiet);
  }
  .armable form,
  .byhand-form {
    padding-left: 36px;
  }
  .byhand-form form {
    padding: 0 0 8px;
  }
  .byhand-form .fields {
    margin-top: 0;
  }
  .byhand-form p {
    margin-bottom: 10px;
  }
  .byhand {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px 12px;
    margin: 0 0 8px 36px;
    padding: 4px 4px 4px 14px;
    border-radius: 10px;
    background: var(--cw-tint);
    font-size: 14px;
  }
  :host([narrow]) .byhand-form,
  :host([narrow]) .byhand {
    margin-left: 0;
    padding-left: 0;
  }
  :host([narrow]) .byhand {
    padding-left: 14px;
  }
`;

export function arming(c: Context, set: (device: Armable, armed: boolean) => void, busy: boolean, hand?: HandDeeds): TemplateResult {
  const devices = c.s.control ?? [];
  return html`<p class="small quiet arming-why">${c.t("arming_why")}</p>
    ${devices.length === 0
      ? html`<p class="empty">${c.t("arming_none")}</p>`
      : html`<ul data-test="arming">
          ${devices.map((device) => {
            const state = device.armed
              ? device.until == null
                ? c.t("armed")
                : c.t("armed_until", { time: `${c.f.date(device.until)} ${c.f.time(device.until)}` })
              : c.t("disarmed");
            return html`<li class="armable" data-device=${device.id}>
              <div class="device">
                ${icon(device.kind === "charger" ? "car" : "battery")}
                <div class="grow">
                  <div>${device.name}</div>
                  <div class="small quiet">${state}${device.fault ? html` · ${c.t("fault", { what: device.fault.replaceAll("_", " ") })}` : nothing}</div>
                </div>
                <button ?disabled=${busy} aria-label="${c.t(device.armed ? "disarm" : "arm")} ${device.name}"
                  @click=${() => set(device, !device.armed)}>${c.t(device.armed ? "disarm" : "arm")}</button>
              </div>
              ${hand && device.armed ? byHand(c, device, hand, busy) : nothing}
            </li>`;
          })}
        </ul>`}`;
}

export function limitsForm(c: Context, save: (limits: LimitsWish) => void, busy: boolean): TemplateResult {
  const limits = c.s.limits;
  if (!limits || !c.act.knows("set_limits")) return limitsShown(c);
  const unit = `${c.s.home.currency}/kWh`;
  const price = (micro: number | null | undefined) => (micro == null ? "" : String(micro / MICRO));
  const submit = (event: Event) => {
    event.preventDefault();
    const data = new FormData(event.target as HTMLFormElement);
    const number = (name: string) => (data.get(name) ? Number(data.get(name)) : null);
    save({ buy_max: number("buy"), sell_min: number("sell"), keep_kwh: number("keep") ?? 0 });
  };
  const field = (name: string, text: string, value: string, step: string) =>
    html`<label>${text}<input name=${name} type="number" step=${step} inputmode="decimal" placeholder=${c.t("limits_free")} .value=${value} /></label>`;
  return html`<p class="small quiet">${c.t("limits_auto")}</p>
    <form @submit=${submit} data-test="limits">
      <div class="fields">
        ${field("buy", `${c.t("limits_buy")} (${unit})`, price(limits.buy_max_micro), "0.001")}
        ${field("sell", `${c.t("limits_sell")} (${unit})`, price(limits.sell_min_micro), "0.001")}
        ${field("keep", `${c.t("limits_keep")} (kWh)`, limits.keep_wh ? String(limits.keep_wh / 1000) : "", "0.1")}
      </div>
      <button class="filled" ?disabled=${busy}>${c.t("limits_save")}</button>
    </form>`;
}

/** What the limits are, for those who may not change them. */
export function limitsShown(c: Context): TemplateResult {
  const limits = c.s.limits;
  const row = (text: string, value: string) => html`<li><span class="grow">${text}</span><span class="num">${value}</span></li>`;
  return html`<p class="small quiet">${c.t("limits_auto")}</p>
    <ul class="rows" data-test="limits-shown">
      ${limits?.buy_max_micro == null ? nothing : row(c.t("limits_buy"), plain(c.f.price(limits.buy_max_micro)))}
      ${limits?.sell_min_micro == null ? nothing : row(c.t("limits_sell"), plain(c.f.price(limits.sell_min_micro)))}
      ${limits?.keep_wh ? row(c.t("limits_keep"), plain(c.f.energy(limits.keep_wh))) : nothing}
      ${row(c.t("limits_gift"), plain(c.f.energy(c.s.home.gift_wh_max_day)))}
    </ul>`;
}

/** Whether the neighbours see this home's live power: its administrators say. */
export function showing(c: Context, show: (shown: boolean) => void, busy: boolean): TemplateResult {
  const isShown = c.s.now.power_shown ?? false;
  return html`<div class="steer">
    <span class="quiet">${c.t(isShown ? "power_shown" : "power_private")}</span>
    <button ?disabled=${busy} @click=${() => show(!isShown)} data-test="show-power">${c.t(isShown ? "power_hide" : "power_show")}</button>
  </div>`;
}

export function peerList(c: Context): TemplateResult {
  const { members, members_online: online } = c.s.now;
  // Whom to look after comes first.
  const peers = [...(c.s.peers ?? [])].sort((a, b) => worry(b) - worry(a));
  const summary = members == null ? DASH : c.t("peers_online", { online: online ?? DASH, members });
  return html`<p class="small quiet">${summary}</p>
    ${peers.length === 0 ? html`<p class="empty">${c.t("peers_none")}</p>` : html`<ul class="rows peers" tabindex="0" aria-label=${c.t("peers")} data-test="peers">${peers.map((peer) => peerRow(c, peer))}</ul>`}`;
}

function worry(peer: Peer): number {
  return (peer.online === false ? 2 : 0) + (peer.faults ? 1 : 0);
}

function peerRow(c: Context, peer: Peer): TemplateResult {
  const facts = [
    peer.transport,
    peer.rtt_ms == null ? null : `${peer.rtt_ms} ms`,
    peer.faults ? c.t("peer_faults", { count: peer.faults }) : null,
    peer.last_seen == null ? null : c.f.moment(peer.last_seen, c.s.now.at),
  ].filter((fact): fact is string => fact != null);
  return html`<li>
    ${icon(peer.online === false ? "offline" : "home")}
    <div class="grow"><div>${peer.name}</div><div class="small quiet">${facts.join(" · ")}</div></div>
  </li>`;
}
