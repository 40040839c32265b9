// What a reader's browser makes of a built site. usage: node browser.mjs SAMPLE_FOLDER VIDEO_OUTPUT
// Prints `ok - fact` or `not ok - fact` for each check. Nothing is asked of another host: such
// requests are noted and refused.
import fs from 'node:fs';
import path from 'node:path';
import { launch, tell } from './chromium.mjs';
import { serve } from './server.mjs';

const SIZES = [{ width: 375, height: 812 }, { width: 1280, height: 900 }];

const [sample, video] = process.argv.slice(2).map((folder) => path.resolve(folder));
const browser = await launch({ viewport: SIZES[1] });
try {
  await sampleSite();
  await videoSite();
} finally {
  await browser.close();
}

async function sampleSite() {
  const output = path.join(sample, 'public');
  const site = await serve(output);
  const credits = creditsOf(path.join(sample, 'content'));
  const articles = articlesOf(output);
  const credited = articles.filter((article) => credits.has(article.headline));
  tell('at least five articles have a photo with a credit', credited.length >= 5 ? [] : [`${credited.length} do`]);

  const rich = articles.find(({ html }) => html.includes('<math') && html.includes('<pre'));
  const tag = /<a href="([^"]+)" rel="tag"/.exec(credited[0].html)[1];
  const pages = { home: '/', 'article with a photo': credited[0].url, 'tag page': tag, 'page not found': '/404.html' };
  if (rich) pages['article with code and formulas'] = rich.url;
  for (const [name, url] of Object.entries(pages)) {
    for (const size of SIZES) {
      await readsWell(site, `the ${name} at ${size.width} px`, url, size);
    }
    await hasTwoColourSchemes(site, `the ${name}`, url);
  }
  for (const { headline, url } of credited) {
    await showsCredit(site, headline, url, credits.get(headline));
  }
  site.close();
}

/** Checks that a page loads without an error, asks no other host, and does not move or scroll sideways. */
async function readsWell(site, name, url, size) {
  const { page, faults } = await open(site);
  await page.addInitScript(() => {
    window.shifts = [];
    new PerformanceObserver((list) => {
      for (const shift of list.getEntries()) window.shifts.push(shift.value);
    }).observe({ type: 'layout-shift', buffered: true });
  });
  await page.setViewportSize(size);
  const response = await page.goto(site.url + url, { waitUntil: 'load' });
  if (response.status() !== 200) faults.push(`its status is ${response.status()}`);
  // As a reader goes down the page, its photos load.
  for (const image of await page.locator('img').all()) {
    await image.scrollIntoViewIfNeeded();
    const decodes = await image.evaluate((element) => {
      element.loading = 'eager';
      return element.decode().then(() => true, () => false);
    });
    if (!decodes) faults.push(`${await image.getAttribute('src')} is no picture`);
  }
  const seen = await page.evaluate(async () => {
    await new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)));
    const { scrollWidth, clientWidth } = document.documentElement;
    return { sideways: scrollWidth - clientWidth, shift: window.shifts.reduce((a, b) => a + b, 0) };
  });
  if (seen.sideways > 0) faults.push(`it scrolls ${seen.sideways} px sideways`);
  if (seen.shift > 0) faults.push(`its layout shifts by ${seen.shift}`);
  tell(`${name} loads, asks no other host and keeps still`, faults);
  await page.close();
}

/** Checks that the reader's choice of light or dark turns paper and ink around. */
async function hasTwoColourSchemes(site, name, url) {
  const { page, faults } = await open(site);
  const brightness = {};
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme });
    await page.goto(site.url + url, { waitUntil: 'load' });
    brightness[colorScheme] = await page.evaluate(() => {
      const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
      const of = (colour) => {
        canvas.fillStyle = colour;
        canvas.fillRect(0, 0, 1, 1);
        const [red, green, blue] = canvas.getImageData(0, 0, 1, 1).data;
        return red + green + blue;
      };
      const style = getComputedStyle(document.body);
      return { paper: of(style.backgroundColor), ink: of(style.color) };
    });
  }
  const { light, dark } = brightness;
  if (light.paper <= light.ink) faults.push(`light: ${JSON.stringify(light)}`);
  if (dark.paper >= dark.ink) faults.push(`dark: ${JSON.stringify(dark)}`);
  tell(`${name} is dark on light, and light on dark where that is wished`, faults);
  await page.close();
}

