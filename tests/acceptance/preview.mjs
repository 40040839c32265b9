// What a writer's browser makes of the preview. usage: node preview.mjs DATELINE SAMPLE_FOLDER [WORDS]
// Prints `ok - fact` or `not ok - fact` for each check. The preview is started on a copy of a small
// site, files are changed as editors change them, and an open page is watched.
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { launch } from './chromium.mjs';

const PATIENCE = 10_000;

const [dateline, sample] = process.argv.slice(2, 4).map((one) => path.resolve(one));
/** Only the checks whose name holds these words are run. */
const wanted = process.argv[4] ?? '';
const work = fs.mkdtempSync(path.join(os.tmpdir(), 'dateline-preview-'));
const running = new Set();
let sites = 0;

async function facts() {
  await fact('a saved text is on the open page without loading it anew', savedText);
  await fact('scroll, focus, what is filled in and open <details> stay', placeIsKept);
  await fact('what a script has done to a page stays where the text does not change', scriptsMarksStay);
  await fact('a style sheet is swapped in place', styleSheet);
  await fact('a style sheet of static/ is swapped in place', staticSheet);
  await fact('a picture that keeps its name is shown anew', picture);
  await fact('a template edit is on the open page without loading it anew', template);
  await fact('a script that changed loads the page anew', script);
  await fact('lists, tags and feeds show an edited headline on their next request', listsFollow);
  await fact('a fault shows an overlay with file, line, the line, the hint and a link, and heals', overlay);
  await fact('a fault of one page shows on that page only, and its last version stays', onePageFault);
  await fact('a site that begins with a fault shows it, and heals', brokenStart);
  await fact('a page that is gone says so, and comes back', gone);
  await fact('a page that moved says where it is', moved);
  await fact('the browser follows the edited article with -N', navigate);
  await fact('several tabs hear of their own pages only', tabs);
  await fact('a page goes on when the server is started again', restart);
  await fact('a hidden tab catches up when it is seen again', hiddenTab);
  await fact('the bar tells draft, words, missing alt text and source', bar);
  await fact('the address of a draft says what it is, and shows it when it is none', draft);
  await fact('every kind of save is seen once and right', saves);
  await fact('a checkout of 1,000 files is one change', checkout);
  await fact('where folders can not be watched it says what to do, and looks', limit);
  await fact('the sample site works in the preview without an error', sampleSite);
}

// ---- the site and its preview -----------------------------------------------------------------

const TEMPLATES = {
  'base.html': `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{{ page.title }}</title>
{% set sheet = asset(path="site.css") %}<link rel="stylesheet" href="{{ sheet.url }}">
<link rel="stylesheet" href="/plain.css">
<link rel="icon" href="data:,">
</head>
<body class="{{ page.kind }}">
<header id="top">{{ site.title }}</header>
{% block main %}{% endblock %}
{% set script = asset(path="site.js") %}<script src="{{ script.url }}" defer></script>
</body></html>
`,
  'article.html': `{% extends "base.html" %}
{% block main %}<main><h1>{{ article.headline }}</h1>
<form><label>Name <input id="name"></label></form>
<details id="more"><summary>More</summary><p>Inside</p></details>
<div id="clock"></div>
{{ article.content }}
<p class="end">{{ article.summary }}</p></main>{% endblock %}
`,
  'list.html': `{% extends "base.html" %}
{% block main %}<ul>{% for one in articles or [] %}<li><a href="{{ one.url }}">{{ one.headline }}</a></li>{% endfor %}</ul>{% endblock %}
`,
  '404.html': `{% extends "base.html" %}
{% block main %}<h1>Not here</h1>{% endblock %}
`,
};

const LONG = Array.from({ length: 60 }, (_, at) => `Paragraph ${at} of the tide tables, which are long enough to be scrolled.`).join('\n\n');

function article(headline, body, more = '') {
  return `---\nheadline: ${headline}\ntimestamp: 2024-11-21 16:32\nurl: /${headline.toLowerCase()}/\ntags: [sea]\n${more}---\n${body}\n`;
}

