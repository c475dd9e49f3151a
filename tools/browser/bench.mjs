// Measures the panel in Chromium: first paint against the energy dashboard, and what the
// main thread has to do each second while the panel is live.
//
// Reads one JSON object from standard input: {url, tokens, chromium, entry, rounds,
// seconds}; writes one line of JSON.
import { command, follow, launch, open, until } from "./browser.mjs";

let text = "";
for await (const chunk of process.stdin) text += chunk;
const input = JSON.parse(text);
const faults = [];
const browser = await launch(input.chromium);

const POLL_MS = 25;
/** What tells that a page shows what people came for. */
const MEANINGFUL = {
  "/neighbourhood": "[data-test=power], [data-test=hero]",
  "/energy": "hui-energy-date-selection-card, hui-energy-usage-graph-card, hui-energy-distribution-card, hui-power-sources-graph-card, hui-energy-sankey-card",
};

/** Milliseconds from the start of the navigation until something is there to be read. */
async function paint(path) {
  const page = await open(browser, input, {}, faults);
  await page.addInitScript(
    ([selector, poll]) => {
      const deep = (root) => {
        for (const found of root.querySelectorAll(selector)) {
          if (found.getBoundingClientRect().height > 10) return found;
        }
        for (const element of root.querySelectorAll("*")) {
          const below = element.shadowRoot && deep(element.shadowRoot);
          if (below) return below;
        }
        return null;
      };
      const timer = setInterval(() => {
        if (!document.body || !deep(document)) return;
        clearInterval(timer);
        requestAnimationFrame(() => setTimeout(() => (window.painted = performance.now())));
      }, poll);
    },
    [MEANINGFUL[path], POLL_MS],
  );
  await page.goto(`${input.url}${path}`, { waitUntil: "commit" });
  await page.waitForFunction(() => window.painted, undefined, { timeout: 60_000 });
  const ms = await page.evaluate(() => window.painted);
  await page.context().close();
  return ms;
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

async function paints() {
  const times = { "/neighbourhood": [], "/energy": [] };
  for (let round = 0; round <= input.rounds; round++) {
    for (const path of Object.keys(times)) {
      const ms = await paint(path);
      console.error(`round ${round}: ${path} after ${Math.round(ms)} ms`);
      if (round > 0) times[path].push(ms);
    }
  }
  return { panel: median(times["/neighbourhood"]), energy: median(times["/energy"]) };
}

/** The picture of the real demo, and the address of the built file. */
async function picture() {
  const page = await open(browser, input, {}, faults);
  await page.goto(`${input.url}/neighbourhood`, { waitUntil: "load" });
  await page.locator("commonwatt-panel [data-test=hero]").waitFor({ timeout: 60_000 });
  await follow(page, input.entry);
  await until(page, "a picture with a plan and certificates", (seen) => seen?.plan && seen.proof.certificates.length > 0, undefined, 60);
  const snapshot = await page.evaluate(() => window.followed);
  const panels = await command(page, { type: "get_panels" });
  await page.context().close();
  return { snapshot, module: panels.neighbourhood.config._panel_custom.module_url };
}

/** Make a street of `count` homes of the twelve there are, and their flows. */
function street(snapshot, count) {
  const homes = Array.from({ length: count }, (_, index) => {
    const like = snapshot.homes[index % snapshot.homes.length];
    const again = Math.floor(index / snapshot.homes.length);
    return again ? { ...like, id: `${like.id}${again}`, name: `${like.name} ${again + 1}`, me: false } : like;
  });
  const links = homes.slice(1).map((home, index) => [home.id, homes[(index * 7) % homes.length].id, 10 + ((index * 37) % 900), 200_000]);
  return { ...snapshot, homes, flows: { ...snapshot.flows, links: links.filter(([from, to]) => from !== to) } };
}

/** Main-thread milliseconds per second of a panel that gets news every second. */
async function mainThread(snapshot, module, count) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  await page.route("**/bench.html", (route) =>
    route.fulfill({ contentType: "text/html", body: `<!doctype html><meta charset=utf-8><body style="margin:0"><script type=module src="${module}"></script>` }),
  );
  await page.goto(`${input.url}/bench.html`);
  await page.waitForFunction(() => customElements.get("commonwatt-panel"));
  await page.evaluate((first) => {
    const connection = {
      connected: true,
      addEventListener: () => {},
      removeEventListener: () => {},
      subscribeMessage: async (callback) => {
        callback({ snapshot: first });
        let second = 0;
        const timer = setInterval(() => {
          second += 1;
          const wave = Math.round(400 * Math.sin(second));
          const homes = first.homes.map((home) => ({ ...home, power_w: (home.power_w ?? 0) + wave }));
          const now = { ...first.now, at: first.now.at + second * 1000, grid_w: wave, consumption_w: 900 + wave };
          callback({ delta: { now, homes } });
        }, 1000);
        return () => clearInterval(timer);
      },
    };
    const panel = document.createElement("commonwatt-panel");
    panel.hass = { connection, states: {}, locale: { language: "en" }, config: { time_zone: "Europe/Paris" }, callWS: async () => [] };
    document.body.append(panel);
  }, street(snapshot, count));
  await page.locator("commonwatt-map svg").waitFor();
  await page.waitForTimeout(3000);
  const session = await page.context().newCDPSession(page);
  // The thread's own time: what it works, not what it waits for on a busy machine.
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const worked = async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    return metrics.find((metric) => metric.name === "TaskDuration").value * 1000;
  };
  const [before, began] = [await worked(), performance.now()];
  await page.waitForTimeout(input.seconds * 1000);
  const [after, ended] = [await worked(), performance.now()];
  await page.close();
  return (after - before) / ((ended - began) / 1000);
}

const { snapshot, module } = await picture();
const main_ms_per_s = {};
for (const count of [12, 200]) {
  main_ms_per_s[count] = Math.round(10 * (await mainThread(snapshot, module, count))) / 10;
  console.error(`${count} homes: ${main_ms_per_s[count]} ms of the main thread per second`);
}
const { panel, energy } = await paints();
await browser.close();
for (const fault of faults) console.error(fault);
console.log(
  JSON.stringify({
    paint_ratio: Math.round((100 * panel) / energy) / 100,
    panel_paint_ms: Math.round(panel),
    energy_paint_ms: Math.round(energy),
    main_ms_per_s,
  }),
);
process.exit(0);
