import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { findTool } from '../../src/processes/executables.ts';
import { requireTool } from '../require-tool.ts';
import { root, runCli, workFolder } from './run-cli.ts';

const perf = findTool('perf');
const strace = findTool('strace');
const ready = requireTool('perf', perf !== undefined) && requireTool('gcc', findTool('gcc') !== undefined);

/** Five sleeps of 50 ms; a busy machine makes waits longer, never shorter. */
const ASLEEP = 200e6;

/** The nanoseconds of the folded stacks that hold all of these frames. */
function weightOf(folded: string, ...frames: readonly string[]): number {
  let sum = 0;
  for (const line of folded.trim().split('\n')) {
    const [, stack, weight] = /^(.*) (\d+)$/.exec(line) ?? [];
    const names = stack?.split(';') ?? [];
    if (frames.every((frame) => names.includes(frame))) sum += Number(weight);
  }
  return sum;
}

interface Weighed {
  readonly weight: { readonly type: string; readonly total: number };
}

describe.skipIf(!ready)('a program that waits in known functions', () => {
  const cwd = workFolder();
  const convert = async (...args: readonly string[]) => (await runCli(['convert', '-q', ...args], { cwd })).stdout;

  beforeAll(async () => {
    execFileSync('gcc', ['-O1', '-g', '-o', 'waits', join(root, 'fixtures/src/waits.c'), '-lpthread'], { cwd });
    const { code, stderr } = await runCli(['record', '--off-cpu', '--', './waits'], { cwd });
    expect(stderr).toContain('kept perf.data');
    expect(code).toBe(0);
  });

  test('--off-cpu: each wait under the function that waits', async () => {
    const folded = await convert('--off-cpu', 'perf.data');
    // Once in the program, once in its child
    expect(weightOf(folded, 'main', 'waits_here')).toBeGreaterThanOrEqual(2 * ASLEEP);
    expect(weightOf(folded, 'locks_here')).toBeGreaterThanOrEqual(ASLEEP);
    expect(weightOf(folded, 'main', 'reads_here')).toBeGreaterThanOrEqual(ASLEEP);
    // It computes and never waits; what others took from it is not waiting
    expect(weightOf(folded, 'burns_here')).toBe(0);
  });

  test('--wall: on the CPU, off it, and made to wait for another', async () => {
    const wall = await convert('--wall', 'perf.data');
    const offCpu = await convert('--off-cpu', 'perf.data');
    expect(weightOf(wall, '[off-cpu]')).toBe(weightOf(offCpu));
    expect(weightOf(wall, 'waits_here', 'schedule', '[off-cpu]')).toBe(weightOf(offCpu, 'waits_here'));
    // It runs until 100 ms are over, on the CPU or not
    const burnt = weightOf(wall, 'burns_here');
    expect(burnt).toBeGreaterThan(60e6);
    expect(burnt).toBe(
      weightOf(await convert('perf.data'), 'burns_here') + weightOf(wall, 'burns_here', '[preempted]'),
    );
  });

  test('a thread is on the CPU or off it as long as it lives', async () => {
    const begun = process.hrtime.bigint();
    const { code, stderr } = await runCli(
      ['flame', '--wall', '--format', 'folded', '-o', 'sleep.folded', '--', 'sleep', '0.5'],
      { cwd },
    );
    const most = Number(process.hrtime.bigint() - begun);
    expect(code, stderr).toBe(0);
    const total = weightOf(readFileSync(join(cwd, 'sleep.folded'), 'utf8'));
    expect(total).toBeGreaterThanOrEqual(500e6);
    expect(total).toBeLessThanOrEqual(most);
  });

  test('report shows it too, and without an option it says that there is more', async () => {
    const { stdout } = await runCli(['report', '--off-cpu', '--json', 'perf.data'], { cwd });
    expect((JSON.parse(stdout) as Weighed).weight).toMatchObject({ type: 'off-cpu', unit: 'nanoseconds' });
    const wall = await runCli(['report', '--wall', '--json', 'perf.data'], { cwd });
    expect((JSON.parse(wall.stdout) as Weighed).weight).toMatchObject({ type: 'wall', unit: 'nanoseconds' });
    const plain = await runCli(['report', 'perf.data'], { cwd });
    expect(plain.stderr).toContain('time off the CPU was recorded too: --off-cpu shows it, --wall shows all time');
    expect(plain.stdout).not.toContain('reads_here');
  });

  test('inlined functions are found in stacks of waits as in others', async () => {
    const { stdout, code } = await runCli(['convert', '-q', '--off-cpu', '--inline', 'perf.data'], { cwd });
    expect(code).toBe(0);
    expect(stdout).toContain('reads_here');
  });

  test('flame draws it; other measures are kept where the format holds them', async () => {
    const { code } = await runCli(['flame', '-q', '--off-cpu', '-o', 'x.json', '--', './waits'], { cwd });
    expect(code).toBe(0);
    const { valueTypes } = JSON.parse(readFileSync(join(cwd, 'x.json'), 'utf8')) as { valueTypes: { type: string }[] };
    expect(valueTypes.map(({ type }) => type)).toEqual(['samples', 'preempted', 'cpu-clock', 'off-cpu']);
    expect((await runCli(['flame', '-q', '--off-cpu', 'perf.data', '-o', 'x.svg'], { cwd })).code).toBe(0);
    expect(readFileSync(join(cwd, 'x.svg'), 'utf8')).toContain('reads_here');
  });

  test('--pid: what still waits in the end counts up to there, and the first wait is said to be missing', async () => {
    const target = spawn('sh', ['-c', 'while :; do sleep 0.3; done'], { cwd, stdio: 'ignore' });
    try {
      const args = [
        'flame',
        '--off-cpu',
        '-d',
        '1',
        '-p',
        String(target.pid),
        '--format',
        'folded',
        '-o',
        'pid.folded',
      ];
      const { code, stderr } = await runCli(args, { cwd });
      expect(code, stderr).toBe(0);
      expect(stderr).toMatch(/threads that waited when the recording ended: \d+, counted up to its end/);
      expect(weightOf(readFileSync(join(cwd, 'pid.folded'), 'utf8'), 'sh')).toBeGreaterThan(100e6);
    } finally {
      target.kill();
    }
  });

  test.each([
    [['--off-cpu', '--wall'], 'give only one of: --off-cpu, --wall'],
    [['--off-cpu', '--event-filter', 'cpu-clock'], 'give only one of: --off-cpu, --event-filter'],
    [['--wall', '--via', 'perf-script'], '--wall and --via do not go together'],
    [['--off-cpu', '--compat', 'perl'], '--off-cpu and --compat do not go together'],
  ])('%j is refused', async (options, message) => {
    const { code, stderr } = await runCli(['convert', ...options, 'perf.data'], { cwd });
    expect(stderr).toContain(message);
    expect(code).toBe(2);
  });
});

