import { UserError } from '../../errors.ts';
import { type HistogramColumns, LatencyHistogram } from '../histogram.ts';
import { ERROR_KINDS, type Latency, type LoadResult, type LoadWindow, latencyOf, noErrors } from '../result.ts';
import { JsonFigures, statusesOf } from './json-figures.ts';
import { type LoadReader, latencyFrom, missing, resultOf } from './load-reader.ts';

/** Rates and scales of what is within it are numbers. */
const MOST = Number.MAX_SAFE_INTEGER;

/** What `load --json` writes. */
export const own: LoadReader = {
  id: 'pforge-prof',
  title: 'pforge-prof load --json',
  detect: (text) => /^\s*\{\s*"format":\s*"pforge-prof-load"/.test(text),
  read(text, name) {
    const saved = JsonFigures.parse(text, name);
    const errors = noErrors();
    for (const kind of ERROR_KINDS) errors[kind] = saved.number('errors', kind) ?? 0;
    const windows = saved.list('windows').map((window, i) => windowOf(window, `${name}: window ${i + 1}`));
    const merged = LatencyHistogram.of(windows.map(({ latency }) => latency));
    // Windows hold the latencies from the intended start where there are any
    const whole = merged.count > 0 ? latencyOf(merged) : undefined;
    const open = saved.at('corrected').isThere;
    const base = resultOf({
      engine: saved.text('engine') ?? 'pforge-prof',
      url: saved.text('url'),
      connections: saved.number('connections'),
      threads: saved.number('threads'),
      seconds: saved.required('seconds'),
      requests: saved.required('requests'),
      bytes: saved.required('bytes'),
      errors,
      statuses: statusesOf(saved.entries('statuses')),
      latency: (open ? undefined : whole) ?? savedLatency(saved.at('latency'), name),
      unanswered: saved.number('unanswered'),
      notes: saved.list('notes').flatMap((note) => note.text() ?? []),
    });
    const result: LoadResult = { ...base, windows, unsent: saved.number('unsent') ?? 0 };
    if (!open) return result;
    const rate = saved.number('rate');
    return {
      ...result,
      corrected: whole ?? savedLatency(saved.at('corrected'), name),
      ...(rate === undefined ? {} : { rate }),
    };
  },
};

function windowOf(saved: JsonFigures, where: string): LoadWindow {
  const histogram = saved.numbers('histogram');
  if (histogram === undefined || !histogram.every((number) => number >= 0 && number < 2 ** 31)) {
    throw missing(where, 'histogram');
  }
  const value = Int32Array.from({ length: histogram.length >> 1 }, (_, i) => histogram[i * 2]!);
  const count = Float64Array.from({ length: histogram.length >> 1 }, (_, i) => histogram[i * 2 + 1]!);
  const figure = (key: string, otherwise = 0): number => {
    const value = saved.number(key) ?? otherwise;
    if (Math.abs(value) > MOST) throw new UserError(`${where}: ${key} cannot be ${value}`);
    return value;
  };
  const latency: HistogramColumns = {
    value,
    count,
    sum: saved.number('sum') ?? 0,
    squares: saved.number('squares') ?? 0,
    min: figure('min', value[0]),
    max: figure('max', value.at(-1)),
  };
  return {
    start: figure('start'),
    seconds: figure('seconds'),
    requests: figure('requests'),
    failed: figure('failed'),
    latency,
  };
}

function savedLatency(saved: JsonFigures, name: string): Latency {
  if (!saved.isThere) throw missing(name, 'latency');
  return latencyFrom(
    {
      count: saved.number('count'),
      mean: saved.number('mean'),
      stdev: saved.number('stdev'),
      min: saved.number('min'),
      max: saved.number('max'),
    },
    saved.entries().flatMap(([key]): [number, number | undefined][] => {
      const digits = /^p(\d+)$/.exec(key)?.[1];
      if (digits === undefined) return [];
      // p999 is 99.9, p50 is 50
      const percent = digits.length > 2 ? Number(`${digits.slice(0, 2)}.${digits.slice(2)}`) : Number(digits);
      return [[percent, saved.number(key)]];
    }),
  );
}
