// Walks through panel and cards as their users would, and compares with the WebSocket.
//
// Reads one JSON object from standard input: {url, tokens, chromium, entries: {demo,
// lone}, guest: {username, password}, folder}.  Says RESTART when Home Assistant is to be
// started anew and waits for RESTARTED.  Exits with 1 if anything is not as it must be.
import { createInterface } from "node:readline";
import { accessible } from "./accessible.mjs";
import { command, drawn, follow, launch, open, until } from "./browser.mjs";
import { compareTab, HERO } from "./compare.mjs";

const TABS = ["now", "plan", "market", "proof", "together"];
const CARDS = ["status", "map", "plan", "market", "origin", "score", "votes", "gift"];
const WIDTHS = [360, 1024, 1600];
const DASHBOARD = "community-dashboard";

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const input = JSON.parse((await lines.next()).value);
const faults = [];
const browser = await launch(input.chromium);

function say(text) {
  console.log(`  ${text}`);
}

async function chapter(title, story) {
  const before = faults.length;
  try {
    await story();
  } catch (error) {
    faults.push(String(error));
  }
  say(`${faults.length === before ? "ok  " : "FAIL"} ${title}`);
  for (const fault of faults.slice(before)) say(`     ${fault}`);
}

async function panel(look = {}, path = "/neighbourhood") {
  const page = await open(browser, input, look, faults);
  await page.goto(`${input.url}${path}`, { waitUntil: "load" });
  await page.locator("commonwatt-panel main .card").first().waitFor();
  await follow(page, input.entries.demo);
  await until(page, "a picture of our own", (seen) => seen?.homes.length === 12);
  return page;
}

async function showDemo(page) {
  await page.locator("commonwatt-panel header select").selectOption(input.entries.demo);
}

async function tabs() {
  const page = await panel();
  await showDemo(page);
  for (const tab of TABS) {
    await page.locator(`commonwatt-panel #tab-${tab}`).click();
    await compareTab(page, tab);
    await accessible(page, `${tab}, light`, "commonwatt-panel", faults);
  }
  await page.context().close();
}

async function keyboard() {
  const page = await panel();
  await showDemo(page);
  await page.locator("commonwatt-panel #tab-now").focus();
  await page.keyboard.press("ArrowRight");
  await until(page, "the plan after an arrow key", (_, find) => find("main[data-tab=plan]"));
  await page.locator("commonwatt-plan-chart svg").focus();
  const readout = () => page.locator("commonwatt-plan-chart [data-test=readout]").textContent();
  const before = await readout();
  for (let press = 0; press < 12; press++) await page.keyboard.press("ArrowRight");
  if ((await readout()) === before) throw new Error("arrow keys do not move through the plan");
  await page.locator("commonwatt-panel #tab-now").click();
  const home = page.locator("commonwatt-map [data-home] [role=button]").nth(3);
  await home.focus();
  await page.keyboard.press("Enter");
  await page.locator("commonwatt-gift dialog[open] h2").waitFor();
  await accessible(page, "a home's sheet", "commonwatt-gift", faults);
  await page.keyboard.press("Escape");
  await until(page, "the sheet closed by Escape", (_, find) => find("dialog") && !find("dialog[open]"));
  await page.context().close();
}

async function give() {
  const page = await panel();
  await showDemo(page);
  const gifts = () => page.evaluate(() => window.followed.gifts.length);
  const before = await gifts();
  await page.locator("commonwatt-map [data-home]").nth(2).click();
  await page.locator("commonwatt-gift [role=radio]").first().click();
  await page.locator("commonwatt-gift [data-test=gift-send]").click();
  // There is something to undo only once the server has said that the gift is in force.
  await page.locator("commonwatt-gift [data-test=gift-undo]").click();
  await until(page, "the gift, taken back", (seen, _f, _t, count) => seen.gifts.length > count && seen.gifts.some((gift) => gift.mine && gift.energy_wh === 500) && seen.gifts.every((gift) => gift.state === "ended"), before);
  // The second stays, and is told of.
  await page.locator("commonwatt-panel [data-test=gift-open]").click();
  await page.locator("commonwatt-gift [data-test=gift-send]").click();
  await page.locator("commonwatt-gift [data-test=toast]").waitFor();
  await page.locator("commonwatt-panel #tab-together").click();
  await until(page, "the gift in the list", (seen, find) => find("[data-test=gifts] li") && seen.gifts.some((gift) => gift.state === "in_force"));
  await page.context().close();
}

