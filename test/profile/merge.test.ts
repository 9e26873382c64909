import { describe, expect, test } from 'vitest';
import { fold } from '../../src/profile/fold.ts';
import { merge } from '../../src/profile/merge.ts';
import type { Counter, Meta, Profile, Series } from '../../src/profile/profile.ts';
import { linesOf, profileOf } from './profile-of.ts';

const samples = { type: 'samples', unit: 'count' };
const cpu = { type: 'cpu', unit: 'nanoseconds' };
const cpuMs = { type: 'cpu', unit: 'milliseconds' };
const alloc = { type: 'alloc_space', unit: 'bytes' };

function withMeta(meta: Partial<Meta>): Profile {
  return { ...profileOf`main 1`, meta: { notes: [], ...meta } };
}

test('samples follow each other; equal stacks are one', () => {
  const merged = merge([
    profileOf`
      main;a 1
      main;b 2
    `,
    profileOf`
      main;b 4
      other;a 8
      16
    `,
  ]);
  expect(linesOf(merged)).toEqual(['main;a 1', 'main;b 2', 'main;b 4', 'other;a 8', '16']);
  expect(linesOf(fold(merged))).toEqual(['16', 'main;a 1', 'main;b 6', 'other;a 8']);
});

describe('value types', () => {
  test('the same type and unit is one column, others are 0; the last of the first stays the last', () => {
    const merged = merge([
      profileOf('a 1,10', { valueTypes: [samples, cpu] }),
      profileOf('b 20,2', { valueTypes: [cpu, samples] }),
      profileOf('c 7', { valueTypes: [alloc] }),
    ]);
    expect(merged.valueTypes).toEqual([samples, alloc, cpu]);
    expect(linesOf(merged, 0)).toEqual(['a 1', 'b 2', 'c 0']);
    expect(linesOf(merged, 1)).toEqual(['a 0', 'b 0', 'c 7']);
    expect(linesOf(merged, 2)).toEqual(['a 10', 'b 20', 'c 0']);
  });

  test('another unit is another column, and the person is told', () => {
    const merged = merge([profileOf('a 1', { valueTypes: [cpu] }), profileOf('a 2', { valueTypes: [cpuMs] })]);
    expect(merged.valueTypes).toEqual([cpuMs, cpu]);
    expect(merged.meta.notes).toEqual([
      'the merged profiles measure different things: drawn by cpu (nanoseconds), 0 for profile 2; ' +
        'there is cpu (milliseconds), 0 for profile 1',
    ]);
  });

  test('time on the CPU is one column whatever profilers call it, under the first name', () => {
    const clock = { type: 'cpu-clock', unit: 'nanoseconds' };
    const merged = merge([
      profileOf('a 1,10', { valueTypes: [samples, cpu] }),
      profileOf('b 2,20', { valueTypes: [samples, clock] }),
      profileOf('c 40', { valueTypes: [{ type: 'task-clock', unit: 'nanoseconds' }] }),
    ]);
    expect(merged.valueTypes).toEqual([samples, cpu]);
    expect(linesOf(merged)).toEqual(['a 10', 'b 20', 'c 40']);
    expect(merged.meta.notes).toEqual(['CPU time under several names is added up: cpu, cpu-clock, task-clock']);
  });

  test('unless a profile has several kinds of it, or it is in another unit', () => {
    const clock = { type: 'cpu-clock', unit: 'nanoseconds' };
    const task = { type: 'task-clock', unit: 'nanoseconds' };
    const both = profileOf('a 1,10', { valueTypes: [clock, task] });
    expect(merge([both, profileOf('b 2', { valueTypes: [cpu] })]).valueTypes).toEqual([clock, cpu, task]);
    expect(merge([both, profileOf('b 2', { valueTypes: [task] })]).meta.notes).toEqual([]);
    expect(merge([profileOf('b 2', { valueTypes: [clock] }), profileOf('b 2', { valueTypes: [cpuMs] })])).toMatchObject(
      {
        valueTypes: [cpuMs, clock],
      },
    );
  });

  test('drawn by what all have, so that none weighs nothing; the person is told what is 0 where', () => {
    const cycles = { type: 'cycles', unit: 'count' };
    const merged = merge(
      [
        profileOf('a 1,10', { valueTypes: [samples, cpu] }),
        profileOf('b 2,20', { valueTypes: [samples, cycles] }),
        profileOf('c 4', { valueTypes: [samples] }),
      ],
      ['a.cpuprofile', 'perf.data', 'c.folded'],
    );
    expect(merged.valueTypes).toEqual([cpu, cycles, samples]);
    expect(linesOf(merged)).toEqual(['a 1', 'b 2', 'c 4']);
    expect(merged.meta.notes).toEqual([
      'the merged profiles measure different things: drawn by samples (count), which all have; ' +
        'there is cpu (nanoseconds), 0 for perf.data, c.folded; there is cycles (count), 0 for a.cpuprofile, c.folded',
    ]);
  });

  test('twice the same thing stays twice', () => {
    const twice = profileOf('a 1,2', { valueTypes: [cpu, cpu] });
    const merged = merge([twice, profileOf('b 4', { valueTypes: [cpu] }), twice]);
    expect(merged.valueTypes).toEqual([cpu, cpu]);
    expect(linesOf(merged, 0)).toEqual(['a 1', 'b 4', 'a 1']);
    expect(linesOf(merged, 1)).toEqual(['a 2', 'b 0', 'a 2']);
    expect(merged.meta.notes).toEqual([]);
  });
});

