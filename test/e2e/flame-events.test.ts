import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { hasHardwareCounters } from '../../src/collectors/hardware-counters.ts';
import { findTool } from '../../src/processes/executables.ts';
import { requireTool } from '../require-tool.ts';
import { runCli, workFolder } from './run-cli.ts';

const perf = findTool('perf');
const ready = requireTool('perf', perf !== undefined);

/** Starts ten programs, each of which waits once. */
const CHILDREN = ['sh', '-c', 'for i in 1 2 3 4 5 6 7 8 9 10; do sleep 0.01; done'];

describe.skipIf(!ready)('flame -e', () => {
  test.each(['page-faults', 'context-switches'])('%s: every one is there, and the graph names them', async (event) => {
    const cwd = workFolder();
    const { code, stderr } = await runCli(['flame', '-e', event, '-o', 'x.svg', '--', ...CHILDREN], { cwd });
    expect(code).toBe(0);
    const [, samples, weight] = new RegExp(`^([\\d,]+) samples +([\\d,]+) ${event}`, 'm').exec(stderr)!;
    expect(samples).toBe(weight);
    expect(readFileSync(join(cwd, 'x.svg'), 'utf8')).toContain(event);
    expect(stderr).not.toContain('shares are rough');
    // perf stat counts the same, give or take what another run waits
    const counted = await runCli(['perf-stat', '--json', '-e', event, '--', ...CHILDREN], { cwd });
    const { counters } = JSON.parse(counted.stdout) as { counters: { name: string; value: number }[] };
    const { value } = counters.find(({ name }) => name === event)!;
    const ratio = Number(weight!.replaceAll(',', '')) / value;
    expect(ratio).toBeGreaterThan(event === 'page-faults' ? 0.95 : 0.5);
    expect(ratio).toBeLessThan(event === 'page-faults' ? 1.05 : 2);
  });

  test.skipIf(hasHardwareCounters()).each(['cache-misses', 'branch-misses'])(
    '%s is refused where there are no hardware counters: one line, with what to take instead',
    async (event) => {
      for (const program of [
        ['echo', 'ran'],
        ['node', '-e', 'console.log("ran")'],
      ]) {
        const cwd = workFolder();
        const { code, stdout, stderr } = await runCli(['flame', '-e', event, '--', ...program], { cwd });
        expect(code).toBe(125);
        // V8's profiler knows no events: it does not take perf's place here
        expect(stdout).toBe('');
        expect(stderr.trim().split('\n')).toEqual([
          `pforge-prof: error: perf cannot record: this machine does not have ${event}: there are no hardware counters here (a virtual machine?); use -e page-faults for what touches memory, -e cpu-clock for time; pforge-prof perf-stat --list shows what it has`,
        ]);
        expect(readdirSync(cwd)).toEqual([]);
      }
    },
  );

  test('an event that never came is said by its name', async () => {
    const { code, stderr } = await runCli(['flame', '-e', 'major-faults', '--', 'true']);
    expect(code).toBe(125);
    expect(stderr).toMatch(/no major-faults in [\d.]+ s: nothing to draw/);
  });

  const paranoid = Number(readFileSync('/proc/sys/kernel/perf_event_paranoid', 'utf8'));
  const asNobody = process.getuid?.() === 0 && paranoid >= 2 && existsSync('/usr/bin/setpriv');
  test.skipIf(!asNobody)('a plain user is told why there are no context switches', async () => {
    const folder = workFolder();
    const drop = '/usr/bin/setpriv --reuid 65534 --regid 65534 --clear-groups';
    writeFileSync(join(folder, 'perf'), `#!/bin/sh\nexec ${drop} ${perf} "$@"\n`);
    chmodSync(join(folder, 'perf'), 0o755);
    const PATH = `${folder}:${process.env.PATH}`;
    const { code, stderr } = await runCli(['flame', '-e', 'context-switches', '--', 'true'], { env: { PATH } });
    expect(stderr).toContain('perf_event_paranoid=1');
    expect(code).toBe(125);
  });
});
