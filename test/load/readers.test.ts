import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { loadReaders, readLoadResult } from '../../src/load/readers/registry.ts';
import { failedRequests, type LoadResult, percentileOf } from '../../src/load/result.ts';
import { K6_METRICS, K6_TEXT } from './k6-result.ts';
import { OHA, OHA_TEXT } from './oha-result.ts';

const folder = resolve(import.meta.dirname, '../../../shared/peer-data/load');
const present = existsSync(folder);
if (!present) console.log(`skipped: ${folder} is not here`);

const read = (name: string): LoadResult => readLoadResult(readFileSync(join(folder, name), 'utf8'), name);
const ms = (result: LoadResult, percent: number): number =>
  (percentileOf(result.latency, percent) ?? Number.NaN) / 1000;

describe.skipIf(!present)('recordings of real tools', () => {
  test('every one is read, or refused with a reason', () => {
    const files = readdirSync(folder).filter((name) => name.endsWith('.txt'));
    expect(files.length).toBeGreaterThan(30);
    const empty = new Set(['wrk-badhost.txt', 'wrk-hang.txt', 'wrk-refused.txt']);
    for (const name of files) {
      const text = readFileSync(join(folder, name), 'utf8');
      // autocannon prints its tables to standard error
      if (text.trim() === '' || name.startsWith('wrk-hang') || empty.has(name)) {
        expect(() => readLoadResult(text, name)).toThrow(/is no output of a load tool/);
        continue;
      }
      const complete =
        name.startsWith('ac-') && name.endsWith('-text.txt')
          ? text + readFileSync(join(folder, name.replace('.txt', '.err')), 'utf8')
          : text;
      const result = readLoadResult(complete, name);
      expect(result.seconds, name).toBeGreaterThan(0);
      expect(result.engine).not.toBe('');
    }
  });

  test('wrk', () => {
    const plain = read('wrk-latency.txt');
    expect(plain).toMatchObject({
      engine: 'wrk',
      connections: 50,
      threads: 2,
      requests: 64154,
      url: 'http://127.0.0.1:8082/',
    });
    expect(plain.latency).toMatchObject({ mean: 5270, stdev: 11780, max: 120650 });
    expect([50, 75, 90, 99].map((percent) => ms(plain, percent))).toEqual([1.53, 4.48, 9.8, 67.77]);
    expect(plain.bytes / 1024 ** 2).toBeCloseTo(7.83, 2);
    expect(read('wrk-reset.txt').errors).toMatchObject({ reset: 2709, connect: 0, timeout: 0 });
    expect(read('wrk-non2xx.txt').errors.status).toBe(4087);
    const timeouts = read('wrk-timeouts.txt');
    expect(timeouts.errors.timeout).toBe(20);
    expect(timeouts.notes.join()).toMatch(/leaves requests that timed out out/);
    const exact = read('wrk-done-lua.txt');
    expect(exact.bytes).toBe(8628992);
    expect(exact.latency.min).toBe(146);
    expect(percentileOf(exact.latency, 99.99)).toBe(20032);
    const stream = read('wrk-sse.txt');
    expect(stream.latency.count).toBe(0);
    expect(stream.notes.join()).toMatch(/measured nothing/);
  });

  test('autocannon', () => {
    const plain = read('ac-plain-json.txt');
    expect(plain).toMatchObject({ engine: 'autocannon', requests: 73894, connections: 50, bytes: 9458432 });
    expect(plain.latency).toMatchObject({ mean: 1520, max: 49_000 });
    expect(ms(plain, 99)).toBe(5);
    expect(ms(plain, 97.5)).toBe(4);
    expect(read('ac-refused-json.txt').errors).toMatchObject({ connect: 8700, timeout: 0 });
    expect(read('ac-refused-json.txt').latency.count).toBe(0);
    expect(read('ac-timeouts-json.txt').errors).toMatchObject({ timeout: 49, connect: 0 });
    expect(read('ac-mismatch-json.txt').errors.mismatch).toBe(4076);
    const reset = read('ac-reset-json.txt');
    expect(reset.errors.reset).toBe(981);
    expect(reset.notes.join()).toMatch(/reconnects without a word/);
    // Two documents: the warm-up, then the run
    expect(read('ac-warmup-json.txt').connections).toBe(20);
    const tables = readLoadResult(readFileSync(join(folder, 'ac-latency-text.err'), 'utf8'), 'tables');
    expect(tables.connections).toBe(50);
    expect(ms(tables, 97.5)).toBe(4);
    expect(tables.latency.max).toBe(29_000);
    expect(tables.errors.status).toBeGreaterThan(0);
  });

  test('hey, ab, h2load', () => {
    const hey = read('hey-plain.txt');
    expect(hey).toMatchObject({ engine: 'hey', requests: 30902, seconds: 2.0051 });
    expect(hey.errors.status).toBe(3031);
    expect(ms(hey, 99)).toBeCloseTo(7.1, 6);
    const csv = read('hey-csv.txt');
    expect(csv.requests).toBe(20);
    expect(csv.latency.histogram?.count).toBe(20);
    const bench = read('ab-plain.txt');
    expect(bench).toMatchObject({ engine: 'ab', requests: 2000, connections: 20, seconds: 0.794, bytes: 162000 });
    expect(bench.url).toBe('http://127.0.0.1:8082/');
    expect(ms(bench, 99)).toBe(27);
    const h2 = read('h2load-h1.txt');
    expect(h2).toMatchObject({ engine: 'h2load', requests: 23014, connections: 20, bytes: 2945792 });
    expect(h2.latency).toMatchObject({ mean: 1740, max: 103_840, min: 59, percentiles: [] });
  });

  test('cut anywhere or changed, they are read or refused, never a crash', () => {
    const texts = readdirSync(folder)
      .filter((name) => /\.(?:txt|err)$/.test(name))
      .map((name) => readFileSync(join(folder, name), 'utf8'));
    fc.assert(
      fc.property(
        fc.constantFrom(...texts),
        fc.nat(),
        fc.nat(),
        fc.string({ maxLength: 5 }),
        (text, a, b, inserted) => {
          const cut = text.slice(0, a % (text.length + 1));
          const at = b % (text.length + 1);
          for (const broken of [cut, text.slice(0, at) + inserted + text.slice(at)]) {
            try {
              failedRequests(readLoadResult(broken, 'broken').errors);
            } catch (error) {
              if (!(error instanceof UserError)) throw error;
            }
          }
        },
      ),
      { numRuns: 1500 },
    );
  });
});

