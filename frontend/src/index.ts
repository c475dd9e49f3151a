// Everything Home Assistant loads from us: the panel, the cards, the dashboard strategy.
//
// The file is loaded twice on purpose, by the panel and by the dashboards: what is there
// already stays.
import { CommonWattPanel } from "./panel";
import { CommonWattCertificates } from "./parts/certificates";
import { CommonWattGift } from "./parts/gift";
import { CommonWattMap } from "./parts/map";
import { CommonWattPlanChart } from "./parts/plan-chart";
import { CommonWattPriceChart } from "./parts/price-chart";

const ELEMENTS: Record<string, CustomElementConstructor> = {
  "commonwatt-certificates": CommonWattCertificates,
  "commonwatt-gift": CommonWattGift,
  "commonwatt-map": CommonWattMap,
  "commonwatt-plan-chart": CommonWattPlanChart,
  "commonwatt-price-chart": CommonWattPriceChart,
  "commonwatt-panel": CommonWattPanel,
};

for (const [name, element] of Object.entries(ELEMENTS)) {
  if (!customElements.get(name)) customElements.define(name, element);
}
