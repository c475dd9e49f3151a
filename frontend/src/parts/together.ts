// What neighbours do together: score, badges, missions, gifts, requests, votes.
import { css, html, nothing, type TemplateResult } from "lit";
import { type Context, homeName } from "../context";
import { plain, PPM } from "../format";
import { icon } from "../icons";
import type { Badge, Gift, HelpRequest, Leaderboard, Mission, Score, Vote } from "../model";

export const togetherStyles = css`
  .pool {
    margin-top: 16px;
  }
  .score {
    display: flex;
    gap: 28px;
    align-items: start;
    flex-wrap: wrap;
  }
  .ring {
    width: 128px;
    height: 128px;
    flex: none;
  }
  .ring .track {
    fill: none;
    stroke: var(--cw-line);
    stroke-width: 9;
  }
  .ring .done {
    fill: none;
    stroke: var(--cw-accent);
    stroke-width: 9;
    stroke-linecap: round;
  }
  .ring text {
    font-family: inherit;
    text-anchor: middle;
    fill: var(--cw-text);
  }
  .parts {
    flex: 1;
    min-width: 220px;
    display: grid;
    gap: 10px;
  }
  .part {
    font-size: 14px;
    line-height: 20px;
  }
  .part .line {
    display: flex;
    justify-content: space-between;
    gap: 12px;
  }
  .meter {
    height: 6px;
    border-radius: 3px;
    background: var(--cw-line);
    overflow: hidden;
    margin: 4px 0;
  }
  .meter {
    position: relative;
  }
  .meter > i {
    position: absolute;
    top: 0;
    width: 3px;
    height: 100%;
    margin-left: -3px;
    background: var(--cw-text);
  }
  .meter > span {
    display: block;
    height: 100%;
    background: var(--cw-accent);
  }
  .badges {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(120px, 1fr));
    gap: 12px;
  }
  .badges li {
    text-align: center;
    font-size: 13px;
    line-height: 18px;
  }
  .badges .medal {
    width: 56px;
    height: 56px;
    margin: 0 auto 6px;
    border-radius: 50%;
    display: grid;
    place-items: center;
    color: var(--cw-quiet);
    border: 2px dashed var(--cw-line);
  }
  .badges .earned .medal {
    background: var(--cw-accent);
    color: var(--cw-on-accent);
    border: none;
  }
  .vote {
    padding: 14px 0;
    border-top: 1px solid var(--cw-line);
  }
  .vote:first-child {
    border-top: none;
    padding-top: 0;
  }
  .buttons {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    margin-top: 10px;
  }
  .error {
    color: var(--error-color, #b3261e);
    font-size: 14px;
  }
`;

export function scoreRing(c: Context, score: Score): TemplateResult {
  const part = score.out_of > 0 ? Math.min(1, score.points / score.out_of) : 0;
  const length = 2 * Math.PI * 54;
  const said = `${c.t("score")}: ${score.points} ${c.t("score_of", { total: score.out_of })}`;
  return html`<svg class="ring" viewBox="0 0 128 128" role="img" aria-label=${said}>
    <circle class="track" cx="64" cy="64" r="54"></circle>
    <circle class="done" cx="64" cy="64" r="54" stroke-dasharray="${part * length} ${length}" transform="rotate(-90 64 64)"></circle>
    <text x="64" y="70" font-size="34">${c.f.number(score.points, 0)}</text>
    <text x="64" y="90" font-size="12">${c.t("score_of", { total: score.out_of })}</text>
  </svg>`;
}

export function scoreView(c: Context): TemplateResult {
  const score = c.s.score;
  if (!score) return html`<p class="empty">${c.t("score_none")}</p>`;
  return html`<div class="score" data-test="score">
    ${scoreRing(c, score)}
    <div class="parts">
      ${score.level ? html`<div><span class="chip">${score.level}</span>
        ${score.streak_days ? html` <span class="chip">${score.streak_days === 1 ? c.t("streak_one") : c.t("streak", { count: score.streak_days })}</span>` : nothing}
        ${score.reputation_ppm == null ? nothing : html` <span class="chip">${c.t("reputation")} ${c.f.percent(score.reputation_ppm)}</span>`}</div>` : nothing}
      ${score.parts.map((part) => html`<div class="part">
        <div class="line"><span>${part.name}</span><span class="num">${part.points ?? "–"} / ${part.out_of}</span></div>
        ${part.points == null ? nothing : meter(part.out_of ? part.points / part.out_of : 0)}
        <div class="small quiet">${part.why}</div>
      </div>`)}
    </div>
  </div>`;
}

function meter(part: number, goal?: number): TemplateResult {
  const percent = (share: number) => Math.min(100, Math.max(0, share * 100));
  return html`<div class="meter"><span style="width:${percent(part)}%"></span>${goal === undefined ? nothing : html`<i style="left:${percent(goal)}%"></i>`}</div>`;
}