/** Makes a site of its own for a check. */
function site() {
  const root = path.join(work, `site-${(sites += 1)}`);
  const own = {
    root,
    path: (name) => path.join(root, name),
    put(name, text) {
      fs.mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
      fs.writeFileSync(path.join(root, name), text);
    },
    read: (name) => fs.readFileSync(path.join(root, name), 'utf8'),
    replace(name, from, to) {
      const text = own.read(name);
      if (!text.includes(from)) throw new Error(`${name} has no ${from}`);
      own.put(name, text.replace(from, to));
    },
  };
  own.put('dateline.yaml', 'title: The Gazette\nbase_url: https://gazette.example\ntheme: own\n');
  own.put('themes/own/theme.yaml', 'name: own\n');
  for (const [name, text] of Object.entries(TEMPLATES)) own.put(`themes/own/templates/${name}`, text);
  own.put('themes/own/assets/site.css', 'h1 { color: rgb(1, 2, 3) }\n');
  own.put('themes/own/assets/site.js', 'document.getElementById("clock")?.append("ticking");\n');
  own.put('static/plain.css', 'h1 { margin-left: 11px }\n');
  own.put('content/harbour.md', article('Harbour', `First words.\n\n${LONG}\n\nLast words.`));
  own.put('content/storm.md', article('Storm', 'The storm.'));
  return own;
}

/** Starts a preview; it is there when this returns. */
function serve(root, ...options) {
  return started(spawn(dateline, ['-r', root, 'serve', '--json', ...options], { stdio: ['ignore', 'pipe', 'pipe'] }));
}

async function started(process) {
  const preview = { process, events: [], url: '' };
  running.add(preview);
  let text = '';
  process.stdout.on('data', (bytes) => {
    const lines = (text += bytes).split('\n');
    text = lines.pop();
    for (const line of lines) preview.events.push(JSON.parse(line));
  });
  let said = '';
  process.stderr.on('data', (bytes) => (said += bytes));
  preview.ended = new Promise((ended) => process.on('exit', (code) => ended(code)));
  preview.changes = () => preview.events.filter(({ event }) => event === 'change');
  preview.stop = async (signal = 'SIGINT') => {
    const start = Date.now();
    process.kill(signal);
    const code = await preview.ended;
    running.delete(preview);
    return { code, milliseconds: Date.now() - start };
  };
  await until(`the preview is ready: ${said}`, () => {
    if (process.exitCode !== null) throw new Error(`the preview ended: ${said}`);
    return preview.events.some(({ event }) => event === 'ready');
  });
  preview.url = preview.events.find(({ event }) => event === 'ready').url.replace(/\/$/, '');
  preview.port = new URL(preview.url).port;
  return preview;
}

/** Waits until something is true. */
async function until(what, is, patience = PATIENCE) {
  const end = Date.now() + patience;
  for (;;) {
    if (await is()) return;
    if (Date.now() > end) throw new Error(`waited in vain until ${what}`);
    await new Promise((passed) => setTimeout(passed, 10));
  }
}

/** Opens a page and marks it: the mark is gone when the page is loaded anew. */
async function open(preview, url) {
  const page = await browser.newPage();
  page.faults = [];
  page.on('pageerror', (error) => page.faults.push(`script: ${error}`));
  await page.goto(preview.url + url, { waitUntil: 'load' });
  await page.evaluate(() => (window.mark = 'mark'));
  await until('the page is listened to', () => page.evaluate(() => document.querySelector('dateline-preview') !== null));
  return page;
}

const isMarked = (page) => page.evaluate(() => window.mark === 'mark');
const shows = (page, text) => page.waitForFunction((text) => document.body.innerText.includes(text), text, { polling: 10 });
const overlayOf = (page) => page.locator('dateline-preview .overlay');

function expect(is, what) {
  if (!is) throw new Error(what);
}

