// Our speed as ratios against peers, interleaved in one run (this is the only place that times anything).
//     npm run bench:self [-- PART... [--rounds N] [--inputs DIR] [--packages DIR]]
// Parts: start-up collapse folded cpuprofile pprof recorded perf-data inlined svg browser html massif heaptrack heap load; default: all.
// Inputs are recorded or made once (a few minutes; perf, node, g++, gcc, python3 and git are needed) and kept with --inputs.
// Peers are used where they are on PATH: stackcollapse-perf.pl, inferno-collapse-perf, flamegraph.pl, inferno-flamegraph; and
// for heap snapshots in --packages, a folder node_modules with chrome-devtools-frontend and @memlab/heap-analysis.
import { accessSync, constants, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { browser } from './bench/browser.mjs';
import { makeCpuProfile } from './bench/cpuprofile-input.mjs';
import { makeFolded } from './bench/folded-input.mjs';
import { heap } from './bench/heap.mjs';
import { heaptrack } from './bench/heaptrack.mjs';
import { html } from './bench/html.mjs';
import { inlined } from './bench/inlined.mjs';
import { load } from './bench/load.mjs';
import { massif } from './bench/massif.mjs';
import { compare } from './bench/measure.mjs';
import { makePerfInputs } from './bench/perf-inputs.mjs';
import { makePprof } from './bench/pprof-input.mjs';
import { coldReading, recorded } from './bench/recorded.mjs';
import { startUp } from './bench/start-up.mjs';
import { svg } from './bench/svg.mjs';

// With it node 20 reads all certificates at each start, which takes longer than all else that it does then.
delete process.env.NODE_EXTRA_CA_CERTS;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '5' }, inputs: { type: 'string' }, packages: { type: 'string' } },
});
const rounds = Number(values.rounds);
const folder = resolve(values.inputs ?? mkdtempSync(join(tmpdir(), 'pforge-prof-bench-')));
mkdirSync(folder, { recursive: true });

const ours = (input, ...rest) => ['node', 'bin/pforge-prof.js', 'convert', '-q', ...rest, '-o', '-', input];
const script = (code, ...args) => ['node', '--input-type=module', '-e', code, ...args];
/** What reading a file into the model takes, process start included. */
const reading = (input) =>
  script("import { readProfile } from './dist/index.js'; await readProfile(process.argv[1]);", input);

const parts = {
  'start-up': () => startUp(30),
  collapse() {
    const { mixed, distinct } = makePerfInputs(folder);
    for (const [title, input] of [
      ['collapse: node, g++, python3 and git', mixed],
      ['collapse: a stack of its own for nearly every sample', distinct],
    ]) {
      compare(title, rounds, [
        { name: 'ours', command: ours(input) },
        { name: 'ours, from a pipe', command: ours('-'), stdin: input },
        ...peer('inferno-collapse-perf', (path) => [path, '-n', '1', input]),
        ...peer('stackcollapse-perf.pl', (path) => ['perl', path, input]),
      ]);
    }
  },
  folded() {
    const input = made('folded.txt', (path) => makeFolded(path, { stacks: 1_000_000 }));
    const naive =
      "import { readFileSync } from 'node:fs'; const sums = new Map();" +
      "for (const line of readFileSync(process.argv[1], 'utf8').split('\\n')) { const cut = line.lastIndexOf(' ');" +
      'sums.set(line.slice(0, cut), (sums.get(line.slice(0, cut)) ?? 0) + Number(line.slice(cut + 1))); }';
    compare('folded text: 1,000,000 stacks into the model', rounds, [
      { name: 'ours', command: reading(input) },
      { name: 'readFileSync, split, Map', command: script(naive, input) },
    ]);
  },
  cpuprofile() {
    const parse = "import { readFileSync } from 'node:fs'; JSON.parse(readFileSync(process.argv[1], 'utf8'));";
    for (const [name, size] of [
      ['wide', { nodes: 380_000, samples: 3_300_000 }],
      ['long', { nodes: 41_000, samples: 12_000_000 }],
    ]) {
      const input = made(`${name}.cpuprofile`, (path) => makeCpuProfile(path, size));
      compare(`.cpuprofile, ${name}: into the model`, rounds, [
        { name: 'ours', command: reading(input) },
        { name: 'JSON.parse alone', command: script(parse, input) },
        { name: 'ours, loaded and nothing read', command: script("import './dist/index.js';") },
      ]);
    }
  },
  pprof() {
    const input = made('profile.pb.gz', (path) => makePprof(path, { samples: 800_000 }));
    const inflate =
      "import { readFileSync } from 'node:fs'; import { gunzipSync } from 'node:zlib';" +
      'gunzipSync(readFileSync(process.argv[1]));';
    compare('pprof: into the model', rounds, [
      { name: 'ours', command: reading(input) },
      { name: 'gunzip alone', command: script(inflate, input) },
    ]);
  },
  recorded() {
    const found = tools();
    if (found) recorded(folder, rounds, found);
  },
  'perf-data'() {
    const found = tools();
    if (found) coldReading(folder, rounds, found);
  },
  inlined: () => inlined(folder, rounds),
  svg() {
    const path = (name) => peer(name, String)[0]?.command;
    svg(folder, rounds, made, {
      flamegraph: path('flamegraph.pl'),
      inferno: path('inferno-flamegraph'),
      collapsePerl: path('stackcollapse-perf.pl'),
      collapseInferno: path('inferno-collapse-perf'),
    });
  },
  browser() {
    const [perl] = peer('flamegraph.pl', String);
    const [inferno] = peer('inferno-flamegraph', String);
    return browser(folder, rounds, { perl: perl?.command, inferno: inferno?.command });
  },
  html: () => html(folder, rounds, made),
  massif: () => massif(folder, rounds, made, peer),
  heap: () => heap(folder, rounds, made, values.packages && resolve(values.packages)),
  load: () => load(rounds, folder),
  heaptrack: () => heaptrack(folder, rounds, made, peer),
};

const unknown = positionals.find((name) => parts[name] === undefined);
if (unknown !== undefined) throw new Error(`no part ${unknown}; known are ${Object.keys(parts).join(', ')}`);
try {
  for (const [name, run] of Object.entries(parts))
    if (positionals.length === 0 || positionals.includes(name)) await run();
} finally {
  if (values.inputs === undefined) rmSync(folder, { recursive: true });
}

/** A file of the folder, made where it is not there yet. */
function made(name, make) {
  const path = join(folder, name);
  if (!existsSync(path)) make(path);
  return path;
}

/** What makes text of perf script a picture; undefined, and a line that says so, where there is nothing. */
function tools() {
  const [collapser] = [...peer('inferno-collapse-perf', String), ...peer('stackcollapse-perf.pl', String)];
  const [drawer] = [...peer('inferno-flamegraph', String), ...peer('flamegraph.pl', String)];
  return collapser && drawer && { collapser: collapser.command, drawer: drawer.command };
}

/** The case of a peer; none, and a line that says so, where it is not on PATH. */
function peer(name, command) {
  for (const place of (process.env.PATH ?? '').split(delimiter)) {
    try {
      accessSync(join(place, name), constants.X_OK);
      return [{ name, command: command(join(place, name)) }];
    } catch {}
  }
  console.error(`${name} is not on PATH: left out`);
  return [];
}
