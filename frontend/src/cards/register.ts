// Tells Home Assistant's card picker what there is.
import type { Translate } from "../text/text";
import { CommonWattCard, suggestion } from "./card";
import { GiftCard, MapCard, MarketCard, OriginCard, PlanCard, ScoreCard, StatusCard, VotesCard } from "./cards";

const DOCUMENTATION = "https://github.com/commonwatt/commonwatt/blob/main/docs/how-to/use-the-panel.md";

/** Each card, and the entities it is suggested for. */
const CARDS: [typeof CommonWattCard, string[]][] = [
  [StatusCard as unknown as typeof CommonWattCard, ["neighbour_power", "saved_today"]],
  [MapCard as unknown as typeof CommonWattCard, ["neighbour_power", "members_online"]],
  [PlanCard as unknown as typeof CommonWattCard, ["next_action", "plan_state"]],
  [MarketCard as unknown as typeof CommonWattCard, ["clearing_price", "trade"]],
  [OriginCard as unknown as typeof CommonWattCard, ["local_share", "self_sufficiency"]],
  [ScoreCard as unknown as typeof CommonWattCard, ["season_score", "level", "reliability", "streak"]],
  [VotesCard as unknown as typeof CommonWattCard, ["community"]],
  [GiftCard as unknown as typeof CommonWattCard, ["gift"]],
];

interface PickerCard {
  type: string;
  name: string;
  description: string;
  preview: boolean;
  documentationURL: string;
  getEntitySuggestion: ReturnType<typeof suggestion>;
}

declare global {
  interface Window {
    customCards?: PickerCard[];
    customStrategies?: Record<string, string>[];
  }
}

function typeOf(card: typeof CommonWattCard): string {
  return `commonwatt-${card.card}-card`;
}

export function defineCards(): void {
  for (const [card] of CARDS) {
    const element = card as unknown as CustomElementConstructor;
    if (!customElements.get(typeOf(card))) customElements.define(typeOf(card), element);
  }
}

export function offerCards(t: Translate): void {
  const picker = (window.customCards ??= []);
  for (const [card, keys] of CARDS) {
    const type = typeOf(card);
    if (picker.some((one) => one.type === type)) continue;
    picker.push({
      type,
      name: t(`card_${card.card}` as "card_map"),
      description: t(`card_${card.card}_about` as "card_map_about"),
      preview: true,
      documentationURL: DOCUMENTATION,
      getEntitySuggestion: suggestion(type, keys),
    });
  }
}
