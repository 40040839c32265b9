// How long it takes from saving an article to its new text on the open page of the preview.
// usage: node latency.mjs DATELINE SITE ARTICLE [TIMES]
// The clock starts before the file is written and stops when the page's document has the words. The
// site's files are put back at the end.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { launch } from './chromium.mjs';

const [dateline, site, article, times = '21'] = process.argv.slice(2);

const browser = await launch();
const start = now();
const preview = spawn(dateline, ['-r', site, 'serve', '--json'], { stdio: ['ignore', 'pipe', 'inherit'] });
const put = new Map();
try {
  const ready = await firstLine(preview.stdout);
  const waited = now() - start;
  const url = ready.url.replace(/\/$/, '');
  const memory = /VmHWM:\s+(\d+)/.exec(fs.readFileSync(`/proc/${preview.pid}/status`, 'utf8'))[1];
  console.log(`ready after ${waited.toFixed(0)} ms, ${ready.change.articles} articles, ${(memory / 1000).toFixed(0)} MB`);
  const page = await browser.newPage();
  await page.goto(url + (await pageOf(url)), { waitUntil: 'load' });
  await page.evaluate(() => {
    window.seen = (words) => new Promise((done) => {
      const end = performance.timeOrigin + performance.now();
      if (document.documentElement.textContent.includes(words)) return done(end);
      const watch = new MutationObserver(() => {
        if (!document.documentElement.textContent.includes(words)) return;
        watch.disconnect();
        done(performance.timeOrigin + performance.now());
      });
      watch.observe(document, { subtree: true, childList: true, characterData: true });
    });
    window.coloured = (colour) => new Promise((done) => {
      const look = () => (getComputedStyle(document.body).outlineColor === colour ? done(performance.timeOrigin + performance.now()) : setTimeout(look, 1));
      look();
    });
  });
  await new Promise((passed) => setTimeout(passed, 1000));
  await measure('article', page, (at) => [article, (text) => `${text}\nWords of change ${at}.\n`], (at) => `Words of change ${at}.`);
  await measure('headline', page, (at) => [article, (text) => text.replace(/^headline: .*$/m, `headline: Changed ${at} times`)], (at) => `Changed ${at} times`);
  const template = 'templates/article.html';
  await measure('template', page, (at) => [template, () => `{% extends "broadsheet/article.html" %}\n{% block main %}<p>Template ${at}</p>{{ super() }}{% endblock %}\n`], (at) => `Template ${at}`);
  const sheet = fs.readFileSync(new URL('../../themes/broadsheet/assets/site.css', import.meta.url), 'utf8');
  await measure('CSS', page, (at) => ['assets/site.css', () => `${sheet}\nbody { outline-color: rgb(1, 2, ${at}) }\n`], (at) => `rgb(1, 2, ${at})`, 'coloured');
} finally {
  await browser.close();
  preview.kill('SIGINT');
  for (const [file, text] of put) text === null ? fs.rmSync(file, { force: true }) : fs.writeFileSync(file, text);
}

/** Edits a file again and again, and prints how long it took until the page showed it. */
async function measure(name, page, edit, words, how = 'seen') {
  const taken = [];
  for (let at = 1; at <= Number(times); at += 1) {
    const [file, change] = edit(at);
    const place = path.join(site, file);
    const old = fs.existsSync(place) ? fs.readFileSync(place, 'utf8') : null;
    if (!put.has(place)) put.set(place, old);
    const next = change(put.get(place) ?? '');
    fs.mkdirSync(path.dirname(place), { recursive: true });
    const seen = page.evaluate(([how, words]) => window[how](words), [how, words(at)]);
    const begin = now();
    fs.writeFileSync(place, next);
    const milliseconds = (await seen) - begin;
    // The first edit warms what it needs.
    if (at > 1) taken.push(milliseconds);
    await new Promise((passed) => setTimeout(passed, 60));
  }
  taken.sort((a, b) => a - b);
  const median = taken[Math.floor(taken.length / 2)];
  console.log(`${name.padEnd(10)} median ${median.toFixed(1)} ms, from ${taken[0].toFixed(1)} to ${taken.at(-1).toFixed(1)}`);
}

/** Finds the address of the article. */
async function pageOf(url) {
  const listed = spawn(dateline, ['-r', site, 'list', '--json'], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  for await (const bytes of listed.stdout) text += bytes;
  const found = JSON.parse(text).find((one) => one.path === article);
  if (!found) throw new Error(`${article} is no article of the site`);
  return new URL(found.url, url).pathname;
}

async function firstLine(stream) {
  let text = '';
  return new Promise((done, failed) => {
    stream.on('data', (bytes) => {
      text += bytes;
      if (text.includes('\n')) done(JSON.parse(text.split('\n')[0]));
    });
    stream.on('end', () => failed(new Error('the preview ended')));
  });
}

function now() {
  return performance.timeOrigin + performance.now();
}