test("k6's summaries, as its documentation shows them", () => {
  const flat = readLoadResult(JSON.stringify({ root_group: {}, metrics: K6_METRICS }), 'k6.json');
  expect(flat).toMatchObject({ engine: 'k6', requests: 180, seconds: 40, connections: 19, bytes: 1300000 });
  expect(flat.errors.status).toBe(9);
  expect(percentileOf(flat.latency, 99.9)).toBe(1e6);
  expect(percentileOf(flat.latency, 50)).toBeCloseTo(110470, 6);
  const nested = {
    state: { testRunDurationMs: 41000 },
    metrics: Object.fromEntries(Object.entries(K6_METRICS).map(([name, values]) => [name, { type: 'x', values }])),
  };
  expect(readLoadResult(JSON.stringify(nested), 'k6.json')).toMatchObject({ requests: 180, seconds: 41 });
  const shown = readLoadResult(K6_TEXT, 'k6.txt');
  expect(shown).toMatchObject({ engine: 'k6', requests: 180, seconds: 40, connections: 20 });
  expect(shown.latency.max).toBe(1.14e6);
  expect(percentileOf(shown.latency, 95)).toBeCloseTo(215_950, 6);
});

test("oha's JSON and text, by its schema", () => {
  const result = readLoadResult(JSON.stringify(OHA), 'oha.json');
  expect(result).toMatchObject({ engine: 'oha', requests: 90, seconds: 2, bytes: 600, unanswered: 2 });
  expect(result.errors).toMatchObject({ connect: 5, refused: 5, timeout: 3, status: 10 });
  expect(percentileOf(result.latency, 99.9)).toBe(500_000);
  const shown = readLoadResult(OHA_TEXT, 'oha.txt');
  expect(shown).toMatchObject({ engine: 'oha', requests: 30902 });
  expect(shown.latency).toMatchObject({ max: 12_500, mean: 1500 });
  expect(percentileOf(shown.latency, 99.9)).toBeCloseTo(11_200, 6);
});

test('what nobody knows is refused with what is known', () => {
  expect(() => readLoadResult('hello\n', 'x.txt')).toThrow(/x.txt is no output of a load tool/);
  expect(new Set(loadReaders.map(({ id }) => id)).size).toBe(loadReaders.length);
});

test('a time of h2load that is no number is missing, not NaN', () => {
  const text =
    'starting benchmark...\nfinished in 1.5.2s, 10 req/s, 1KB/s\nrequests: 1 total, 1 started, 1 done, 1 succeeded, 0 failed, 0 errored, 0 timeout\n';
  expect(() => loadReaders.find(({ id }) => id === 'h2load')!.read(text, 'x')).toThrow(
    /`finished in` or `requests:` is missing/,
  );
});