/** Runs a check with a site of its own, and a preview that ends with it. */
async function fact(name, check) {
  if (!name.includes(wanted)) return;
  const own = site();
  const previews = [];
  const start = (...options) => {
    const started = serve(own.root, ...options);
    started.then((preview) => previews.push(preview), () => {});
    return started;
  };
  try {
    await check(own, start);
    console.log(`ok - preview: ${name}`);
  } catch (error) {
    console.log(`not ok - preview: ${name}`);
    console.log(`    ${String(error.stack ?? error).split('\n').slice(0, 6).join('\n    ')}`);
  }
  for (const page of browser.pages().slice(1)) await page.close();
  for (const preview of previews) if (running.has(preview)) await preview.stop('SIGKILL');
}

// ---- the checks -------------------------------------------------------------------------------

async function savedText(site, start) {
  const page = await open(await start(), '/harbour/');
  for (const words of ['Second words', 'Third *words*']) {
    site.put('content/harbour.md', article('Harbour', `${words}.\n\n${LONG}`));
    await shows(page, words.replaceAll('*', ''));
  }
  expect(await isMarked(page), 'the page was loaded anew');
  expect((await page.locator('main p').count()) === 63, `it has ${await page.locator('main p').count()} paragraphs`);
  expect(page.faults.length === 0, page.faults.join());
}

async function placeIsKept(site, start) {
  const page = await open(await start(), '/harbour/');
  await page.locator('#more summary').click();
  await page.locator('#name').fill('Ana');
  await page.evaluate(() => window.scrollTo(0, 700));
  const before = await page.evaluate(() => window.scrollY);
  site.replace('content/harbour.md', 'Last words', 'Better words');
  await shows(page, 'Better words');
  site.replace('content/harbour.md', '\nParagraph 50', '\nInserted\n\nParagraph 50');
  await shows(page, 'Inserted');
  const after = await page.evaluate(() => ({
    scroll: window.scrollY,
    open: document.querySelector('#more').open,
    name: document.querySelector('#name').value,
    focus: document.activeElement.id,
  }));
  expect(after.scroll === before, `it was scrolled from ${before} to ${after.scroll}`);
  expect(after.open && after.name === 'Ana' && after.focus === 'name', JSON.stringify(after));
  expect(await isMarked(page), 'the page was loaded anew');
}

async function scriptsMarksStay(site, start) {
  const page = await open(await start(), '/harbour/');
  await page.evaluate(() => document.querySelector('#top').setAttribute('data-open', 'yes'));
  site.replace('content/harbour.md', 'First words', 'Other words');
  await shows(page, 'Other words');
  const seen = await page.evaluate(() => [document.querySelector('#clock').textContent, document.querySelector('#top').dataset.open]);
  expect(seen.join() === 'ticking,yes', seen.join());
}

async function styleSheet(site, start) {
  const page = await open(await start(), '/harbour/');
  await page.evaluate(() => window.scrollTo(0, 500));
  for (const colour of ['rgb(9, 8, 7)', 'rgb(40, 50, 60)']) {
    site.put('themes/own/assets/site.css', `h1 { color: ${colour} }\n`);
    await page.waitForFunction((colour) => getComputedStyle(document.querySelector('h1')).color === colour, colour);
  }
  await until('the old sheets are gone', () => page.evaluate(() => document.querySelectorAll('link[rel=stylesheet]').length === 2));
  expect(await isMarked(page), 'the page was loaded anew');
  expect((await page.evaluate(() => window.scrollY)) === 500, 'it was scrolled');
}

async function staticSheet(site, start) {
  const page = await open(await start(), '/harbour/');
  for (const margin of ['22px', '33px']) {
    site.put('static/plain.css', `h1 { margin-left: ${margin} }\n`);
    await page.waitForFunction((margin) => getComputedStyle(document.querySelector('h1')).marginLeft === margin, margin);
  }
  site.replace('content/harbour.md', 'First words', 'Other words');
  await shows(page, 'Other words');
  const margin = await page.evaluate(() => getComputedStyle(document.querySelector('h1')).marginLeft);
  expect(margin === '33px', `the sheet of before came back: ${margin}`);
  expect(await isMarked(page), 'the page was loaded anew');
}

