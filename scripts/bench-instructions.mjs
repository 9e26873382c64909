// How well `bench --metric instructions` repeats for benchmarks in files, and what it says of five percent more work.
//
//   node scripts/bench-instructions.mjs [ROUNDS]
//
// Each round counts four functions in eight processes under callgrind: some two minutes of CPU time.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const rounds = Number(process.argv[2] ?? 2);
const bin = resolve('bin/pforge-prof.js');
const folder = mkdtempSync(join(tmpdir(), 'pforge-instructions-'));
const FILE = `import { bench } from 'pforge-prof/bench';
const text = (n) => JSON.stringify(Array.from({ length: n }, (_, i) => ({ i, name: 'n' + i, v: [i, i + 1] })));
const [short, long] = [text(200), text(210)];
const sum = (n) => { let s = 0; for (let i = 0; i < n; i++) s += i ^ 3; return s; };
bench('json', () => JSON.parse(short));
bench('json + 5 %', () => JSON.parse(long));
bench('sum', () => sum(1000));
bench('sum + 5 %', () => sum(1050));
`;
try {
  mkdirSync(join(folder, 'bench'));
  writeFileSync(join(folder, 'bench/a.bench.js'), FILE);
  const counts = new Map();
  for (let round = 0; round < rounds; round++) {
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      [bin, 'bench', '--metric', 'instructions', '--json'],
      {
        cwd: folder,
        encoding: 'utf8',
        maxBuffer: 1 << 28,
      },
    );
    if (status !== 0) throw new Error(stderr);
    for (const { name, values } of JSON.parse(stdout)) counts.set(name, [...(counts.get(name) ?? []), ...values]);
  }
  for (const [name, values] of counts) {
    const [low, high] = [Math.min(...values), Math.max(...values)];
    console.log(
      `${name}: ${values.length} counts, ${low.toFixed(1)} to ${high.toFixed(1)}: apart ${((high / low - 1) * 100).toFixed(4)} %`,
    );
  }
  const mean = (name) => counts.get(name).reduce((sum, value) => sum + value, 0) / counts.get(name).length;
  for (const name of ['json', 'sum']) {
    console.log(`${name} + 5 %: read as ${((mean(`${name} + 5 %`) / mean(name) - 1) * 100).toFixed(2)} %`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
