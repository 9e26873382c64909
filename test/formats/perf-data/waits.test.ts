import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../../src/errors.ts';
import { Notes } from '../../../src/formats/format.ts';
import { inputOf } from '../../../src/formats/input.ts';
import { Waits } from '../../../src/formats/perf-binary/waits.ts';
import { readRecording } from '../../../src/formats/perf-data/recording.ts';
import { perfData } from '../../../src/formats/perf-data.ts';
import type { Profile } from '../../../src/profile/profile.ts';
import { totalWeight } from '../../../src/profile/total.ts';
import { WAITS_NOTE } from '../../../src/profile/waiting.ts';
import { byWallClock } from '../../../src/profile/wall-clock.ts';
import { FIXTURES } from '../harness.ts';
import { Maker, SAMPLE_ID_ALL, u32, u64 } from './made-recording.ts';

const FREQUENCY = 10;
const CONTEXT_SWITCH = 26;
/** IDENTIFIER IP TID TIME PERIOD CALLCHAIN. */
const SAMPLE_TYPE = 0x10000 | 1 | 2 | 4 | 0x100 | 0x20;
const CLOCK = 1;
const LEAVES = 2;
const OUT = 1 << 13;
const PREEMPT = 1 << 14;
const PID = 10;

interface Timed {
  readonly time: number;
  readonly bytes: Buffer;
}
type Order = (records: readonly Timed[]) => readonly Timed[];
interface Read {
  readonly profile: Profile;
  readonly notes: readonly string[];
}

/** A recording of `perf record -e cpu-clock -e context-switches -c 1 --switch-events`, by what happens at which time. */
class Recording {
  private readonly made: Maker;
  private readonly records: Timed[] = [];

  constructor(little = true) {
    this.made = new Maker(little);
  }

  private add(time: number, bytes: Buffer): this {
    this.records.push({ time, bytes });
    return this;
  }

  private stamp(tid: number, time: number) {
    return [u32(PID), u32(tid), u64(time), u64(CLOCK)];
  }

  private sample(event: number, tid: number, time: number, period: number): this {
    const fields = [u64(event), u64(0x1008), u32(PID), u32(tid), u64(time), u64(period), u64(1), u64(0x1008)];
    return this.add(time, this.made.record(9, 2, ...fields));
  }

  runs(tid: number, time: number, nanoseconds: number): this {
    return this.sample(CLOCK, tid, time, nanoseconds);
  }

  leaves(tid: number, time: number): this {
    return this.sample(LEAVES, tid, time, 1);
  }

  out(tid: number, time: number, preempted = false): this {
    return this.add(time, this.made.record(14, OUT | (preempted ? PREEMPT : 0), ...this.stamp(tid, time)));
  }

  in(tid: number, time: number): this {
    return this.add(time, this.made.record(14, 0, ...this.stamp(tid, time)));
  }

  /** Of a recording of all processors. */
  inOf(tid: number, time: number): this {
    return this.add(time, this.made.record(15, 0, u32(1), u32(1), ...this.stamp(tid, time)));
  }

  born(tid: number, time: number): this {
    return this.told(7, tid, time);
  }

  exits(tid: number, time: number): this {
    return this.told(4, tid, time);
  }

  private told(type: number, tid: number, time: number): this {
    const fields = [u32(PID), u32(PID), u32(tid), u32(PID), u64(time)];
    return this.add(time, this.made.record(type, 0, ...fields, ...this.stamp(tid, time)));
  }

  /** @param order of the records in the file, as the buffers of the processors were emptied */
  file(order: Order = (all) => all): Buffer {
    const flags = [SAMPLE_ID_ALL, CONTEXT_SWITCH];
    const attributes = [
      { sampleType: SAMPLE_TYPE, period: 997, flags: [...flags, FREQUENCY], ids: [CLOCK] },
      { sampleType: SAMPLE_TYPE, config: 3, period: 1, flags: [SAMPLE_ID_ALL], ids: [LEAVES] },
    ];
    return this.made.file({ attributes, records: order(this.records).map(({ bytes }) => bytes) });
  }

  read(order?: Order): Promise<Read> {
    return readBytes(this.file(order));
  }
}

