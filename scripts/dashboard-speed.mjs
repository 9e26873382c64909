// How long the page of a large history takes to open in chromium, from its start to charts on the screen:
//
//     npm run build && node scripts/dashboard-speed.mjs [--series 1000] [--commits 1000]
//
// Tells the time on the clock, and that on the page's processor alone, which other work on the machine does not change.
import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';

const number = (value) => ({ type: 'string', default: value });
const { values } = parseArgs({ options: { series: number('1000'), commits: number('1000'), times: number('5') } });
const folder = mkdtempSync(join(tmpdir(), 'pforge-prof-dashboard-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

let state = 1;
const uniform = () => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return (state + 0.5) / 2 ** 32;
};
const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());

const history = join(folder, 'history.jsonl');
const file = openSync(history, 'w');
for (let commit = 0; commit < Number(values.commits); commit++) {
  const time = new Date(1.7e12 + commit * 3.6e6).toISOString();
  const results = Array.from({ length: Number(values.series) }, (_, i) => {
    const isLater = commit > (i * 37) % 5000;
    const value = (100 + i) * (isLater ? 1.1 : 1) * (1 + 0.02 * normal());
    return { name: `benchmark/${i}`, unit: 'ns', better: 'smaller', value, low: value * 0.99, high: value * 1.01 };
  });
  const id = commit.toString(16).padStart(40, '0');
  const entry = {
    version: 1,
    time,
    suite: '',
    commit: { id, time, subject: `change ${commit}` },
    machine: 'm',
    tools: {},
  };
  writeSync(file, `${JSON.stringify({ ...entry, results })}\n`);
}
closeSync(file);

const bin = resolve(import.meta.dirname, '../bin/pforge-prof.js');
const began = performance.now();
execFileSync(process.execPath, [bin, 'dashboard', '--store', history, '-o', join(folder, 'site'), '-q']);
console.log(
  `made in ${((performance.now() - began) / 1000).toFixed(1)} s of ${mib(history)}, data ${mib(join(folder, 'site/history-data.js'))}`,
);

const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
for (let i = 0; i < Number(values.times); i++) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const client = await page.context().newCDPSession(page);
  await client.send('Performance.enable', { timeDomain: 'threadTicks' });
  await page.goto(pathToFileURL(join(folder, 'site/index.html')).href, { waitUntil: 'commit' });
  await page.waitForSelector('html[data-ready]', { state: 'attached', timeout: 120_000 });
  const clock = await page.evaluate(
    'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now()))))',
  );
  const { metrics } = await client.send('Performance.getMetrics');
  const of = (name) => metrics.find((metric) => metric.name === name)?.value ?? Number.NaN;
  console.log(
    `on screen after ${clock.toFixed(0)} ms; the page's thread worked ${(of('TaskDuration') * 1000).toFixed(0)} ms; ${of('Nodes')} nodes`,
  );
  await page.close();
}
await browser.close();

function mib(path) {
  return `${(statSync(path).size / 2 ** 20).toFixed(1)} MiB`;
}
