// Certificates of origin: each can be checked against the home's own books, and taken away.
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { refusal } from "../actions";
import { type Context, homeName } from "../context";
import { plain } from "../format";
import { icon } from "../icons";
import type { Certificate, Chain } from "../model";
import { base, tokens } from "../styles/base";
import { named } from "../text/text";
import { onChainInWords } from "./on-chain";

const SHOWN = 8;
const DAY_MS = 86_400_000;
const WEI_PER_COIN = 1e18;

interface Result {
  valid: boolean;
  /** What came of it, in words. */
  said: string;
}

export class CommonWattCertificates extends LitElement {
  static override styles = [
    tokens,
    base,
    css`
      :host {
        display: block;
      }
      code {
        font-size: 12px;
        color: var(--cw-quiet);
      }
      .result {
        display: inline-flex;
        align-items: center;
        gap: 6px;
        min-height: 44px;
        padding: 0 8px;
        font-size: 14px;
        font-weight: 500;
      }
      .good,
      .good .icon {
        color: var(--cw-accent);
      }
      .bad {
        color: var(--error-color, #b3261e);
      }
      .chain {
        margin: 24px 0 4px;
      }
      .title {
        font-size: 14px;
        line-height: 20px;
        overflow-wrap: anywhere;
      }
    `,
  ];

  @property({ attribute: false }) context?: Context;
  @property({ type: Boolean, reflect: true }) dark = false;
  @state() private results = new Map<string, Result>();
  @state() private all = false;

  protected override render(): TemplateResult | typeof nothing {
    const c = this.context;
    if (!c) return nothing;
    const certificates = c.s.proof.certificates;
    const { chain } = c.s;
    if (certificates.length === 0) return html`<p class="empty">${c.t("certificates_none")}</p>${chain ? onChain(c, chain) : nothing}`;
    const shown = this.all ? certificates : certificates.slice(0, SHOWN);
    return html`<ul class="rows" data-test="certificates">
        ${shown.map((certificate) => this.row(c, certificate))}
      </ul>
      ${shown.length < certificates.length
        ? html`<button class="plain" @click=${() => (this.all = true)}>${c.t("rest_homes", { count: certificates.length - shown.length })}</button>`
        : nothing}
      ${chain ? onChain(c, chain) : nothing}`;
  }

  private row(c: Context, certificate: Certificate): TemplateResult {
    const side = certificate.mine ? "certificate_mine" : "certificate_theirs";
    const from = certificate.mine ? homeName(c, certificate.producer) : homeName(c, certificate.holder);
    const what = [named(c.t, "source", certificate.source), ...(certificate.stored ? [c.t("certificate_stored")] : [])].join(", ");
    return html`<li>
      ${icon("certificate")}
      <div class="grow">
        <div class="title"><span class="num">${plain(c.f.energy(certificate.energy_wh))}</span> ${what} · ${from}</div>
        <div class="small quiet">
          <span class="num">${c.f.moment(certificate.start, c.s.now.at)}</span> · ${c.t(side)} ·
          ${named(c.t, "certificate", certificate.state)} · <code>${certificate.id.slice(0, 8)}</code>
        </div>
      </div>
      ${this.check(c, certificate)}
    </li>`;
  }

  private check(c: Context, certificate: Certificate): TemplateResult {
    const result = this.results.get(certificate.id);
    if (result) return html`<span class="result ${result.valid ? "good" : "bad"}" role="status">${result.valid ? icon("check", 20) : nothing}${result.said}</span>`;
    const label = `${c.t("verify")} ${certificate.id.slice(0, 8)}`;
    return html`<button aria-label=${label} @click=${() => this.verify(c, certificate)}>${c.t("verify")}</button>`;
  }

  private async verify(c: Context, certificate: Certificate): Promise<void> {
    const result = await verified(c, certificate).catch((error: unknown) => ({ valid: false, said: refusal(c.t, error) }));
    this.results = new Map(this.results).set(certificate.id, result);
  }
}

/** Check a certificate against the home's books and, where there is one, the chain. */
async function verified(c: Context, certificate: Certificate): Promise<Result> {
  const answer = await c.act.verify(certificate);
  if (!answer.valid || answer.certificate.id !== certificate.id) return { valid: false, said: c.t("verify_failed") };
  if (!c.s.chain) return { valid: true, said: c.t("verified") };
  const batch = await c.act.verifyOnChain(certificate).then(
    (found) => onChainInWords(found, c.t),
    // Only days that are over are on the chain.
    (error: unknown) => ((error as { code?: string }).code === "certificate_unknown" ? c.t("verified_not_yet") : refusal(c.t, error)),
  );
  return { valid: true, said: `${c.t("verified")} · ${batch}` };
}

function onChain(c: Context, chain: Chain): TemplateResult {
  const row = (text: string, value: string) => html`<li><span class="grow">${text}</span><span class="num">${value}</span></li>`;
  const gas = Number(chain.gas_wei) / WEI_PER_COIN;
  return html`<div class="head chain"><h2>${c.t("chain")}</h2><span class="small quiet"><code>${chain.account.slice(0, 8)}…</code></span></div>
    <ul class="rows" data-test="chain">
      ${row(c.t("chain_credit"), c.f.money(chain.credit_nano))}
      ${row(c.t("chain_pending"), c.f.money(chain.pending_nano))}
      ${row(c.t("chain_until"), chain.day == null ? c.t(chain.waits ? "chain_waits" : "chain_none") : c.t("chain_batch", { date: c.f.date((chain.day + 0.5) * DAY_MS), batch: chain.batch ?? "" }))}
      ${row(c.t("chain_gas"), `${c.f.number(gas, 5)} ${chain.coin}`)}
    </ul>`;
}
