// Whether the pages of broadsheet look as they did. usage: node looks.mjs DATELINE SCREENSHOTS [--bless]
// A site of made-up words and drawn pictures is built; each kind of page is photographed, made small
// and compared with the picture in SCREENSHOTS, cell by cell: a line that breaks elsewhere because a
// machine has other fonts is no difference, a column that is gone is. `--bless` writes the pictures.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { launch, tell } from './chromium.mjs';
import { serve } from './server.mjs';

// How much smaller than the page a kept picture is, the side of a cell in it, and how far a cell's mean colour may be off,
// of 255; and how many cells of a hundred may be further off.
const SCALE = 5;
const CELL = 10;
const FAR = 40;
const MOST = 4;

const [dateline, screenshots, mode] = process.argv.slice(2);
const work = fs.mkdtempSync(path.join(os.tmpdir(), 'dateline-looks-'));
const browser = await launch({ reducedMotion: 'reduce' });
try {
  write();
  execFileSync(dateline, ['-r', work, 'build', '-o', path.join(work, 'public'), '--now', '2026-01-01T00:00:00Z']);
  const site = await serve(path.join(work, 'public'));
  for (const [name, url] of Object.entries({
    home: '/', article: '/local/2025/11/story-20/', section: '/local/', tag: '/tags/harbour/', author: '/authors/a-sample/',
    archive: '/archive/', year: '/2025/', 'not-found': '/404.html', arabic: '/ar/', bare: '/local/2025/11/story-19/',
  })) {
    for (const [size, width, colorScheme] of [['desktop', 1280, 'light'], ['phone', 375, 'dark']]) {
      await looksAsBefore(site, `${name}-${size}`, url, width, colorScheme);
    }
  }
  site.close();
} finally {
  await browser.close();
  fs.rmSync(work, { recursive: true, force: true });
}

/** Writes a site with every kind of page; nothing in it depends on the sample site. */
function write() {
  const put = (name, text) => {
    const file = path.join(work, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
  };
  put('dateline.yaml', 'title: The Harbour Sample\ndescription: A paper of made-up words.\nbase_url: https://sample.example\nlanguages: [ar]\nper_page: 8\n');
  put('content/ar/_index.md', '---\nheadline: صحيفة المرفأ\n---\n');
  put('content/ar/story.md', '---\nheadline: قصة عن البحر والمرفأ\ntimestamp: 2025-06-01\n---\nنص قصير عن البحر.\n');
  for (const [at, hue] of [[0, 210], [1, 30], [2, 130]]) {
    put(`static/photo-${at}.svg`, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1200 800" width="1200" height="800"><rect width="1200" height="800" fill="hsl(${hue} 45% 45%)"/><circle cx="600" cy="400" r="260" fill="hsl(${hue} 55% 75%)"/></svg>`);
  }
  const sentence = 'The ferry left the harbour at noon and came back with the mail, two crates of apples and a clock that nobody had asked for. ';
  for (let n = 1; n <= 20; n++) {
    const section = ['local', 'sport', 'culture'][n % 3];
    const photo = n % 2 ? '' : `photo: { src: /photo-${n % 3}.svg, credit: A. Sample, alt: A drawn circle, caption: A circle. }\n`;
    const correction = n === 12 ? 'corrections: [{ date: 2025-12-01, text: The clock was right. }]\n' : '';
    put(`content/${section}/story-${n}.md`, `---
headline: ${['A clock that nobody had asked for', 'Two crates of apples', 'What the ferry brought'][n % 3]} ${n}
timestamp: 2025-${String(1 + (n * 5) % 12).padStart(2, '0')}-${String(1 + n).padStart(2, '0')} 09:00
tags: [harbour${n % 2 ? ', weather' : ''}]
authors: [A. Sample]
summary: ${sentence}
${photo}${correction}---
${sentence.repeat(3)}

## A heading

${sentence.repeat(2)}A note.[^1]

> ${sentence}

| Day | Ferries |
|---|---|
| Monday | 4 |
| Tuesday | 6 |

[^1]: ${sentence}
`);
  }
  for (const n of [19, 20]) {
    const from = ['local', 'sport', 'culture'][n % 3];
    const text = fs.readFileSync(path.join(work, `content/${from}/story-${n}.md`), 'utf8');
    fs.rmSync(path.join(work, `content/${from}/story-${n}.md`));
    put(`content/local/story-${n}.md`, text.replace(/timestamp: .*/, `timestamp: 2025-11-${n} 09:00`));
  }
}

async function looksAsBefore(site, name, url, width, colorScheme) {
  const page = await browser.newPage();
  await page.setViewportSize({ width, height: 1200 });
  await page.emulateMedia({ colorScheme });
  const response = await page.goto(site.url + url, { waitUntil: 'load' });
  const faults = response.status() === 200 ? [] : [`its status is ${response.status()}`];
  const shot = (await page.screenshot()).toString('base64');
  const file = path.join(screenshots, `${name}.png`);
  const small = await page.evaluate(async ([shot, width]) => {
    const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${shot}`)).blob());
    const canvas = new OffscreenCanvas(width, Math.round((image.height * width) / image.width));
    const context = canvas.getContext('2d');
    context.imageSmoothingQuality = 'high';
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: 'image/png' })).arrayBuffer());
    return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  }, [shot, Math.round(width / SCALE)]);
  if (mode === '--bless') {
    fs.mkdirSync(screenshots, { recursive: true });
    fs.writeFileSync(file, Buffer.from(small, 'base64'));
  } else if (!fs.existsSync(file)) {
    faults.push(`there is no ${file}; --bless makes it`);
  } else {
    const far = await page.evaluate(compare, [small, fs.readFileSync(file).toString('base64'), CELL, FAR]);
    if (far > MOST) faults.push(`${far.toFixed(1)} % of it is another; at most ${MOST} % may be`);
  }
  tell(`the ${name} page looks as it did`, faults);
  await page.close();
}

/** Returns how many cells of a hundred differ by more than is allowed. Runs in the browser. */
async function compare([left, right, cell, most]) {
  const pixels = async (png) => {
    const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${png}`)).blob());
    const context = new OffscreenCanvas(image.width, image.height).getContext('2d');
    context.drawImage(image, 0, 0);
    return context.getImageData(0, 0, image.width, image.height);
  };
  const [a, b] = [await pixels(left), await pixels(right)];
  if (a.width !== b.width || a.height !== b.height) return 100;
  let far = 0;
  let cells = 0;
  for (let y = 0; y < a.height; y += cell) {
    for (let x = 0; x < a.width; x += cell) {
      const sums = [0, 0, 0];
      let count = 0;
      for (let v = y; v < Math.min(y + cell, a.height); v++) {
        for (let u = x; u < Math.min(x + cell, a.width); u++) {
          const at = (v * a.width + u) * 4;
          for (const part of [0, 1, 2]) sums[part] += a.data[at + part] - b.data[at + part];
          count++;
        }
      }
      cells++;
      if (sums.some((sum) => Math.abs(sum / count) > most)) far++;
    }
  }
  return (far * 100) / cells;
}
