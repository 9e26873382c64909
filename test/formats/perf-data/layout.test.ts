import { describe, expect, test } from 'vitest';
import { type MadeAttribute, Maker, type Part, SAMPLE_ID_ALL, text, u16, u32, u64 } from './made-recording.ts';
import { readAll } from './read-all.ts';

const IP = 1 << 0;
const TID = 1 << 1;
const TIME = 1 << 2;
const ADDR = 1 << 3;
const READ = 1 << 4;
const CALLCHAIN = 1 << 5;
const ID = 1 << 6;
const CPU = 1 << 7;
const PERIOD = 1 << 8;
const STREAM_ID = 1 << 9;
const RAW = 1 << 10;
const BRANCH_STACK = 1 << 11;
const REGS_USER = 1 << 12;
const STACK_USER = 1 << 13;
const IDENTIFIER = 1 << 16;
/** WEIGHT, DATA_SRC, TRANSACTION, REGS_INTR, PHYS_ADDR, AUX, CGROUP, DATA_PAGE_SIZE, CODE_PAGE_SIZE. */
const LATER = (1 << 14) | (1 << 15) | (1 << 17) | (1 << 18) | (1 << 19) | (1 << 20) | (1 << 21) | (1 << 22) | (1 << 23);

const SAMPLE = 9;
const KERNEL = 1;
const USER = 2;

