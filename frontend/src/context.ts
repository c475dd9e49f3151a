// What every part is drawn with: the picture, the words, the numbers, the deeds.
import { Actions } from "./actions";
import { Format } from "./format";
import type { Hass, Home, Snapshot } from "./model";
import type { LiveState } from "./store";
import { isLoaded, type Translate, translator } from "./text/text";

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
  hour12: boolean | undefined;
}

export function localeOf(hass: Hass): Locale {
  return {
    language: hass.locale?.language ?? hass.language ?? "en",
    timeZone: hass.locale?.time_zone === "local" ? undefined : hass.config?.time_zone,
    hour12: hour12(hass),
  };
}

/** What the user has chosen; else what people expect of the language. */
function hour12(hass: Hass): boolean | undefined {
  const chosen = hass.locale?.time_format;
  if (chosen === "12" || chosen === "24") return chosen === "12";
  const language = chosen === "system" ? undefined : hass.locale?.language;
  return new Intl.DateTimeFormat(language, { hour: "numeric" }).resolvedOptions().hour12;
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
    const { language, timeZone, hour12: twelve } = localeOf(hass);
    const key = [language, isLoaded(language), currency, timeZone, twelve].join();
    if (key === this.key) return;
    this.key = key;
    this.t = translator(language);
    this.f = new Format(language, currency, timeZone, twelve);
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
