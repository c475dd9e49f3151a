// What each tab must show of what the WebSocket tells.  Every check runs in the page, on
// the picture followed there, and is tried again until both agree: the demo lives on.
import { until } from "./browser.mjs";

/** Power and price of the first screen, worked out anew from the numbers that were told. */
export const HERO = (seen, find, text) => {
  const { now } = seen;
  const watts = now.neighbour_w || now.grid_w || 0;
  const size = Math.abs(watts);
  const power = size < 1000 ? `${Math.round(size)}W` : `${(size / 1000).toFixed(1)}kW`;
  const micro = now.neighbour_w ? now.price_micro : size <= 20 ? now.price_micro : now.grid_w > 0 ? now.import_micro : now.feed_in_micro;
  const price = micro == null ? "–" : `${(micro / 10_000).toFixed(1)}ct/kWh`;
  const shownPower = text("[data-test=power]").replace(/[,\s]/g, "");
  const direction = find("[data-test=hero]")?.dataset.direction;
  const expected = now.neighbour_w ? (now.neighbour_w > 0 ? "take" : "give") : now.grid_w > 20 ? "take" : now.grid_w < -20 ? "give" : "none";
  const saved = (now.saved_nano_today / 1e9).toFixed(2);
  return (
    direction === expected &&
    (expected === "none" || shownPower === power) &&
    text("[data-test=price]").replace(/\s/g, "") === price &&
    text("[data-test=saved]").includes(saved)
  );
};

const CHECKS = {
  now: [
    ["power, direction, price and saving", HERO],
    ["all twelve homes on the map", (_, find) => find("[data-test=map]")?.querySelectorAll("[data-home]").length === 12],
    [
      "live power beside a home",
      (seen, find) => {
        const home = seen.homes[5];
        const size = Math.abs(home.power_w);
        const power = size < 1000 ? `${size}` : (size / 1000).toFixed(1);
        return find(`[data-home="${home.id}"]`)?.textContent.includes(power);
      },
    ],
    ["the largest flows", (seen, find) => find("[data-test=flows]")?.querySelectorAll("li").length === Math.min(5, seen.flows.links.length)],
    ["the home's own powers", (seen, _, text) => text("[data-test=my-home]").includes(`${Math.round(seen.now.soc_ppm / 10_000)}%`)],
  ],
  plan: [
    [
      "the coming actions, in words",
      (seen, find, text) => {
        const coming = seen.plan.actions.filter((action) => action.ends_at > seen.now.at).slice(0, 3);
        return find("[data-test=actions]")?.querySelectorAll("li").length === coming.length && coming.every((action) => text("[data-test=actions]").includes(action.name) || /car/i.test(action.kind));
      },
    ],
    ["a chart with a place for now", (seen, find) => Number(find("commonwatt-plan-chart svg")?.getAttribute("aria-valuemax") ?? find("svg[role=slider]")?.getAttribute("aria-valuemax")) === seen.plan.boundaries.length - 2],
  ],
  market: [
    ["power, direction, price and saving", HERO],
    ["my trades", (seen, find) => find("[data-test=trades]")?.querySelectorAll("tbody tr").length === seen.market.trades.length],
    [
      "a step for every period of the day's prices",
      (seen, find) => {
        const starts = seen.market.days.map(([start]) => start);
        return Number(find("svg[role=slider]")?.getAttribute("aria-valuemax")) === (starts.at(-1) - starts[0]) / 900_000;
      },
    ],
  ],
  proof: [
    [
      "shares by supplier",
      (seen, find) =>
        [...find("[data-test=origin]").querySelectorAll("[data-supplier]")].every((shown) => {
          const ppm = seen.proof.day.filter((share) => share.supplier === shown.dataset.supplier).reduce((sum, share) => sum + share.share_ppm, 0);
          return shown.textContent.includes(ppm < 5000 ? "< 1%" : `${Math.round(ppm / 10_000)}%`);
        }),
    ],
    ["certificates", (seen, find) => find("[data-test=certificates]")?.querySelectorAll("li").length === Math.min(8, seen.proof.certificates.length)],
  ],
  together: [
    [
      "the score, or that there is none",
      (seen, _, text) => (seen.score ? text("[data-test=score]").includes(String(seen.score.points)) : true),
    ],
    ["badges", (seen, find) => (seen.badges?.length ? find("[data-test=badges]")?.querySelectorAll("li").length === seen.badges.length : true)],
  ],
};

export async function compareTab(page, tab) {
  for (const [what, check] of CHECKS[tab]) await until(page, `${tab}: ${what}`, check);
}
