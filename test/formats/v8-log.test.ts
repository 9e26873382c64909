import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inputOf } from '../../src/formats/input.ts';
import { readInput, readProfile } from '../../src/formats/registry.ts';
import { v8Log } from '../../src/formats/v8-log.ts';
import { findTool } from '../../src/processes/executables.ts';
import { checkProfile } from '../../src/profile/check.ts';
import { KINDS, type Profile, TIERS } from '../../src/profile/profile.ts';
import { totalWeight } from '../../src/profile/total.ts';
import { requireTool } from '../require-tool.ts';
import { FIXTURES, profileOrError, refusal } from './harness.ts';

const PEER = resolve(import.meta.dirname, '../../../shared/peer-data/cpuprofile/node/8.5.0/isolate-0x102802600-v8.log');
if (!existsSync(PEER)) console.log(`skipped: no ${PEER}`);

// No testFormat here: each reading starts a node, and its golden text would change with the node that runs the tests.
const log = (name: string) => gunzipSync(readFileSync(join(FIXTURES, `v8-log/${name}.log.gz`)));
const main = log('main');
const worker = log('worker');
const countTicks = (bytes: Buffer) => bytes.toString('latin1').match(/^tick,/gm)!.length;
const idle = (profile: Profile) => profile.counters.find(({ name }) => name === 'idle')?.value ?? 0;
/** Says nothing of native names, which depend on the node that runs the test. */
const frameOf = ({ frames, strings }: Profile, name: string) => {
  const at = Array.from(frames.name).findIndex((index) => strings[index] === name);
  return [
    strings[frames.file[at]!]!.replace(/.*\//, ''),
    frames.line[at],
    frames.column[at],
    KINDS[frames.kind[at]!],
    TIERS[frames.tier[at]!],
  ];
};

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pforge-prof-test-'));
  writeFileSync(join(folder, 'isolate-0x3e4e4a00-4711-4711-v8.log'), main);
  writeFileSync(join(folder, 'isolate-0x7f9078000f00-4711-v8.log'), worker);
  writeFileSync(join(folder, 'isolate-0x3e4e4a00-4711-4711-v8.log.json'), '{}');
  writeFileSync(join(folder, 'isolate-0x3e4e4a00-4711-4711-v8.log.preprocess-ready'), 'v8-version,1');
  writeFileSync(join(folder, 'meta.json'), '{}');
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('a log of node --prof', () => {
  test('every tick is a sample, or idle', async () => {
    const profile = await readProfile(join(folder, 'isolate-0x3e4e4a00-4711-4711-v8.log'));
    checkProfile(profile);
    expect(profile.meta.format).toBe('v8-log');
    expect(totalWeight(profile) + idle(profile)).toBe(countTicks(main));
    expect(profile.meta.sampleInterval).toBe(10_000_000);
    expect(profile.threads).toEqual([{ pid: 4711, tid: -1, process: 'node', name: 'main' }]);
    expect(frameOf(profile, 'countInMain')).toEqual([
      'worker.js',
      4,
      21,
      'app',
      expect.stringMatching(/^(?:interpreted|optimized)$/),
    ]);
  });

  test('machine code of which nobody has the program any more has its module', async () => {
    const moved = Buffer.from(worker.toString('latin1').replaceAll('/usr/bin/node,', '/nowhere/node,'), 'latin1');
    const { frames, strings } = await readInput(inputOf(moved, 'x'));
    const at = Array.from(frames.name).findIndex((index) => strings[index] === '[node]');
    expect([strings[frames.module[at]!], KINDS[frames.kind[at]!]]).toEqual(['/nowhere/node', 'native']);
  });

  test('is read from standard input, and compressed', async () => {
    const whole = await readInput(inputOf(worker, 'x'));
    const zipped = await readProfile('-', {
      stdin: Readable.from([readFileSync(join(FIXTURES, 'v8-log/worker.log.gz'))]),
    });
    expect(totalWeight(zipped)).toBe(totalWeight(whole));
    expect(zipped.threads).toEqual([{ pid: -1, tid: -1, process: 'node', name: 'worker' }]);
  });

  test('another version of V8 is told', async () => {
    const old = Buffer.from(main.toString('latin1').replace(/^v8-version,\d+,\d+,\d+/, 'v8-version,9,4,146'), 'latin1');
    const profile = await readInput(inputOf(old, 'x'));
    expect(totalWeight(profile) + idle(profile)).toBe(countTicks(main));
    expect(profile.meta.notes.join('\n')).toMatch(
      /^made by V8 9\.4\.146, read by V8 [\d.]+ of node v[\d.]+: where names look odd, run `node --prof-process --preprocess x > ticks\.json` with the node that made it/,
    );
  });

  test('cut anywhere it is a profile or a clear error; a cut line is told', async () => {
    for (const end of [12, 40, 500, 20_000, main.length - 300, main.length - 3]) {
      const profile = await profileOrError(inputOf(main.subarray(0, end), 'x'), v8Log);
      if (profile) expect(totalWeight(profile)).toBeLessThanOrEqual(countTicks(main));
    }
    const cut = await readInput(inputOf(main.subarray(0, main.lastIndexOf('tick,') + 9), 'x'));
    expect(cut.meta.notes.join('\n')).toContain('x ends within a line: the program was killed or the file was cut');
  });

  test.each([
    ['x: line 1: this is no version of V8: the file was cut', 'v8-version,a\n'],
    ['x: line 2: this is no library in memory', 'v8-version,11,3,244,8\nshared-library,/a,0x1000,0xffffffffffffff,0\n'],
    ['x: line 2: this is no library in memory', 'v8-version,11,3,244,8\nshared-library,/a,0x1000,0x10,0\n'],
  ])('%s', async (message, text) => {
    expect(await refusal(readInput(inputOf(text, 'x')))).toBe(message);
  });

  test('ticks that node cannot use are counted', async () => {
    const text = `${main.toString('latin1')}tick,0x7ffffffffffffff0,900000,0,0x0,0\n`;
    const profile = await readInput(inputOf(Buffer.from(text, 'latin1'), 'x'));
    const used = totalWeight(profile) + idle(profile);
    const lost = /ticks that node --prof-process could not use: (\d+)/.exec(profile.meta.notes.join('\n'))?.[1] ?? '0';
    expect(used + Number(lost)).toBe(countTicks(main) + 1);
  });

  test.skipIf(!existsSync(PEER))("speedscope's log of node 8 keeps its ticks", async () => {
    const profile = await readProfile(PEER);
    expect(totalWeight(profile) + idle(profile)).toBe(countTicks(readFileSync(PEER)));
    expect(frameOf(profile, 'd')).toEqual(['simple.js', 20, 11, 'app', 'optimized']);
    expect(profile.meta.notes.join('\n')).toContain('made by V8 6.0.287');
  });
});

describe.skipIf(!requireTool('nm', findTool('nm') !== undefined))('a log that was just made', () => {
  test("has the names of V8's own functions", async () => {
    const fresh = mkdtempSync(join(tmpdir(), 'pforge-prof-test-'));
    try {
      // Backtracks in the interpreter of regular expressions, in C++, for as long as it takes to be seen
      const code = 'const end = Date.now() + 400; while (Date.now() < end) /(a+)+$/.test("aaaaaaaaaaaaaaaaaaab")';
      execFileSync(process.execPath, ['--prof', '--regexp-interpret-all', '-e', code], { cwd: fresh });
      const profile = await readProfile(fresh);
      const { frames, strings } = profile;
      const found = Array.from(frames.name, (name, i) => [strings[name]!, strings[frames.module[i]!]!] as const);
      const matcher = found.find(([name]) => name.startsWith('v8::internal::') && name.includes('Irregexp'));
      expect(matcher?.[1]).toMatch(/node$/);
      expect(profile.meta.notes.length).toBe(1);
    } finally {
      rmSync(fresh, { recursive: true });
    }
  });
});

describe('a folder', () => {
  test('of 0x or node --prof: every isolate is a thread, what was made of the logs is left', async () => {
    const profile = await readProfile(folder);
    checkProfile(profile);
    expect(profile.threads.map(({ pid, name }) => `${pid} ${name}`)).toEqual([
      '4711 main',
      '4711 worker 0x7f9078000f00',
    ]);
    expect(totalWeight(profile) + idle(profile)).toBe(countTicks(main) + countTicks(worker));
    expect(profile.meta.format).toBe('v8-log');
    expect(profile.meta.notes[0]).toBe(
      `${folder} is a folder of 0x: read isolate-0x3e4e4a00-4711-4711-v8.log, isolate-0x7f9078000f00-4711-v8.log`,
    );
  });

  test('of clinic flame, and the folder above it', async () => {
    const flame = join(folder, '.clinic/12.clinic-flame');
    mkdirSync(flame, { recursive: true });
    writeFileSync(join(flame, '12.clinic-flame-samples'), readFileSync(join(FIXTURES, 'v8-ticks/clinic.json')));
    writeFileSync(join(flame, '12.clinic-flame-inlinedfunctions'), '{}');
    writeFileSync(join(flame, '12.clinic-flame-systeminfo'), '{}');
    const profile = await readProfile(flame);
    expect(profile.meta.format).toBe('v8-ticks');
    expect(profile.meta.notes[0]).toBe(
      `${flame} is a folder of clinic flame: read 12.clinic-flame-samples; 0x keeps one thread of a program, which may be a worker; the others are lost`,
    );
    expect(await readProfile(join(folder, '.clinic'))).toEqual(profile);
    mkdirSync(join(folder, '.clinic/13.clinic-flame'));
    expect(await refusal(readProfile(join(folder, '.clinic')))).toBe(
      `${join(folder, '.clinic')} holds 2 recordings of clinic flame: name one of them: 12.clinic-flame, 13.clinic-flame`,
    );
  });

  test('of 0x with perf, of ticks alone, without any tick, of clinic doctor, of nothing', async () => {
    const make = (name: string, file: string, content: string | Buffer) => {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, file), content);
      return join(folder, name);
    };
    const kernel = make('7.0x', 'stacks.7.out', readFileSync(join(FIXTURES, 'perf-script/threads.txt')));
    expect((await readProfile(kernel)).meta.format).toBe('perf-script');
    const ticks = make(
      '8.0x',
      'isolate-0x12-8-8-v8.log.json',
      gunzipSync(readFileSync(join(FIXTURES, 'v8-ticks/worker.json.gz'))),
    );
    expect((await readProfile(ticks)).meta.format).toBe('v8-ticks');
    const idle = make('11.0x', 'isolate-0x12-11-11-v8.log', main.subarray(0, main.indexOf('\ntick,') + 1));
    expect(await refusal(readProfile(idle))).toBe(`no samples in ${idle}/isolate-0x12-11-11-v8.log`);
    expect((await readProfile(idle, { allowEmpty: true })).samples.length).toBe(0);
    const doctor = make('9.clinic-doctor', '9.clinic-doctor-traceevent', '{}');
    expect(await refusal(readProfile(doctor))).toMatch(
      /is a folder of clinic doctor, which records no stacks of the processor's time: record with/,
    );
    const other = make('10', 'a.txt', 'main;a 1\n');
    expect(await refusal(readProfile(other))).toBe(`cannot read ${other}: it is a directory: name a file in it`);
  });
});
