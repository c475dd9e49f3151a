// What axe finds on a part of the page: nothing serious is the rule.
import { AXE_PATH } from "./browser.mjs";

const SERIOUS = new Set(["serious", "critical"]);

export async function accessible(page, where, selector, faults) {
  if (!(await page.evaluate(() => window.axe !== undefined))) await page.addScriptTag({ path: AXE_PATH });
  const violations = await page.evaluate(async (wanted) => {
    const within = (root) => {
      const found = root.querySelector(wanted);
      if (found) return found;
      for (const element of root.querySelectorAll("*")) {
        const below = element.shadowRoot && within(element.shadowRoot);
        if (below) return below;
      }
      return null;
    };
    const results = await window.axe.run(within(document), { resultTypes: ["violations"] });
    return results.violations.map(({ id, impact, nodes }) => ({ id, impact, what: nodes.map((node) => node.html.slice(0, 160)).slice(0, 3) }));
  }, selector);
  for (const { id, impact, what } of violations) {
    if (SERIOUS.has(impact)) faults.push(`axe, ${where}: ${id} (${impact}): ${what.join(" | ")}`);
  }
}
