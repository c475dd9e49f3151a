// A dashboard made of whatever there is: our cards first, then plain ones of our entities.
import type { Hass, Listed } from "./model";
import { type Translate, translator } from "./text/text";

type Card = Record<string, unknown>;
type Entity = { entity_id: string; translation_key?: string; device_id?: string };

const TYPE = "commonwatt";
const ELEMENT = `ll-strategy-dashboard-${TYPE}`;

/** Entities that speak for themselves, in the order they are shown. */
const TILES = ["clearing_price", "neighbour_power", "saved_today", "local_share", "self_sufficiency", "members_online"];

export interface Dashboard {
  title: string;
  views: Record<string, unknown>[];
}

export function dashboardOf(t: Translate, entities: readonly Entity[], entryId: string | undefined): Dashboard {
  const home = entryId === undefined ? {} : { entry_id: entryId };
  const card = (name: string, options: Card = {}): Card => ({ type: `custom:commonwatt-${name}-card`, ...home, ...options });
  const wide = { grid_options: { columns: "full" } };
  const section = (cards: Card[], column_span = 1) => ({ type: "grid", column_span, cards });
  const tiles = TILES.flatMap((key) =>
    entities.filter((entity) => entity.translation_key === key).map(({ entity_id }) => ({ type: "tile", entity: entity_id, name: { type: "entity" } })),
  );
  const view = (path: string, title: string, icon: string, sections: unknown[]) => ({
    type: "sections",
    path,
    title,
    icon,
    max_columns: 3,
    sections,
  });
  return {
    title: t("title"),
    views: [
      view("now", t("tab_now"), "mdi:home-group", [
        section([card("status", wide)], 3),
        section([card("map", wide)], 2),
        section([card("gift", wide), ...tiles]),
      ]),
      view("plan", t("tab_plan"), "mdi:chart-timeline-variant", [section([card("plan", { ...wide, hours: 48, show_actions: true })], 3)]),
      view("market", t("tab_market"), "mdi:scale-balance", [section([card("market", wide)], 2), section([card("origin", wide)])]),
      view("together", t("tab_together"), "mdi:account-group", [section([card("score", wide)], 2), section([card("votes", wide)])]),
    ],
  };
}

class CommonWattStrategy extends HTMLElement {
  static readonly noEditor = true;

  static async generate(config: { entry_id?: string }, hass: Hass): Promise<Dashboard> {
    const homes = await hass.callWS<Listed[]>({ type: "commonwatt/homes" }).catch(() => []);
    const entry = config.entry_id ?? homes[0]?.entry_id;
    const isOf = (device?: string) => device !== undefined && entry !== undefined && (hass.devices?.[device]?.config_entries ?? [entry]).includes(entry);
    const entities = Object.values(hass.entities ?? {}).filter(
      (entity) => entity.platform === TYPE && !entity.hidden && isOf(entity.device_id),
    );
    return dashboardOf(translator(hass.locale?.language ?? hass.language ?? "en"), entities, entry);
  }
}

export function defineStrategy(): void {
  if (!customElements.get(ELEMENT)) customElements.define(ELEMENT, CommonWattStrategy);
}

export function offerStrategy(t: Translate): void {
  const strategies = (window.customStrategies ??= []);
  if (strategies.some((one) => one.type === TYPE)) return;
  strategies.push({
    type: TYPE,
    strategyType: "dashboard",
    name: t("strategy"),
    description: t("strategy_about"),
    documentationURL: "https://github.com/commonwatt/commonwatt/blob/main/docs/how-to/use-the-panel.md",
  });
}
