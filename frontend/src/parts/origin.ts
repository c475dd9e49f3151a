// Where the electricity came from: one bar, read from left to right, and its legend.
import { css, html, nothing, type TemplateResult } from "lit";
import type { Context } from "../context";
import { PPM } from "../format";
import { icon } from "../icons";
import type { Share } from "../model";
import { named } from "../text/text";

export const originStyles = css`
  .origin {
    display: flex;
    height: 44px;
    border-radius: 8px;
    overflow: hidden;
    gap: 2px;
  }
  .origin div {
    min-width: 2px;
  }
  .suppliers {
    display: flex;
    flex-wrap: wrap;
    gap: 8px 32px;
    margin-bottom: 16px;
  }
  .suppliers .label {
    font-size: 14px;
    line-height: 20px;
    color: var(--cw-quiet);
  }
  .suppliers .value {
    font-size: 30px;
    line-height: 36px;
    font-variant-numeric: tabular-nums;
  }
  .sources {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(190px, 1fr));
    gap: 4px 24px;
    margin-top: 14px;
    font-size: 14px;
    line-height: 24px;
  }
  .sources li {
    display: flex;
    align-items: center;
    gap: 8px;
  }
  .sources .dot {
    width: 12px;
    height: 12px;
    border-radius: 3px;
    flex: none;
  }
  .sources .num {
    margin-left: auto;
  }
  .carbon {
    display: flex;
    align-items: center;
    gap: 12px;
    margin-top: 18px;
    padding-top: 16px;
    border-top: 1px solid var(--cw-line);
  }
  .carbon .icon {
    color: var(--cw-quiet);
  }
  .carbon b {
    font-size: 20px;
    font-weight: 400;
    font-variant-numeric: tabular-nums;
  }
`;

const SUPPLIERS = ["own", "neighbour", "grid", "unknown"] as const;
const COLOURS: Record<string, string> = {
  solar: "var(--cw-solar)",
  wind: "#4aa3c7",
  hydro: "#2f6f9f",
  biogas: "#7a9a3a",
  natural_gas: "#9a7b6a",
  hydrogen: "#a78bd0",
  grid: "color-mix(in srgb, var(--cw-quiet) 60%, var(--cw-card))",
  unknown: "color-mix(in srgb, var(--cw-quiet) 30%, var(--cw-card))",
};

export function origin(c: Context, shares: readonly Share[]): TemplateResult {
  if (shares.length === 0) return html`<p class="empty">${c.t("proof_none")}</p>`;
  const sorted = [...shares].sort(
    (a, b) => SUPPLIERS.indexOf(a.supplier) - SUPPLIERS.indexOf(b.supplier) || b.share_ppm - a.share_ppm,
  );
  const totals = SUPPLIERS.map((supplier) => ({
    supplier,
    ppm: shares.filter((share) => share.supplier === supplier).reduce((sum, share) => sum + share.share_ppm, 0),
  })).filter(({ ppm }) => ppm > 0);
  const sentence = totals.map(({ supplier, ppm }) => `${c.t(`supplier_${supplier}`)} ${c.f.percent(ppm)}`).join(", ");
  return html`<div data-test="origin">
    <div class="suppliers">
      ${totals.map(({ supplier, ppm }) => html`<div>
        <div class="label">${c.t(`supplier_${supplier}`)}</div>
        <div class="value" data-supplier=${supplier}>${c.f.percent(ppm)}</div>
      </div>`)}
    </div>
    <div class="origin" role="img" aria-label=${sentence}>
      ${sorted.map((share) => html`<div style="flex:${share.share_ppm / PPM};background:${colour(share)}"></div>`)}
    </div>
    <ul class="sources">
      ${sorted.map((share) => html`<li>
        <span class="dot" style="background:${colour(share)}"></span>
        ${share.supplier === "grid" || share.supplier === "unknown" ? c.t(`source_${share.supplier}`) : `${named(c.t, "source", share.source)} · ${c.t(`supplier_${share.supplier}`)}`}
        <span class="num">${c.f.percent(share.share_ppm)}</span>
      </li>`)}
    </ul>
  </div>`;
}

/** The same source from a neighbour is a shade lighter than from the own roof. */
function colour(share: Share): string {
  const found = COLOURS[share.source] ?? COLOURS.unknown;
  return share.supplier === "neighbour" ? `color-mix(in srgb, ${found} 72%, var(--cw-card))` : `${found}`;
}

export function carbon(c: Context): TemplateResult | typeof nothing {
  const grams = c.s.proof.carbon_g_per_kwh;
  if (grams == null) return nothing;
  return html`<div class="carbon">
    ${icon("leaf")}
    <div><div class="small quiet">${c.t("carbon")}</div><b>${c.f.number(grams, 0)}</b> <span class="quiet">${c.t("carbon_unit")}</span></div>
  </div>`;
}