export function badgeList(c: Context): TemplateResult {
  const badges = c.s.badges ?? [];
  if (badges.length === 0) return html`<p class="empty">${c.t("badges_none")}</p>`;
  const isEarned = (badge: Badge) => badge.earned_at != null || (badge.progress_ppm ?? 0) >= PPM;
  const sorted = [...badges].sort((a, b) => Number(isEarned(b)) - Number(isEarned(a)));
  return html`<ul class="badges" data-test="badges">
    ${sorted.map((badge) => html`<li class=${isEarned(badge) ? "earned" : ""} title=${badge.description}>
      <div class="medal">${icon(isEarned(badge) ? "check" : "star", 28)}</div>
      ${badge.name}
      ${!isEarned(badge) && badge.progress_ppm ? html`<div class="quiet">${c.f.percent(badge.progress_ppm)}</div>` : nothing}
      <span class="visually-hidden">${badge.description}</span>
    </li>`)}
  </ul>`;
}

export function missionList(c: Context): TemplateResult {
  const missions = c.s.missions ?? [];
  if (missions.length === 0) return html`<p class="empty">${c.t("missions_none")}</p>`;
  return html`<ul class="rows" data-test="missions">${missions.map((mission) => missionRow(c, mission))}</ul>`;
}

function missionRow(c: Context, mission: Mission): TemplateResult {
  return html`<li><div class="grow part">
    <div class="line"><b>${mission.name}</b><span class="num">${mission.amount ?? c.f.percent(mission.progress_ppm)}</span></div>
    ${mission.progress_ppm == null ? nothing : meter(mission.progress_ppm / PPM)}
    <div class="small quiet">${mission.description}${mission.ends_at == null ? nothing : html` · ${c.t("plan_until", { time: c.f.date(mission.ends_at) })}`}</div>
  </div></li>`;
}

export function leaderboard(c: Context, show: (shown: boolean) => void, busy: boolean): TemplateResult {
  const board = c.s.leaderboard;
  const isIn = board?.opted_in ?? false;
  const rows = isIn ? (board?.rows ?? []) : [];
  return html`${rows.length > 0 ? ranks(rows) : html`<p class="empty">${c.t(isIn ? "leaderboard_soon" : "leaderboard_off")}</p>`}
    ${board && c.s.home.may_act && c.act.knows("show_score")
      ? html`<button ?disabled=${busy} @click=${() => show(!isIn)} data-test="show-score">${c.t(isIn ? "leaderboard_leave" : "leaderboard_join")}</button>`
      : nothing}`;
}

function ranks(rows: Leaderboard["rows"]): TemplateResult {
  return html`<ol class="rows" data-test="leaderboard">
    ${rows.map((row) => html`<li>
      <span class="num quiet">${row.rank}.</span>
      <span class="grow">${row.me ? html`<b>${row.name}</b>` : row.name}</span>
      <span class="num">${row.points}</span>
    </li>`)}
  </ol>`;
}

export function giftList(c: Context, thank?: (gift: Gift) => void): TemplateResult {
  const gifts = c.s.gifts.filter((gift) => gift.state !== "ended" || gift.moved_wh > 0);
  if (gifts.length === 0) return html`<p class="empty">${c.t("gifts_none")}</p>`;
  return html`<ul class="rows" data-test="gifts">${gifts.map((gift) => giftRow(c, gift, thank))}</ul>`;
}

function giftRow(c: Context, gift: Gift, thank?: (gift: Gift) => void): TemplateResult {
  const name = homeName(c, gift.mine ? gift.receiver : gift.giver);
  const amount = plain(c.f.energy(gift.energy_wh));
  const isOver = gift.moved_wh >= gift.energy_wh;
  const state = isOver
    ? c.t("gift_done")
    : gift.state === "ended"
      ? c.t("gift_ended")
      : gift.moved_wh > 0
        ? c.t("gift_moved", { amount: plain(c.f.energy(gift.moved_wh)) })
        : c.t("gift_waiting", { time: c.f.moment(gift.until, c.s.now.at) });
  return html`<li>
    ${icon("gift")}
    <div class="grow">
      <div>${c.t(gift.mine ? "gift_given" : "gift_received", { name, amount })}</div>
      <div class="small quiet">${state}</div>
    </div>
    ${thank && !gift.mine && gift.moved_wh > 0 && c.s.home.may_act ? html`<button @click=${() => thank(gift)}>${c.t("thank")}</button>` : nothing}
  </li>`;
}

/** What people may do about requests for help. */
export interface HelpDeeds {
  help: (request: HelpRequest) => void;
  ask: (energyWh: number) => void;
  end: (request: HelpRequest) => void;
}

const ASKED_WH = [2000, 5000, 10_000];