/** Checks that the credit of an article's photo can be seen, letter for letter. */
async function showsCredit(site, headline, url, credit) {
  const { page, faults } = await open(site);
  await page.goto(site.url + url, { waitUntil: 'load' });
  const shown = await page.locator('article figure').first().locator('.credit').evaluateAll((elements) =>
    elements.map((element) => {
      const { width, height } = element.getBoundingClientRect();
      const own = element.cloneNode(true);
      own.querySelectorAll('.vh').forEach((spoken) => spoken.remove());
      const isVisible = element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
      return { text: own.textContent, isVisible: isVisible && width > 0 && height > 0 };
    }),
  );
  if (shown.length !== 1) faults.push(`there are ${shown.length} credits`);
  else if (!shown[0].isVisible) faults.push('it cannot be seen');
  else if (shown[0].text !== credit) faults.push(`it says ${JSON.stringify(shown[0].text)}`);
  tell(`“${headline}” shows its credit, ${credit}`, faults);
  await page.close();
}

async function videoSite() {
  const site = await serve(video);
  const { page, faults, foreign } = await open(site);
  await page.goto(site.url + '/launch/', { waitUntil: 'networkidle' });
  tell('a video asks nothing of its host before a click', [...faults]);
  const asked = page.waitForRequest((request) => !request.url().startsWith(site.url), { timeout: 10_000 });
  asked.catch(() => {});
  await page.locator('.video a').click();
  await asked.catch(() => {});
  const isRight = foreign.length > 0 && foreign.every((url) => url.startsWith('https://www.youtube-nocookie.com/embed/'));
  tell('a click plays it from the host without cookies', isRight ? [] : [`it asked for ${foreign.join(' ') || 'nothing'}`]);
  await page.close();
  site.close();
}

/** Opens a page that notes its errors and its requests to other hosts. */
async function open(site) {
  const page = await browser.newPage();
  const faults = [];
  const foreign = [];
  await page.route((url) => !url.href.startsWith(site.url + '/') && url.protocol !== 'data:', (route) => {
    foreign.push(route.request().url());
    faults.push(`it asks for ${route.request().url()}`);
    return route.abort();
  });
  page.on('console', (message) => message.type() === 'error' && faults.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => faults.push(`script: ${error}`));
  page.on('response', (response) => response.status() >= 400 && faults.push(`${response.status()} for ${response.url()}`));
  return { page, faults, foreign };
}

/** Reads the headline and the photo's credit of every article that has both in its front matter. */
function creditsOf(folder) {
  const credits = new Map();
  for (const name of fs.readdirSync(folder, { recursive: true })) {
    if (!name.endsWith('.md') || name.endsWith('_index.md')) continue;
    const front = /^---\n(.*?)\n---\n/s.exec(fs.readFileSync(path.join(folder, name), 'utf8'))?.[1] ?? '';
    const headline = /^(?:headline|title): (.+)$/m.exec(front)?.[1];
    const credit = /^photo:\n(?: .*\n)*? +credit: (.+)$/m.exec(front)?.[1];
    if (headline && credit) credits.set(plain(headline), plain(credit));
  }
  return credits;
}

/** Takes the quotes of YAML off. */
function plain(value) {
  return value.trim().replace(/^(["'])(.*)\1$/, '$2');
}

/** Lists the article pages of an output folder. */
function articlesOf(output) {
  const names = fs.readdirSync(output, { recursive: true }).filter((name) => name.endsWith('index.html'));
  const pages = names.sort().map((name) => {
    const html = fs.readFileSync(path.join(output, name), 'utf8');
    const headline = /<h1>(.*?)<\/h1>/s.exec(html)?.[1] ?? '';
    const url = '/' + name.split(path.sep).map(encodeURIComponent).join('/').replace(/index\.html$/, '');
    return { url, html, headline: unescaped(headline) };
  });
  return pages.filter(({ html }) => html.includes('property="og:type" content="article"'));
}

function unescaped(html) {
  const names = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", '#x27': "'" };
  return html.replace(/&(amp|lt|gt|quot|#39|#x27);/g, (_, name) => names[name]);
}
