// Whether a reader finds what is in a site. usage: node search.mjs DATELINE SAMPLE_FOLDER
// The sample is built below a path, with an index in several parts, and searched in the browser.
// Prints `ok - fact` or `not ok - fact` for each check.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { faultsOf } from './axe.mjs';
import { launch, tell } from './chromium.mjs';
import { serve } from './server.mjs';

const [dateline, sample] = process.argv.slice(2).map((name) => path.resolve(name));
const work = fs.mkdtempSync(path.join(os.tmpdir(), 'dateline-search-'));
const config = path.join(sample, 'search.yaml');
fs.writeFileSync(config, fs.readFileSync(path.join(sample, 'dateline.yaml'), 'utf8').replace(/^search: .*$/m, 'search: { part: 12 }'));
execFileSync(dateline, ['-r', sample, '-c', config, 'build', '-o', path.join(work, 'paper'), '-u', 'https://host.example/paper', '--no-cache']);
const site = await serve(work);
const browser = await launch({ viewport: { width: 1280, height: 900 } });
try {
  await loadsNothingBeforeItIsUsed();
  await findsWithPhotoDateAndMarks();
  await goesByKeyboard();
  await filtersAndSorts();
  await showsMore();
  await saysWhatIsNotThere();
  await searchesEachLanguage();
  await worksUnderItsPolicy();
  await leadsToTheArchiveWithoutScript();
  await isAccessible();
} finally {
  await browser.close();
  fs.rmSync(work, { recursive: true, force: true });
  site.close();
}

/** Opens the search page; notes its errors, its requests and what they weigh. */
async function open(address, options = {}) {
  const page = await (options.context ?? browser).newPage();
  const faults = [];
  const asked = [];
  page.on('request', (request) => asked.push(request.url()));
  page.on('console', (message) => message.type() === 'error' && faults.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => faults.push(`script: ${error}`));
  await page.goto(`${site.url}/paper/${address}`, { waitUntil: 'load' });
  return { page, faults, asked };
}

function isIndex(url) {
  return url.includes('/pagefind/');
}

/** Waits until the number of results, or the lack of them, is told. */
async function told(page, pattern = /\d/) {
  await page.waitForFunction((pattern) => new RegExp(pattern).test(document.querySelector('.tally').textContent), pattern.source, { timeout: 20_000 });
  return page.locator('.tally').innerText();
}

function headlines(page) {
  return page.locator('.hits .headline').allInnerTexts();
}

async function loadsNothingBeforeItIsUsed() {
  const { page, faults, asked } = await open('search/');
  await page.waitForLoadState('networkidle');
  const early = asked.filter(isIndex);
  if (early.length) faults.push(`it loads ${early.join(' ')}`);
  const loaded = page.waitForRequest((request) => request.url().endsWith('/pagefind.js'));
  await page.locator('#q').focus();
  await loaded;
  tell('the search page loads nothing of the index before its field is used', faults);
  await page.close();

  const article = await open('science/2021/03/tide-tables/');
  await article.page.waitForLoadState('networkidle');
  if (article.asked.some(isIndex)) article.faults.push('an article loads the index');
  const link = article.page.locator('.find a');
  if (await link.getAttribute('href') !== '/paper/search/') article.faults.push('its head does not lead to the search');
  tell('an article leads to the search and loads nothing of it', article.faults);
  await article.page.close();
}

