// Parts of the first view: the largest flows, and what the home itself does.
import { css, html, nothing, type TemplateResult } from "lit";
import { type Context, homeName, myself } from "../context";
import { plain } from "../format";
import { icon, type IconName } from "../icons";
import type { Link } from "../model";

const PERIODS_PER_HOUR = 4;
const PERIOD_MS = 900_000;
const FLOWS_SHOWN = 5;

export const nowStyles = css`
  .tiles {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(136px, 1fr));
    gap: 10px;
  }
  .tile {
    display: flex;
    gap: 12px;
    align-items: center;
    border: 1px solid var(--cw-line);
    border-radius: 10px;
    padding: 10px 12px;
    min-width: 0;
  }
  .tile .icon {
    color: var(--cw-quiet);
  }
  .tile .what {
    font-size: 12px;
    line-height: 16px;
    color: var(--cw-quiet);
  }
  .tile .amount {
    font-size: 16px;
    line-height: 22px;
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }
  .flowlist .names {
    overflow-wrap: anywhere;
    font-size: 14px;
    line-height: 20px;
  }
  .flowlist .mine .names {
    font-weight: 500;
  }
  .flowlist .mine .icon {
    color: var(--cw-accent);
  }
  .bar {
    display: block;
    height: 4px;
    border-radius: 2px;
    margin-top: 4px;
    background: var(--cw-quiet);
    opacity: 0.45;
  }
  .mine .bar {
    background: var(--cw-accent);
    opacity: 1;
  }
`;

export function flowList(c: Context): TemplateResult {
  const flows = c.s.flows;
  const me = myself(c)?.id;
  const isMine = ([from, to]: Link) => from === me || to === me;
  const links = [...(flows?.links ?? [])]
    .sort((a, b) => Number(isMine(b)) - Number(isMine(a)) || b[2] - a[2])
    .slice(0, FLOWS_SHOWN);
  if (links.length === 0) return html`<p class="empty">${c.t("flows_none")}</p>`;
  const most = Math.max(...links.map(([, , energyWh]) => energyWh));
  return html`<ul class="rows flowlist" data-test="flows">
    ${links.map(([from, to, energyWh]) => {
      const mine = from === me || to === me;
      const sign: IconName = from === me ? "give" : to === me ? "take" : "flash";
      return html`<li class=${mine ? "mine" : ""}>
        ${icon(sign, 20)}
        <div class="grow">
          <div class="names">${homeName(c, from)} → ${homeName(c, to)}</div>
          <span class="bar" style="width:${Math.max(2, (energyWh / most) * 100)}%"></span>
        </div>
        <span class="num">${plain(c.f.power(energyWh * PERIODS_PER_HOUR))}</span>
      </li>`;
    })}
  </ul>`;
}

export function flowsWhen(c: Context): string {
  const flows = c.s.flows;
  if (!flows || flows.links.length === 0) return c.t("map_none");
  const key = flows.state === "final" ? "map_final" : "map_settled";
  return c.t(key, { from: c.f.time(flows.start), to: c.f.time(flows.start + PERIOD_MS) });
}

export function myHome(c: Context): TemplateResult {
  const { solar_w, battery_w, consumption_w, charger_w, grid_w, soc_ppm } = c.s.now;
  const battery = battery_w == null || Math.abs(battery_w) < 20 ? "idle" : battery_w > 0 ? "discharging" : "charging";
  const soc = soc_ppm == null ? "" : ` · ${c.f.percent(soc_ppm)}`;
  const meter = grid_w == null || Math.abs(grid_w) < 20 ? "idle" : grid_w > 0 ? "taking" : "giving";
  return html`<div class="tiles" data-test="my-home">
    ${solar_w == null ? nothing : tile("solar", c.t("solar"), plain(c.f.power(solar_w)))}
    ${battery_w == null ? nothing : tile("battery", `${c.t("battery")}${soc}`, `${arrowOf(battery_w)}${plain(c.f.power(battery_w))}`, c.t(battery))}
    ${tile("uses", c.t("uses"), plain(c.f.power(consumption_w)))}
    ${charger_w == null ? nothing : tile("car", c.t("car"), plain(c.f.power(charger_w)), c.t("included"))}
    ${tile("grid", c.t("grid"), `${arrowOf(grid_w == null ? grid_w : -grid_w)}${plain(c.f.power(grid_w))}`, grid_w == null ? "" : c.t(meter))}
  </div>`;
}

function arrowOf(watts: number | null | undefined): string {
  if (watts == null || Math.abs(watts) < 20) return "";
  return watts > 0 ? "▲ " : "▼ ";
}

function tile(name: IconName, what: string, amount: string, note = ""): TemplateResult {
  return html`<div class="tile">
    ${icon(name)}
    <div>
      <div class="what">${what}</div>
      <div class="amount">${amount}</div>
      ${note ? html`<div class="what">${note}</div>` : nothing}
    </div>
  </div>`;
}
