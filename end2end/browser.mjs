// A headless Chromium for the specs. Owns how it is launched, the check of every page by axe, and the watch for errors
// in the page's console. It knows nothing of Slipway's pages; lib.mjs does.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { chromium } from 'playwright-core';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync'];

/** How long a page may take to show what a spec waits for. */
export const patience = 15_000;

/** Opens a browser. `open(javaScript)` gives a page of a person of its own; `close` ends it all. */
export async function startBrowser() {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: flags });
  // axe needs scripts: pages of a person without them are looked at here.
  const checker = await (await browser.newContext()).newPage();
  return {
    async open(javaScript) {
      const context = await browser.newContext({ javaScriptEnabled: javaScript, viewport: { width: 1280, height: 900 } });
      context.setDefaultTimeout(patience);
      const page = await context.newPage();
      page.checker = checker;
      page.errors = [];
      page.on('pageerror', (error) => page.errors.push(`${page.url()}: ${error}`));
      page.on('console', (message) => message.type() === 'error' && page.errors.push(`${page.url()}: ${message.text()}`));
      return page;
    },
    close: () => browser.close(),
  };
}

/**
 * Fails if axe finds anything on the page as it stands, or its console has told of an error. The check is made on a
 * copy of the page's HTML whose own scripts stand still, so that it sees the same with JavaScript and without.
 */
export async function axe(page) {
  const { checker } = page;
  const [url, body] = [page.url().split('#')[0], await page.content()];
  await checker.route(url, (route) => route.fulfill({
    body, contentType: 'text/html; charset=utf-8', headers: { 'Content-Security-Policy': "script-src 'none'" },
  }), { times: 1 });
  await checker.goto(url);
  await checker.evaluate(axeSource);
  const { violations } = await checker.evaluate(() => globalThis.axe.run(document));
  const found = violations.map(({ id, help, nodes }) => `${id} (${help}): ${nodes.map((node) => node.html).join(' | ')}`);
  assert.deepEqual(found, [], `axe on ${url}`);
  assert.deepEqual(page.errors, [], 'errors in the console of the page');
}
