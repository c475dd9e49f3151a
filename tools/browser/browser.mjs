// Chromium, a signed-in page, and what must never happen on it.
import { createRequire } from "node:module";

// The packages are those of frontend/, the folder this is started in.
const require = createRequire(`${process.cwd()}/package.json`);
export const { chromium } = require("playwright-core");
export const AXE_PATH = require.resolve("axe-core/axe.min.js");

export const FLAGS = [
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-gpu",
  "--disable-quic",
  "--disable-sync",
  "--no-first-run",
  "--no-sandbox",
];

export function launch(executablePath) {
  return chromium.launch({ executablePath, args: FLAGS });
}

/** Open a page that is signed in; `faults` collects what must not happen on it. */
export async function open(browser, { url, tokens }, look, faults) {
  const { width = 1280, height = 900, dark = false, language = "en" } = look;
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: dark ? "dark" : "light",
    serviceWorkers: "block",
    locale: "en-GB",
    timezoneId: "Europe/Paris",
    reducedMotion: "reduce",
    acceptDownloads: true,
  });
  await context.addInitScript(
    ([hassTokens, theme, chosen]) => {
      localStorage.setItem("hassTokens", hassTokens);
      localStorage.setItem("selectedTheme", theme);
      localStorage.setItem("selectedLanguage", chosen);
      localStorage.setItem("dockedSidebar", '"always_hidden"');
    },
    [JSON.stringify({ ...tokens, hassUrl: url }), JSON.stringify({ dark }), JSON.stringify(language)],
  );
  context.setDefaultTimeout(180_000);
  const page = await context.newPage();
  watch(page, url, faults);
  return page;
}

function watch(page, url, faults) {
  page.on("pageerror", (error) => {
    if (!faults.paused) faults.push(`page error: ${error}`);
  });
  page.on("console", (message) => {
    if (message.type() === "error" && !faults.paused) faults.push(`console: ${message.text()}`);
  });
  page.on("request", (request) => {
    const address = request.url();
    if (!address.startsWith(url) && !/^(data|blob):/.test(address)) faults.push(`left the machine: ${address}`);
  });
}

/** Ask Home Assistant through the page's own connection. */
export function command(page, message) {
  return page.evaluate(
    (sent) =>
      document
        .querySelector("home-assistant")
        .hass.callWS(sent)
        .catch((error) => ({ refused: error.code })),
    message,
  );
}

/** Follow a home over a subscription of our own, in the page, to compare with. */
export async function follow(page, entryId) {
  const refused = await page.evaluate(async (entry_id) => {
    const { connection } = document.querySelector("home-assistant").hass;
    window.followed = undefined;
    const take = (event) => {
      window.followed = event.snapshot ?? { ...window.followed, ...event.delta };
    };
    return connection.subscribeMessage(take, { type: "commonwatt/live", entry_id }, { resubscribe: false }).then(
      () => undefined,
      (error) => error.code,
    );
  }, entryId);
  if (refused) throw new Error(`the WebSocket refuses to tell: ${refused}`);
}

/** Let the page draw what it has been told. */
export function drawn(page) {
  return page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

/** Wait until `check` is true in the page; it gets the followed picture and a finder. */
export async function until(page, what, check, argument, seconds = 90) {
  try {
    await page.waitForFunction(
      ([source, given]) => {
        const deep = (selector, root = document) => {
          const found = root.querySelector(selector);
          if (found) return found;
          for (const element of root.querySelectorAll("*")) {
            const below = element.shadowRoot && deep(selector, element.shadowRoot);
            if (below) return below;
          }
          return null;
        };
        const text = (selector) => deep(selector)?.textContent.replace(/\s+/g, " ").trim() ?? "";
        return new Function("seen", "find", "text", "given", `return (${source})(seen, find, text, given)`)(window.followed, deep, text, given);
      },
      [String(check), argument],
      { timeout: seconds * 1000, polling: 100 },
    );
  } catch (error) {
    throw new Error(`never seen: ${what} (${String(error).split("\n")[0]})`);
  }
}
