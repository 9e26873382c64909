import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { allowedProcessors } from '../../src/processes/processors.ts';
import { freePort } from '../free-port.ts';
import { runCli, workFolder } from './run-cli.ts';

const SHORT = ['--warm-up-time', '0.05', '--measurement-time', '0.05', '--max-pairs', '5', '--json', '-q'];

/** Two states of a file with benchmarks: head in the folder, base in `base` below it. */
function twoStates(head: string, base = head): string {
  const cwd = workFolder();
  for (const [folder, text] of [
    [cwd, head],
    [join(cwd, 'base'), base],
  ] as const) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'a.bench.mjs'), `import { bench } from 'pforge-prof/bench';\n${text}`);
  }
  return cwd;
}

const compare = async (cwd: string, ...more: string[]) => {
  const { stdout, stderr, code } = await runCli(['bench', 'a.bench.mjs', '--against', './base', ...SHORT, ...more], {
    cwd,
  });
  return { stderr, code, results: JSON.parse(stdout) };
};

/** Tells when each call ran and where the process was allowed to. */
const TELLING = `import { readFileSync, writeFileSync } from 'node:fs';
const calls = [];
bench('spin', { teardown() {
  const [, cpus] = /Cpus_allowed_list:\\s*(\\S+)/.exec(readFileSync('/proc/thread-self/status', 'utf8'));
  const side = import.meta.url.includes('/base/') || process.cwd().endsWith('/base') ? 'base' : 'head';
  if (calls.length > 200) writeFileSync(process.env.TOLD + '/' + process.pid + '-' + side, JSON.stringify({ cpus, calls }));
} }, () => {
  const begin = process.hrtime.bigint();
  while (process.hrtime.bigint() - begin < 200_000n);
  calls.push([Number(begin), Number(process.hrtime.bigint())]);
});
`;

describe('a pair', () => {
  test('takes turns of milliseconds on one processor, never both at a time', async () => {
    const cwd = twoStates(TELLING);
    const told = workFolder();
    const { stdout } = await runCli(
      ['bench', 'a.bench.mjs', '--against', './base', ...SHORT, '--measurement-time', '0.1'],
      { cwd, env: { TOLD: told } },
    );
    expect(JSON.parse(stdout)[0].comparison).toBeDefined();
    const processes = readdirSync(told)
      .map((name) => JSON.parse(readFileSync(join(told, name), 'utf8')) as { cpus: string; calls: [number, number][] })
      .map(({ cpus, calls }) => ({ cpus, last: calls.slice(-200) }))
      .sort((a, b) => a.last[0]![0] - b.last[0]![0]);
    expect(processes.length).toBeGreaterThanOrEqual(10);
    const [one, other] = processes;
    if (allowedProcessors().length > 1) {
      expect(one!.cpus).toMatch(/^\d+$/);
      expect(other!.cpus).toBe(one!.cpus);
    }
    const order = [one!, other!]
      .flatMap(({ last }, side) => last.map(([begin, end]) => ({ begin, end, side })))
      .sort((a, b) => a.begin - b.begin);
    expect(order.filter(({ begin }, i) => i > 0 && begin < order[i - 1]!.end)).toEqual([]);
    expect(order.filter(({ side }, i) => i > 0 && side !== order[i - 1]!.side).length).toBeGreaterThan(10);
  }, 120_000);

  test('that cannot run at the same time is measured one after the other, with a warning', async () => {
    const port = await freePort();
    const { code, results } = await compare(
      twoStates(`import { createServer } from 'node:http';
bench('serve', {
  before: () => new Promise((done, fail) => {
    const server = createServer().listen(${port}, () => done(server)).once('error', fail);
  }),
}, (server) => server.listening);
`),
    );
    expect(code).toBe(0);
    expect(results[0].warnings.map(({ kind }: { kind: string }) => kind)).toContain('apart');
    expect(JSON.stringify(results[0].warnings)).toContain('EADDRINUSE');
    expect(results[0].comparison).toBeDefined();
  }, 120_000);

  test('--apart has them so from the start; what fails alone as well is a failure', async () => {
    const { results } = await compare(twoStates("bench('one', () => Math.random());\n"), '--apart');
    expect(results[0].warnings.map(({ kind }: { kind: string }) => kind)).not.toContain('apart');
    expect(results[0].comparison).toBeDefined();
    const bad = await compare(
      twoStates("bench('bad', () => { throw new Error('no'); });\n", "bench('bad', () => 1);\n"),
    );
    expect(bad.code).toBe(1);
    expect(bad.results[0].error).toMatchObject({ message: expect.stringContaining('no') });
  }, 120_000);
});
