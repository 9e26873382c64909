import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { nodes } from '../other-nodes.ts';
import { root, workFolder } from './run-cli.ts';

/** What npm puts into the package, installed into an empty folder: no network, no scripts, no packages beside it. */
const cwd = join(workFolder(), 'empty');
const installed = join(cwd, 'node_modules/pforge-prof');

interface Packed {
  readonly filename: string;
  readonly size: number;
  readonly files: readonly { readonly path: string }[];
}
let packed: Packed;

const PROGRAM = `
function busyWork() { const start = process.cpuUsage(); while (process.cpuUsage(start).user < 200_000); }
busyWork();
`;

const LIBRARY = `
import { readProfile, renderFlameSvg } from 'pforge-prof';
import { bench } from 'pforge-prof/bench';
const profile = await readProfile('x.folded');
const svg = [...renderFlameSvg(profile)].join('');
console.log(typeof bench, svg.includes('parse') && svg.includes('</svg>'));
`;

beforeAll(() => {
  mkdirSync(cwd);
  const npm = (...words: string[]): string =>
    execFileSync('npm', [...words, '--ignore-scripts', '--offline', '--no-audit', '--no-fund'], {
      cwd: words[0] === 'pack' ? root : cwd,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  packed = (JSON.parse(npm('pack', '--json', '--pack-destination', cwd)) as [Packed])[0];
  writeFileSync(join(cwd, 'package.json'), '{"private":true}');
  npm('install', `./${packed.filename}`);
  writeFileSync(join(cwd, 'program.js'), PROGRAM);
  writeFileSync(join(cwd, 'library.mjs'), LIBRARY);
  writeFileSync(join(cwd, 'x.folded'), 'main;parse 3\nmain 1\n');
}, 120_000);

describe('the package', () => {
  test('is small, and holds nothing but what runs', () => {
    console.log(`package: ${(packed.size / 2 ** 20).toFixed(2)} MiB, ${packed.files.length} files`);
    expect(packed.size).toBeLessThan(4 * 2 ** 20);
    const strange = packed.files.filter(
      ({ path }) => !/^(?:bin\/|dist\/|(?:README|CHANGELOG)\.md$|LICENSE$|package\.json$)/.test(path),
    );
    expect(strange).toEqual([]);
  });

  test('depends on no other, and has no script that an installation runs', () => {
    const manifest = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
    const { dependencies, optionalDependencies, peerDependencies, scripts } = manifest;
    expect([dependencies, optionalDependencies, peerDependencies]).toEqual([undefined, undefined, undefined]);
    expect(Object.keys(scripts).filter((name) => /^(?:pre|post)?install$/.test(name))).toEqual([]);
    expect(readFileSync(join(cwd, 'package-lock.json'), 'utf8').match(/"node_modules\//g)).toHaveLength(1);
  });

  test('has its commands and its manual page', () => {
    expect(statSync(join(cwd, 'node_modules/.bin/pforge-prof')).mode & 0o111).not.toBe(0);
    expect(statSync(join(cwd, 'node_modules/.bin/diffflame')).mode & 0o111).not.toBe(0);
    expect(readFileSync(join(installed, 'dist/pforge-prof.1'), 'utf8')).toMatch(/^\.TH PFORGE-PROF 1/);
  });
});

describe.each(nodes())('node %s', (_version, node) => {
  // What else is on PATH has to find this node first
  const env = { ...process.env, NO_COLOR: '1', PATH: `${join(node, '..')}:${process.env.PATH}` };
  const run = (...words: string[]): string =>
    execFileSync(node, words, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  const cli = join(installed, 'bin/pforge-prof.js');

  test('does its main job', () => {
    expect(run(cli, '--version')).toMatch(/^\d+\.\d+\.\d+\n$/);
    run(cli, 'flame', '-o', 'flame.svg', '--', node, 'program.js');
    expect(run(cli, 'convert', 'flame.svg', '-o', '-', '--format', 'folded')).toMatch(/busyWork/);
    run(cli, 'flame', '--collector', 'v8', '-o', 'v8.html', '--', node, 'program.js');
    expect(run(cli, 'report', 'v8.html')).toMatch(/busyWork/);
  });

  test('says what benchmarks in TypeScript need', ({ skip }) => {
    if (run('-p', 'Boolean(process.features.typescript)') === 'true\n') skip('this node runs TypeScript by itself');
    writeFileSync(join(cwd, 'sum.bench.ts'), "import { bench } from 'pforge-prof/bench';\nbench('sum', () => {});\n");
    const { status, stderr } = spawnSync(node, [cli, 'bench', 'sum.bench.ts'], { cwd, env, encoding: 'utf8' });
    expect(stderr).toMatch(
      /sum\.bench\.ts: TypeScript needs esbuild here; npm install --save-dev esbuild, or run node 22/,
    );
    expect(status).toBe(2);
  });

  test('gives the library', () => {
    expect(run('library.mjs')).toBe('function true\n');
  });
});
