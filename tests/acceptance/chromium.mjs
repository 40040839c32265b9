// The browser that the checks look through, and the line in which each says what it found.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';

/** What the checks are installed with, to be asked for a package: `tools('axe-core')`. */
export const tools = createRequire(path.join(process.env.TOOLS, 'x.js'));

const FLAGS = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
];

/** Starts the browser with an empty profile; closing it removes the profile. */
export async function launch(options = {}) {
  const profile = fs.mkdtempSync(path.join(os.tmpdir(), 'dateline-chromium-'));
  const { chromium } = tools('playwright-core');
  const browser = await chromium.launchPersistentContext(profile, { executablePath: process.env.CHROMIUM, args: FLAGS, ...options });
  const close = browser.close.bind(browser);
  browser.close = async () => {
    await close();
    fs.rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  };
  return browser;
}

/** Prints `ok - fact`, or `not ok - fact` and what is wrong. */
export function tell(fact, faults) {
  console.log(`${faults.length ? 'not ok' : 'ok'} - ${fact}`);
  for (const fault of faults) console.log(`    ${fault}`);
}
