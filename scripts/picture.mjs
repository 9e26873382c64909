// Draws the README's picture: what chromium shows of an SVG.
//     node scripts/picture.mjs flamegraph.svg docs/flamegraph.png [WIDTH HEIGHT]
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const [input, output, width = '1200', height = '760'] = process.argv.slice(2);
const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'];
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', ...quiet],
});
const page = await browser.newPage({ viewport: { width: Number(width), height: Number(height) } });
await page.goto(pathToFileURL(resolve(input)).href);
await page.waitForTimeout(500);
await page.screenshot({ path: output });
await browser.close();
