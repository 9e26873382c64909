// Bundles the sources into dist/: the command line; the library as an ES module with declarations; the preloads apart.
import { execFileSync } from 'node:child_process';
import { copyFileSync, readdirSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';
import { makeCommandLine } from './command-line.mjs';
import { writeDemangler } from './demangler.mjs';
import { buildChecksum, buildJsonKernel, buildKernel, buildNumberKernel, buildPprofKernel } from './kernel.mjs';
import { writeManPage } from './man-page.mjs';
import { minifiedScripts } from './minified-scripts.mjs';
import { oneEagerPart } from './one-eager-part.mjs';

// What is changed while this runs is newer than what is made
const begun = new Date();

// Made beside dist/ and then put in its place: whoever runs the tool meanwhile never meets half of it.
const next = `dist.${process.pid}`;
process.once('exit', () => rmSync(next, { recursive: true, force: true }));

const shared = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  logLevel: 'warning',
  legalComments: 'none',
  plugins: [minifiedScripts],
};

// Bundles that tell what of them runs, for scripts/coverage.mjs alone
if (process.env.PFORGE_PROF_COVERAGE) {
  const { instrumented } = await import('./what-runs/instrument.mjs');
  shared.plugins.push(instrumented(process.env.PFORGE_PROF_COVERAGE));
}

const bundled = await makeCommandLine(next, shared);

const library = {
  ...shared,
  format: 'esm',
  // Readers of large formats, and what starts programs, are read by node when they are needed
  splitting: true,
  chunkNames: 'library/[name]-[hash]',
  minifySyntax: true,
  minifyWhitespace: true,
  banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
};
await build({
  ...library,
  entryPoints: { index: 'src/index.ts' },
  outdir: next,
  plugins: [...shared.plugins, await oneEagerPart('src/index.ts', library)],
});

// What benchmark files import, and tests
for (const [format, extension] of [
  ['esm', '.js'],
  ['cjs', '.cjs'],
]) {
  const outExtension = { '.js': extension };
  await build({
    ...shared,
    entryPoints: { bench: 'src/bench-api.ts', expect: 'src/expect-api.ts' },
    outdir: next,
    format,
    outExtension,
  });
}

// `--require` runs before the program's first line, in main threads and workers.
const preloads = readdirSync('src/preload').filter((name) => name.endsWith('.entry.ts'));
await build({
  ...shared,
  entryPoints: preloads.map((name) => ({ in: `src/preload/${name}`, out: name.replace('.entry.ts', '') })),
  outdir: `${next}/preload`,
  format: 'cjs',
  outExtension: { '.js': '.cjs' },
});

// A thread of `load`: nothing but what sends requests, so that it starts at once.
await build({
  ...shared,
  entryPoints: { 'load-worker': 'src/load/worker.entry.ts' },
  outdir: next,
  format: 'cjs',
  outExtension: { '.js': '.cjs' },
  minifySyntax: true,
});

// What runs inside HTML reports. `charset` keeps the bytes those of the hash that the page allows.
const pages = { app: 'src/render/html/app', diff: 'src/render/diff/html/app', dashboard: 'src/render/dashboard/app' };
await build({
  entryPoints: Object.entries(pages).flatMap(([out, folder]) =>
    ['main.ts', `${out}.css`].map((name) => ({ in: `${folder}/${name}`, out })),
  ),
  bundle: true,
  minify: true,
  outdir: `${next}/html`,
  format: 'iife',
  target: ['chrome100', 'firefox113', 'safari16.4'],
  charset: 'ascii',
  logLevel: 'warning',
});

// What runs inside SVG pictures: in CDATA, and as it is where an SVG stands in HTML.
await build({
  entryPoints: {
    compact: 'src/render/compact/browser/main.ts',
    diff: 'src/render/diff/browser/main.ts',
    'heap-chart': 'src/render/heap/browser/main.ts',
    'bench-report': 'src/render/bench/browser/main.ts',
  },
  bundle: true,
  minify: true,
  outdir: `${next}/browser`,
  format: 'iife',
  target: ['chrome100', 'firefox100', 'safari15.4'],
  charset: 'ascii',
  logLevel: 'warning',
});

await buildKernel(`${next}/perf-kernel.wasm`);
await buildNumberKernel(`${next}/number-kernel.wasm`);
await buildJsonKernel(`${next}/json-kernel.wasm`);
await buildPprofKernel(`${next}/pprof-kernel.wasm`);
await buildChecksum(`${next}/checksum.wasm`);
writeDemangler(`${next}/demangler.wasm`);
await writeManPage(`${next}/pforge-prof.1`, shared);
copyFileSync('node_modules/node-sqlite3-wasm/dist/node-sqlite3-wasm.wasm', `${next}/node-sqlite3-wasm.wasm`);
writeLicences(bundled);
execFileSync(
  process.execPath,
  ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json', '--outDir', `${next}/types`],
  {
    stdio: 'inherit',
  },
);
rmSync('dist', { recursive: true, force: true });
renameSync(next, 'dist');
// test/build-first.ts looks at it; bundles that tell what of them runs are not to be taken for those that are shipped
const time = process.env.PFORGE_PROF_COVERAGE ? new Date(0) : begun;
utimesSync('dist', time, time);

/** The licences of the packages whose code the bundles hold, or that is copied beside them. */
function writeLicences(files) {
  const names = new Set(['gecko-profiler-demangle']);
  for (const file of files) {
    const name = /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules)/.exec(file)?.[1];
    if (name !== undefined) names.add(name);
  }
  const text = [...names].sort().map((name) => {
    const file = readdirSync(`node_modules/${name}`).find((entry) => /^licen[cs]e/i.test(entry));
    return `## ${name}\n\n${file ? readFileSync(`node_modules/${name}/${file}`, 'utf8') : 'see its package'}\n`;
  });
  writeFileSync(`${next}/THIRD-PARTY-LICENSES.md`, `# Bundled packages\n\n${text.join('\n')}`);
}
