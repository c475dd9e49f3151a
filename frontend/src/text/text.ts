// Words of panel and cards, in Home Assistant's language where it is known.
//
// English comes along; another language is fetched from beside this file when it is
// needed, and English stands in until then.
import en from "./en.json";

export type TextKey = keyof typeof en;
export type Values = Record<string, string | number>;
export type Translate = (key: TextKey, values?: Values) => string;

type Words = Partial<Record<TextKey, string>>;

const LOADERS: Record<string, () => Promise<{ default: Words }>> = {
  fr: () => import("./fr.json"),
};
const known: Record<string, Words> = { en };

function short(language: string): string {
  return language.split("-")[0] ?? "en";
}

/** Whether the words of a language are there, or never will be. */
export function isLoaded(language: string): boolean {
  return short(language) in known || !(short(language) in LOADERS);
}

export async function load(language: string): Promise<void> {
  const loader = LOADERS[short(language)];
  if (!loader || isLoaded(language)) return;
  known[short(language)] = (await loader()).default;
}

export function translator(language: string): Translate {
  const words = known[short(language)] ?? en;
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
