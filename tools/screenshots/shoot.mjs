// Photographs pages of a running Home Assistant.
//
// Reads one JSON object from standard input:
//   {url, tokens, chromium, shots: [{path, file, width, height, dark, settleMs}]}
// and writes one PNG for each shot. Exits with 1 if a page logged an error.
import { chromium } from "playwright-core";

const FLAGS = [
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-gpu",
  "--disable-quic",
  "--disable-sync",
  "--no-first-run",
  "--no-sandbox",
];

async function readInput() {
  let text = "";
  for await (const chunk of process.stdin) text += chunk;
  return JSON.parse(text);
}

async function open(browser, { url, tokens }, { width, height, dark }) {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: dark ? "dark" : "light",
    serviceWorkers: "block",
    locale: "en-GB",
    timezoneId: "Europe/Paris",
    reducedMotion: "reduce",
  });
  await context.addInitScript(
    ([hassTokens, theme]) => {
      localStorage.setItem("hassTokens", hassTokens);
      localStorage.setItem("selectedTheme", theme);
      localStorage.setItem("dockedSidebar", '"always_hidden"');
    },
    [JSON.stringify({ ...tokens, hassUrl: url }), JSON.stringify({ dark })],
  );
  return context.newPage();
}

async function shoot(browser, input, shot, complain) {
  const page = await open(browser, input, shot);
  page.on("pageerror", (error) => complain(shot, String(error)));
  await page.goto(input.url + shot.path, { waitUntil: "load" });
  await page.waitForTimeout(shot.settleMs);
  await page.screenshot({ path: shot.file });
  await page.context().close();
}

const input = await readInput();
const complaints = [];
const browser = await chromium.launch({
  executablePath: input.chromium,
  args: FLAGS,
});
for (const shot of input.shots) {
  await shoot(browser, input, shot, ({ path }, text) =>
    complaints.push(`${path}: ${text}`),
  );
}
await browser.close();
for (const complaint of complaints) console.error(complaint);
process.exit(complaints.length > 0 ? 1 : 0);