async function picture(site, start) {
  const drawing = (width) => `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="10"><rect width="9" height="9"/></svg>`;
  site.put('static/map.svg', drawing(20));
  site.put('content/harbour.md', article('Harbour', '<img id="map" src="/map.svg" alt="A map">'));
  const page = await open(await start(), '/harbour/');
  const width = (expected) => page.waitForFunction((expected) => document.querySelector('#map').naturalWidth === expected, expected);
  await width(20);
  site.put('static/map.svg', drawing(30));
  await width(30);
  expect(await isMarked(page), 'the page was loaded anew');
}

async function template(site, start) {
  const page = await open(await start(), '/harbour/');
  site.replace('themes/own/templates/article.html', '<main>', '<main><p class="kicker">From the harbour</p>');
  await shows(page, 'From the harbour');
  site.replace('themes/own/templates/base.html', '</header>', ', a paper</header>');
  await shows(page, 'The Gazette, a paper');
  expect(await isMarked(page), 'the page was loaded anew');
}

async function script(site, start) {
  const page = await open(await start(), '/harbour/');
  site.put('themes/own/assets/site.js', 'document.getElementById("clock")?.append("stopped");\n');
  await shows(page, 'stopped');
  expect(!(await isMarked(page)), 'the script cannot have run in the old page');
}

async function listsFollow(site, start) {
  const preview = await start();
  const page = await open(preview, '/harbour/');
  site.put('content/harbour.md', article('Harbour', 'Text.').replace('headline: Harbour', 'headline: Harbour reopens'));
  await shows(page, 'Harbour reopens');
  for (const url of ['/', '/tags/sea/', '/feed.xml', '/tags/sea/atom.xml']) {
    const text = await (await fetch(preview.url + url)).text();
    expect(text.includes('Harbour reopens'), `${url} does not show it`);
  }
}

async function overlay(site, start) {
  const preview = await start();
  const page = await open(preview, '/harbour/');
  const other = await open(preview, '/storm/');
  const good = site.read('content/harbour.md');
  site.put('content/harbour.md', good.replace('tags: [sea]', 'tags: [sea'));
  await overlayOf(page).waitFor({ state: 'visible' });
  const text = await overlayOf(page).innerText();
  expect(/content\/harbour\.md:\d+:\d+/.test(text), `it names no place: ${text}`);
  expect(text.includes('tags: [sea') && text.includes('^'), `it shows no line: ${text}`);
  const link = await overlayOf(page).locator('a').first().getAttribute('href');
  expect(/^vscode:\/\/file\/.*\/content\/harbour\.md:\d+:\d+$/.test(link), `the link is ${link}`);
  await overlayOf(other).waitFor({ state: 'visible' });
  expect((await page.evaluate(() => document.body.innerText)).includes('First words'), 'the last good page is not behind it');
  const terminal = preview.events.find(({ event }) => event === 'faults').diagnostics[0];
  expect(text.includes(terminal.message), `the terminal says ${terminal.message}`);
  expect(terminal.hints.every((hint) => text.includes(hint)), `it lacks a hint of ${terminal.hints}`);
  site.put('content/harbour.md', good.replace('First words', 'Mended words'));
  await overlayOf(page).waitFor({ state: 'hidden' });
  await overlayOf(other).waitFor({ state: 'hidden' });
  await shows(page, 'Mended words');
  site.put('dateline.yaml', site.read('dateline.yaml').replace('title:', 'tittle:'));
  await overlayOf(page).waitFor({ state: 'visible' });
  expect((await overlayOf(page).innerText()).includes('dateline.yaml:1:1'), 'the configuration is not named');
  site.replace('dateline.yaml', 'tittle:', 'title:');
  await overlayOf(page).waitFor({ state: 'hidden' });
  site.replace('themes/own/templates/base.html', '{{ site.title }}', '{{ site.title ');
  await overlayOf(page).waitFor({ state: 'visible' });
  expect((await overlayOf(page).innerText()).includes('themes/own/templates/base.html:'), 'the template is not named');
  site.replace('themes/own/templates/base.html', '{{ site.title ', '{{ site.title }}');
  await overlayOf(page).waitFor({ state: 'hidden' });
  expect((await isMarked(page)) && (await isMarked(other)), 'a page was loaded anew');
}

