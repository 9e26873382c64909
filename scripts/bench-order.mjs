// How far apart identical functions are measured, for no reason but their place in the file:
//
//     node scripts/bench-order.mjs [--rounds 5] [--peers] [--lists | --shapes]
//
// The functions are closures of one text over the same data, so that what is measured apart is the measuring. With --lists each
// has a list of its own, with --shapes one of objects of another shape: no longer the same work, as the lists lie otherwise in
// memory, but what shows how much one benchmark costs the next one in tools that run all in one process.
//
// --peers measures the same with mitata and tinybench, which run all benchmarks in one process: they are installed into a
// folder that is removed again.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bench, machine, workFolder } from './bench-truth.mjs';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    peers: { type: 'boolean' },
    lists: { type: 'boolean' },
    shapes: { type: 'boolean' },
  },
});
const folder = workFolder('bench-order');
const NAMES = ['first', 'second', 'third'];

const list = (key) => `Array.from({ length: 500 }, (_, i) => ({ ${key}: 1, value: i }))`;
const lists = NAMES.map((_, at) => (values.shapes ? list('abc'[at]) : values.lists ? list('a') : 'rows'));
const FUNCTIONS = `const rows = ${list('a')};
const make = (rows) => () => {
  let sum = 0;
  for (const row of rows) sum += row.value;
  return sum;
};
const functions = {
${NAMES.map((name, at) => `  ${name}: make(${lists[at]}),`).join('\n')}
};
`;

const TOOLS = {
  'pforge-prof': {
    file: 'order.bench.mjs',
    text: `import { bench } from 'pforge-prof/bench';
${FUNCTIONS}
for (const [name, run] of Object.entries(functions)) bench(name, run);
`,
    run: () =>
      bench(folder, 'order.bench.mjs', '--processes', '5').results.map(
        ({ estimates }) => estimates.median.point_estimate,
      ),
  },
  mitata: {
    file: 'mitata.mjs',
    text: `import { bench, run } from 'mitata';
${FUNCTIONS}
for (const [name, call] of Object.entries(functions)) bench(name, call);
const { benchmarks } = await run({ format: 'quiet' });
console.log(JSON.stringify(benchmarks.map(({ runs: [{ stats }] }) => stats.p50)));
`,
  },
  tinybench: {
    file: 'tinybench.mjs',
    text: `import { Bench } from 'tinybench';
${FUNCTIONS}
const all = new Bench();
for (const [name, call] of Object.entries(functions)) all.add(name, call);
await all.run();
console.log(JSON.stringify(all.tasks.map(({ result }) => result.latency.p50 * 1e6)));
`,
  },
};

if (values.peers) {
  writeFileSync(join(folder, 'package.json'), '{"private":true}');
  const { status } = spawnSync('npm', ['install', '--no-audit', '--no-fund', 'mitata', 'tinybench'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) throw new Error('npm install failed');
}
for (const [tool, { file, text, run }] of Object.entries(TOOLS)) {
  if (tool !== 'pforge-prof' && !values.peers) continue;
  writeFileSync(join(folder, file), text);
  const rounds = Array.from({ length: Number(values.rounds) }, () => run?.() ?? measured(file));
  const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];
  const times = NAMES.map((_, at) => median(rounds.map((round) => round[at])));
  const bias = Math.max(...times) / Math.min(...times) - 1;
  const words = NAMES.map((name, at) => `${name} ${times[at].toFixed(1)} ns`).join(', ');
  console.log(`${tool.padEnd(12)}${words}: ${(bias * 100).toFixed(1)} % apart`);
}
console.log(`median of ${values.rounds} rounds, ${machine()}`);

function measured(file) {
  const { stdout, stderr } = spawnSync(process.execPath, [file], { cwd: folder, encoding: 'utf8' });
  const last = stdout.trim().split('\n').at(-1);
  if (!last.startsWith('[')) throw new Error(`${file} failed: ${stderr}`);
  return JSON.parse(last);
}