async function readBytes(bytes: Uint8Array): Promise<Read> {
  const notes = new Notes();
  return { profile: await perfData.read(inputOf(bytes, 'x'), notes), notes: notes.list };
}

function totals(profile: Profile): Record<string, number> {
  return Object.fromEntries(profile.valueTypes.map(({ type }, i) => [type, totalWeight(profile, i)]));
}

describe.each([true, false])('little endian: %s', (little) => {
  test('a wait is the time from the switch out to the switch in', async () => {
    const { profile, notes } = await new Recording(little)
      .in(11, 100)
      .runs(11, 150, 50)
      .leaves(11, 200)
      .out(11, 210)
      .in(11, 1210)
      .leaves(11, 1300)
      .out(11, 1310, true)
      .inOf(11, 1350)
      .exits(11, 1400)
      .read();
    expect(totals(profile)).toEqual({ samples: 3, preempted: 40, 'off-cpu': 1000, 'cpu-clock': 50 });
    expect(profile.valueTypes.slice(1).every(({ unit }) => unit === 'nanoseconds')).toBe(true);
    expect(totals(byWallClock(profile)).wall).toBe(1090);
    expect([...profile.samples.stack].every((stack) => stack >= 0)).toBe(true);
    expect(notes).toEqual([WAITS_NOTE]);
  });
});

test('what still waits counts up to the last record, and an exit ends a wait', async () => {
  const { profile, notes } = await new Recording()
    .born(11, 90)
    .born(12, 90)
    .leaves(11, 100)
    .out(11, 100)
    .leaves(12, 150)
    .out(12, 150)
    .exits(12, 250)
    .runs(13, 600, 1)
    .read();
  expect(totals(profile)['off-cpu']).toBe(600);
  expect(notes).toContain('threads that waited when the recording ended: 1, counted up to its last record (500 ns)');
});

test('what perf lost is said: ends, stacks, and waits that began earlier', async () => {
  const { profile, notes } = await new Recording()
    .runs(10, 100, 1)
    .leaves(11, 100)
    .leaves(11, 300)
    .out(11, 300)
    .in(11, 400)
    .out(11, 500)
    .in(11, 700)
    .leaves(11, 800)
    .out(11, 800)
    .runs(11, 900, 1)
    .in(11, 9000)
    .in(12, 5_000_100)
    .read();
  expect(totals(profile)['off-cpu']).toBe(300);
  expect(profile.samples.stack.filter((stack) => stack < 0)).toHaveLength(1);
  expect(notes).toContain('waits whose end perf lost, left out: 2');
  expect(notes).toContain('waits without a stack: 1');
  expect(notes.join('\n')).toContain('threads that waited before the recording began: 1, their first waits (5 ms)');
});

test('a processor that idles does not wait', async () => {
  const { profile } = await new Recording().runs(11, 90, 1).leaves(0, 100).out(0, 100).in(0, 900).read();
  expect(totals(profile)['off-cpu']).toBe(0);
});

test('a plain count of context switches stays a count', async () => {
  const made = new Maker(true);
  const fields = [u64(LEAVES), u64(0x1008), u32(PID), u32(PID), u64(5), u64(1), u64(1), u64(0x1008)];
  const attributes = [{ sampleType: SAMPLE_TYPE, config: 3, period: 1, flags: [SAMPLE_ID_ALL], ids: [LEAVES] }];
  const bytes = made.file({ attributes, records: [made.record(9, 2, ...fields)] });
  const profile = await perfData.read(inputOf(bytes, 'x'), new Notes());
  expect(profile.valueTypes.map(({ type }) => type)).toEqual(['samples', 'context-switches']);
});

/** Of one thread: how long it runs and how long it is away, in turns. */
const turns = fc.array(
  fc.record({ on: fc.integer({ min: 4, max: 1e6 }), off: fc.integer({ min: 1, max: 1e9 }), preempted: fc.boolean() }),
  { maxLength: 20 },
);