export function requestList(c: Context, deeds: HelpDeeds, busy: boolean): TemplateResult {
  const requests = c.s.requests ?? [];
  const mayAsk = c.s.home.may_act && c.s.homes.length > 1 && c.act.knows("request_energy") && !requests.some((request) => request.mine);
  return html`${requests.length === 0 ? html`<p class="empty">${c.t("requests_none")}</p>` : requestRows(c, requests, deeds, busy)}
    ${mayAsk
      ? html`<p class="small quiet">${c.t("request_how")}</p>
          <div class="buttons" role="group" aria-label=${c.t("request_ask")}>
            ${ASKED_WH.map((wh) => html`<button ?disabled=${busy} @click=${() => deeds.ask(wh)} data-test="ask-${wh}">${plain(c.f.energy(wh)).replace(/[.,]0+(?=\D)/, "")}</button>`)}
          </div>`
      : nothing}`;
}

function requestRows(c: Context, requests: readonly HelpRequest[], deeds: HelpDeeds, busy: boolean): TemplateResult {
  return html`<ul class="rows" data-test="requests">
    ${requests.map((request) => {
      const amount = plain(c.f.energy(request.energy_wh));
      const time = c.f.moment(request.until, c.s.now.at);
      const text = request.mine ? c.t("request_mine", { amount, time }) : c.t("request_text", { name: request.from, amount, time });
      return html`<li>
        ${icon("help")}
        <div class="grow"><div>${text}</div>
          ${request.given_wh > 0 ? html`<div class="small quiet">${c.t("request_given", { amount: plain(c.f.energy(request.given_wh)) })}</div>` : nothing}</div>
        ${!c.s.home.may_act
          ? nothing
          : request.mine
            ? html`<button ?disabled=${busy} @click=${() => deeds.end(request)} data-test="end-request">${c.t("request_end")}</button>`
            : html`<button @click=${() => deeds.help(request)}>${c.t("gift")}</button>`}
      </li>`;
    })}
  </ul>`;
}

/** What is in the community's pool; one's own part can be taken back. */
export function poolView(c: Context, takeBack: (gift: string) => void, busy: boolean): TemplateResult | typeof nothing {
  const { pool } = c.s;
  if (!pool) return nothing;
  const held = pool.energy_wh > 0 ? c.t("pool_holds", { amount: plain(c.f.energy(pool.energy_wh)) }) : c.t("pool_empty");
  return html`<p class="small pool" data-test="pool">${held}</p>
    ${pool.mine.length === 0
      ? nothing
      : html`<ul class="rows">${pool.mine.map(
          (gift) => html`<li>
            ${icon("gift")}
            <div class="grow">${c.t("pool_mine", { amount: plain(c.f.energy(gift.energy_wh)), time: c.f.moment(gift.until, c.s.now.at) })}</div>
            ${c.s.home.may_act ? html`<button ?disabled=${busy} @click=${() => takeBack(gift.id)} data-test="pool-back">${c.t("pool_back")}</button>` : nothing}
          </li>`,
        )}</ul>`}`;
}

export function voteList(c: Context, cast: (vote: Vote, approve: boolean) => void, busy: boolean): TemplateResult {
  const votes = c.s.votes ?? [];
  if (votes.length === 0) return html`<p class="empty" data-test="votes-none">${c.t("votes_none")}</p>`;
  return html`<div data-test="votes">${votes.map((vote) => voteRow(c, vote, cast, busy))}</div>`;
}

function voteRow(c: Context, vote: Vote, cast: (vote: Vote, approve: boolean) => void, busy: boolean): TemplateResult {
  const isOpen = vote.state === "open" && vote.mine == null && c.s.home.may_act;
  const count = c.t("vote_count", { yes: vote.yes, no: vote.no, needed: vote.quorum });
  const state = vote.state === "open" ? c.t("vote_until", { time: c.f.moment(vote.deadline, c.s.now.at) }) : c.t(`vote_${vote.state}`);
  return html`<div class="vote" data-vote=${vote.id}>
    <h3>${vote.title}</h3>
    <p class="small">${vote.description}</p>
    <p class="small quiet">${state} · ${count}</p>
    ${meter(vote.voters ? vote.yes / vote.voters : 0, vote.voters ? vote.quorum / vote.voters : undefined)}
    ${vote.mine ? html`<span class="chip">${c.t(`vote_mine_${vote.mine}`)}</span>` : nothing}
    ${isOpen
      ? html`<div class="buttons">
          <button class="filled" ?disabled=${busy} @click=${() => cast(vote, true)} data-test="vote-yes">${c.t("vote_yes")}</button>
          <button ?disabled=${busy} @click=${() => cast(vote, false)} data-test="vote-no">${c.t("vote_no")}</button>
        </div>`
      : nothing}
  </div>`;
}