async function findsWithPhotoDateAndMarks() {
  const { page, faults, asked } = await open('search/');
  await page.locator('#q').pressSequentially('galaxies');
  const tally = await told(page);
  const count = Number.parseInt(tally, 10);
  if (count < 2) faults.push(`it says ${tally}`);
  if (!asked.some((url) => url.includes('/parts/'))) faults.push('it looks into one part only');
  const hit = page.locator('.hits li').filter({ hasText: 'Two million seconds of darkness' });
  if (await hit.count() !== 1) faults.push(`it finds ${await headlines(page)}`);
  else {
    if (!/galax/i.test(await hit.locator('mark').first().innerText())) faults.push('what was found is not marked');
    const date = await hit.locator('time').getAttribute('datetime');
    if (!date.startsWith('2025-09-25')) faults.push(`its date is ${date}`);
    const image = hit.locator('img');
    const decodes = await image.evaluate((element) => { element.loading = 'eager'; return element.decode().then(() => element.naturalWidth, () => 0); });
    if (!decodes) faults.push('its photo is none');
    if (!(await image.getAttribute('alt'))) faults.push('its photo has no description');
    if (!/NASA/.test(await hit.locator('.credit').innerText())) faults.push('its photo has no credit');
    await hit.locator('.headline a').click();
    await page.waitForURL(/\/paper\/science\//);
    if (!/Two million seconds/.test(await page.locator('h1').last().innerText())) faults.push('it leads elsewhere');
  }
  if (asked.some((url) => !url.startsWith(site.url))) faults.push('another host is asked');
  tell('a query finds an article with its photo, credit, date and marks, across parts and below a path', faults);
  await page.close();
}

async function goesByKeyboard() {
  const { page, faults } = await open('search/');
  const active = () => page.evaluate(() => document.activeElement.id || document.activeElement.textContent);
  await page.keyboard.press('/');
  if (await active() !== 'q') faults.push(`/ leads to ${await active()}`);
  await page.keyboard.type('harbour');
  await told(page);
  if (await page.locator('.tally').getAttribute('role') !== 'status') faults.push('results are not announced');
  if (new URL(page.url()).searchParams.get('q') !== 'harbour') faults.push(`the address is ${page.url()}`);
  const names = await headlines(page);
  await page.keyboard.press('ArrowDown');
  if (await active() !== names[0]) faults.push(`down leads to ${await active()}`);
  await page.keyboard.press('ArrowDown');
  if (await active() !== names[1]) faults.push(`down again leads to ${await active()}`);
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowUp');
  if (await active() !== 'q') faults.push(`up leads to ${await active()}`);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Escape');
  const rest = await page.evaluate(() => [document.activeElement.id, document.querySelector('#q').value, document.querySelectorAll('.hits li').length, location.search]);
  if (rest.join() !== 'q,,0,') faults.push(`Escape leaves ${rest}`);
  await page.keyboard.type('harbour');
  await told(page);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => !url.pathname.endsWith('/search/'));
  await page.goBack();
  await told(page);
  if ((await headlines(page)).join() !== names.join()) faults.push('the way back loses the results');
  tell('the keyboard alone searches, goes through results, opens one and comes back', faults);
  await page.close();
}

async function filtersAndSorts() {
  const { page, faults } = await open('search/?q=photo&year=2025');
  const filtered = Number.parseInt(await told(page), 10);
  const years = await page.locator('.hits time').evaluateAll((all) => all.map((one) => one.dateTime.slice(0, 4)));
  if (!filtered || years.some((year) => year !== '2025')) faults.push(`the address filters to ${years}`);
  const label = (name, text) => page.locator(`.values fieldset label:has(input[name="${name}"])`).filter({ hasText: text });
  if (!(await label('year', '2025').locator('input').isChecked())) faults.push('the filter of the address is not chosen');
  await page.locator('.clear').click();
  await page.waitForFunction((before) => Number.parseInt(document.querySelector('.tally').textContent, 10) > before, filtered);
  const credit = label('credit', 'NASA');
  const expect = Number(await credit.locator('.count').innerText());
  await credit.locator('input').check();
  await page.waitForFunction((expect) => Number.parseInt(document.querySelector('.tally').textContent, 10) === expect, expect, { timeout: 10_000 })
    .catch(() => faults.push(`a filter with ${expect} leaves ${expect}`));
  if (new URL(page.url()).searchParams.get('credit') !== 'NASA') faults.push('the filter is not in the address');
  const credits = await page.locator('.hits .credit').allInnerTexts();
  if (!credits.some((text) => text.includes('NASA'))) faults.push(`photos by ${credits}`);
  for (const kind of ['section', 'tag', 'author']) {
    if (await page.locator(`.values input[name="${kind}"]`).count() === 0) faults.push(`there is no filter by ${kind}`);
  }
  await page.locator('.clear').click();
  await page.getByLabel('Date', { exact: true }).check();
  await page.waitForURL(/sort=date/);
  await page.waitForFunction(() => {
    const dates = [...document.querySelectorAll('.hits time')].map((one) => one.dateTime);
    return dates.length > 3 && dates.every((date, at) => at === 0 || date <= dates[at - 1]);
  }, { timeout: 10_000 }).catch(() => faults.push('the order is not that of the dates'));
  tell('results are filtered with counts, by who took the photo too, and sorted by date', faults);
  await page.close();
}

async function showsMore() {
  const { page, faults } = await open('search/?q=photo');
  const count = Number.parseInt(await told(page), 10);
  if (await page.locator('.hits li').count() !== 10) faults.push('it does not begin with ten');
  await page.locator('.further button').click();
  await page.waitForFunction(() => document.querySelectorAll('.hits li').length > 10);
  const focused = await page.evaluate(() => [...document.querySelectorAll('.hits li')].indexOf(document.activeElement.closest('li')));
  if (focused !== 10) faults.push(`the eleventh is not where the reader is, but ${focused + 1}`);
  while (await page.locator('.further button').isVisible()) {
    const before = await page.locator('.hits li').count();
    await page.locator('.further button').click();
    await page.waitForFunction((before) => document.querySelectorAll('.hits li').length > before, before);
  }
  const urls = await page.locator('.hits .headline a').evaluateAll((all) => all.map((one) => one.href));
  if (urls.length !== count || new Set(urls).size !== count) faults.push(`${urls.length} of ${count} are shown`);
  tell('more results come on demand, each once', faults);
  await page.close();
}