test.each(['--off-cpu', '--wall'])(
  '%s of a recording without waits is refused with the way to record them',
  async (option) => {
    const { code, stderr } = await runCli(['report', option, '-'], { stdin: 'main;work 3\n' });
    expect(stderr).toContain(`${option}: the recording does not hold how long threads waited`);
    expect(stderr).toContain('record --off-cpu');
    expect(code).toBe(2);
  },
);

test('--wall of an event that is no time is refused before the program runs', async () => {
  const { code, stdout, stderr } = await runCli(['flame', '--wall', '-e', 'page-faults', '--', 'echo', 'ran']);
  expect(stderr).toContain('--wall adds up nanoseconds, and page-faults is not measured in them');
  expect(code).toBe(2);
  expect(stdout).toBe('');
});

test("V8's profiler is refused before the program runs", async () => {
  const cwd = workFolder();
  const { code, stdout, stderr } = await runCli(['flame', '--off-cpu', '--collector', 'v8', '--', 'echo', 'ran'], {
    cwd,
  });
  expect(stderr).toContain("V8's CPU profiler does not see threads wait");
  expect(code).toBe(2);
  expect(stdout).toBe('');
});

test.skipIf(!ready || !requireTool('strace', strace !== undefined))(
  'where the kernel forbids it: 125 with the remedy, and nothing has run, node programs included',
  async () => {
    const folder = workFolder();
    const script = `#!/bin/sh\nexec ${strace} -f -o /dev/null -e inject=perf_event_open:error=EACCES ${perf} "$@"\n`;
    writeFileSync(join(folder, 'perf'), script);
    chmodSync(join(folder, 'perf'), 0o755);
    const cwd = workFolder();
    const args = ['flame', '--off-cpu', '--', 'node', '-e', 'console.log("ran")'];
    const { code, stdout, stderr } = await runCli(args, { cwd, env: { PATH: `${folder}:${process.env.PATH}` } });
    expect(stderr).toMatch(/does not let this user profile; sudo sysctl kernel.perf_event_paranoid=1/);
    expect(code).toBe(125);
    expect(stdout).toBe('');
    expect(readdirSync(cwd)).toEqual([]);
  },
);

/** Another user is asked for by setpriv; where the kernel lets everybody look, nothing is forbidden. */
const paranoid = Number(readFileSync('/proc/sys/kernel/perf_event_paranoid', 'utf8'));
const asNobody = ready && process.getuid?.() === 0 && paranoid >= 2 && existsSync('/usr/bin/setpriv');
test.skipIf(!asNobody)('at perf_event_paranoid 2 a plain user is told so, instead of getting nothing', async () => {
  const folder = workFolder();
  const drop = '/usr/bin/setpriv --reuid 65534 --regid 65534 --clear-groups';
  writeFileSync(join(folder, 'perf'), `#!/bin/sh\nexec ${drop} ${perf} "$@"\n`);
  chmodSync(join(folder, 'perf'), 0o755);
  const { code, stderr } = await runCli(['flame', '--off-cpu', '--', 'true'], {
    env: { PATH: `${folder}:${process.env.PATH}` },
  });
  expect(stderr).toContain('perf_event_paranoid=1');
  expect(code).toBe(125);
});
