// What Criterion's analysis costs here: processor time of one benchmark of 100 samples with 100,000 resamples, by us and by
// a plain bootstrap that makes every resample, sorts it and goes over it, as the method is usually written down.
//     node scripts/criterion-speed.mjs [--rounds N]          some ten seconds
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '5' }, once: { type: 'string' } } });
const root = resolve(import.meta.dirname, '..');

if (values.once !== undefined) {
  // A process of its own: the first benchmark of a run is analysed by code that has yet to be compiled
  const { analyse, compare, DEFAULT_ANALYSIS } = await import(values.once);
  const [now, base] = [measurement(1), measurement(1.01)];
  for (const name of ['first', 'next', 'next']) {
    const [analysed, result] = spent(() => analyse(now, DEFAULT_ANALYSIS));
    const [compared] = spent(() => compare(result, base, DEFAULT_ANALYSIS));
    console.log(JSON.stringify({ name, analysed, compared }));
  }
} else {
  const folder = mkdtempSync(join(tmpdir(), 'pforge-prof-speed-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const module = join(folder, 'ours.mjs');
  await build({
    stdin: {
      contents: "export { analyse, compare } from './analyse.ts'; export { DEFAULT_ANALYSIS } from './config.ts';",
      resolveDir: join(root, 'src/bench/criterion'),
      loader: 'ts',
    },
    outfile: module,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
  });
  const ours = [];
  const plain = [];
  for (let round = 0; round < Number(values.rounds); round++) {
    const lines = execFileSync(process.execPath, [import.meta.filename, '--once', pathToFileURL(module).href]);
    ours.push(
      ...lines
        .toString()
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    );
    const { averages, iterations, times } = measurement(1);
    plain.push(spent(() => plainBootstrap(averages, iterations, times, 100_000))[0]);
  }
  const tell = (what, list) => console.log(`${what.padEnd(52)} ${median(list).toFixed(0).padStart(5)} ms`);
  for (const name of ['first', 'next']) {
    const some = ours.filter((each) => each.name === name);
    tell(
      `${name} of a process: estimates`,
      some.map(({ analysed }) => analysed),
    );
    tell(
      `${name} of a process: estimates and comparison`,
      some.map(({ analysed, compared }) => analysed + compared),
    );
  }
  tell('plain bootstrap: estimates', plain);
}

function measurement(factor) {
  const iterations = Float64Array.from({ length: 100 }, (_, i) => (i + 1) * 50);
  const averages = iterations.map((_, i) => factor * (280 + Math.sin(i * 7.3) + (i % 17 === 0 ? 9 : 0)));
  const times = iterations.map((count, i) => count * averages[i]);
  const id = { group: 'x', fullId: 'x', title: 'x' };
  return { id, samplingMode: 'Linear', iterations, times, averages };
}

/** Milliseconds of processor time, and what came of it. */
function spent(work) {
  const before = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(before);
  return [(user + system) / 1e3, result];
}

function median(list) {
  return list.toSorted((a, b) => a - b)[list.length >> 1];
}

function plainBootstrap(averages, iterations, times, resamples) {
  const n = averages.length;
  const distributions = [[], [], [], [], []].map(() => new Float64Array(resamples));
  const draw = () => Math.floor(Math.random() * n);
  const middle = (sorted) => (sorted[(n - 1) >> 1] + sorted[n >> 1]) / 2;
  for (let r = 0; r < resamples; r++) {
    const resample = Float64Array.from(averages, () => averages[draw()]);
    const mean = resample.reduce((sum, value) => sum + value, 0) / n;
    const squares = resample.reduce((sum, value) => sum + (value - mean) * (value - mean), 0);
    const centre = middle(resample.slice().sort());
    const deviation = middle(resample.map((value) => Math.abs(value - centre)).sort());
    let products = 0;
    let total = 0;
    for (let i = 0; i < n; i++) {
      const at = draw();
      products += iterations[at] * times[at];
      total += iterations[at] * iterations[at];
    }
    [mean, Math.sqrt(squares / (n - 1)), centre, deviation, products / total].forEach((value, at) => {
      distributions[at][r] = value;
    });
  }
  return distributions.map((distribution) => distribution.sort()[Math.floor(0.025 * resamples)]);
}
