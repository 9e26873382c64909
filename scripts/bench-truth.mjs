// What the scripts beside it have in common: benchmarks whose true difference is known, and bench run on them.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const bin = resolve(import.meta.dirname, '../bin/pforge-prof.js');

/** A folder that is gone when the script ends. */
export function workFolder(name) {
  const folder = mkdtempSync(join(tmpdir(), `pforge-${name}-`));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130));
  return folder;
}

/**
 * Functions of many kinds whose work grows linearly with n: numbers, parsing, hashing, maps, text, arrays.
 * @param n how much there is to do
 */
const workloads = (n) => `import { bench, blackBox } from 'pforge-prof/bench';

const n = ${n};
const numbers = Float64Array.from({ length: n }, (_, i) => (i * 7919) % 1009);
const records = JSON.stringify(Array.from({ length: n / 20 }, (_, id) => ({ id, name: 'item' + (id % 97), tags: ['a', 'b'] })));
const bytes = Uint8Array.from({ length: n }, (_, i) => i * 31);
const keys = Array.from({ length: n / 10 }, (_, i) => 'key' + (i % 50));

bench('sum', () => {
  let sum = 0;
  for (let i = 0; i < numbers.length; i++) sum += numbers[i];
  return sum;
});
bench('parse', () => JSON.parse(blackBox(records)));
bench('hash', () => {
  let hash = 0x811c9dc5;
  for (let i = 0; i < bytes.length; i++) hash = Math.imul(hash ^ bytes[i], 0x01000193);
  return hash;
});
const counts = new Map(keys.map((key) => [key, 0]));
bench('count', () => {
  for (const key of keys) counts.set(key, (counts.get(key) + 1) & 1023);
  return counts;
});
const text = String.fromCharCode(...bytes.map((byte) => 65 + (byte & 15)));
bench('text', () => {
  let sum = 0;
  for (let i = 0; i < text.length; i++) sum = (sum * 31 + text.charCodeAt(i)) | 0;
  return sum;
});
const line = Array.from(numbers).join(',');
bench('split', () => blackBox(line).split(','));
`;

/** The names of those functions. */
export const WORKLOADS = ['sum', 'parse', 'hash', 'count', 'text', 'split'];
const SIZE = 2_000;

/** Two folders with them, the work of the second being so many times that of the first. */
export function twoStates(folder, ratio) {
  for (const [side, n] of [
    ['base', SIZE],
    ['head', Math.round((SIZE * ratio) / 20) * 20],
  ]) {
    mkdirSync(join(folder, side), { recursive: true });
    writeFileSync(join(folder, side, 'work.bench.mjs'), workloads(n));
  }
}

/** Runs bench in a folder. @returns what `--json` prints, and how long it took in seconds */
export function bench(folder, ...words) {
  const begin = performance.now();
  const { stdout, stderr, status } = spawnSync(process.execPath, [bin, 'bench', '-q', '--json', ...words], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (stdout === '') throw new Error(`bench ${words.join(' ')} failed (${status}): ${stderr}`);
  return { results: JSON.parse(stdout), seconds: (performance.now() - begin) / 1e3 };
}

/** Endless loops beside what is measured. */
export function busyLoops(count) {
  const loops = Array.from({ length: count }, () => spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }));
  process.once('exit', () => {
    for (const loop of loops) loop.kill('SIGKILL');
  });
}

/** How busy the machine is, for the last line. */
export function machine() {
  return `load ${loadavg()[0].toFixed(1)}, ${availableParallelism()} processors, node ${process.version}`;
}

/** The bounds of a part with the probability 0.95 (Clopper and Pearson's, by bisection of the binomial distribution). */
export function upperBound(count, of) {
  let [low, high] = [count / of, 1];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (atMost(count, of, middle) > 0.05) low = middle;
    else high = middle;
  }
  return low;
}

function atMost(count, of, part) {
  let term = Math.exp(of * Math.log1p(-part));
  let sum = term;
  for (let k = 0; k < count; k++) {
    term *= ((of - k) / (k + 1)) * (part / (1 - part));
    sum += term;
  }
  return sum;
}