describe('threads and times', () => {
  test('are kept; equal threads are one', () => {
    const merged = merge([
      profileOf`
        [node 1/1] a 1 @10
        [node 1/2] a 1 @20
      `,
      profileOf`
        [node 1/2] b 1 @5
        [node 2/1] b 1 @6
        c 1 @7
      `,
    ]);
    expect(merged.threads.map(({ pid, tid }) => `${pid}/${tid}`)).toEqual(['1/1', '1/2', '2/1']);
    expect([...merged.samples.thread!]).toEqual([0, 1, 1, 2, -1]);
    expect([...merged.samples.time!]).toEqual([10, 20, 5, 6, 7]);
    expect(merged.meta.notes).toEqual([]);
  });

  test('a profile without times is said to have none', () => {
    const merged = merge([profileOf`a 1 @10`, profileOf`b 1`]);
    expect([...merged.samples.time!]).toEqual([10, 0]);
    expect(merged.meta.notes).toEqual(['1 of 2 merged profiles have no times: their samples stand at 0']);
  });

  test('none where there were none', () => {
    const merged = merge([profileOf`a 1`, profileOf`b 1`]);
    expect(merged.samples).not.toHaveProperty('time');
    expect(merged.samples).not.toHaveProperty('thread');
  });
});

test('counters, series and notes follow each other', () => {
  const counter = (name: string): Counter => ({ name, unit: '', value: 1, supported: true });
  const series = (name: string): Series => ({
    name,
    unit: 'bytes',
    time: Float64Array.of(0, 1),
    value: Float64Array.of(5, 6),
  });
  const one = { ...withMeta({ notes: ['one'] }), counters: [counter('a')], series: [series('heap')] };
  const two = { ...withMeta({ notes: ['two'] }), counters: [counter('a'), counter('b')], series: [series('rss')] };
  const merged = merge([one, two]);
  expect(merged.counters).toEqual([...one.counters, ...two.counters]);
  expect(merged.series).toEqual([...one.series, ...two.series]);
  expect(merged.meta.notes).toEqual(['one', 'two']);
});

describe('meta', () => {
  test('what all agree on stays', () => {
    const same = { tool: 'v8-cpu', command: ['node', 'a.js'], sampleInterval: 1000 };
    const merged = merge([withMeta({ ...same, host: 'a' }), withMeta({ ...same, host: 'b' })]);
    expect(merged.meta).toEqual({ ...same, notes: [] });
    expect(merge([withMeta({ tool: 'x' }), withMeta({})]).meta).toEqual({ notes: [] });
  });

  test('from the first start to the last end, exactly', () => {
    const start = 1_700_000_000_000;
    const early = withMeta({ startTime: start, duration: 5e9 + 1 });
    const late = withMeta({ startTime: start + 3000, duration: 3e9 });
    expect(merge([late, early]).meta).toEqual({ startTime: start, duration: 6e9, notes: [] });
    expect(merge([early, withMeta({ startTime: start })]).meta).toEqual({ startTime: start, notes: [] });
  });

  test('without a start a duration on which all agree stays', () => {
    expect(merge([withMeta({ duration: 5 }), withMeta({ duration: 5 })]).meta.duration).toBe(5);
    expect(merge([withMeta({ duration: 5 }), withMeta({ duration: 6 })]).meta.duration).toBeUndefined();
  });
});

test('nothing to merge', () => {
  expect(() => merge([])).toThrow('there are no profiles to merge');
});
