import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findTool } from '../../../src/processes/executables.ts';
import { requireTool } from '../../require-tool.ts';
import { FIXTURES } from '../harness.ts';
import { linesOf, ourLines, perfScriptLines } from './perf-script-oracle.ts';
import { readAll } from './read-all.ts';

const present = ['perf', 'gcc'].map((tool) => requireTool(tool, findTool(tool) !== undefined)).every(Boolean);

let folder: string;
let program: string;

/** Records with the real perf. */
function record(name: string, options: readonly string[], command: readonly string[]): string {
  const file = join(folder, name);
  const always = ['record', '-q', '--no-bpf-event', '-N', '-e', 'cpu-clock', '-o', file];
  const rate = options.includes('-c') ? [] : ['-F', '997'];
  execFileSync('perf', [...always, ...rate, ...options, '--', ...command], { stdio: 'ignore', cwd: folder });
  return file;
}

describe.skipIf(!present)('recordings made by perf here, against perf script', () => {
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'pforge-prof-perf-data-'));
    program = join(folder, 'threads');
    const source = join(FIXTURES, 'src', 'threads.c');
    execFileSync('gcc', ['-O2', '-fno-omit-frame-pointer', source, '-o', program, '-lpthread']);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const cases: [string, string[], () => string[]][] = [
    ['threads', ['-g', '--buildid-all', '-k', 'mono'], () => [program]],
    ['without chains', ['--buildid-all'], () => [program]],
    ['compressed', ['-g', '-z'], () => [program]],
    [
      'with records of all kinds',
      ['-g', '-d', '--namespaces', '--switch-events', '--all-cgroups', '--data'],
      () => [program],
    ],
    ['of several events', ['-g', '-e', 'page-faults', '-e', 'context-switches'], () => [program]],
    ['with a fixed period', ['-g', '-c', '1000000'], () => [program]],
    ['of a group with counters', ['-g', '-e', '{task-clock,page-faults}:S'], () => [program]],
    ['with the time of day', ['-g', '-k', 'realtime'], () => [program]],
    [
      'of forks and execs',
      ['-g'],
      () => ['sh', '-c', 'for i in 1 2 3 4; do ls -lR /usr/lib | wc -l; (true; date); done'],
    ],
    [
      'of node',
      ['-g'],
      () => [process.execPath, '--perf-basic-prof', '--logfile=/dev/null', join(FIXTURES, 'src', 'script.js'), '400'],
    ],
  ];
  test.each(cases)('%s', async (name, options, command) => {
    const file = record(`${name.replaceAll(' ', '-')}.data`, options, command());
    const expected = perfScriptLines(file);
    expect(expected.length).toBeGreaterThan(20);
    expect(await ourLines(file)).toEqual(expected);
    // Without a file to read twice the same comes, but for names of events that perf writes last
    const streamed = await readAll(readFileSync(file), 1000);
    expect(linesOf(streamed)).toEqual(expected);
    expect(streamed.notes).toEqual([]);
  });

  test('what is written to a pipe', async () => {
    const file = join(folder, 'pipe.data');
    const args = ['record', '-q', '-N', '-e', 'cpu-clock', '-F', '997', '-g', '-o', '-', '--', program];
    writeFileSync(file, execFileSync('perf', args, { stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 2 ** 30 }));
    const expected = perfScriptLines(file);
    expect(expected.length).toBeGreaterThan(20);
    expect(await ourLines(file)).toEqual(expected);
  });

  test('copied stacks come with their registers', async () => {
    const file = record('dwarf.data', ['--call-graph', 'dwarf,4096', '--buildid-all'], [program]);
    const { info, samples, notes } = await readAll(readFileSync(file));
    expect(notes).toEqual([]);
    expect(info.events[0]).toMatchObject({ stackUser: true, callchain: true });
    const copied = samples.filter(({ stack }) => stack !== undefined);
    expect(copied.length).toBeGreaterThan(20);
    for (const { stack, regsAbi, regsMask } of copied) {
      expect(stack!.length).toBeLessThanOrEqual(4096);
      expect(regsAbi).toBe(2);
      expect(regsMask[0]).toBeGreaterThan(0);
    }
  });

  test('what the recording says of itself is what perf says', async () => {
    const file = record('info.data', ['-g', '--buildid-all', '-k', 'mono'], [program]);
    const { info } = await readAll(readFileSync(file));
    const said = execFileSync('perf', ['report', '--header-only', '-i', file], { encoding: 'utf8' });
    const line = (label: string): string => new RegExp(`^# ${label} : (.*)$`, 'm').exec(said)?.[1]?.trim() ?? '';
    expect(info).toMatchObject({
      host: line('hostname'),
      osRelease: line('os release'),
      perfVersion: line('perf version'),
    });
    expect(info).toMatchObject({ arch: line('arch'), cpus: Number(line('nrcpus online')), clockId: 1 });
    expect(info.cmdline.join(' ')).toBe(line('cmdline'));
    const listed = execFileSync('perf', ['buildid-list', '-i', file], { encoding: 'utf8' });
    for (const [id, path] of listed
      .trim()
      .split('\n')
      .map((entry) => entry.split(/ (.*)/))) {
      if (path !== undefined) expect(info.buildIds.get(path)).toBe(id);
    }
    expect(info.buildIds.get(program)).toMatch(/^[0-9a-f]{40}$/);
  });
});
