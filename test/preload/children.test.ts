import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { profileProgram } from './profile-program.ts';

/** A program that runs `parent`, and `child` in the process that it starts of itself with an argument. */
function family(parent: string, child = 'hot(600)'): string {
  return `const cp = require('node:child_process'); if (process.argv[2] === 'child') { ${child} } else { ${parent} }`;
}

test.each([
  ['fork', "cp.fork(__filename, ['child'])"],
  ['spawn', "cp.spawn(process.execPath, [__filename, 'child'])"],
  ['spawnSync', "cp.spawnSync(process.execPath, [__filename, 'child'])"],
  ['execFileSync by name', "cp.execFileSync('node', [__filename, 'child'])"],
  ['execSync', "cp.execSync('node ' + __filename + ' child; true')"],
  ['exec', "cp.exec('node ' + __filename + ' child; true')"],
  ['a launcher', "cp.execFileSync('env', ['A=1', 'node', __filename, 'child'])"],
  ['an environment of its own', "cp.execFileSync(process.execPath, [__filename, 'child'], { env: {} })"],
  ['no environment in process.env', "process.env = {}; cp.execFileSync(process.execPath, [__filename, 'child'])"],
])('a node child is profiled: %s', async (_title, parent) => {
  const result = await profileProgram({ source: family(parent) });
  expect(result).toMatchObject({ code: 0, stderr: '' });
  expect(result.threads.map(({ name }) => name)).toEqual(['main.js', 'main.js']);
  expect(new Set(result.threads.map(({ pid }) => pid)).size).toBe(2);
  expect(result.threads[1]!.hot).toBeGreaterThan(5);
});

test('a script with a #! line is profiled', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pforge-script-'));
  try {
    const script = join(folder, 'tool');
    writeFileSync(script, '#!/usr/bin/env node\nconst end = Date.now() + 200; while (Date.now() < end);\n');
    chmodSync(script, 0o755);
    const source = family(
      `cp.execFileSync('tool', { env: { ...process.env, PATH: '${folder}:' + process.env.PATH } })`,
    );
    expect((await profileProgram({ source })).threads.map(({ name }) => name)).toEqual(['main.js', 'tool']);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('cluster workers are profiled', async () => {
  const source = `const cluster = require('node:cluster');
if (cluster.isPrimary) { cluster.fork(); cluster.fork(); } else { hot(600); process.exit(0); }`;
  const result = await profileProgram({ source });
  expect(result.code).toBe(0);
  expect(result.threads.filter(({ hot }) => hot > 5)).toHaveLength(2);
});

test('a worker thread that starts a process', async () => {
  const work = "require('node:child_process').execFileSync(process.execPath, ['-e', 'for (let i = 0; i < 1e8; i++);'])";
  const source = `new (require('node:worker_threads').Worker)(${JSON.stringify(work)}, { eval: true })`;
  expect((await profileProgram({ source })).threads.map(({ process: name }) => name)).toEqual([
    'main.js',
    'main.js',
    'node',
  ]);
});

test.each([
  ['execFileSync', "line(cp.execFileSync('env').toString())"],
  ['spawn', "cp.spawn('env', { stdio: 'inherit' })"],
  ['by its path', "line(cp.execFileSync('/usr/bin/env').toString())"],
  ['after a shell has set it', "process.env.NODE_OPTIONS = '--no-warnings'; line(cp.execFileSync('env').toString())"],
])('a child that is not node sees nothing of ours: %s', async (_title, parent) => {
  const { stdout } = await profileProgram({ source: family(parent) });
  expect(stdout).toContain('PATH=');
  expect(stdout).not.toContain('PFORGE_PROF_V8');
  expect(stdout).not.toContain('--require');
});

test('a child sees the NODE_OPTIONS that its parent gave it', async () => {
  const source = family("cp.fork(__filename, ['child'])", 'line(String(process.env.NODE_OPTIONS))');
  expect((await profileProgram({ source, env: { NODE_OPTIONS: '--no-warnings' } })).stdout).toBe('--no-warnings\n');
  const own = family(
    "cp.fork(__filename, ['child'], { env: { NODE_OPTIONS: '--no-deprecation' } })",
    'line(String(process.env.NODE_OPTIONS))',
  );
  expect((await profileProgram({ source: own })).stdout).toBe('--no-deprecation\n');
});