async function onePageFault(site, start) {
  const preview = await start();
  const page = await open(preview, '/harbour/');
  const other = await open(preview, '/storm/');
  const good = site.read('themes/own/templates/article.html');
  const bad = '{% if article.headline == "Harbour" %}{{ article.headline | date(format="%Y") }}{% endif %}<main>';
  site.put('themes/own/templates/article.html', good.replace('<main>', bad));
  await overlayOf(page).waitFor({ state: 'visible' });
  const text = await overlayOf(page).innerText();
  expect(text.includes('themes/own/templates/article.html:'), `it names no place: ${text}`);
  expect((await page.evaluate(() => document.body.innerText)).includes('First words'), 'the last good page is not behind it');
  const answer = await fetch(`${preview.url}/harbour/`);
  expect(answer.status === 500 && (await answer.text()).includes('First words'), `a request gets ${answer.status}, and not the last version`);
  site.replace('content/storm.md', 'The storm', 'The calm');
  await shows(other, 'The calm');
  expect(await overlayOf(other).isHidden(), 'the other page shows it too');
  site.put('themes/own/templates/article.html', good);
  await overlayOf(page).waitFor({ state: 'hidden' });
  expect(await isMarked(page), 'the page was loaded anew');
}

async function brokenStart(site, start) {
  const good = site.read('themes/own/templates/base.html');
  site.put('themes/own/templates/base.html', '{% block %}');
  const preview = await start();
  const page = await open(preview, '/harbour/');
  await overlayOf(page).waitFor({ state: 'visible' });
  site.put('themes/own/templates/base.html', good);
  await shows(page, 'First words');
  await overlayOf(page).waitFor({ state: 'hidden' });
}

async function gone(site, start) {
  const page = await open(await start(), '/storm/');
  const text = site.read('content/storm.md');
  fs.rmSync(site.path('content/storm.md'));
  await page.locator('dateline-preview .notice', { hasText: 'gone' }).waitFor();
  expect((await page.evaluate(() => document.body.innerText)).includes('The storm'), 'the last version is not there');
  site.put('content/storm.md', text.replace('The storm', 'The storm again'));
  await shows(page, 'The storm again');
  await page.locator('dateline-preview .notice').waitFor({ state: 'detached' });
}

async function moved(site, start) {
  const page = await open(await start(), '/storm/');
  site.replace('content/storm.md', 'url: /storm/', 'url: /gale/');
  const link = page.locator('dateline-preview .notice a');
  await link.waitFor();
  expect((await link.getAttribute('href')) === '/gale/', await link.getAttribute('href'));
}

async function navigate(site, start) {
  const page = await open(await start('-N'), '/harbour/');
  site.replace('content/storm.md', 'The storm', 'The edited storm');
  await shows(page, 'The edited storm');
  expect(new URL(page.url()).pathname === '/storm/', page.url());
}

async function tabs(site, start) {
  const preview = await start();
  const first = await open(preview, '/harbour/');
  const second = await open(preview, '/harbour/');
  const other = await open(preview, '/storm/');
  const fetched = [];
  other.on('request', (request) => fetched.push(request.url()));
  site.replace('content/harbour.md', 'First words', 'Shared words');
  await Promise.all([shows(first, 'Shared words'), shows(second, 'Shared words')]);
  await until('the change is told', () => preview.changes().length === 1);
  expect(preview.changes()[0].change.tabs === 2, `${preview.changes()[0].change.tabs} tabs were told`);
  expect(fetched.length === 0, `the other tab asked for ${fetched}`);
}

async function restart(site, start) {
  const first = await start();
  const page = await open(first, '/harbour/');
  await first.stop();
  site.replace('content/harbour.md', 'First words', 'Words of the night');
  await page.locator('dateline-preview .notice', { hasText: 'stopped' }).waitFor();
  await start('-p', first.port);
  await shows(page, 'Words of the night');
  site.replace('content/harbour.md', 'Words of the night', 'Words of the morning');
  await shows(page, 'Words of the morning');
}

