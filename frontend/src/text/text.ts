// Words of panel and cards, in Home Assistant's language where it is known.
import en from "./en.json";
import fr from "./fr.json";

export type TextKey = keyof typeof en;
export type Values = Record<string, string | number>;
export type Translate = (key: TextKey, values?: Values) => string;

const LANGUAGES: Record<string, Partial<Record<TextKey, string>>> = { en, fr };

export function translator(language: string): Translate {
  const words = LANGUAGES[language.split("-")[0] ?? "en"] ?? en;
  return (key, values) => {
    const text = words[key] ?? en[key] ?? key;
    return values ? text.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole)) : text;
  };
}

/** The words for a name the server chose, or the name itself if there are none. */
export function named(t: Translate, group: string, name: string): string {
  const key = `${group}_${name}`;
  return key in en ? t(key as TextKey) : name.replaceAll("_", " ");
}

/** "A", "A and B", "A, B and 3 more". */
export function list(t: Translate, names: readonly string[], most = 2): string {
  const [first = "", second = ""] = names;
  if (names.length <= 1) return first;
  if (names.length === 2) return t("list_two", { first, second });
  const shown = names.slice(0, most).join(", ");
  return t("list_more", { names: shown, count: names.length - most });
}
