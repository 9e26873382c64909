import { beforeEach, describe, expect, test } from 'vitest';
import { bench, blackBox, group } from '../src/bench-api.ts';
import { declared } from '../src/preload/bench/definitions.ts';

beforeEach(() => {
  declared().definitions.length = 0;
});

const names = (): string[] =>
  declared().definitions.map(({ group: within, name, value }) => [within, name, value].filter(Boolean).join('/'));

describe('declaring benchmarks', () => {
  test('groups stand in groups, parameters make benchmarks', () => {
    bench('alone', () => 1);
    group('outer', () => {
      bench('sized', { params: [1, 'two', { name: 'three' }, { four: 4 }] }, () => 1);
      group('inner', () => bench('deep', () => 1));
    });
    bench('after', () => 1);
    expect(names()).toEqual([
      'alone',
      'outer/sized/1',
      'outer/sized/two',
      'outer/sized/three',
      'outer/sized/{"four":4}',
      'outer/inner/deep',
      'after',
    ]);
  });

  test('options of groups hold for what is in them, unless it says otherwise', () => {
    group('outer', { warmUpTime: 1, sampleSize: 10 }, () => {
      group('inner', { sampleSize: 20 }, () => bench('a', { timeout: 5 }, () => 1));
    });
    bench('b', () => 1);
    const [a, b] = declared().definitions;
    expect(a!.options).toEqual({ warmUpTime: 1, sampleSize: 20, timeout: 5 });
    expect(b!.options).toEqual({});
  });

  test('a group that throws is closed', () => {
    expect(() =>
      group('broken', () => {
        throw new Error('x');
      }),
    ).toThrow('x');
    bench('a', () => 1);
    expect(names()).toEqual(['a']);
  });

  test.each([
    [() => bench('', () => 1), 'bench: the first argument must be a name'],
    [() => bench('x', {}, undefined as never), 'bench("x"): the last argument must be a function'],
    [
      () => bench('x', { warmUpTime: Number.NaN }, () => 1),
      'bench("x"): warmUpTime must be a number, 0 at least, not NaN',
    ],
    [() => bench('x', { sampleSize: 0 }, () => 1), 'bench("x"): sampleSize must be a number, 1 at least, not 0'],
    [() => bench('x', { batch: 1.5 }, () => 1), 'bench("x"): batch must be a whole number, 1 at least, not 1.5'],
    [() => bench('x', { throughput: 5 as never }, () => 1), 'bench("x"): throughput must be { bytes: number } or'],
    [() => bench('x', { throughput: { byte: 5 } as never }, () => 1), 'bench("x"): throughput must be'],
    [
      () => bench('x', { params: [1], throughput: () => ({ elements: Number.NaN }) }, () => 1),
      'bench("x"): throughput must be',
    ],
    [() => group('g', { timeout: '5' as never }, () => {}), 'group("g"): timeout must be a number'],
    [() => group('g', async () => {}), 'group("g"): its function must not be async'],
  ])('a mistake is told where it is made: %s', (declare, message) => {
    expect(declare).toThrow(message);
  });
});

test('blackBox gives back what it is given', () => {
  const given = {};
  expect(blackBox(given)).toBe(given);
  expect(blackBox(undefined)).toBeUndefined();
});
