// Whether Criterion and we read each other's trees. A crate with a real Criterion (Debian's librust-criterion-dev, 0.3.6)
// is built; its benchmarks are measured, kept by us, compared and loaded by it, and the other way round.
//     node scripts/criterion-round-trip.mjs          about two minutes, nearly all of it cargo
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = resolve(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'pforge-prof-criterion-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

const ours = await ourParts();
const bench = builtBenchmark();
const home = join(folder, 'criterion');
const failures = [];

criterion('--save-baseline', 'theirs');
const found = ours.findBenchmarks(home);
check('benchmarks that we find in their tree', found.length, 10);

// Their samples, analysed and kept by us
const keeper = new ours.Baselines(home, { use: { kind: 'save', name: 'ours' } });
for (const benchmark of found) {
  const { measurement } = ours.readRun(benchmark, 'theirs');
  keeper.keep(benchmark.directory, ours.analyse(measurement, ours.DEFAULT_ANALYSIS), undefined);
}

// It reads our samples and estimates, compares new runs with them, and leaves them alone
const compared = criterion('--baseline', 'ours');
check('comparisons of Criterion with what we kept', matches(compared, /\(p = [\d.]+ [<>] 0\.05\)/g), found.length);
const agree = found.filter((benchmark) => {
  const now = ours.readRun(benchmark, 'new').measurement;
  const analysis = ours.analyse(now, ours.DEFAULT_ANALYSIS);
  const { p } = ours.compare(analysis, ours.readRun(benchmark, 'ours').measurement, ours.DEFAULT_ANALYSIS);
  const printed = Number(printedOf(compared, now.id.title).match(/\(p = ([\d.]+) /)[1]);
  return Math.abs(p - printed) <= 0.015;
});
check('comparisons of which p is the same', agree.length, found.length);

// It loads our samples in place of a measurement
const loaded = criterion('--load-baseline', 'ours', '--baseline', 'theirs');
const same = found.filter((benchmark) => {
  const { measurement, estimates } = ours.readRun(benchmark, 'ours');
  const { point } = estimates.slope ?? estimates.mean;
  return printedOf(loaded, measurement.id.title).includes(` ${ours.timeText(point).trim()} `);
});
check('samples of ours that Criterion loads, with the estimate that we print', same.length, found.length);
check('changes of identical samples', matches(loaded, /No change in performance detected/g), found.length);
process.exitCode = failures.length > 0 ? 1 : 0;

function check(what, got, wanted) {
  console.log(`${got === wanted ? 'ok  ' : 'FAIL'} ${what}: ${got} of ${wanted}`);
  if (got !== wanted) failures.push(what);
}

function matches(text, pattern) {
  return [...text.matchAll(pattern)].length;
}

/** What is printed of a benchmark after its analysis. */
function printedOf(text, title) {
  const rest = text.slice(text.indexOf(`Benchmarking ${title}: Analyzing\n`));
  return rest.slice(0, rest.indexOf('\nBenchmarking ', 1) + 1 || undefined);
}

function criterion(...options) {
  return execFileSync(bench, ['--bench', '--noplot', ...options], {
    encoding: 'utf8',
    env: { ...process.env, CRITERION_HOME: home },
  });
}

function builtBenchmark() {
  const crate = join(folder, 'crate');
  cpSync(join(root, 'fixtures/src/criterion'), crate, { recursive: true });
  mkdirSync(join(crate, '.cargo'));
  writeFileSync(
    join(crate, '.cargo/config.toml'),
    '[source.crates-io]\nreplace-with = "debian"\n[source.debian]\ndirectory = "/usr/share/cargo/registry"\n',
  );
  execFileSync('cargo', ['bench', '--offline', '--no-run'], { cwd: crate, stdio: ['ignore', 'ignore', 'inherit'] });
  const built = join(crate, 'target/release/deps');
  return join(
    built,
    readdirSync(built).find((name) => /^golden-[0-9a-f]+$/.test(name)),
  );
}

/** src/ as it is, made into one module. */
async function ourParts() {
  const source = [
    "export { analyse, compare } from './criterion/analyse.ts';",
    "export { Baselines } from './criterion/baselines.ts';",
    "export { DEFAULT_ANALYSIS } from './criterion/config.ts';",
    "export { findBenchmarks, readRun } from './criterion/tree-read.ts';",
    "export { timeText } from './criterion/units.ts';",
  ].join('\n');
  const outfile = join(folder, 'ours.mjs');
  await build({
    stdin: { contents: source, resolveDir: join(root, 'src/bench'), loader: 'ts' },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
  });
  return import(pathToFileURL(outfile).href);
}