async function hiddenTab(site, start) {
  const preview = await start();
  const page = await open(preview, '/harbour/');
  const hide = (hidden) => page.evaluate((hidden) => {
    Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  }, hidden);
  await hide(true);
  site.replace('content/harbour.md', 'First words', 'Words in hiding');
  await until('the change is told', () => preview.changes().length === 1);
  expect((await page.evaluate(() => document.body.innerText)).includes('First words'), 'the hidden tab was told');
  await hide(false);
  await shows(page, 'Words in hiding');
  expect(await isMarked(page), 'the page was loaded anew');
}

async function bar(site, start) {
  site.put('static/map.png', Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64'));
  const photo = 'draft: true\nphoto: { src: /map.png, credit: Ana Reis }\n';
  site.put('content/harbour.md', article('Harbour', 'Three words here.', photo));
  const page = await open(await start('-D'), '/harbour/');
  const bar = page.locator('dateline-preview .bar');
  await bar.waitFor();
  const text = await bar.innerText();
  for (const part of ['draft', 'photo without alt text', '3 words', 'content/harbour.md']) {
    expect(text.includes(part), `${part} is not in ${text}`);
  }
  site.replace('content/harbour.md', 'draft: true\n', '');
  await until('the bar says no more that it is a draft', async () => !(await bar.innerText()).includes('draft'));
  await page.goto(new URL('/nowhere/', page.url()).href);
  await bar.locator('button').waitFor({ state: 'attached' });
  expect(!(await bar.isVisible()), 'a bar with nothing to say is shown');
}

async function draft(site, start) {
  site.put('content/storm.md', article('Storm', 'The storm.', 'draft: true\n'));
  const page = await open(await start(), '/storm/');
  await shows(page, 'this is a draft');
  await shows(page, 'dateline serve -D');
  site.replace('content/storm.md', 'draft: true\n', '');
  await shows(page, 'The storm.');
  expect(!(await page.evaluate(() => document.body.innerText)).includes('this is a draft'), 'it still says that it is a draft');
}

async function saves(site, start) {
  const preview = await start();
  const page = await open(preview, '/harbour/');
  const file = site.path('content/harbour.md');
  const text = (words) => article('Harbour', `${words}.`);
  const pause = (milliseconds) => new Promise((passed) => setTimeout(passed, milliseconds));
  const kinds = {
    'in place': async (next) => fs.writeFileSync(file, next),
    'by rename': async (next) => {
      fs.writeFileSync(`${file}.tmp.123`, next);
      fs.renameSync(`${file}.tmp.123`, file);
    },
    'as vim does': async (next) => {
      const folder = path.dirname(file);
      fs.writeFileSync(path.join(folder, '4913'), '');
      fs.rmSync(path.join(folder, '4913'));
      fs.renameSync(file, `${file}~`);
      await pause(20);
      fs.writeFileSync(file, next);
      fs.rmSync(`${file}~`);
    },
    'as emacs does': async (next) => {
      fs.writeFileSync(path.join(path.dirname(file), '#harbour.md#'), next);
      fs.copyFileSync(file, `${file}~`);
      fs.writeFileSync(file, next);
      fs.rmSync(path.join(path.dirname(file), '#harbour.md#'));
    },
    'as JetBrains does': async (next) => {
      fs.writeFileSync(`${file}___jb_tmp___`, next);
      fs.renameSync(file, `${file}___jb_old___`);
      fs.renameSync(`${file}___jb_tmp___`, file);
      fs.rmSync(`${file}___jb_old___`);
    },
    'emptied and written later': async (next) => {
      fs.writeFileSync(file, '');
      await pause(150);
      fs.writeFileSync(file, next);
    },
    'held open while it is written': async (next) => {
      const open = fs.openSync(file, 'w');
      fs.writeSync(open, next.slice(0, 10));
      await pause(120);
      fs.writeSync(open, next.slice(10));
      fs.closeSync(open);
    },
    'fifty times in a burst': async (next) => {
      for (let at = 0; at < 50; at += 1) fs.writeFileSync(file, text(`burst ${at}`));
      fs.writeFileSync(file, next);
    },
  };
  for (const [name, save] of Object.entries(kinds)) {
    const before = preview.events.length;
    const words = `Saved ${name}`;
    await save(text(words));
    await shows(page, words);
    await until(`${name} is told`, () => preview.events.length > before);
    await pause(400);
    const told = preview.events.slice(before);
    expect(told.every(({ event }) => event === 'change'), `${name}: ${JSON.stringify(told)}`);
    const most = name === 'fifty times in a burst' ? 5 : 1;
    expect(told.length <= most, `${name} was told ${told.length} times: ${JSON.stringify(told)}`);
    expect(await overlayOf(page).isHidden(), `${name} showed an overlay`);
  }
  expect(await isMarked(page), 'the page was loaded anew');
}

async function checkout(site, start) {
  const git = (...words) => execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@example.org', '-C', site.root, ...words], { stdio: 'pipe' });
  git('init', '-q', '-b', 'main');
  for (let at = 0; at < 1000; at += 1) site.put(`content/news/n${at}.md`, article(`N${at}`, 'Of the main branch.'));
  git('add', '-A');
  git('commit', '-qm', 'one');
  git('checkout', '-qb', 'other');
  for (let at = 0; at < 1000; at += 1) site.replace(`content/news/n${at}.md`, 'main branch', 'other branch');
  git('commit', '-qam', 'two');
  const preview = await start();
  const page = await open(preview, '/n7/');
  await shows(page, 'Of the other branch');
  git('checkout', '-q', 'main');
  await shows(page, 'Of the main branch');
  await until('the change is told', () => preview.changes().length > 0);
  await new Promise((passed) => setTimeout(passed, 500));
  expect(preview.changes().length === 1, `it was ${preview.changes().length} changes`);
  expect(preview.changes()[0].change.files.length === 1000, `${preview.changes()[0].change.files.length} files changed`);
  expect(await isMarked(page), 'the page was loaded anew');
}

async function limit(site) {
  // In a user namespace of its own the limit is its own, too.
  const root = process.getuid() === 0 ? [] : ['sudo'];
  for (const [file, setting] of [['max_inotify_watches', 'fs.inotify.max_user_watches'], ['max_inotify_instances', 'fs.inotify.max_user_instances']]) {
    const words = [...root, 'unshare', '-r', 'sh', '-c', `echo 0 > /proc/sys/user/${file} && exec "$0" "$@"`, dateline, '-r', site.root, 'serve', '--json', '-p', '0'];
    const preview = await started(spawn(words[0], words.slice(1), { stdio: ['ignore', 'pipe', 'pipe'] }));
    const notice = preview.events.find(({ event }) => event === 'notice').diagnostics[0];
    expect(notice.message.includes('limit') && notice.hints[0].includes(setting), JSON.stringify(notice));
    const page = await open(preview, '/harbour/');
    site.put('content/harbour.md', article('Harbour', `Seen without ${file}.`));
    await shows(page, `Seen without ${file}.`);
    await preview.stop('SIGTERM');
  }
}

async function sampleSite() {
  const preview = await serve(sample);
  const page = await browser.newPage();
  const faults = [];
  page.on('console', (message) => message.type() === 'error' && faults.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => faults.push(`script: ${error}`));
  page.on('response', (response) => response.status() >= 400 && faults.push(`${response.status()} for ${response.url()}`));
  for (const url of ['/', '/manual/', '/archive/', '/tags/time/', '/culture/']) {
    const response = await page.goto(preview.url + url, { waitUntil: 'load' });
    expect(response.status() === 200, `${url} is ${response.status()}`);
    await page.locator('dateline-preview .bar').waitFor();
  }
  expect(faults.length === 0, faults.join('\n'));
  // A photo that is still being made is not waited for.
  const { code, milliseconds } = await preview.stop();
  expect(code === 0 && milliseconds < 1000, `it ended with ${code} after ${milliseconds} ms`);
}

const browser = await launch({ viewport: { width: 1000, height: 600 } });
browser.setDefaultTimeout(PATIENCE);
try {
  await facts();
} finally {
  await browser.close();
  running.forEach((preview) => preview.process.kill('SIGKILL'));
  fs.rmSync(work, { recursive: true, force: true });
}