async function votes() {
  const page = await panel({}, "/neighbourhood/together");
  await showDemo(page);
  await until(page, "a vote that waits for this home", (seen) => seen.votes?.some((vote) => vote.state === "open" && vote.mine == null));
  const open = await page.evaluate(() => window.followed.votes.find((vote) => vote.state === "open" && vote.mine == null));
  await until(page, "what the vote is about", (_, find, _t, { id, title }) => find(`[data-vote="${id}"] h3`)?.textContent === title, open);
  await page.screenshot({ path: `${input.folder}/vote.png`, fullPage: true });
  await page.locator(`commonwatt-panel [data-vote="${open.id}"] [data-test=vote-yes]`).click();
  await until(page, "the vote that was cast", (seen, _f, _t, { id, yes }) => seen.votes.some((vote) => vote.id === id && vote.mine === "yes" && vote.yes > yes), open);
  await until(page, "how this home has voted", (_, find, _t, { id }) => find(`[data-vote="${id}"] .chip`)?.textContent === "You voted yes" && !find(`[data-vote="${id}"] [data-test=vote-yes]`), open);
  await page.context().close();
}

async function together() {
  const page = await panel({}, "/neighbourhood/together");
  await showDemo(page);
  await page.locator("commonwatt-panel [data-test=ask-2000]").click();
  await until(page, "the request for help", (seen) => seen.requests.some((request) => request.mine && request.energy_wh === 2000));
  await page.locator("commonwatt-panel [data-test=end-request]").click();
  await until(page, "no request any more", (seen) => !seen.requests.some((request) => request.mine));
  await page.locator("commonwatt-panel [data-test=pool-open]").click();
  await page.locator("commonwatt-gift [data-test=gift-send]").click();
  await until(page, "what this home put into the pool", (seen, find) => seen.pool.mine.length === 1 && find("[data-test=pool-back]"));
  await page.screenshot({ path: `${input.folder}/pool.png`, fullPage: true });
  await page.locator("commonwatt-panel [data-test=pool-back]").click();
  await until(page, "what was taken back", (seen) => seen.pool.mine.length === 0);
  await page.locator("commonwatt-panel [data-test=show-score]").click();
  await until(page, "taking part in the leaderboard", (seen) => seen.leaderboard.opted_in);
  await page.locator("commonwatt-panel [data-test=show-score]").click();
  await until(page, "taking part no longer", (seen) => !seen.leaderboard.opted_in);
  await page.context().close();
}

async function prove() {
  const page = await panel({}, "/neighbourhood/proof");
  await showDemo(page);
  await page.locator("commonwatt-certificates li button").first().click();
  await until(page, "a genuine certificate", (_, _f, text) => text(".result.good").includes("Genuine"));
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.locator("commonwatt-panel [data-test=export]").click(),
  ]);
  if (!/^commonwatt-certificates-.*\.json$/.test(download.suggestedFilename())) throw new Error(download.suggestedFilename());
  await page.context().close();
}

async function pause() {
  const page = await panel({}, "/neighbourhood/plan");
  await showDemo(page);
  await page.locator("commonwatt-panel [data-test=pause]").click();
  await until(page, "nothing armed", (seen) => seen.control.every((device) => !device.armed));
  await page.locator("commonwatt-panel [data-test=resume]").click();
  await until(page, "all armed again", (seen) => seen.control.every((device) => device.armed));
  await page.context().close();
}

async function byHand() {
  const page = await panel({}, "/neighbourhood/plan");
  await showDemo(page);
  const battery = page.locator('commonwatt-panel [data-device="demo_battery"]');
  await battery.locator("summary").click();
  await battery.locator("select[name=way]").selectOption("discharge");
  await battery.locator("input[name=amount]").fill("1.2");
  await battery.locator("select[name=minutes]").selectOption("720");
  await accessible(page, "driving by hand", "commonwatt-panel", faults);
  await page.screenshot({ path: `${input.folder}/by-hand.png`, fullPage: true });
  await battery.locator("[data-test=by-hand-set]").click();
  await until(page, "what was set by hand", (seen) => seen.control.some((device) => device.id === "demo_battery" && device.by_hand_until > seen.now.at && device.asked === 1200));
  await until(page, "what was set by hand, in words", (_, _f, text) => /until .*giving 1.2.kW/.test(text("[data-test=by-hand]")));
  await battery.locator("[data-test=by-hand-end]").click();
  await until(page, "the plan, driving again", (seen) => seen.control.some((device) => device.id === "demo_battery" && device.by_hand_until === null && device.armed));
  await page.context().close();
}

async function visibility() {
  const page = await panel({}, "/neighbourhood/settings");
  await showDemo(page);
  await until(page, "all other members, with their connections", (picture, find) => picture.peers.length === 11 && find("[data-test=peers]")?.querySelectorAll("li").length === 11);
  for (const shown of [true, false]) {
    await page.locator("commonwatt-panel [data-test=show-power]").click();
    await until(page, shown ? "live power, shown" : "live power, hidden again", (picture, _f, _t, wanted) => picture.now.power_shown === wanted, shown);
  }
  await page.context().close();
}

