import { expect, test } from 'vitest';
import { Maker, u64 } from './made-recording.ts';
import { type Read, readAll } from './read-all.ts';

const made = new Maker(true);
/** IP alone. */
const attributes = [{ sampleType: 1 }];
const sample = (ip: number): Buffer => made.record(9, 2, u64(ip));

/** The start of a zstd frame (RFC 8878): magic, no sizes, a window of 1 MiB. */
const head = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x50]);
const STORED = 0;
const REPEATED = 1;
function block(type: number, size: number, content: Uint8Array): Buffer {
  const word = (type << 1) | (size << 3);
  return Buffer.concat([Buffer.from([word & 0xff, (word >> 8) & 0xff, word >> 16]), content]);
}
const stored = (content: Uint8Array): Buffer => block(STORED, content.length, content);

/** Each piece in a record of the kind COMPRESSED, or COMPRESSED2, which is filled up to whole words. */
function read(pieces: readonly Uint8Array[], second = false): Promise<Read> {
  const records = pieces.map((piece) => {
    if (!second) return made.record(81, 0, piece);
    return made.record(83, 0, u64(piece.length), piece, Buffer.alloc(-piece.length & 7));
  });
  return readAll(made.file({ attributes, records: [...records, sample(99)] }));
}
const ips = ({ samples }: Read): number[] => samples.map(({ ip }) => ip);

const content = Buffer.concat([sample(1), sample(2), sample(3)]);
const frame = Buffer.concat([head, stored(content.subarray(0, 20)), stored(content.subarray(20)), stored(Buffer.of())]);

test.each([false, true])('one stream goes through all records, cut anywhere (COMPRESSED2: %s)', async (second) => {
  for (let at = 1; at < frame.length; at++) {
    const { samples, notes } = await read([frame.subarray(0, at), frame.subarray(at)], second);
    expect(samples.map(({ ip }) => ip)).toEqual([1, 2, 3, 99]);
    expect(notes).toEqual([]);
  }
});

test('what follows a broken place is left out, and said', async () => {
  const broken = block(3, 8, Buffer.alloc(8));
  const result = await read([Buffer.concat([head, stored(sample(1)), stored(sample(2))]), broken, stored(sample(3))]);
  expect(ips(result)).toEqual([1, 2, 99]);
  expect(result.notes).toEqual([
    'the zstd data is broken at byte 300: the compressed records from there on are left out',
  ]);
});

test('a stream that is broken from its start is refused', async () => {
  await expect(read([Buffer.alloc(40, 7)])).rejects.toThrow('x: byte 248: the zstd data is broken');
});

test('a window that asks for too much memory is refused', async () => {
  const huge = Buffer.from(frame);
  huge[5] = 0xa0;
  await expect(read([huge.subarray(0, 9), huge.subarray(9)])).rejects.toThrow('the zstd data needs too much memory');
  // One segment, of the size that stands in the header
  const segment = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0xa0, 0xff, 0xff, 0xff, 0x7f, ...stored(Buffer.alloc(24))]);
  await expect(read([segment])).rejects.toThrow('the zstd data needs too much memory');
});

test('a record within that ends too early is said', async () => {
  const result = await read([Buffer.concat([head, stored(Buffer.concat([sample(1), sample(2).subarray(0, 9)]))])]);
  expect(ips(result)).toEqual([1, 99]);
  expect(result.notes).toEqual(['the last compressed record is not whole: left out']);
});

test('bytes without records end what can be read of it', async () => {
  const zeros = Array.from({ length: 100 }, () => block(REPEATED, 128 * 1024, Buffer.of(0)));
  const result = await read([Buffer.concat([head, stored(sample(1)), ...zeros])]);
  expect(ips(result)).toEqual([1, 99]);
  expect(result.notes).toEqual(['what follows byte 16 of the compressed records is broken and left out']);
});

test('a COMPRESSED2 record whose length lies is left out, and said', async () => {
  const liar = made.record(83, 0, u64(1000), frame);
  const result = await readAll(made.file({ attributes, records: [liar, sample(99)] }));
  expect(ips(result)).toEqual([99]);
  expect(result.notes).toEqual([
    'a compressed record is broken at byte 248: the compressed records from there on are left out',
  ]);
});

test('compressed records do not hold compressed records', async () => {
  const result = await read([Buffer.concat([head, stored(made.record(81, 0, frame)), stored(sample(1))])]);
  expect(ips(result)).toEqual([1, 99]);
  expect(result.notes).toEqual([
    'a compressed record is broken at byte 0 of the compressed records: the compressed records from there on are left out',
  ]);
});
