// What Lighthouse gives the kinds of pages. usage: node lighthouse.mjs SAMPLE_OUTPUT BASE_URL [--full]
// Without --full the front page and an article, on a phone; with it every kind of page, on a phone and on a desk.
// Every category has to be 100. The measured speed of a busy machine varies, so that a page that misses
// is tried again, up to five times in all. Prints `ok - fact` or `not ok - fact` for each page.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { serve } from './server.mjs';

const tools = createRequire(path.join(process.env.TOOLS, 'x.js'));
const load = (name) => import(pathToFileURL(path.join(process.env.TOOLS, 'node_modules/lighthouse', name)));
const { launch } = await import(pathToFileURL(tools.resolve('chrome-launcher')));
const lighthouse = (await load('core/index.js')).default;
const desktop = (await load('core/config/desktop-config.js')).default;
const CATEGORIES = ['performance', 'accessibility', 'best-practices', 'seo'];
const [folder, base, mode] = process.argv.slice(2);
const isFull = mode === '--full';

// The canonical address has to be the one that is asked for.
const work = fs.mkdtempSync(path.join(os.tmpdir(), 'dateline-lighthouse-'));
fs.cpSync(folder, work, { recursive: true });
const site = await serve(work);
for (const name of fs.readdirSync(work, { recursive: true })) {
  const file = path.join(work, name);
  if (/\.(html|xml|txt)$/.test(name)) fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replaceAll(base, site.url));
}
const article = fs.readdirSync(work, { recursive: true }).filter((name) => name.endsWith('index.html')).sort()
  .find((name) => fs.readFileSync(path.join(work, name), 'utf8').includes('class="photo lead'));
const few = { home: '/', article: `/${path.dirname(article)}/` };
const pages = isFull ? { ...few, section: '/science/', tag: '/tags/history/', archive: '/archive/' } : few;
const forms = isFull ? [['a phone', undefined], ['a desk', desktop]] : [['a phone', undefined]];
const chrome = await launch({
  chromePath: process.env.CHROMIUM,
  chromeFlags: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'],
});
try {
  for (const [kind, url] of Object.entries(pages)) {
    for (const [form, config] of forms) {
      let best = {};
      let missed = CATEGORIES;
      for (let run = 0; run < 5 && missed.length; run++) {
        const { lhr } = await lighthouse(site.url + url, { port: chrome.port, logLevel: 'error', onlyCategories: CATEGORIES }, config);
        for (const name of CATEGORIES) best[name] = Math.max(best[name] ?? 0, Math.round(lhr.categories[name].score * 100));
        missed = CATEGORIES.filter((name) => best[name] < 100);
      }
      console.log(`${missed.length ? 'not ok' : 'ok'} - Lighthouse gives the ${kind} page 100 on ${form}`);
      for (const name of missed) console.log(`    ${name}: ${best[name]}`);
    }
  }
} finally {
  chrome.kill();
  site.close();
  fs.rmSync(work, { recursive: true, force: true });
}