async function limits() {
  const page = await panel({}, "/neighbourhood/settings");
  await showDemo(page);
  await accessible(page, "settings", "commonwatt-panel", faults);
  await page.locator("commonwatt-panel [data-test=limits] input[name=buy]").fill("0.25");
  await page.locator("commonwatt-panel [data-test=limits] button").click();
  await until(page, "the limit that was set", (seen) => seen.limits.buy_max_micro === 250_000);
  await page.locator("commonwatt-panel [data-test=limits] input[name=buy]").fill("");
  await page.locator("commonwatt-panel [data-test=limits] button").click();
  await until(page, "no limit any more", (seen) => seen.limits.buy_max_micro === null);
  await page.screenshot({ path: `${input.folder}/settings.png`, fullPage: true });
  await page.context().close();
}

async function lone() {
  const page = await panel();
  await page.locator("commonwatt-panel header select").selectOption(input.entries.lone);
  await until(page, "an empty neighbourhood that invites", (_, find) => find("[data-test=alone]"));
  await accessible(page, "alone", "commonwatt-panel", faults);
  await page.screenshot({ path: `${input.folder}/alone.png` });
  for (const tab of ["plan", "market", "proof", "together"]) {
    await page.locator(`commonwatt-panel #tab-${tab}`).click();
    await until(page, `something to say in ${tab}`, (_, find) => find("main .empty, main p"));
  }
  await page.context().close();
}

async function dashboard() {
  const page = await panel();
  await command(page, { type: "lovelace/dashboards/create", url_path: DASHBOARD, title: "Neighbours", mode: "storage" });
  await command(page, { type: "lovelace/config/save", url_path: DASHBOARD, config: { strategy: { type: "custom:commonwatt", entry_id: input.entries.demo } } });
  await page.goto(`${input.url}/${DASHBOARD}/now`, { waitUntil: "load" });
  const seen = new Set();
  for (const view of ["now", "plan", "market", "together"]) {
    await page.goto(`${input.url}/${DASHBOARD}/${view}`, { waitUntil: "load" });
    await page.locator("ha-card[data-phase=live]").first().waitFor();
    await until(page, `all cards of view ${view}, live`, cardsAreLive);
    for (const card of CARDS) {
      const found = page.locator(`commonwatt-${card}-card`);
      if ((await found.count()) === 0) continue;
      seen.add(card);
      await accessible(page, `card ${card}`, `commonwatt-${card}-card`, faults);
    }
    if ((await page.locator("hui-error-card").count()) > 0) throw new Error(`a card of view ${view} failed`);
    await page.screenshot({ path: `${input.folder}/dashboard-${view}.png`, fullPage: true });
    if (view === "now") {
      await follow(page, input.entries.demo);
      await until(page, "the status card's power as told", HERO);
    }
  }
  const missing = CARDS.filter((card) => !seen.has(card));
  if (missing.length > 0) throw new Error(`not on the dashboard: ${missing}`);
  await picker(page);
  await page.context().close();
}

/** Every card there is shows a live picture. */
function cardsAreLive() {
  const phases = [];
  const look = (root) => {
    for (const element of root.querySelectorAll("*")) {
      if (element.dataset?.phase) phases.push(element.dataset.phase);
      if (element.shadowRoot) look(element.shadowRoot);
    }
  };
  look(document);
  return phases.length > 0 && phases.every((phase) => phase === "live");
}

async function picker(page) {
  const offered = await page.evaluate(async () => {
    const { hass } = document.querySelector("home-assistant");
    const price = Object.values(hass.entities).find((entity) => entity.platform === "commonwatt" && entity.translation_key === "clearing_price");
    return {
      cards: window.customCards.filter((card) => card.type.startsWith("commonwatt-")).length,
      strategies: window.customStrategies.filter((one) => one.type === "commonwatt").length,
      suggested: window.customCards.map((card) => card.getEntitySuggestion?.(hass, price.entity_id)?.config.type).filter(Boolean),
      stranger: window.customCards.some((card) => card.getEntitySuggestion?.(hass, "sun.sun")),
      forms: window.customCards.filter((card) => customElements.get(card.type).getConfigForm().schema.length >= 2).length,
    };
  });
  const expected = { cards: 8, strategies: 1, suggested: ["custom:commonwatt-market-card"], stranger: false, forms: 8 };
  if (JSON.stringify(offered) !== JSON.stringify(expected)) throw new Error(`the card picker offers ${JSON.stringify(offered)}`);
}

