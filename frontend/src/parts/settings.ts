// What only administrators change: limits, arming; and what they may know of members.
import { css, html, nothing, type TemplateResult } from "lit";
import type { Context } from "../context";
import { DASH, MICRO, plain } from "../format";
import { icon } from "../icons";
import type { Armable, Peer } from "../model";

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
  .fields input {
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
`;

export function arming(c: Context, set: (device: Armable, armed: boolean) => void, busy: boolean): TemplateResult {
  const devices = c.s.control ?? [];
  return html`<p class="small quiet">${c.t("arming_why")}</p>
    ${devices.length === 0
      ? html`<p class="empty">${c.t("arming_none")}</p>`
      : html`<ul class="rows" data-test="arming">
          ${devices.map((device) => {
            const state = device.armed
              ? device.until == null
                ? c.t("armed")
                : c.t("armed_until", { time: `${c.f.date(device.until)} ${c.f.time(device.until)}` })
              : c.t("disarmed");
            return html`<li>
              ${icon(device.kind === "charger" ? "car" : "battery")}
              <div class="grow">
                <div>${device.name}</div>
                <div class="small quiet">${state}${device.fault ? html` · ${c.t("fault", { what: device.fault.replaceAll("_", " ") })}` : nothing}</div>
              </div>
              <button ?disabled=${busy} aria-label="${c.t(device.armed ? "disarm" : "arm")} ${device.name}"
                @click=${() => set(device, !device.armed)}>${c.t(device.armed ? "disarm" : "arm")}</button>
            </li>`;
          })}
        </ul>`}`;
}

export function limitsForm(c: Context, save: (limits: { buy_max?: number; sell_min?: number }) => void, busy: boolean): TemplateResult {
  const limits = c.s.limits;
  if (!limits || !c.act.knows("set_limits")) {
    return html`<p>${c.t("limits_auto")}</p>`;
  }
  const unit = `${c.s.home.currency}/kWh`;
  const shown = (micro: number | null | undefined) => (micro == null ? "" : String(micro / MICRO));
  const submit = (event: Event) => {
    event.preventDefault();
    const data = new FormData(event.target as HTMLFormElement);
    const [buy, sell] = [String(data.get("buy") ?? ""), String(data.get("sell") ?? "")];
    save({ ...(buy === "" ? {} : { buy_max: Number(buy) }), ...(sell === "" ? {} : { sell_min: Number(sell) }) });
  };
  return html`<p class="small quiet">${c.t("limits_auto")}</p>
    <form @submit=${submit} data-test="limits">
      <div class="fields">
        <label>${c.t("limits_buy")} (${unit})<input name="buy" type="number" step="0.001" inputmode="decimal" .value=${shown(limits.buy_max_micro)} /></label>
        <label>${c.t("limits_sell")} (${unit})<input name="sell" type="number" step="0.001" inputmode="decimal" .value=${shown(limits.sell_min_micro)} /></label>
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
      ${row(c.t("limits_gift"), plain(c.f.energy(limits?.gift_wh_max_day ?? c.s.home.gift_wh_max_day)))}
    </ul>`;
}

export function peerList(c: Context): TemplateResult {
  const { members, members_online: online } = c.s.now;
  const peers = c.s.peers ?? [];
  const summary = members == null ? DASH : c.t("peers_online", { online: online ?? DASH, members });
  return html`<p class="small quiet">${summary}</p>
    ${peers.length === 0 ? html`<p class="empty">${c.t("peers_none")}</p>` : html`<ul class="rows">${peers.map((peer) => peerRow(c, peer))}</ul>`}`;
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
