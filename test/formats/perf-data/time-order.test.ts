import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CHUNK_BYTES, ChunkPool } from '../../../src/formats/perf-data/chunk.ts';
import { HeldRecords } from '../../../src/formats/perf-data/held-records.ts';
import { TimeOrder } from '../../../src/formats/perf-data/time-order.ts';

test('order is by time, and of one time as it came', () => {
  const order = new TimeOrder();
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 50 })), (times) => {
      const expected = times.map((_, i) => i).sort((a, b) => times[a]! - times[b]! || a - b);
      expect([...order.of(Float64Array.from(times), times.length).subarray(0, times.length)]).toEqual(expected);
    }),
  );
});

/** Rounds as perf makes them: what a buffer got before it was emptied stands in that round, each buffer in order. */
const rounds = fc
  .record({
    records: fc.array(fc.record({ time: fc.integer({ min: 0, max: 1000 }), processor: fc.nat(3) }), { maxLength: 200 }),
    ends: fc.array(fc.integer({ min: 0, max: 1000 }), { maxLength: 8 }),
  })
  .map(({ records, ends }) => {
    const sorted = [...ends, 1001].sort((a, b) => a - b);
    return sorted.map((end, i) =>
      records
        .filter(({ time }) => time < end && time >= (sorted[i - 1] ?? 0))
        .sort((a, b) => a.processor - b.processor || a.time - b.time),
    );
  });

test('held records come in the order of time, none is missing, and chunks are used again', () => {
  fc.assert(
    fc.property(rounds, (list) => {
      const pool = new ChunkPool();
      const told: number[] = [];
      const held = new HeldRecords(pool, 2 ** 40, (chunk, at, event) => {
        expect(chunk.number).toBe(event % 3);
        expect(at).toBe(event * 8);
        told.push(event);
      });
      const chunks = [pool.take(0, false), pool.take(0, false), pool.take(0, false)];
      const times: number[] = [];
      for (const round of list) {
        for (const { time } of round) {
          const event = times.push(time) - 1;
          // Records that are large enough for every round to be told
          held.hold(time, chunks[event % 3]!, event * 8, 2 ** 21, event);
        }
        held.roundEnds();
      }
      held.end();
      expect(told).toEqual(times.map((_, i) => i).sort((a, b) => times[a]! - times[b]! || a - b));
      expect(chunks.map(({ waiting }) => waiting)).toEqual([0, 0, 0]);
      expect(held.late).toBe(0);
    }),
  );
});

test('rounds are told when the next has ended', () => {
  const pool = new ChunkPool();
  const told: number[] = [];
  const held = new HeldRecords(pool, 2 ** 40, (_chunk, at) => told.push(at));
  const chunk = pool.take(0, false);
  held.hold(1, chunk, 10, CHUNK_BYTES * 8, 0);
  held.roundEnds();
  expect(told).toEqual([]);
  held.hold(2, chunk, 20, CHUNK_BYTES * 8, 0);
  held.roundEnds();
  expect(told).toEqual([10]);
});

test('without rounds no more is held than there is room for, and what comes late is counted', () => {
  const pool = new ChunkPool();
  const told: number[] = [];
  const held = new HeldRecords(pool, 1000, (_chunk, at) => told.push(at));
  const chunk = pool.take(0, false);
  for (let time = 1; time <= 11; time++) held.hold(time, chunk, time, 60, 0);
  expect(told).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  held.hold(5, chunk, 12, 60, 0);
  held.end();
  expect(told.at(-1)).toBe(12);
  expect(held.late).toBe(1);
});
