// What axe-core finds on a page, by WCAG 2.2 AA and its best practices, and whether the page scrolls sideways.
import fs from 'node:fs';
import { tools } from './chromium.mjs';

const AXE = fs.readFileSync(tools.resolve('axe-core/axe.min.js'), 'utf8');

/** Returns a line for each fault of a page that is open. */
export async function faultsOf(page) {
  const { found, sideways } = await page.evaluate(async (axe) => {
    (0, eval)(axe);
    const { scrollWidth, clientWidth } = document.documentElement;
    const result = await window.axe.run(document, {
      resultTypes: ['violations'],
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    });
    const found = result.violations.map((one) => `${one.id}: ${one.nodes[0].html.slice(0, 160)} (${one.nodes.length})`);
    return { found, sideways: scrollWidth - clientWidth };
  }, AXE);
  return sideways > 0 ? [...found, `scrolls ${sideways} px sideways`] : found;
}
