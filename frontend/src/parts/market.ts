// Parts of the market view: my trades, and the book behind the price.
import { css, html, nothing, svg, type TemplateResult } from "lit";
import { linear, round, ticks } from "../chart/scale";
import { type Context, homeName } from "../context";
import { MICRO, plain } from "../format";
import { icon } from "../icons";
import type { Book, Stair } from "../model";
import { named } from "../text/text";

export const marketStyles = css`
  table {
    width: 100%;
    border-collapse: collapse;
    font-size: 14px;
    line-height: 20px;
    font-variant-numeric: tabular-nums;
  }
  th {
    font-weight: 400;
    font-size: 12px;
    color: var(--cw-quiet);
    text-align: left;
    padding: 0 8px 6px 0;
  }
  td {
    border-top: 1px solid var(--cw-line);
    padding: 9px 8px 9px 0;
    vertical-align: top;
  }
  .right {
    text-align: right;
    padding-right: 0;
    padding-left: 8px;
    white-space: nowrap;
  }
  td.who {
    overflow-wrap: anywhere;
  }
  td .icon {
    display: inline-block;
    vertical-align: -4px;
    margin-right: 6px;
    color: var(--cw-accent);
  }
  .scroll {
    max-height: 460px;
    overflow-y: auto;
  }
  .book svg {
    display: block;
    width: 100%;
    height: auto;
  }
  .book text {
    font-family: inherit;
    font-size: 11px;
    fill: var(--cw-quiet);
  }
  .bids {
    fill: none;
    stroke: var(--cw-grid);
    stroke-width: 2.5;
  }
  .offers {
    fill: none;
    stroke: var(--cw-accent);
    stroke-width: 2.5;
    stroke-dasharray: 7 3;
  }
`;

export function tradeTable(c: Context): TemplateResult {
  const trades = c.s.market.trades;
  if (trades.length === 0) return html`<p class="empty">${c.t("trades_none")}</p>`;
  return html`<div class="scroll" tabindex="0" role="region" aria-label=${c.t("trades")}><table data-test="trades">
    <thead>
      <tr>
        <th scope="col">${c.t("when")}</th>
        <th scope="col">${c.t("who")}</th>
        <th scope="col" class="right">${c.t("energy")}</th>
        <th scope="col" class="right">${c.t("price")}</th>
      </tr>
    </thead>
    <tbody>
      ${trades.map((trade) => {
        const name = homeName(c, trade.partner);
        const note = trade.state === "final" ? c.t("trade_agreed") : trade.kind === "position" ? "" : named(c.t, "trade_kind", trade.kind);
        return html`<tr>
          <td class="num">${c.f.moment(trade.start, c.s.now.at)}</td>
          <td class="who">${icon(trade.direction === "sold" ? "give" : "take", 18)}${c.t(`trade_${trade.direction}`, { name })}
            ${note ? html`<span class="chip">${note}</span>` : nothing}</td>
          <td class="right">${plain(c.f.energy(trade.energy_wh))}</td>
          <td class="right">${trade.price_micro == null ? "–" : plain(c.f.price(trade.price_micro)).replace("/kWh", "")}</td>
        </tr>`;
      })}
    </tbody>
  </table></div>`;
}

export function bookChart(c: Context): TemplateResult {
  const book = c.s.market.book;
  if (!book || (book.bids.length === 0 && book.offers.length === 0)) {
    return html`<p class="empty">${c.t("book_none")}</p>`;
  }
  return html`<div class="book">
    <p class="small quiet">${c.t("book_why", { time: c.f.time(book.start) })}</p>
    ${drawn(c, book)}
    <p class="small quiet">━ ${c.t("book_bids")} · ┅ ${c.t("book_offers")}</p>
  </div>`;
}

function drawn(c: Context, book: Book): TemplateResult {
  const width = c.narrow ? 344 : 560;
  const [left, right, top, height] = [44, 12, 12, 180];
  const both = [...book.bids, ...book.offers];
  const prices = both.map(([price]) => price);
  const [low, high] = [Math.min(0, ...prices), Math.max(...prices) * 1.05];
  const most = Math.max(...both.map(([, energyWh]) => energyWh));
  const x = linear([0, most], [left, width - right]);
  const y = linear([low, high], [top + height, top]);
  const stairs = (steps: Stair[]) => {
    let path = `M${left} ${round(y(steps[0]?.[0] ?? 0))}`;
    for (const [price, energyWh] of steps) path += `V${round(y(price))}H${round(x(energyWh))}`;
    return path;
  };
  return html`<svg viewBox="0 0 ${width} ${top + height + 24}" role="img" aria-label=${c.t("book_chart")}>
    ${ticks(low / MICRO, high / MICRO, 4).map((price) => svg`
      <line x1=${left} x2=${width - right} y1=${y(price * MICRO)} y2=${y(price * MICRO)} stroke="var(--cw-line)"></line>
      <text x=${left - 6} y=${y(price * MICRO) + 4} text-anchor="end">${c.f.price(price * MICRO).value}</text>`)}
    ${ticks(0, most / 1000, 4).map((kwh) => svg`
      <text x=${x(kwh * 1000)} y=${top + height + 18} text-anchor="middle">${c.f.number(kwh, kwh % 1 ? 1 : 0)}${kwh === 0 ? " kWh" : ""}</text>`)}
    ${book.bids.length ? svg`<path class="bids" d=${stairs(book.bids)}></path>` : nothing}
    ${book.offers.length ? svg`<path class="offers" d=${stairs(book.offers)}></path>` : nothing}
  </svg>`;
}
