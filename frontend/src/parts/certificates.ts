// Certificates of origin: each can be checked against the home's own books, and taken away.
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { refusal } from "../actions";
import { type Context, homeName } from "../context";
import { plain } from "../format";
import { icon } from "../icons";
import type { Certificate } from "../model";
import { base, tokens } from "../styles/base";
import { named } from "../text/text";

const SHOWN = 8;

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
      .title {
        font-size: 14px;
        line-height: 20px;
        overflow-wrap: anywhere;
      }
    `,
  ];

  @property({ attribute: false }) context?: Context;
  @property({ type: Boolean, reflect: true }) dark = false;
  @state() private results = new Map<string, boolean | string>();
  @state() private all = false;

  protected override render(): TemplateResult | typeof nothing {
    const c = this.context;
    if (!c) return nothing;
    const certificates = c.s.proof.certificates;
    if (certificates.length === 0) return html`<p class="empty">${c.t("certificates_none")}</p>`;
    const shown = this.all ? certificates : certificates.slice(0, SHOWN);
    return html`<ul class="rows" data-test="certificates">
        ${shown.map((certificate) => this.row(c, certificate))}
      </ul>
      ${shown.length < certificates.length
        ? html`<button class="plain" @click=${() => (this.all = true)}>${c.t("rest_homes", { count: certificates.length - shown.length })}</button>`
        : nothing}`;
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
    if (result === true) return html`<span class="result good" role="status">${icon("check", 20)}${c.t("verified")}</span>`;
    if (result !== undefined) return html`<span class="result bad" role="status">${result === false ? c.t("verify_failed") : result}</span>`;
    const label = `${c.t("verify")} ${certificate.id.slice(0, 8)}`;
    return html`<button aria-label=${label} @click=${() => this.verify(c, certificate)}>${c.t("verify")}</button>`;
  }

  private async verify(c: Context, certificate: Certificate): Promise<void> {
    let result: boolean | string;
    try {
      const answer = await c.act.verify(certificate);
      result = answer.valid && answer.certificate.id === certificate.id;
    } catch (error) {
      result = refusal(c.t, error);
    }
    this.results = new Map(this.results).set(certificate.id, result);
  }
}
