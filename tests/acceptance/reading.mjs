// Whether everyone can read a built site. usage: node reading.mjs SAMPLE_OUTPUT [--full]
// Asks axe-core (WCAG 2.2 AA and its best practices) at several widths, in both colour schemes, with
// forced colours and with text of twice the size; goes through pages by keyboard; prints one; weighs
// them. Prints `ok - fact` or `not ok - fact` for each check.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { faultsOf } from './axe.mjs';
import { launch, tell } from './chromium.mjs';
import { serve } from './server.mjs';

const [folder, mode] = process.argv.slice(2);
const isFull = mode === '--full';
const output = path.resolve(folder);
const site = await serve(output);
const pages = {
  home: '/',
  article: find(/<article class="story">.*property|<pre[ >]/s, 'article'),
  'article with a photo': find(/class="photo lead/, 'article'),
  'article with notes': find(/class="footnotes"/, 'article'),
  'live coverage': find(/<section class="update">/, 'article'),
  section: '/science/',
  tag: '/tags/history/',
  author: '/authors/a-sampleton/',
  archive: '/archive/',
  year: '/2025/',
  'page in Arabic': find(/<html lang="ar" dir="rtl"/, 'article'),
  'page not found': '/404.html',
};
const work = fs.mkdtempSync(path.join(os.tmpdir(), 'dateline-reading-'));
const browser = await launch({ viewport: { width: 1280, height: 900 } });
try {
  await isAccessible();
  await isReachedByKeyboard();
  await hasNotesBesideTheText();
  await printsWell();
  await keepsToItsPixels();
  await needsNoMoreThanItsPolicy();
  await leadsOn();
  await isLight();
} finally {
  await browser.close();
  fs.rmSync(work, { recursive: true, force: true });
  site.close();
}

/** Finds the first page of a kind whose HTML matches. */
function find(pattern, kind) {
  const names = fs.readdirSync(output, { recursive: true }).filter((name) => name.endsWith('index.html')).sort();
  const found = names.find((name) => {
    const html = fs.readFileSync(path.join(output, name), 'utf8');
    return html.includes(`<body class="${kind}`) && pattern.test(html);
  });
  if (!found) throw new Error(`no ${kind} page matches ${pattern}`);
  return '/' + found.split(path.sep).map(encodeURIComponent).join('/').replace(/index\.html$/, '');
}

async function isAccessible() {
  const all = Object.keys(pages);
  const few = ['home', 'article', 'page in Arabic'];
  const looks = [];
  for (const width of [320, 375, 768, 1280, 1920]) {
    for (const colorScheme of ['light', 'dark']) {
      const isCommon = (width === 375 && colorScheme === 'dark') || (width === 1280 && colorScheme === 'light');
      const names = isFull || isCommon ? all : few;
      looks.push({ name: `at ${width} px, ${colorScheme}`, width, media: { colorScheme }, names });
    }
  }
  looks.push({ name: 'with forced colours', width: 1280, media: { forcedColors: 'active' }, names: isFull ? all : few });
  looks.push({ name: 'with text at 200 %', width: 1280, media: {}, names: isFull ? all : few, size: '200%' });
  looks.push({ name: 'with text at 200 % on a phone', width: 375, media: {}, names: isFull ? all : ['home', 'article'], size: '200%' });
  for (const { name, width, media, names, size } of looks) {
    const page = await browser.newPage();
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia(media);
    const faults = [];
    for (const kind of names) {
      await page.goto(site.url + pages[kind], { waitUntil: 'load' });
      if (size) await page.addStyleTag({ content: `html { font-size: ${size} !important }` });
      faults.push(...(await faultsOf(page)).map((fault) => `${kind}: ${fault}`));
    }
    tell(`axe finds nothing ${name} on ${names.length} pages`, faults);
    await page.close();
  }
}

/** Goes through pages with the tabulator: the order is that of the page, each stop is seen, and none is a trap. */
async function isReachedByKeyboard() {
  for (const kind of ['home', 'article with notes', 'year']) {
    const faults = [];
    const page = await browser.newPage();
    await page.setViewportSize({ width: 1280, height: 900 });
    // A page that scrolls smoothly brings a stop into sight a moment later.
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.goto(site.url + pages[kind], { waitUntil: 'load' });
    const expected = await page.evaluate(() => {
      const all = [...document.querySelectorAll('a[href], button, summary, [tabindex="0"], iframe, input')];
      const shown = all.filter((one) => one.checkVisibility({ visibilityProperty: true }) && !(one.closest('details:not([open])') && !one.matches('summary')));
      if (document.querySelector('[tabindex]:not([tabindex="0"]):not([tabindex="-1"])')) throw new Error('a tabindex sets an order of its own');
      shown.forEach((one, at) => { one.dataset.stop = at; });
      return shown.filter((one) => !one.disabled).length;
    });
    await page.keyboard.press('Tab');
    const first = await page.evaluate(() => document.activeElement.className);
    if (first !== 'skip') faults.push(`the first stop is ${first || 'nothing'}`);
    for (let at = 0; at < expected; at++) {
      const stop = await page.evaluate(() => {
        const one = document.activeElement;
        const { top, bottom, width, height } = one.getBoundingClientRect();
        const style = getComputedStyle(one);
        return {
          number: Number(one.dataset.stop ?? -1),
          isSeen: bottom > 0 && top < innerHeight && width > 0 && height > 0,
          isMarked: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0,
          html: one.outerHTML.slice(0, 120),
        };
      });
      if (stop.number !== at) { faults.push(`stop ${at} is number ${stop.number}: ${stop.html}`); break; }
      if (!stop.isSeen) faults.push(`out of sight: ${stop.html}`);
      if (!stop.isMarked) faults.push(`not marked: ${stop.html}`);
      await page.keyboard.press('Tab');
    }
    await page.goto(site.url + pages[kind], { waitUntil: 'load' });
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    const landed = await page.evaluate(() => document.activeElement.id);
    if (landed !== 'content') faults.push(`the first link leads to ${landed || 'nothing'}`);
    tell(`the keyboard goes through the ${kind} page in its order`, faults);
    await page.close();
  }
}

/** On a wide screen a note is at the height of the line that calls it; on a narrow one it is at the end. */
async function hasNotesBesideTheText() {
  const faults = [];
  const page = await browser.newPage();
  for (const width of [1600, 900]) {
    await page.setViewportSize({ width, height: 900 });
    await page.goto(site.url + pages['article with notes'], { waitUntil: 'load' });
    const { apart, isBeside } = await page.evaluate(() => {
      const note = document.querySelector('.footnotes li').getBoundingClientRect();
      const call = document.querySelector('.footnote a').getBoundingClientRect();
      const text = document.querySelector('.prose > p').getBoundingClientRect();
      return { apart: Math.abs(note.top - call.top), isBeside: note.left >= text.right };
    });
    if (isBeside !== (width === 1600)) faults.push(`at ${width} px it stands ${isBeside ? 'beside' : 'below'} the text`);
    if (width === 1600 && apart > 40) faults.push(`it is ${apart} px from its line`);
  }
  tell('footnotes stand beside their lines where there is room', faults);
  await page.close();
}

/** What is printed has the headline, the credit, addresses of links and of the page, and no menu. */
async function printsWell() {
  const faults = [];
  const page = await browser.newPage();
  const url = find(/class="photo lead[^"]*".*href="https:/s, 'article');
  await page.goto(site.url + url, { waitUntil: 'load' });
  const expect = await page.evaluate(() => ({
    headline: document.querySelector('h1').textContent,
    credit: [...document.querySelector('.lead .credit').childNodes].at(-1).textContent,
    link: document.querySelector('.prose a[href^="http"]')?.href,
    own: document.querySelector('link[rel=canonical]').href,
    menu: document.querySelector('.menu a').textContent,
    related: document.querySelector('#related')?.textContent,
  }));
  const file = path.join(work, 'page.pdf');
  await page.pdf({ path: file, format: 'A4' });
  const text = execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' });
  const plain = text.replace(/\s+/g, '');
  const has = (part) => plain.includes(part.replace(/\s+/g, ''));
  for (const [what, part] of Object.entries({ headline: expect.headline, credit: expect.credit, 'address of the page': expect.own, ...(expect.link && { 'address of a link': expect.link }) })) {
    if (!has(part)) faults.push(`the ${what} is not printed: ${part}`);
  }
  if (expect.related && new RegExp(`^\\s*${expect.related}\\s*$`, 'm').test(text)) faults.push('related articles are printed');
  if (new RegExp(`^.*${expect.menu} {2,}`, 'm').test(text.split('\n').slice(0, 8).join('\n'))) faults.push('the menu is printed');
  tell('a printed article has its credit and its addresses, and no menu', faults);
  await page.close();
}