async function saysWhatIsNotThere() {
  const { page, faults } = await open('search/?q=qwxyzzy');
  const words = await told(page, /qwxyzzy/);
  if (!words.includes('Nothing found')) faults.push(`it says ${words}`);
  await page.locator('#q').fill('');
  await page.locator('#q').pressSequentially('embargoed');
  await told(page);
  tell('nothing found is said, and the next query is searched', faults);
  await page.close();

  const broken = await browser.newPage();
  await broken.route(/parts\.json/, (route) => route.abort());
  await broken.goto(`${site.url}/paper/search/?q=photo`);
  const failed = [];
  const said = await told(broken, /could not be loaded/).catch(() => '');
  if (!said) failed.push('nothing is said');
  await broken.unroute(/parts\.json/);
  await broken.locator('.tally button').click();
  await told(broken).catch(() => failed.push('trying again does not help'));
  tell('a search that can not be loaded says so, and can be tried again', failed);
  await broken.close();
}

async function searchesEachLanguage() {
  for (const [name, query, language] of [['ja', '標準時', 'ja'], ['de', 'Bahnhöfen', 'de'], ['de', 'bahnhof', 'de']]) {
    const { page, faults } = await open(`${name}/search/?q=${encodeURIComponent(query)}`);
    const tally = await told(page, /\S/).then(() => told(page, /1/)).catch(() => 'nothing');
    if (!tally.includes('1')) faults.push(`it says ${tally}`);
    const urls = await page.locator('.hits .headline a').evaluateAll((all) => all.map((one) => new URL(one.href).pathname));
    if (urls.length !== 1 || !urls[0].startsWith(`/paper/${language}/`)) faults.push(`it finds ${urls}`);
    // A mark covers all of what was found, also where words have no spaces between them.
    const marks = await page.locator('.hits mark').allInnerTexts();
    const least = name === 'ja' ? query.length : 1;
    if (!marks.length || marks.some((mark) => mark.length < least)) faults.push(`it marks ${marks}`);
    tell(`${query} is found among the articles in its language, and only there`, faults);
    await page.close();
  }
}

async function worksUnderItsPolicy() {
  const manual = fs.readFileSync(new URL('../../content/manual/search.md', import.meta.url), 'utf8');
  const policy = /Content-Security-Policy: "(.+)"$/m.exec(manual)?.[1];
  const faults = policy?.includes("'wasm-unsafe-eval'") ? [] : ['the manual names no policy'];
  const page = await browser.newPage();
  await page.route((url) => url.pathname.endsWith('/search/'), async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, headers: { ...response.headers(), 'content-security-policy': policy ?? '' } });
  });
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
  await page.goto(`${site.url}/paper/search/?q=photo`);
  await told(page).catch(() => faults.push('nothing is found'));
  tell('the search works under the policy that the manual names', faults);
  await page.close();
}

async function leadsToTheArchiveWithoutScript() {
  const faults = [];
  const bare = await launch({ javaScriptEnabled: false });
  const page = await bare.newPage();
  await page.goto(`${site.url}/paper/search/`);
  if (await page.locator('.seeker').isVisible()) faults.push('a form that does nothing is shown');
  if (!(await page.locator('.scriptless').isVisible())) faults.push('nothing is said');
  await page.locator('.way a').click();
  if (new URL(page.url()).pathname !== '/paper/archive/') faults.push(`it leads to ${page.url()}`);
  tell('without JavaScript the search leads to the archive', faults);
  await bare.close();
}

async function isAccessible() {
  for (const width of [320, 1280]) {
    for (const colorScheme of ['light', 'dark']) {
      const faults = [];
      for (const address of ['search/', 'search/?q=photo&year=2025', 'search/?q=qwxyzzy', 'ar/search/?q=%D8%A7%D9%84%D8%B2%D9%85%D9%86']) {
        const page = await browser.newPage();
        await page.setViewportSize({ width, height: 900 });
        await page.emulateMedia({ colorScheme });
        await page.goto(`${site.url}/paper/${address}`, { waitUntil: 'load' });
        if (address.includes('?')) await page.waitForFunction(() => /[^…]$/.test(document.querySelector('.tally').textContent));
        faults.push(...(await faultsOf(page)).map((fault) => `${address}: ${fault}`));
        await page.close();
      }
      tell(`axe finds nothing on the search page at ${width} px, ${colorScheme}`, faults);
    }
  }
}
