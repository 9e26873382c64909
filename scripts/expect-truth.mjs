// How often the limits of pforge-prof/expect are right: `node scripts/expect-truth.mjs [PROCESSES]` after `npm run build`.
// Functions are measured in many processes; a limit above what they take must never fail, one below must. Beside it the rule of
// a plain loop, its mean against the limit. A machine that is busy meanwhile is what tests meet: start some work beside it.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const processes = Number(process.argv[2] ?? 40);
/** Limits, as parts of what the function takes on a machine that leaves it alone. */
const LIMITS = [1.5, 1.25, 0.8, 0.67];
const FUNCTIONS = {
  'JSON.parse': `const text = JSON.stringify({ a: [1, 2, 3], b: 'text' }); const fn = () => JSON.parse(text);`,
  'Map.get': `const map = new Map(Array.from({ length: 1e4 }, (_, i) => ['key ' + i, i])); let i = 0; const fn = () => map.get('key ' + (i = (i + 7) % 1e4));`,
  sort: `const list = Array.from({ length: 300 }, (_, i) => (i * 7919) % 300); const fn = () => list.toSorted((a, b) => a - b);`,
  'async read': `import { readFile } from 'node:fs/promises'; const fn = () => readFile('package.json');`,
};

// A build meanwhile must not matter
const folder = mkdtempSync(join(tmpdir(), 'expect-truth-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
cpSync('dist/expect.js', join(folder, 'expect.mjs'));
const api = pathToFileURL(join(folder, 'expect.mjs'));

function run(declaration, body) {
  const script = `import { expectLatency } from '${api}';\n${declaration}\n${body}`;
  return JSON.parse(execFileSync(process.execPath, ['--input-type=module', '--eval', script], { encoding: 'utf8' }));
}

const cells = (values) => `| ${values.join(' | ')} |`;
console.log(`${processes} processes a function; load ${loadavg()[0].toFixed(1)}\n`);
console.log(cells(['function', 'takes', ...LIMITS.flatMap((part) => [`fails at ${part}`, 'plain loop'])]));
console.log(cells(['---', '---:', ...LIMITS.flatMap(() => ['---:', '---:'])]));
for (const [name, declaration] of Object.entries(FUNCTIONS)) {
  const measure = `console.log((await expectLatency(fn, { measurementTime: 0.3 }).toBeUnder('1min')).value)`;
  const base = Math.min(...Array.from({ length: 12 }, () => run(declaration, measure)));
  const tries = `const failed = [];
    for (const limit of ${JSON.stringify(LIMITS.map((part) => part * base))}) {
      let ours = 0;
      try { await expectLatency(fn).toBeUnder(limit); } catch { ours = 1; }
      const start = performance.now();
      for (let i = 0; i < 1000; i++) {
        const result = fn();
        if (result instanceof Promise) await result;
      }
      failed.push(ours, (performance.now() - start) * 1000 > limit ? 1 : 0);
    }
    console.log(JSON.stringify(failed));`;
  const sums = LIMITS.flatMap(() => [0, 0]);
  for (let i = 0; i < processes; i++) {
    run(declaration, tries).forEach((one, at) => {
      sums[at] += one;
    });
  }
  const shares = sums.map((sum) => `${((100 * sum) / processes).toFixed(0)} %`);
  console.log(cells([name, `${base.toPrecision(3)} ns`, ...shares]));
}