describe.each([true, false])('little-endian: %s', (little) => {
  const made = new Maker(little);
  const one = async (attribute: MadeAttribute, flags: number, ...parts: readonly Part[]) => {
    const read = await readAll(made.file({ attributes: [attribute], records: [made.record(SAMPLE, flags, ...parts)] }));
    expect(read.notes).toEqual([]);
    return read.samples[0]!;
  };

  test('every field of a sample is read in its place', async () => {
    const sampleType =
      IDENTIFIER | IP | TID | TIME | ADDR | ID | STREAM_ID | CPU | PERIOD | READ | CALLCHAIN | RAW | BRANCH_STACK;
    const sample = await one(
      {
        sampleType: sampleType | REGS_USER | STACK_USER | LATER,
        readFormat: 1 | 2 | 4 | 16,
        branchType: 1 << 17,
        regsUser: 0x8000_0000_0000_0101n,
        stackUser: 16,
        ids: [77],
      },
      KERNEL,
      ...[u64(77), u64(0xffff_ffff_8100_1234n), u32(11), u32(12), u64(123_456_789_012_345n), u64(1), u64(77), u64(3)],
      ...[u32(5), u32(0), u64(5)],
      // read: value, enabled, running, id, lost
      ...[u64(1_003_009), u64(2), u64(3), u64(77), u64(0)],
      ...[u64(5), u64(-128), u64(0xffff_ffff_8100_1234n), u64(-512), u64(0x7f00_0000_1111n), u64(0x40_1000)],
      ...[u32(12), u32(1), u64(2)],
      ...[u64(1), u64(-1), u64(0x1000), u64(0x2000), u64(9)],
      ...[u64(2), u64(0x11), u64(0x22), u64(0x33)],
      ...[u64(16), u64(0x0102030405060708n), u64(0), u64(8)],
      u64(99),
    );
    expect(sample).toMatchObject({ pid: 11, tid: 12, time: 123_456_789_012_345, cpu: 5, period: 1_003_009 });
    expect(sample).toMatchObject({ kernelIp: true, ip: 0x8100_1234 - 2 ** 32, regsAbi: 2 });
    expect(sample.frames).toEqual([sample.ip, 0x7f00_0000_1111, 0x40_1000]);
    expect([...sample.chainKernel]).toEqual([1, 0, 0]);
    expect([...sample.branches]).toEqual([0x1000, 0x2000]);
    expect(sample.regsMask).toEqual([0x101, 0x8000_0000]);
    expect([0, 1, 2, 3].map((index) => sample.register(index))).toEqual([0x11, 0x22, 0x33, Number.NaN]);
    expect(sample.stack).toHaveLength(8);
    expect(sample.stack![little ? 0 : 7]).toBe(8);
  });

  test('counters of a group stand before the chain and are the weights of its events', async () => {
    const attribute = { sampleType: IDENTIFIER | IP | READ | CALLCHAIN, readFormat: 1 | 4 | 8 | 16 };
    const attributes = [
      { ...attribute, ids: [7] },
      { ...attribute, config: 2, ids: [8] },
    ];
    const sample = (first: number, second: number): Buffer =>
      made.record(
        ...([SAMPLE, USER, u64(7), u64(0x10), u64(2), u64(500), u64(first), u64(7), u64(0)] as const),
        ...[u64(second), u64(8), u64(0), u64(2), u64(-512), u64(0x10)],
      );
    const { samples, notes } = await readAll(
      made.file({ attributes, records: [sample(100, 3), sample(150, 3), sample(160, 5)] }),
    );
    expect(notes).toEqual([]);
    expect(samples.map(({ event, period, frames }) => [event, period, frames])).toEqual([
      [0, 100, [0x10]],
      [1, 3, [0x10]],
      // A counter that stands still gives no sample
      [0, 50, [0x10]],
      [0, 10, [0x10]],
      [1, 2, [0x10]],
    ]);
  });

  test('without registers and stack there are none', async () => {
    const sample = await one({ sampleType: IP | REGS_USER | STACK_USER, regsUser: 3 }, USER, u64(1), u64(0), u64(0));
    expect(sample).toMatchObject({ regsAbi: 0, stack: undefined, pid: -1, tid: -1, cpu: -1, time: 0 });
  });

  test('a fixed period is that of the event', async () => {
    expect((await one({ sampleType: IP, period: 5000 }, USER, u64(1))).period).toBe(5000);
  });

  test('events of different layout are told apart by their ids', async () => {
    const attributes: MadeAttribute[] = [
      { sampleType: IDENTIFIER | IP, ids: [5, 6], config: 0 },
      { sampleType: IDENTIFIER | IP | PERIOD, ids: [7], config: 2, flags: [5] },
    ];
    const records = [
      made.record(SAMPLE, USER, u64(7), u64(1), u64(400)),
      made.record(SAMPLE, USER, u64(6), u64(2)),
      made.record(SAMPLE, USER, u64(8), u64(3)),
    ];
    const { samples, notes, info } = await readAll(made.file({ attributes, records }));
    expect(info.events.map(({ name }) => name)).toEqual(['cpu-clock', 'page-faults:u']);
    expect(samples.map(({ event, ip, period }) => [event, ip, period])).toEqual([
      [1, 1, 400],
      [0, 2, 1],
    ]);
    expect(notes).toEqual(['samples of an event that the file does not describe, left out: 1']);
  });

  test('a recording from a pipe describes itself in records', async () => {
    const attributes: MadeAttribute[] = [{ sampleType: IP | TID, ids: [1] }];
    const records = [
      made.record(80, 0, u64(3), u32(8), Buffer.from('machine\0')),
      made.record(80, 0, u64(7), u32(8), u32(4)),
      made.record(78, 0, u64(2), u64(1), text('my-event')),
      made.record(67, 0, u32(-1), Buffer.alloc(20, 0xab), u32(0), text('/bin/x')),
      made.record(SAMPLE, USER, u64(0x10), u32(1), u32(1)),
    ];
    const { info, samples, notes } = await readAll(made.pipe(attributes, records));
    expect(notes).toEqual([]);
    expect(samples).toHaveLength(1);
    expect(info).toMatchObject({ host: 'machine', cpus: 4, littleEndian: little });
    expect(info.events[0]!.name).toBe('my-event');
    expect(info.buildIds.get('/bin/x')).toBe('ab'.repeat(20));
  });

  test('features describe the recording', async () => {
    const string = (value: string): Buffer => made.bytes(u32(64), Buffer.from(value.padEnd(64, '\0')));
    const attributes: MadeAttribute[] = [{ sampleType: IP, ids: [1] }];
    const description = made.bytes(
      u32(1),
      u32(128),
      made.attribute(attributes[0]!),
      u32(1),
      string('cycles:P'),
      u64(1),
    );
    const buildId = made.record(67, 1 << 15, u32(-1), Buffer.alloc(20, 0xcd), u16(0), u16(0), text('/lib/y.so'));
    buildId[32] = 16;
    const features = new Map<number, Buffer>([
      [2, buildId],
      [3, string('machine')],
      [4, string('6.1.0')],
      [5, string('6.1.9')],
      [6, string('armv7l')],
      [7, made.bytes(u32(16), u32(8))],
      [11, made.bytes(u32(2), string('/usr/bin/perf'), string('record'))],
      [12, description],
      [21, made.bytes(u64(1000), u64(2000))],
      [29, made.bytes(u32(1), u32(1), u64(1_700_000_000_000_000_000n), u64(5000))],
    ]);
    const bytes = made.file({ attributes, records: [made.record(SAMPLE, USER, u64(1))], features });
    const { info, notes } = await readAll(bytes);
    expect(notes).toEqual([]);
    expect(info).toMatchObject({ host: 'machine', osRelease: '6.1.0', perfVersion: '6.1.9', arch: 'armv7l', cpus: 8 });
    expect(info).toMatchObject({ cmdline: ['/usr/bin/perf', 'record'], pointerSize: 4, clockId: 1 });
    expect(info.sampleTime).toEqual({ first: 1000, last: 2000 });
    expect(info.clockData).toEqual({ clockId: 1, wall: 1_700_000_000_000_000_000, clock: 5000 });
    expect(info.events[0]!.name).toBe('cycles:P');
    expect(info.buildIds.get('/lib/y.so')).toBe('cd'.repeat(16));
  });

  test('descriptions of events may stand behind the records', async () => {
    const attributes: MadeAttribute[] = [{ sampleType: IP | TID, ids: [1], flags: [SAMPLE_ID_ALL] }];
    const records = [made.record(SAMPLE, USER, u64(0x10), u32(1), u32(2))];
    const { samples, notes } = await readAll(made.file({ attributes, records, attributesLast: true }), 13);
    expect(samples.map(({ pid, tid }) => [pid, tid])).toEqual([[1, 2]]);
    expect(notes).toEqual([]);
  });
});
