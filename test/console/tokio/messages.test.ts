import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readIsPaused, readTaskDetails, taskDetailsRequest } from '../../../src/console/tokio/details-message.ts';
import { NEVER } from '../../../src/console/tokio/instrument-reader.ts';
import { MessageReader, ProtocolError } from '../../../src/console/tokio/message-reader.ts';
import { readUpdate } from '../../../src/console/tokio/update-message.ts';
import { EPOCH, message, update, varint, zigzag } from './message-writer.ts';
import { hasRecording, recordedDetails, recordedUpdates } from './recording.ts';

const uint64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });

/** Reads the first field of a message. */
function first<Read>(bytes: Buffer, read: (reader: MessageReader) => Read): Read {
  const reader = new MessageReader(bytes);
  expect(reader.next()).toBe(true);
  return read(reader);
}

describe('numbers', () => {
  test('of 64 bits are exact as texts: span ids exceed 2^53', () => {
    fc.assert(
      fc.property(uint64, (value) => {
        expect(first(message({ 1: value }), (reader) => reader.uintText())).toBe(String(value));
      }),
    );
    fc.assert(
      fc.property(int64, (value) => {
        expect(first(message({ 6: zigzag(value) }), (reader) => reader.sintText())).toBe(String(value));
      }),
    );
  });

  test('are the nearest doubles else, negative ones included', () => {
    fc.assert(
      fc.property(uint64, (value) => first(message({ 1: value }), (reader) => reader.uint()) === Number(value)),
    );
    fc.assert(
      fc.property(int64, (value) => {
        const read = first(message({ 1: value }), (reader) => reader.int());
        expect(Math.abs(read - Number(value))).toBeLessThanOrEqual(Math.abs(Number(value)) * 2 ** -52);
      }),
    );
  });

  test('longer than 64 bits are refused', () => {
    const bytes = Buffer.concat([varint(8n), Buffer.alloc(10, 0xff), Buffer.from([1])]);
    expect(() => first(bytes, (reader) => reader.uint())).toThrow(
      new ProtocolError('byte 1: a number is longer than 64 bits'),
    );
  });
});

test('a request for details has the id as it came', () => {
  fc.assert(
    fc.property(uint64, (id) => {
      expect(taskDetailsRequest(String(id))).toEqual(message({ 1: message({ 1: id }) }));
    }),
  );
});

test('fields that nobody asked for are stepped over, whatever their type', () => {
  const unknown = Buffer.concat([
    message({ 15: 7, 16: 'text' }),
    varint(17n * 8n + 1n),
    Buffer.alloc(8, 1),
    varint(18n * 8n + 5n),
    Buffer.alloc(4, 1),
  ]);
  const read = readUpdate(Buffer.concat([unknown, update({ now: 5e9 }), unknown]), EPOCH);
  expect(read.now).toBe(5e9);
  expect(read.metadata.size).toBe(1);
});

test('times are exact to the nanosecond, and what has not happened comes before all that has', () => {
  const stats = { created: 123_456_789, lastWake: 5e9 + 1, polls: 3 };
  const read = readUpdate(update({ now: 4e15 + 1, tasks: [{ id: 7, stats }] }), EPOCH);
  expect(read.now).toBe(4e15 + 1);
  expect(read.tasks.stats.get('7')).toMatchObject({
    createdAt: 123_456_789,
    droppedAt: NEVER,
    lastWake: 5_000_000_001,
    lastPollStarted: NEVER,
    polls: 3,
  });
});

test('a state is paused or not', () => {
  expect(readIsPaused(message({ 1: 1 }))).toBe(true);
  expect(readIsPaused(message({ 1: 0 }))).toBe(false);
  expect(readIsPaused(Buffer.alloc(0))).toBe(false);
});

describe('bytes that are no message', () => {
  const readers: readonly [string, (bytes: Buffer) => unknown][] = [
    ['update', (bytes) => readUpdate(bytes, EPOCH)],
    ['details', (bytes) => readTaskDetails(bytes)],
    ['state', (bytes) => readIsPaused(bytes)],
  ];
  const survives = (read: (bytes: Buffer) => unknown, bytes: Buffer): void => {
    try {
      read(bytes);
    } catch (error) {
      expect(error).toBeInstanceOf(ProtocolError);
      expect((error as Error).message).toMatch(/^(?:byte \d+|this is no histogram): /);
    }
  };

  test.each(readers)('%s: noise is refused by name, or means nothing', (_name, read) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (noise) => survives(read, Buffer.from(noise))),
      { numRuns: 2_000 },
    );
  });

  const written = update({
    now: 9e9,
    tasks: [
      {
        id: 2n ** 60n + 1n,
        fields: { kind: 'task', 'task.name': 'über', 'size.bytes': 2048, signed: -5, flag: true },
        parents: [3],
        location: { file: 'a.rs', module: 'm', line: 3, column: 4 },
        stats: { created: 1, polls: 2, pollStarted: 3, pollEnded: 4, busy: 1, lastWake: 2, wakes: 1 },
      },
    ],
    dropped: [1, 2, 3],
  });

  test('an update that is cut anywhere is refused, or ends between two fields', () => {
    for (let length = 0; length < written.length; length++) {
      survives((bytes) => readUpdate(bytes, EPOCH), written.subarray(0, length));
    }
  });

  test('an update with any bit turned is refused or read', () => {
    for (let bit = 0; bit < written.length * 8; bit++) {
      const bytes = Buffer.from(written);
      bytes[bit >> 3]! ^= 1 << (bit & 7);
      survives((given) => readUpdate(given, EPOCH), bytes);
    }
  });

  test.runIf(hasRecording)('recorded updates, cut and with bytes changed', () => {
    const updates = recordedUpdates();
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.nat({ max: 255 }), (which, place, byte) => {
        const bytes = Buffer.from(updates[which % updates.length]!);
        bytes[place % bytes.length] = byte;
        survives((given) => readUpdate(given, EPOCH), bytes);
        survives((given) => readUpdate(given, EPOCH), bytes.subarray(0, place % bytes.length));
      }),
      { numRuns: 150 },
    );
    const details = recordedDetails();
    for (let place = 0; place < details.length; place++) {
      survives(readTaskDetails, details.subarray(0, place));
      for (const byte of [0, 1, 0x7f, 0x80, 0xff]) {
        const bytes = Buffer.from(details);
        bytes[place] = byte;
        survives(readTaskDetails, bytes);
      }
    }
  });
});
