// The first screen in three seconds: give or take, how much, at what price.
import { css, html, nothing, type TemplateResult } from "lit";
import type { Context } from "../context";
import { plain, type Quantity } from "../format";
import { icon } from "../icons";
import { type Story, storyOf } from "../story";
import { list } from "../text/text";

export const heroStyles = css`
  .hero {
    display: grid;
    grid-template-columns: minmax(0, 1.5fr) minmax(0, 1fr) minmax(0, 1fr);
    gap: 8px 32px;
    align-items: start;
  }
  .hero .lead {
    display: flex;
    gap: 20px;
    align-items: center;
    min-width: 0;
  }
  .badge {
    flex: none;
    width: 72px;
    height: 72px;
    border-radius: 50%;
    display: grid;
    place-items: center;
    background: var(--cw-tint);
    color: var(--cw-accent);
  }
  .give .badge {
    background: var(--cw-accent);
    color: var(--cw-on-accent);
  }
  .fact {
    padding-top: 4px;
    min-width: 0;
  }
  .label {
    font-size: 14px;
    line-height: 20px;
    color: var(--cw-quiet);
  }
  .lead .label {
    font-size: 18px;
    line-height: 24px;
    font-weight: 500;
    color: var(--cw-text);
  }
  .value {
    font-size: 30px;
    line-height: 38px;
    font-weight: 400;
    letter-spacing: -0.01em;
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }
  .lead .value {
    font-size: 48px;
    line-height: 54px;
    letter-spacing: -0.02em;
  }
  .value small {
    font-size: 0.5em;
    letter-spacing: 0;
    color: var(--cw-quiet);
    margin-left: 4px;
  }
  .note {
    font-size: 14px;
    line-height: 20px;
    color: var(--cw-quiet);
  }
  .lead .note {
    font-size: 16px;
    line-height: 22px;
  }
  :host([narrow]) .hero {
    grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
    gap: 16px;
  }
  :host([narrow]) .hero .lead {
    grid-column: 1 / -1;
    gap: 16px;
  }
  :host([narrow]) .badge {
    width: 56px;
    height: 56px;
  }
  :host([narrow]) .lead .value {
    font-size: 40px;
    line-height: 46px;
  }
  :host([narrow]) .fact .value {
    font-size: 24px;
    line-height: 32px;
  }
`;

export function big(quantity: Quantity): TemplateResult {
  return html`${quantity.value}${quantity.unit ? html`<small>${quantity.unit}</small>` : nothing}`;
}

export function hero(c: Context): TemplateResult {
  const story = storyOf(c.s.now, c.s.flows, c.s.homes);
  return html`<div class="hero ${story.direction}" data-test="hero" data-direction=${story.direction}>
    <div class="lead">
      <div class="badge">${icon(arrow(story), c.narrow ? 32 : 40)}</div>
      <div>
        <div class="label">${verb(c, story)}</div>
        ${story.direction === "none" ? nothing : html`<div class="value" data-test="power">${big(c.f.power(story.watts))}</div>`}
        <div class="note">${whom(c, story)}</div>
      </div>
    </div>
    <div class="fact">
      <div class="label">${priceLabel(c, story)}</div>
      <div class="value" data-test="price">${big(c.f.price(story.priceMicro))}</div>
      <div class="note">${comparison(c, story)}</div>
    </div>
    <div class="fact">
      <div class="label">${c.t("saved_today")}</div>
      <div class="value" data-test="saved">${c.f.money(c.s.now.saved_nano_today)}</div>
      <div class="note">${c.s.now.saved_nano_today == null || (c.s.now.members ?? 0) < 2 ? nothing : c.t(`basis_${c.s.now.basis ?? "insight"}`)}</div>
    </div>
  </div>`;
}

function arrow(story: Story) {
  if (story.direction === "unknown") return "alert";
  return story.direction;
}

function verb(c: Context, story: Story): string {
  return c.t(story.direction);
}

function whom(c: Context, story: Story): string | typeof nothing {
  if (story.direction === "unknown") return c.t("unknown_why");
  if (story.direction === "none") return c.t("none_why");
  const way = story.direction === "give" ? "to" : "from";
  if (story.partner === "grid") return c.t(`${way}_grid`);
  if (story.names.length === 0) return c.t(`${way}_somebody`);
  return c.t(`${way}_neighbours`, { names: list(c.t, story.names) });
}

function priceLabel(c: Context, story: Story): string {
  if (story.partner === "neighbours" || story.direction === "none") return c.t("price_of_neighbours");
  return c.t(story.direction === "give" ? "price_feed_in" : "price_of_grid");
}

function comparison(c: Context, story: Story): string | typeof nothing {
  const { advantageMicro } = story;
  if (advantageMicro == null) {
    const isPriceless = story.partner === "neighbours" && story.priceMicro == null;
    return isPriceless ? c.t("no_price") : nothing;
  }
  const amount = plain(c.f.price(Math.abs(advantageMicro))).replace("/kWh", "");
  if (advantageMicro < 0) return c.t("worse", { amount });
  if (advantageMicro === 0) return c.t("same_as_grid");
  return c.t(story.direction === "give" ? "better_give" : "better_take", { amount });
}
