// How long an HTML report takes in chromium until it is seen, and what each view then takes.
import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { makeCpuProfile } from './cpuprofile-input.mjs';
import { compare, median } from './measure.mjs';

const CHROMIUM = '/usr/bin/chromium';
const QUIET = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'];

/** Runs in the page: the milliseconds from a key to the next frame that is painted, once `done` holds. */
const UNTIL_PAINTED = `
  window.untilPainted = (act, done) => new Promise((resolve) => {
    const started = performance.now();
    act();
    const look = () => (done() ? requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - started))) : setTimeout(look));
    look();
  });
`;

/** What is done in the page after it was loaded: a title, what starts it and when it is over; expressions of the page. */
const STEPS = [
  ['timeline', "document.querySelector('#tab-time').click()", "document.querySelector('.seen').textContent !== ''"],
  [
    'timeline, zoomed by a key',
    "document.querySelector('.lanes').dispatchEvent(new KeyboardEvent('keydown', { key: '+' }))",
    'true',
  ],
  ['functions', "document.querySelector('#tab-functions').click()", "document.querySelector('.row') !== null"],
  [
    'callers and callees of the hottest',
    "document.querySelector('.row').click()",
    "document.querySelector('.with-sandwich') !== null",
  ],
  [
    'search',
    "{ const field = document.querySelector('input'); field.value = 'load'; field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter' })); }",
    "document.querySelector('.matched').textContent !== ''",
  ],
  [
    'flame graph, by callers',
    "document.querySelector('#tab-flame').click(), [...document.querySelectorAll('button')].find((button) => button.textContent === 'By callers').click()",
    'true',
  ],
];

const SIZES = [
  ['1,000,000 samples, 100,000 stacks', { nodes: 100_000, samples: 1_000_000 }],
  ['1,000,000 samples, 400,000 stacks', { nodes: 400_000, samples: 1_000_000 }],
];

/**
 * Draws reports, beside pictures of the same, and opens them.
 * @param {string} folder for the pages
 * @param {number} rounds
 * @param {(name: string, make: (path: string) => void) => string} made gives an input, made where it is not there yet
 */
export async function html(folder, rounds, made) {
  for (const [name, size] of SIZES) {
    const input = made(`html-${size.nodes}.cpuprofile`, (path) => makeCpuProfile(path, size));
    const draw = (format, output) => [
      'node',
      'bin/pforge-prof.js',
      'flame',
      '-q',
      '--format',
      format,
      '-o',
      output,
      input,
    ];
    compare(`${name}: drawn`, rounds, [
      { name: 'HTML report', command: draw('html', '-') },
      { name: 'SVG', command: draw('svg', '-') },
    ]);
    const page = join(folder, `html-${size.nodes}.html`);
    const [node, ...args] = draw('html', page);
    execFileSync(node, args);
    await loadReport(`${name}: in chromium`, page, rounds);
  }
}

/**
 * Loads a page and walks through its views, a fresh browser context each round; prints medians.
 * @param {string} title
 * @param {string} page a file
 * @param {number} rounds after one to warm up
 */
async function loadReport(title, page, rounds) {
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ['--no-sandbox', '--disable-gpu', ...QUIET],
  });
  const times = new Map();
  try {
    for (let round = -1; round < rounds; round++) {
      for (const [name, milliseconds] of await walk(browser, page)) {
        if (round < 0) times.set(name, []);
        else times.get(name).push(milliseconds);
      }
    }
  } finally {
    await browser.close();
  }
  console.log(`\n${title}: ${(statSync(page).size / 2 ** 20).toFixed(1)} MiB`);
  for (const [name, all] of times) console.log(`${name.padEnd(40)}${median(all).toFixed(0).padStart(8)} ms`);
}

async function walk(browser, file) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' });
  const page = await context.newPage();
  await page.addInitScript(UNTIL_PAINTED);
  await page.goto(pathToFileURL(file).href);
  await page.waitForFunction("performance.getEntriesByName('pforge-prof:drawn').length === 1");
  const drawn = await page.evaluate("performance.getEntriesByName('pforge-prof:drawn')[0].startTime");
  const times = [['load, from navigation to the flame graph', drawn]];
  for (const [name, act, done] of STEPS) {
    times.push([name, await page.evaluate(`window.untilPainted(() => { ${act} }, () => ${done})`)]);
  }
  await context.close();
  return times;
}
