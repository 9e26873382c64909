import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findTool } from '../../src/processes/executables.ts';
import { requireTool } from '../require-tool.ts';
import { type CliOptions, runCli, workFolder } from './run-cli.ts';

const hasPerf = requireTool('perf', findTool('perf') !== undefined);

const busy = `console.log('started'); function hotLoop() { for (;;); } hotLoop()`;
const graceful = `
  let closing = 0;
  process.on('SIGINT', () => { closing++; setTimeout(() => { console.log('closed', closing); process.exit(3); }, 300); });
  setInterval(function hotLoop() { for (let i = 0; i < 5e6; i++); }, 5);
  console.log('started')`;
const stubborn = `
  process.on('SIGINT', () => {}); process.on('SIGTERM', () => {});
  setInterval(function hotLoop() { for (let i = 0; i < 5e6; i++); }, 5);
  console.log('started')`;

/** Long enough after the program began for some hundred samples. */
const SOON = 700;

function signals(...list: readonly [number | string, NodeJS.Signals, 'group' | 'leader'][]): CliOptions['signals'] {
  return list.flatMap(([after, signal, to]) => [{ after, signal, to }]);
}

describe.each(['perf', 'v8'])('Ctrl-C with the %s collector', (collector) => {
  const skip = collector === 'perf' && !hasPerf;

  async function record(script: string, sent: CliOptions['signals']) {
    const cwd = workFolder();
    const TMPDIR = workFolder();
    const args = ['flame', '--collector', collector, '--', 'node', '-e', script];
    const result = await runCli(args, { cwd, env: { TMPDIR }, ...(sent === undefined ? {} : { signals: sent }) });
    const file = join(cwd, 'flamegraph.svg');
    return {
      ...result,
      files: readdirSync(cwd),
      temporary: readdirSync(TMPDIR),
      svg: existsSync(file) ? readFileSync(file, 'utf8') : '',
    };
  }

  const once: readonly [string, NodeJS.Signals, 'group' | 'leader'][] = [
    ['SIGINT to the foreground group', 'SIGINT', 'group'],
    ['SIGINT to the wrapper alone', 'SIGINT', 'leader'],
    ['SIGTERM to the wrapper alone', 'SIGTERM', 'leader'],
    ['SIGHUP to the wrapper alone', 'SIGHUP', 'leader'],
  ];
  test.skipIf(skip).each(once)(
    '%s ends an endless loop, keeps the graph, leaves no process',
    async (_name, signal, to) => {
      const result = await record(busy, [
        { after: 'started', signal: 'SIGCONT', to: 'leader' },
        { after: SOON, signal, to },
      ]);
      expect(result.stderr).toContain('wrote flamegraph.svg');
      expect(result.code).toBe(0);
      expect(result.survivors).toEqual([]);
      expect(result.temporary).toEqual([]);
      expect(result.svg).toMatch(/<title>hotLoop /);
      expect(result.svg).toMatch(/<\/svg>\s*$/);
    },
  );

  test.skipIf(skip).each(['group', 'leader'] as const)(
    'a program that closes gracefully hears it once (%s)',
    async (to) => {
      const result = await record(graceful, signals(['started', 'SIGCONT', 'leader'], [SOON, 'SIGINT', to]));
      expect(result.stdout).toBe('started\nclosed 1\n');
      expect(result.code).toBe(0);
      expect(result.svg).toContain('hotLoop');
    },
  );

  test.skipIf(skip)('what the program dies of before we hear it keeps the graph as well', async () => {
    const later = "['-c', 'sleep 0.03; kill -INT ' + process.ppid], { detached: true, stdio: 'ignore' }";
    const result = await record(
      `for (const end = Date.now() + ${SOON}; Date.now() < end; );
       require('child_process').spawn('sh', ${later}); process.kill(process.pid, 'SIGINT');`,
      undefined,
    );
    expect(result.stderr).toContain('wrote flamegraph.svg');
    expect(result.code).toBe(0);
  });

  test.skipIf(skip)(
    'twice within two seconds gives up: nothing written, nothing left over, exit code 130',
    async () => {
      const result = await record(
        stubborn,
        signals(['started', 'SIGCONT', 'leader'], [SOON, 'SIGINT', 'group'], [400, 'SIGINT', 'group']),
      );
      expect(result.code).toBe(130);
      expect(result.stderr).toContain('gave up');
      expect(result.files).toEqual([]);
      expect(result.temporary).toEqual([]);
      expect(result.survivors).toEqual([]);
    },
  );

  test.skipIf(skip)('again after two seconds kills a program that does not end, and keeps the graph', async () => {
    const result = await record(
      stubborn,
      signals(['started', 'SIGCONT', 'leader'], [SOON, 'SIGINT', 'group'], [3500, 'SIGINT', 'group']),
    );
    expect(result.stderr).toContain('wrote flamegraph.svg');
    expect(result.code).toBe(0);
    expect(result.svg).toContain('hotLoop');
    expect(result.survivors).toEqual([]);
  });

  test.skipIf(skip)('SIGKILL of the wrapper leaves no process behind', async () => {
    const result = await record(busy, signals(['started', 'SIGCONT', 'leader'], [SOON, 'SIGKILL', 'leader']));
    expect(result.signal).toBe('SIGKILL');
    await new Promise((done) => setTimeout(done, 500));
    expect(result.files).toEqual([]);
  });

  test.skipIf(skip)('--duration ends the program and exits 0', async () => {
    const cwd = workFolder();
    const args = ['flame', '--collector', collector, '-d', '1', '--', 'node', '-e', busy];
    const result = await runCli(args, { cwd });
    expect(result.code).toBe(0);
    expect(result.survivors).toEqual([]);
    expect(readFileSync(join(cwd, 'flamegraph.svg'), 'utf8')).toContain('hotLoop');
  });
});
