import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runCli, workFolder } from './run-cli.ts';

const BAD = `import { bench, group } from 'pforge-prof/bench';

interface Shape {
  readonly size: number;
}

group('bad', () => {
  bench('throws', () => {
    const shape = undefined as unknown as Shape;
    return shape.size;
  });
  bench('rejects', async () => {
    await null;
    throw new RangeError('not\\u001b[31m possible');
  });
  bench('hangs', { timeout: 3 }, () => {
    for (;;);
  });
  bench('waits for ever', () => new Promise(() => {}));
  bench('prints', () => console.log('x'.repeat(1000)));
  bench('allocates', () => {
    const kept: unknown[] = [];
    for (;;) kept.push(new Array(1e5).fill(kept.length));
  });
  bench('kills itself', () => process.kill(process.pid, 'SIGKILL'));
  bench('exits', () => process.exit(0));
  bench('throws before', { before: () => { throw new Error('no database'); } }, () => 1);
  bench('good', () => JSON.stringify([1, 2, 3]));
});
`;

test('what throws, hangs, prints, allocates, exits or dies is told by name, the others are measured, exit code 1', async () => {
  const cwd = workFolder();
  writeFileSync(join(cwd, 'bad.bench.ts'), BAD);
  writeFileSync(join(cwd, 'load.bench.js'), "throw new Error('cannot load');\n");
  const words = [
    'bench',
    'bad.bench.ts',
    'load.bench.js',
    '--processes',
    '2',
    '--warm-up-time',
    '0.01',
    '--measurement-time',
    '0.01',
  ];
  const env = { NODE_OPTIONS: '--max-old-space-size=200' };
  const { code, stdout, stderr, survivors } = await runCli([...words, '--json'], { cwd, env });
  expect(code).toBe(1);
  const results: { name: string; error?: { message: string; stack: string }; warnings: { kind: string }[] }[] =
    JSON.parse(stdout);
  const errors = new Map(results.map(({ name, error }) => [name, error?.message]));
  expect(errors.get('bad/throws')).toBe("it threw: TypeError: Cannot read properties of undefined (reading 'size')");
  expect(errors.get('bad/rejects')).toMatch(/^it threw: RangeError/);
  expect(errors.get('bad/hangs')).toBe('it had not ended after 3 s and was killed');
  expect(errors.get('bad/waits for ever')).toBe('its process ended before it was measured');
  expect(errors.get('bad/allocates')).toBe('its process ran out of memory');
  expect(errors.get('bad/kills itself')).toMatch(/^its process was killed by SIGKILL/);
  expect(errors.get('bad/exits')).toBe('its process ended before it was measured');
  expect(errors.get('bad/throws before')).toBe('`before` threw: Error: no database');
  expect(errors.get('load.bench.js')).toBe('the file threw when it was loaded: Error: cannot load');
  expect(errors.get('bad/prints')).toBeUndefined();
  expect(errors.get('bad/good')).toBeUndefined();
  expect(results.find(({ name }) => name === 'bad/prints')!.warnings.map(({ kind }) => kind)).toContain('prints');
  expect(results.find(({ name }) => name === 'bad/throws')!.error!.stack).toContain('bad.bench.ts:10:18');
  expect(stderr).toContain('failed: bad/throws, bad/rejects');
  expect(survivors).toEqual([]);
}, 120_000);

test('what writes into the pipe to the tool, or throws what is no error, stops nothing', async () => {
  const cwd = workFolder();
  writeFileSync(
    join(cwd, 'odd.bench.mjs'),
    `import { bench } from 'pforge-prof/bench';
import { writeSync } from 'node:fs';
bench('writes', { before: () => { writeSync(3, 'hello\\n'); } }, () => JSON.stringify([1]));
bench('throws', () => { throw Object.assign(new Error(), { message: 5n }); });
`,
  );
  const words = ['bench', 'odd.bench.mjs', '--processes', '1', '--measurement-time', '0.01', '--json'];
  const { code, stdout } = await runCli(words, { cwd });
  expect(code).toBe(1);
  const [writes, throws] = JSON.parse(stdout);
  expect(writes.error).toBeUndefined();
  expect(throws.error.message).toBe('it threw: Error: 5');
}, 60_000);

test('text shows where it was thrown, and nothing that the terminal would obey', async () => {
  const cwd = workFolder();
  writeFileSync(join(cwd, 'bad.bench.ts'), BAD);
  const { code, stdout } = await runCli(['bench', 'bad.bench.ts', '-f', 'throws$|rejects', '--processes', '1'], {
    cwd,
  });
  expect(code).toBe(1);
  expect(stdout).toContain('bad/throws\n  failed  it threw: TypeError');
  expect(stdout).toContain('at bad.bench.ts:10:18\n');
  expect(stdout).not.toContain('\u001b');
});

test('Ctrl-C twice ends all of it at once, whatever runs', async () => {
  const cwd = workFolder();
  const text = "import { bench } from 'pforge-prof/bench';\nbench('hangs', { timeout: 50 }, () => { for (;;); });\n";
  writeFileSync(join(cwd, 'hangs.bench.mjs'), text);
  const run = await runCli(['bench'], {
    cwd,
    signals: [
      { after: 4_000, signal: 'SIGINT', to: 'leader' },
      { after: 500, signal: 'SIGINT', to: 'leader' },
    ],
  });
  expect(run.code).toBe(130);
  expect(run.stderr).toContain('Ctrl-C again gives up at once');
  expect(run.survivors).toEqual([]);
});