test('all of a thread’s time is somewhere, in whatever order the processors’ buffers come', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(turns, { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 1, max: 5 }),
      async (threads, cpus) => {
        const recording = new Recording();
        const expected = { 'cpu-clock': 1, 'off-cpu': 0, preempted: 0 };
        recording.runs(99, 1, 1);
        threads.forEach((all, i) => {
          let time = 1000;
          recording.born(20 + i, time);
          for (const { on, off, preempted } of all) {
            recording.in(20 + i, time);
            recording.runs(20 + i, time + 1, on);
            time += on;
            recording.leaves(20 + i, time - 1).out(20 + i, time, preempted);
            time += off;
            expected['cpu-clock'] += on;
            expected[preempted ? 'preempted' : 'off-cpu'] += off;
          }
          recording.in(20 + i, time);
        });
        // Each processor's records are in order; which of them has a record is chance
        const { profile } = await recording.read((records) =>
          Array.from({ length: cpus }, (_, cpu) =>
            records
              .filter((_record, i) => i % cpus === cpu)
              .map((record, i) => ({ ...record, i }))
              .sort((a, b) => a.time - b.time || a.i - b.i),
          ).flat(),
        );
        expect(totals(profile)).toMatchObject(expected);
        const { wall } = totals(byWallClock(profile));
        expect(wall).toBe(expected['cpu-clock'] + expected['off-cpu'] + expected.preempted);
        return true;
      },
    ),
    { numRuns: 60 },
  );
});

test('a program that was never seen on the CPU has wall time too; without nanoseconds there is none', async () => {
  const { profile } = await new Recording().leaves(11, 100).out(11, 100).in(11, 400).read();
  expect(profile.valueTypes.map(({ type }) => type)).toEqual(['samples', 'preempted', 'off-cpu']);
  expect(totals(byWallClock(profile)).wall).toBe(300);
  const [samples, ...waits] = profile.valueTypes;
  const counted = {
    ...profile,
    valueTypes: [samples!, ...waits, { type: 'cycles', unit: 'count' }],
    samples: { ...profile.samples, values: [...profile.samples.values, new Uint8Array(profile.samples.length)] },
  };
  expect(() => byWallClock(counted)).toThrow('not measured in nanoseconds');
});

describe('hostile bytes', () => {
  const bytes = new Recording()
    .runs(11, 50, 1)
    .leaves(11, 100)
    .out(11, 110)
    .in(11, 400)
    .born(12, 400)
    .inOf(12, 450)
    .out(12, 460, true)
    .exits(12, 500)
    .leaves(11, 600)
    .file();

  async function readOrRefused(changed: Uint8Array): Promise<void> {
    try {
      const notes = new Notes();
      const waits = new Waits((_wait, nanoseconds) => expect(nanoseconds).toBeGreaterThanOrEqual(0));
      await readRecording(inputOf(changed, 'x'), notes, {
        info: () => {},
        sample({ event, tid, time }) {
          if (event === 1) waits.leaves(tid, new Int32Array(1), 0, time);
          else waits.runs(tid, time);
        },
        switched: (change) => waits.switched(change, () => 0),
      });
      waits.finish(undefined, notes);
      expect(notes.list.join('\n')).not.toMatch(/undefined|NaN|\[object/);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      expect(error.message).not.toMatch(/\n|undefined|NaN|\[object/);
    }
  }

  test('cut at every byte', async () => {
    for (let length = 0; length < bytes.length; length++) await readOrRefused(bytes.subarray(0, length));
  });

  test('every byte another', async () => {
    for (let at = 0; at < bytes.length; at++) {
      for (const value of [0, 0xff, bytes[at]! ^ 1]) {
        const changed = Buffer.from(bytes);
        changed[at] = value;
        await readOrRefused(changed);
      }
    }
  });
});

test('a real recording: of two processes and two threads', async () => {
  const recording = gunzipSync(readFileSync(join(FIXTURES, 'perf-data/waits.data.gz')));
  const { profile, notes } = await readBytes(recording);
  const { 'off-cpu': offCpu, 'cpu-clock': cpu } = totals(profile);
  // The sleeps of both processes, what waits for them meanwhile: the thread, and the parent at the pipe
  expect(offCpu).toBeGreaterThanOrEqual(4 * 0.25e9);
  expect(cpu).toBeGreaterThan(0);
  expect(notes.filter((note) => /lost|without a stack|when the recording ended/.test(note))).toEqual([]);
  expect(profile.samples.stack.every((stack) => stack >= 0)).toBe(true);
});
