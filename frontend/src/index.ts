// Everything Home Assistant loads from us: the panel, the cards, the dashboard strategy.
//
// The file is loaded twice on purpose, by the panel and by the dashboards: what is there
// already stays.
import { defineCards, offerCards } from "./cards/register";
import { CommonWattPanel } from "./panel";
import { CommonWattMap } from "./parts/map";
import { CommonWattPlanChart } from "./parts/plan-chart";
import { CommonWattPriceChart } from "./parts/price-chart";
import { defineStrategy, offerStrategy } from "./strategy";
import { load, translator } from "./text/text";

const ELEMENTS: Record<string, CustomElementConstructor> = {
  "commonwatt-map": CommonWattMap,
  "commonwatt-plan-chart": CommonWattPlanChart,
  "commonwatt-price-chart": CommonWattPriceChart,
  "commonwatt-panel": CommonWattPanel,
};

/** What nobody sees at first is fetched behind what everybody sees. */
const LATER: Record<string, () => Promise<CustomElementConstructor>> = {
  "commonwatt-certificates": async () => (await import("./parts/certificates")).CommonWattCertificates,
  "commonwatt-gift": async () => (await import("./parts/gift")).CommonWattGift,
};

function define(name: string, element: CustomElementConstructor): void {
  if (!customElements.get(name)) customElements.define(name, element);
}

for (const [name, element] of Object.entries(ELEMENTS)) define(name, element);
for (const [name, fetched] of Object.entries(LATER)) void fetched().then((element) => define(name, element));

// Elements at once, whoever waits for them; their names in the picker when the words are
// there.
defineCards();
defineStrategy();
const language = document.documentElement.lang || navigator.language || "en";
void load(language).then(() => {
  const t = translator(language);
  offerCards(t);
  offerStrategy(t);
});
