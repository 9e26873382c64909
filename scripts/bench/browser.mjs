// How long a picture makes one wait in a browser: until it is painted, until it is zoomed, until matches are shown.
import { execFileSync } from 'node:child_process';
import { closeSync, openSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { makeFolded } from './folded-input.mjs';
import { median } from './measure.mjs';

const QUIET = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-sync'];

/** Distinct stacks, and px of the narrowest frame, that make pictures of about so many frames. */
const SIZES = [
  { frames: '10k', stacks: 1_950, minWidth: 0.01 },
  { frames: '50k', stacks: 10_700, minWidth: 0.002 },
  { frames: '270k', stacks: 64_000, minWidth: 0.0002 },
];

/** From the start of the navigation to the second frame that is painted with everything in it. */
const LOADED = `new Promise((done) => {
  const look = () => requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now())));
  if (document.readyState === 'complete') look(); else addEventListener('load', look);
})`;

/** Milliseconds of script, and until the second frame painted after it. */
const timed = (action) => `new Promise((done) => {
  const start = performance.now();
  ${action}
  const script = performance.now() - start;
  requestAnimationFrame(() => requestAnimationFrame(() => done({ script, shown: performance.now() - start })));
})`;

const OURS = {
  zoom: `const box = document.querySelector('#frames').getScreenCTM();
    const stage = document.querySelector('#frames');
    const rows = Number(stage.getAttribute('height')) / 16;
    stage.dispatchEvent(new MouseEvent('click', { bubbles: true, clientX: box.e + 500, clientY: box.f + (rows - 3.5) * 16 }));`,
  search: `const field = document.querySelector('#search');
    field.value = 'visit';
    field.focus();
    field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }));`,
};

/** flamegraph.pl and inferno have the same functions by the same names. */
const THEIRS = {
  zoom: `const y = (g) => Number(g.querySelector('rect').getAttribute('y'));
    const groups = [...document.querySelectorAll('#frames > g, #frames > a')];
    const rows = [...new Set(groups.map(y))].sort((a, b) => b - a);
    const all = groups.filter((g) => y(g) === rows[3]);
    zoom(all[all.length >> 1]);`,
  search: "search('visit');",
};

/**
 * Prints milliseconds to load, zoom and search for pictures of three sizes, ours as ratio to each peer's.
 * @param {string} folder where inputs and pictures are put
 * @param {number} rounds
 * @param {{ perl?: string, inferno?: string }} peers paths of flamegraph.pl and inferno-flamegraph
 */
export async function browser(folder, rounds, peers) {
  for (const { frames, stacks, minWidth } of SIZES) {
    const input = join(folder, `browser-${frames}.folded`);
    makeFolded(input, { stacks, sorted: true });
    const pictures = [
      draw(folder, `ours-${frames}.svg`, OURS, [
        'node',
        'bin/pforge-prof.js',
        'flame',
        '-q',
        '--min-width',
        `${minWidth}`,
        '-o',
        '-',
        input,
      ]),
    ];
    // Larger ones of theirs take minutes
    if (frames !== '270k') {
      if (peers.perl)
        pictures.push(
          draw(folder, `flamegraph.pl-${frames}.svg`, THEIRS, ['perl', peers.perl, '--minwidth', `${minWidth}`, input]),
        );
      if (peers.inferno) {
        const percent = `${(minWidth / 1180) * 100}`;
        pictures.push(draw(folder, `inferno-${frames}.svg`, THEIRS, [peers.inferno, '--minwidth', percent, input]));
      }
    }
    await compareInBrowser(frames, pictures, frames === '10k' ? rounds : Math.min(rounds, 3));
  }
}

function draw(folder, name, actions, [command, ...args]) {
  const path = join(folder, name);
  const output = openSync(path, 'w');
  execFileSync(command, args, { stdio: ['ignore', output, 'ignore'] });
  closeSync(output);
  return { name: name.replace(/-\d+k\.svg$/, ''), path, actions };
}

async function compareInBrowser(frames, pictures, rounds) {
  const runs = pictures.map(() => []);
  for (let round = -1; round < rounds; round++) {
    for (const [i, picture] of pictures.entries()) {
      const run = await open(picture);
      if (round >= 0) runs[i].push(run);
    }
  }
  console.log(`\nin the browser: ${frames} frames (ms; script alone in brackets)`);
  console.log(
    `${''.padEnd(16)}${['load', 'zoom', 'search', 'nodes', 'KiB', 'ours: load', 'zoom', 'search'].map((head) => head.padStart(14)).join('')}`,
  );
  pictures.forEach(({ name, path }, i) => {
    const of = (what) => median(runs[i].map(what));
    const both = (what) => `${of((run) => run[what].shown).toFixed(0)} (${of((run) => run[what].script).toFixed(0)})`;
    const ratio = (what) => `${(of(what) / median(runs[0].map(what))).toFixed(1)}x`;
    const ratios =
      i === 0 ? [] : [ratio((run) => run.load), ratio((run) => run.zoom.script), ratio((run) => run.search.script)];
    const figures = [
      of((run) => run.load).toFixed(0),
      both('zoom'),
      both('search'),
      `${of((run) => run.nodes)}`,
      (statSync(path).size / 1024).toFixed(0),
    ];
    console.log(`${name.padEnd(16)}${[...figures, ...ratios].map((figure) => figure.padStart(14)).join('')}`);
  });
}

async function open({ path, actions }) {
  const launched = await chromium.launch({ executablePath: '/usr/bin/chromium', args: QUIET });
  try {
    const page = await launched.newPage({ viewport: { width: 1200, height: 800 } });
    page.setDefaultTimeout(300_000);
    await page.goto(pathToFileURL(path).href, { waitUntil: 'commit', timeout: 300_000 });
    const load = await page.evaluate(LOADED);
    const protocol = await page.context().newCDPSession(page);
    await protocol.send('Performance.enable');
    const { metrics } = await protocol.send('Performance.getMetrics');
    const nodes = metrics.find(({ name }) => name === 'Nodes').value;
    // Whoever looks at a picture looks for a moment before he clicks
    await page.waitForTimeout(500);
    const zoom = await page.evaluate(timed(actions.zoom));
    const search = await page.evaluate(timed(actions.search));
    return { load, zoom, search, nodes };
  } finally {
    await launched.close();
  }
}