/** No photo is shown wider or higher than its pixels, on the pages where photos are shown whole and cropped. */
async function keepsToItsPixels() {
  const faults = [];
  const page = await browser.newPage();
  const names = fs.readdirSync(output, { recursive: true }).filter((name) => name.endsWith('index.html'));
  const withPhoto = names.filter((name) => fs.readFileSync(path.join(output, name), 'utf8').includes('class="photo lead'));
  let seen = 0;
  for (const width of [375, 1280, 1920]) {
    await page.setViewportSize({ width, height: 900 });
    for (const name of ['index.html', ...withPhoto]) {
      await page.goto(`${site.url}/${name.split(path.sep).map(encodeURIComponent).join('/')}`, { waitUntil: 'load' });
      const shown = await page.evaluate(() => [...document.querySelectorAll('.photo img, .prose img')].map((image) => {
        const { width, height } = image.getBoundingClientRect();
        return { name: image.getAttribute('src'), by: Math.max(width / image.getAttribute('width'), height / image.getAttribute('height')) };
      }));
      seen += shown.length;
      for (const one of shown) if (one.by > 1.01) faults.push(`${name} at ${width} px shows ${one.name} ${one.by.toFixed(2)} times its size`);
    }
  }
  if (seen < 60) faults.push(`${seen} photos were looked at`);
  tell('no photo is shown larger than its pixels', faults);
  await page.close();
}

