// Draws the pictures of README and docs: what chromium shows of an SVG or an HTML report.
//     node scripts/picture.mjs flamegraph.svg docs/flamegraph.png [WIDTH HEIGHT [HASH]]
//     node scripts/picture.mjs report.html docs/pictures/html.png 1280 760 view=time
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const [input, output, width = '1200', height = '760', hash = ''] = process.argv.slice(2);
const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'];
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', ...quiet],
});
const page = await browser.newPage({ viewport: { width: Number(width), height: Number(height) } });
await page.goto(`${pathToFileURL(resolve(input)).href}#${hash}`);
await page.waitForTimeout(500);
await page.screenshot({ path: output });
await browser.close();
