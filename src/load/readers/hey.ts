import { LatencyHistogram } from '../histogram.ts';
import { latencyOf } from '../result.ts';
import { failedIn, type LoadReader, latencyFrom, missing, numberIn, resultOf } from './load-reader.ts';

/** The summaries of hey and of oha, which has the same layout. */
export const heyText: LoadReader = {
  id: 'hey',
  title: 'hey, oha',
  detect: (text) => /^Summary:/m.test(text) && /^\s*Slowest:/m.test(text) && /^\s*Requests\/sec:/m.test(text),
  read(text, name) {
    const oha = /Success rate:/.test(text);
    const seconds = numberIn(text, /^\s*Total:\s+([\d.]+)/m, 'Total', name);
    const micros = (word: string): number =>
      numberIn(text, new RegExp(`^\\s*${word}:\\s+([\\d.]+)`, 'm'), word, name) * scaleOf(text, word);
    const statuses = new Map(
      [...text.matchAll(/^\s*\[(\d{3})\]\s+(\d+) responses/gm)].map(([, code, count]) => [Number(code), Number(count)]),
    );
    const errors = [...text.matchAll(/^\s*\[(\d+)\]\s+(?!\d+ responses)(\S.*)$/gm)].filter(
      ([, , words]) => !/^[|■]/.test(words!),
    );
    const failed = { connect: 0, refused: 0, reset: 0, timeout: 0 };
    for (const [, count, words] of errors) {
      const kind = /refused/.test(words!)
        ? 'refused'
        : /[Tt]imeout|deadline/.test(words!)
          ? 'timeout'
          : /reset|EOF|closed/.test(words!)
            ? 'reset'
            : 'connect';
      failed[kind] += Number(count);
      if (kind === 'refused') failed.connect += Number(count);
    }
    const requests = [...statuses.values()].reduce((sum, count) => sum + count, 0);
    const percentiles = [...text.matchAll(/^\s*([\d.]+)% in ([\d.]+) (secs?|ms|us)/gm)].map(
      ([, percent, value, unit]): [number, number] => [Number(percent), Number(value) * unitOf(unit!)],
    );
    return resultOf({
      engine: oha ? 'oha' : 'hey',
      seconds,
      requests,
      bytes: numberIn(text, /^\s*Total data:\s+([\d.]+)/m, 'Total data', name, 0) * sizeOf(text),
      errors: { ...failed, status: failedIn(statuses) },
      statuses,
      latency:
        requests === 0
          ? latencyFrom({ count: 0 }, [])
          : latencyFrom({ mean: micros('Average'), min: micros('Fastest'), max: micros('Slowest') }, percentiles),
      notes: ['only bytes of bodies are counted'],
    });
  },
};

function unitOf(unit: string): number {
  return unit === 'ms' ? 1e3 : unit === 'us' ? 1 : 1e6;
}

function scaleOf(text: string, word: string): number {
  return unitOf(new RegExp(`^\\s*${word}:\\s+[\\d.]+ (\\w+)`, 'm').exec(text)?.[1] ?? 'secs');
}

/** oha prints `1.23 MiB`. */
function sizeOf(text: string): number {
  const unit = /^\s*Total data:\s+[\d.]+ (\w+)/m.exec(text)?.[1] ?? 'bytes';
  return 1024 ** Math.max(0, ['B', 'KiB', 'MiB', 'GiB'].indexOf(unit));
}

const CSV_HEAD = 'response-time,DNS+dialup,DNS,Request-write,Response-delay,Response-read,status-code,offset';

/** hey -o csv: one line a request, seconds. */
export const heyCsv: LoadReader = {
  id: 'hey-csv',
  title: 'hey -o csv',
  detect: (text) => text.startsWith(CSV_HEAD),
  read(text, name) {
    const histogram = new LatencyHistogram();
    const statuses = new Map<number, number>();
    let last = 0;
    for (const [i, line] of text.trim().split('\n').slice(1).entries()) {
      const fields = line.split(',').map(Number);
      if (fields.length < 8 || !fields.every(Number.isFinite)) throw missing(name, `a number in line ${i + 2}`);
      const [time, status, offset] = [fields[0]!, fields[6]!, fields[7]!];
      histogram.record(time * 1e6);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      last = Math.max(last, offset + time);
    }
    if (histogram.count === 0) throw missing(name, 'every request');
    return resultOf({
      engine: 'hey',
      seconds: last,
      requests: histogram.count,
      errors: { status: failedIn(statuses) },
      statuses,
      latency: latencyOf(histogram),
      notes: ['hey rounds latencies to 0.1 ms'],
    });
  },
};