/** Pages work under the strict Content-Security-Policy that the manual names. */
async function needsNoMoreThanItsPolicy() {
  const manual = fs.readFileSync(new URL('../../content/manual/theme.md', import.meta.url), 'utf8');
  const policy = /^Content-Security-Policy: (.+)$/m.exec(manual)?.[1];
  const faults = policy ? [] : ['the manual names no policy'];
  const page = await browser.newPage();
  await page.route((url) => !url.pathname.includes('.', 1), async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, headers: { ...response.headers(), 'content-security-policy': policy ?? '' } });
  });
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
  for (const kind of Object.keys(pages)) {
    await page.goto(site.url + pages[kind], { waitUntil: 'load' });
  }
  // From the front page to an article the browser fades, under the policy too.
  page.on('pageerror', (error) => faults.push(`${error}`));
  await page.addInitScript(() => addEventListener('pagereveal', (event) => { window.fades = Boolean(event.viewTransition); }));
  await page.goto(site.url + pages.home, { waitUntil: 'load' });
  await page.locator('.headline a').first().click();
  await page.waitForFunction(() => location.pathname !== '/' && window.fades !== undefined);
  if (!(await page.evaluate(() => window.fades))) faults.push('it does not fade');
  tell('pages ask for nothing that a strict policy forbids, and fade to the next one under it', faults);
  await page.close();
}

/** An old address leads on with what stands behind it, and without scripts to the page at least; going back skips it. */
async function leadsOn() {
  const faults = [];
  const expect = (what, found, wanted) => found === wanted || faults.push(`${what} is ${found}, not ${wanted}`);
  const page = await browser.newPage();
  await page.goto(`${site.url}/archive/`, { waitUntil: 'load' });
  await page.evaluate(() => location.assign('/colophon/?from=letter#corrections'));
  await page.waitForURL('**/about/**');
  expect('the address', await page.evaluate(() => location.pathname + location.search + location.hash), '/about/?from=letter#corrections');
  await page.goBack({ waitUntil: 'load' });
  expect('the page before', new URL(page.url()).pathname, '/archive/');
  await page.close();
  const plain = await launch({ javaScriptEnabled: false });
  const silent = await plain.newPage();
  await silent.goto(`${site.url}/colophon/`, { waitUntil: 'commit' });
  await silent.waitForURL('**/about/');
  expect('the address without scripts', new URL(silent.url()).pathname, '/about/');
  await plain.close();
  tell('an old address leads on with what stands behind it', faults);
}

