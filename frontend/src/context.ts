// What every part is drawn with: the picture, the words, the numbers, the deeds.
import { Actions } from "./actions";
import { Format } from "./format";
import type { Hass, Home, Snapshot } from "./model";
import type { LiveState } from "./store";
import { type Translate, translator } from "./text/text";

export interface Context {
  s: Snapshot;
  t: Translate;
  f: Format;
  act: Actions;
  offline: boolean;
  narrow: boolean;
}

/** What of `hass` words and numbers depend on. */
export interface Locale {
  language: string;
  timeZone: string | undefined;
}

export function localeOf(hass: Hass): Locale {
  return {
    language: hass.locale?.language ?? hass.language ?? "en",
    timeZone: hass.config?.time_zone,
  };
}

export class ContextMaker {
  private key = "";
  private t: Translate = translator("en");
  private f = new Format("en", "EUR", undefined);

  words(hass: Hass): Translate {
    this.learn(hass, "EUR");
    return this.t;
  }

  make(hass: Hass, state: LiveState, narrow: boolean): Context | undefined {
    const s = state.snapshot;
    if (!s) return undefined;
    this.learn(hass, s.home.currency);
    const act = new Actions(hass, s.home.entry_id);
    return { s, t: this.t, f: this.f, act, offline: state.phase !== "live", narrow };
  }

  private learn(hass: Hass, currency: string): void {
    const { language, timeZone } = localeOf(hass);
    const key = [language, currency, timeZone].join();
    if (key === this.key) return;
    this.key = key;
    this.t = translator(language);
    this.f = new Format(language, currency, timeZone);
  }
}

export function homeName(c: Context, id: string): string {
  const home = c.s.homes.find((one) => one.id === id);
  if (home?.me) return c.t("you");
  return home?.name ?? id.slice(0, 6);
}

export function myself(c: Context): Home | undefined {
  return c.s.homes.find((home) => home.me);
}
