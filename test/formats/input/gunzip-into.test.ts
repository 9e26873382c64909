import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { gunzipInto } from '../../../src/formats/input/gunzip-into.ts';

const folder = mkdtempSync(join(tmpdir(), 'pforge-prof-gunzip-into-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'x.gz');

/** Bytes around the file's own, which stay as they were. */
const AROUND = 100;

interface Outcome {
  readonly whole: boolean;
  readonly bytes: Buffer | undefined;
  readonly grown: readonly number[];
}

/** What comes of a file that holds these bytes. */
async function inflated(zipped: Uint8Array, maxBytes = 1 << 30): Promise<Outcome> {
  writeFileSync(path, zipped);
  const grown: number[] = [];
  let room: Buffer | undefined;
  const place = (length: number) => {
    room = Buffer.alloc(length + 2 * AROUND, 0xee);
    return room.subarray(AROUND, AROUND + length);
  };
  const whole = await gunzipInto(path, maxBytes, place, (there) => grown.push(there));
  const edges = room ? [...room.subarray(0, AROUND), ...room.subarray(room.length - AROUND)] : [];
  expect(edges.every((byte) => byte === 0xee)).toBe(true);
  return { whole, bytes: room?.subarray(AROUND, room.length - AROUND), grown };
}

/** Some MB that hardly shrink: the file has several pieces. */
function noise(length: number): Buffer {
  let state = 1;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  };
  return Buffer.from(Uint8Array.from({ length }, next));
}

test('all bytes of a gzip file stand in the given memory, and what is there is told meanwhile', async () => {
  const long = noise(3_000_000);
  const behind = Buffer.alloc(700_000);
  behind.writeUInt32LE(long.length, behind.length - 4);
  for (const [content, zipped] of [
    [long, gzipSync(long)],
    [long, Buffer.concat([gzipSync(long), behind])],
    // Not worth a place for zlib to write to: copied
    [long.subarray(0, 1000), gzipSync(long.subarray(0, 1000))],
    [Buffer.alloc(0), gzipSync('')],
  ] as const) {
    const { whole, bytes, grown } = await inflated(zipped);
    expect(whole).toBe(true);
    expect(bytes!.equals(content)).toBe(true);
    expect(grown).toEqual(grown.toSorted((a, b) => a - b));
    expect(content.length < 1 << 20 || grown.some((there) => there > 0 && there < content.length)).toBe(true);
  }
});

test('what is cut, broken, a bomb or of several members is left to others', async () => {
  const long = noise(100_000);
  const zipped = gzipSync(long);
  const lying = (length: number) => {
    const copy = Buffer.from(zipped);
    copy.writeUInt32LE(length, copy.length - 4);
    return copy;
  };
  const odd = [
    Buffer.concat([zipped, gzipSync('short')]),
    Buffer.concat([gzipSync('short'), zipped]),
    Buffer.concat([zipped, Buffer.alloc(100)]),
    ...[0, 1, long.length - 1, long.length + 1, 2 ** 32 - 1].map(lying),
    zipped.subarray(0, 17),
    gzipSync(Buffer.alloc(1 << 21)),
  ];
  for (const bytes of odd) expect((await inflated(bytes, 1 << 20)).whole).toBe(false);
  for (let cut = 1; cut < zipped.length; cut += 997) {
    expect((await inflated(zipped.subarray(0, cut))).whole).toBe(false);
  }
  for (let at = 10; at < zipped.length; at += 997) {
    const copy = Buffer.from(zipped);
    copy[at]! ^= 0x41;
    expect((await inflated(copy)).whole).toBe(false);
  }
  const none = await gunzipInto(
    path,
    1 << 20,
    () => undefined,
    () => expect.unreachable(),
  );
  expect(none).toBe(false);
  expect(await gunzipInto(join(folder, 'none'), 1 << 20, Buffer.alloc, () => {})).toBe(false);
});

test('who reads what is there may give up', async () => {
  writeFileSync(path, gzipSync(noise(3_000_000)));
  const giveUp = (there: number) => {
    if (there > 0) throw new Error(`enough at ${there > 0}`);
  };
  await expect(gunzipInto(path, 1 << 30, Buffer.alloc, giveUp)).rejects.toThrow('enough at true');
});