/**
 * Weighs what a reader loads. What the first screen waits for is the page up to the last element that begins on it, and
 * the style sheets that are linked before its end, as they are; what is sent is the whole page with all of them, compressed.
 */
async function isLight() {
  const html = (kind) => fs.readFileSync(path.join(output, decodeURIComponent(pages[kind]), kind === 'page not found' ? '' : 'index.html'), 'utf8');
  const linked = (page, pattern) => [...page.matchAll(pattern)].map(([, name]) => fs.readFileSync(path.join(output, name)));
  const size = (files) => files.reduce((sum, file) => sum + file.length, 0);
  const heaviest = (pattern) => Math.max(...Object.keys(pages).map((kind) => size(linked(html(kind), pattern))));
  const [css, js] = [heaviest(/<link rel="stylesheet" href="\/([^"]+)"/g), heaviest(/<script src="\/([^"]+)"/g)];
  const faults = [];
  if (css > 24_000) faults.push(`the style sheets have ${css} bytes`);
  if (js > 4_000 || js === 0) faults.push(`the scripts have ${js} bytes`);
  tell(`the heaviest page has style sheets of ${css} bytes and scripts of ${js}`, faults);
  for (const { kind, width, height, most } of [
    { kind: 'home', width: 375, height: 812, most: 14_336 },
    { kind: 'home', width: 1280, height: 900, most: 14_336 },
    { kind: 'article with a photo', width: 375, height: 812, most: 14_336 },
    { kind: 'article with a photo', width: 1280, height: 900, most: 14_336 },
    { kind: 'article with notes', width: 375, height: 812, most: 14_336 },
    { kind: 'article with notes', width: 1280, height: 900, most: 15_200 },
    { kind: 'section', width: 375, height: 812, most: 14_336 },
  ]) {
    const { critical, names } = await firstScreen(kind, width, height);
    const heavy = critical > most ? [`it waits for ${names.join(', ')}`] : [];
    tell(`the first screen of the ${kind} page at ${width} px waits for ${critical} of ${most} bytes`, heavy);
  }
  for (const kind of ['home', 'article']) {
    const page = html(kind);
    const sheets = linked(page, /<link rel="stylesheet" href="\/([^"]+)"(?![^>]*media=)/g);
    // Ten packets of about 1,460 bytes are sent before the first answer (RFC 6928).
    const sent = sheets.reduce((sum, file) => sum + gzipSync(file).length, gzipSync(page).length);
    tell(`all of the ${kind} page on a phone has ${Buffer.byteLength(page) + size(sheets)} bytes, sent as ${sent} of 14,600`, sent > 14_600 ? ['it is sent in more'] : []);
  }
}

/** Returns how many bytes the first screen of a page waits for, and what they are. */
async function firstScreen(kind, width, height) {
  const page = await browser.newPage();
  await page.setViewportSize({ width, height });
  await page.route('**/*.js', (route) => route.abort());
  await page.goto(site.url + pages[kind], { waitUntil: 'load' });
  const { markup, sheets } = await page.evaluate(() => {
    const leaves = [...document.body.querySelectorAll('*')].filter((one) => !one.firstElementChild && one.checkVisibility());
    const last = leaves.filter((one) => one.getBoundingClientRect().top < innerHeight).at(-1);
    const links = [...document.querySelectorAll('link[rel=stylesheet]:not([href^="data:"])')];
    const isBefore = (link) => link.compareDocumentPosition(last) & Node.DOCUMENT_POSITION_FOLLOWING;
    const sheets = links.filter((link) => isBefore(link) && matchMedia(link.media || 'all').matches).map((link) => new URL(link.href).pathname);
    const end = document.createComment('end of the first screen');
    last.after(end);
    const markup = `<!doctype html>${document.documentElement.outerHTML}`.split('<!--end of the first screen-->')[0];
    return { markup, sheets };
  });
  await page.close();
  const sizes = sheets.map((name) => fs.statSync(path.join(output, name)).size);
  const bytes = Buffer.byteLength(markup);
  return { critical: sizes.reduce((sum, size) => sum + size, bytes), names: [`HTML ${bytes}`, ...sheets.map((name, at) => `${name} ${sizes[at]}`)] };
}