async function guest() {
  const page = await open(browser, { url: input.url, tokens: await signIn(input.guest) }, {}, faults);
  await page.goto(`${input.url}/neighbourhood`, { waitUntil: "load" });
  await page.locator("commonwatt-panel [data-test=hero]").first().waitFor();
  await follow(page, input.entries.demo);
  await until(page, "no settings for a guest", (seen, find) => seen?.control === null && find("[data-test=hero]") && !find(".gear"));
  const { entries } = input;
  const devices = ["demo_battery"];
  const refused = {
    arm: await command(page, { type: "commonwatt/control/arm", entry_id: entries.demo, devices, armed: false }),
    limits: await page.evaluate((config_entry_id) => {
      const { hass } = document.querySelector("home-assistant");
      return hass.callService("commonwatt", "set_limits", { config_entry_id, buy_max: 0.9 }).then(
        () => "done",
        ({ code, message }) => ({ refused: message === "Unauthorized" ? "unauthorized" : code }),
      );
    }, entries.demo),
  };
  for (const [what, answer] of Object.entries(refused)) {
    if (answer?.refused !== "unauthorized") throw new Error(`a guest may ${what}: ${JSON.stringify(answer)}`);
  }
  await page.context().close();
}

async function signIn({ username, password }) {
  const post = async (path, body) => (await fetch(`${input.url}${path}`, { method: "POST", body: JSON.stringify(body) })).json();
  const client_id = `${input.url}/`;
  const flow = await post("/auth/login_flow", { client_id, handler: ["homeassistant", null], redirect_uri: `${input.url}/` });
  const { result } = await post(`/auth/login_flow/${flow.flow_id}`, { client_id, username, password });
  const form = new URLSearchParams({ client_id, grant_type: "authorization_code", code: result });
  const answer = await fetch(`${input.url}/auth/token`, { method: "POST", body: form });
  return { ...(await answer.json()), clientId: client_id, expires: 4_102_444_800_000 };
}

async function pictures() {
  for (const dark of [false, true]) {
    for (const width of WIDTHS) {
      const page = await panel({ width, height: width < 500 ? 760 : 1000, dark });
      await showDemo(page);
      for (const tab of TABS) {
        await page.locator(`commonwatt-panel #tab-${tab}`).click();
        await until(page, tab, (_, find, _t, wanted) => find(`main[data-tab=${wanted}] .card`), tab);
        await drawn(page);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        if (overflow > 0) faults.push(`${tab} at ${width}: ${overflow} px too wide`);
        if (dark && width === 360) await accessible(page, `${tab}, dark, phone`, "commonwatt-panel", faults);
        await page.screenshot({ path: `${input.folder}/${tab}-${width}-${dark ? "dark" : "light"}.png` });
      }
      await page.context().close();
    }
  }
}

async function french() {
  const page = await panel({ language: "fr" });
  await showDemo(page);
  await until(page, "the panel in French", (_, _f, text) => text("commonwatt-panel h1") === "Voisinage" || text("header h1") === "Voisinage");
  await until(page, "the first screen in French", (_, find, text) => find("[data-test=hero]") && /Vous (donnez|prenez|n’avez)/.test(text("[data-test=hero]")));
  await page.screenshot({ path: `${input.folder}/now-french.png` });
  await page.context().close();
}

async function restart() {
  const page = await panel();
  await showDemo(page);
  await until(page, "the page, live", (_, find) => find("[data-test=demo]"));
  faults.paused = true; // A connection that breaks is complained about: it did break.
  console.log("RESTART");
  await until(page, "the page, offline", (_, _f, text) => /as of/.test(text("[data-test=offline]")), undefined, 180);
  await page.screenshot({ path: `${input.folder}/offline.png` });
  await lines.next();
  await until(page, "the page, live again by itself", (_, find) => !find("[data-test=offline]") && find("[data-test=hero]"), undefined, 300);
  await follow(page, input.entries.demo);
  await until(page, "the neighbourhood after the restart", HERO, undefined, 180);
  faults.paused = false;
  await page.context().close();
}

await chapter("every tab shows what the WebSocket tells, and axe finds nothing serious", tabs);
await chapter("the keyboard reaches tabs, charts and homes", keyboard);
await chapter("a gift is sent, and undone", give);
await chapter("votes", votes);
await chapter("help is asked for, the pool filled, the leaderboard joined and left", together);
await chapter("a certificate is verified, all are exported", prove);
await chapter("the plan is paused, and drives again", pause);
await chapter("a battery is driven by hand, and by the plan again", byHand);
await chapter("who is there, and who sees this home's power", visibility);
await chapter("an administrator sets limits, and lifts them", limits);
await chapter("a home without neighbours", lone);
await chapter("a dashboard of our cards, and the card picker", dashboard);
await chapter("a guest looks, and changes nothing", guest);
await chapter("French", french);
await chapter("pictures: two themes, three widths", pictures);
await chapter("Home Assistant is started anew under an open page", restart);
await browser.close();
process.exit(faults.length > 0 ? 1 : 0);
