// What happens next and why, and who drives: the plan, or the devices themselves.
import { css, html, nothing, type TemplateResult } from "lit";
import type { Context } from "../context";
import { plain } from "../format";
import { icon, type IconName } from "../icons";
import { named } from "../text/text";

const ACTIONS_SHOWN = 3;

export const planStyles = css`
  .actions .time {
    font-size: 13px;
    color: var(--cw-quiet);
  }
  .actions .why {
    font-size: 14px;
    line-height: 20px;
    color: var(--cw-quiet);
  }
  .actions .what {
    font-size: 16px;
    line-height: 22px;
  }
  .actions li {
    align-items: flex-start;
    padding: 12px 0;
  }
  .steer {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: 12px;
  }
`;

export function actionList(c: Context, most = ACTIONS_SHOWN): TemplateResult {
  const actions = (c.s.plan?.actions ?? []).filter((action) => action.ends_at > c.s.now.at).slice(0, most);
  if (actions.length === 0) return html`<p class="empty">${c.t("plan_next_none")}</p>`;
  return html`<ol class="rows actions" data-test="actions">
    ${actions.map((action) => {
      const now = c.s.now.at;
      const begun = action.starts_at <= now;
      const when = begun
        ? c.t("plan_goes_on", { time: c.f.moment(action.ends_at, now) })
        : `${c.f.moment(action.starts_at, now)} – ${c.f.time(action.ends_at)}`;
      const what = c.t(`kind_${action.kind}` as "kind_heat", { name: action.name });
      return html`<li>
        ${icon(iconOf(action.kind))}
        <div class="grow">
          <div class="time num">${when}</div>
          <div class="what">${what} · <span class="num">${plain(c.f.power(action.power_w))}</span></div>
          <div class="why">${c.t("plan_reason_because", { why: named(c.t, "why", action.reason) })}</div>
        </div>
      </li>`;
    })}
  </ol>`;
}

function iconOf(kind: string): IconName {
  if (kind.endsWith("battery")) return "action_battery";
  if (kind.endsWith("car")) return "action_car";
  if (kind.endsWith("hydrogen")) return "action_hydrogen";
  return kind === "heat" ? "action_heat" : "action_appliance";
}

/** Who drives; administrators may pause it and let it drive again. */
export function steering(c: Context, set: (armed: boolean) => void, busy: boolean): TemplateResult | typeof nothing {
  const devices = c.s.control;
  if (!devices) return html`<p class="small quiet">${c.t("plan_admin")}</p>`;
  if (devices.length === 0) return nothing;
  const armed = devices.filter((device) => device.armed);
  const text = armed.length > 0 ? `${c.t("plan_steered")}: ${armed.map((device) => device.name).join(", ")}` : c.t("plan_not_steered");
  return html`<div class="steer">
    <span class="quiet">${text}</span>
    ${armed.length > 0
      ? html`<button ?disabled=${busy} @click=${() => set(false)} data-test="pause">${icon("pause", 20)}${c.t("plan_pause")}</button>`
      : html`<button ?disabled=${busy} @click=${() => set(true)} data-test="resume">${icon("play", 20)}${c.t("plan_resume")}</button>`}
  </div>`;
}
