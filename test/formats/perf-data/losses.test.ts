import { expect, test } from 'vitest';
import { Maker, type Part, u32, u64 } from './made-recording.ts';
import { readAll } from './read-all.ts';

const made = new Maker(true);
/** IP alone. */
const attributes = [{ sampleType: 1 }];
const sample = made.record(9, 2, u64(0x1000));

const notesOf = async (...records: Buffer[]): Promise<readonly string[]> => {
  const { samples, notes } = await readAll(made.file({ attributes, records: [sample, ...records, sample] }));
  expect(samples).toHaveLength(2);
  return notes;
};
const record = (type: number, ...parts: Part[]): Buffer => made.record(type, 0, ...parts);

test('lost samples are told with advice', async () => {
  expect(await notesOf(record(2, u64(1), u64(5)), record(13, u64(3)))).toEqual([
    'samples that perf lost because it could not keep up: 8 (80.0%); sample less often (-F), or without copying stacks (--call-graph fp)',
  ]);
});

test('what is counted in two ways is told once', async () => {
  const records = [sample, record(2, u64(1), u64(5)), record(13, u64(4))];
  const { notes } = await readAll(made.file({ attributes: [{ sampleType: 1, readFormat: 16 }], records }));
  expect(notes[0]).toMatch(/could not keep up: 5 \(83\.3%\)/);
});

test('throttling is told', async () => {
  const throttle = record(5, u64(1), u64(1), u64(1));
  expect(await notesOf(throttle, record(6, u64(2), u64(1), u64(1)), throttle)).toEqual([
    'sampling was stopped for a while because it took too much time: 2 times; sample less often (-F)',
  ]);
});

test('records of unknown types are skipped and counted', async () => {
  expect(await notesOf(record(50, u64(1)), record(200), record(50))).toEqual([
    'records of unknown types, left out: 2 of type 50, 1 of type 200',
  ]);
});

test('records that are known and say nothing to us are skipped in silence', async () => {
  const known = [4, 6, 8, 12, 14, 15, 16, 18, 19, 20, 21, 69, 70, 72, 73, 74, 75, 76, 77, 79, 82];
  expect(await notesOf(...known.map((type) => record(type, u64(1), u64(2), u64(3))))).toEqual([]);
});

test('what follows a record of a hardware trace is no record', async () => {
  const trace = Buffer.concat([
    record(71, u64(24), u64(0), u64(0), u32(0), u32(0), u32(0), u32(0)),
    Buffer.alloc(24, 9),
  ]);
  expect(await notesOf(trace)).toEqual([]);
  expect(await notesOf(record(11, u64(0), u64(4096), u64(0)), trace)).toEqual([
    'bytes of a hardware trace, which are not read: 4096',
  ]);
});

test('what follows a record of tracing data is no record', async () => {
  expect(await notesOf(Buffer.concat([record(66, u32(13)), Buffer.alloc(16, 9)]))).toEqual([]);
});

test('a broken record is left out', async () => {
  expect(await notesOf(made.record(9, 2))).toEqual(['broken records, left out: 1, the first at byte 264']);
});

test('a record of an impossible size ends what can be read', async () => {
  const bytes = made.file({ attributes, records: [sample, Buffer.alloc(8), sample] });
  const { samples, notes } = await readAll(bytes);
  expect(samples).toHaveLength(1);
  expect(notes).toEqual(['what follows byte 264 is broken and left out']);
});

test('chains whose user part is written apart are told', async () => {
  const chain = made.record(9, 1, u64(0x1000), u64(4), u64(-128), u64(-4096), u64(-640), u64(7));
  const { samples, notes } = await readAll(made.file({ attributes: [{ sampleType: 0x21 }], records: [chain] }));
  expect(samples.map(({ frames }) => frames)).toEqual([[-4096]]);
  expect(notes).toEqual(['call chains without their user part, which perf wrote apart: 1']);
});

test('a file that perf could not finish is read to its end', async () => {
  const bytes = made.file({ attributes, records: [sample, sample], dataSize: 0 });
  const { samples, notes } = await readAll(bytes);
  expect(samples).toHaveLength(2);
  expect(notes).toEqual(['perf was ended before it could finish its file: read to its end']);
});

test('a file that was cut off gives what it holds', async () => {
  const bytes = made.file({ attributes, records: [sample, sample] });
  const { samples, notes } = await readAll(bytes.subarray(0, bytes.length - 3));
  expect(samples).toHaveLength(1);
  expect(notes).toEqual(['the file is cut off at byte 277: the rest of the recording is missing']);
});
