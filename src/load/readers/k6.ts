import { JsonFigures } from './json-figures.ts';
import { type LoadReader, latencyFrom, microsOf, numberIn, resultOf } from './load-reader.ts';

/** k6's summary as JSON: of `--summary-export` (figures in the metric), or of `handleSummary` (figures in `values`). */
export const k6Json: LoadReader = {
  id: 'k6',
  title: "k6's summary (--summary-export, handleSummary)",
  detect: (text) => /^\s*\{/.test(text) && text.includes('"metrics"') && text.includes('"http_req_duration"'),
  read(text, name) {
    const summary = JsonFigures.parse(text, name);
    const figures = (metric: string): JsonFigures => {
      const found = summary.at('metrics', metric);
      const values = found.at('values');
      return values.isThere ? values : found;
    };
    const duration = figures('http_req_duration');
    const requests = figures('http_reqs').required('count');
    const rate = figures('http_reqs').required('rate');
    const ms = (key: string): number | undefined => {
      const value = duration.number(key);
      return value === undefined ? undefined : value * 1000;
    };
    const percentiles = duration.entries().flatMap(([key]): [number, number | undefined][] => {
      const percent = /^p\(([\d.]+)\)$/.exec(key)?.[1];
      return percent === undefined ? [] : [[Number(percent), ms(key)]];
    });
    const seconds = summary.number('state', 'testRunDurationMs');
    const failed = figures('http_req_failed').number('passes') ?? 0;
    return resultOf({
      engine: 'k6',
      connections: figures('vus_max').number('max') ?? figures('vus_max').number('value'),
      seconds: seconds !== undefined ? seconds / 1000 : rate > 0 ? requests / rate : 0,
      requests,
      bytes: figures('data_received').number('count'),
      // Of a rate `passes` are those that are true: failed requests
      errors: { status: failed },
      latency: latencyFrom({ mean: ms('avg'), min: ms('min'), max: ms('max') }, [[50, ms('med')], ...percentiles]),
      notes: notesOn(failed),
    });
  },
};

/** k6's summary as text, on standard output. */
export const k6Text: LoadReader = {
  id: 'k6-text',
  title: "k6's summary as text",
  detect: (text) => /^\s*http_req_duration\.*:/m.test(text) && /^\s*http_reqs\.*:/m.test(text),
  read(text, name) {
    const line = /^\s*http_req_duration\.*:(.*)$/m.exec(text)?.[1] ?? '';
    const micros = (key: string): number | undefined =>
      microsOf(new RegExp(`(?:^|\\s)${key.replace(/[()]/g, '\\$&')}=(\\S+)`).exec(line)?.[1]);
    const requests = numberIn(text, /^\s*http_reqs\.*:\s+(\d+)/m, 'http_reqs', name);
    const rate = numberIn(text, /^\s*http_reqs\.*:\s+\d+\s+([\d.]+)\/s/m, 'the rate of http_reqs', name);
    const failed = /^\s*http_req_failed\.*:\s+[\d.]+%\s+(?:✓\s*)?(\d+)/m.exec(text)?.[1];
    const percentiles = [...line.matchAll(/p\(([\d.]+)\)=(\S+)/g)].map(
      ([, percent, time]): [number, number | undefined] => [Number(percent), microsOf(time)],
    );
    return resultOf({
      engine: 'k6',
      connections: Number(/^\s*vus_max\.*:\s+(\d+)/m.exec(text)?.[1] ?? 0) || undefined,
      seconds: rate > 0 ? requests / rate : 0,
      requests,
      errors: { status: Number(failed ?? 0) },
      latency: latencyFrom({ mean: micros('avg'), min: micros('min'), max: micros('max') }, [
        [50, micros('med')],
        ...percentiles,
      ]),
      notes: notesOn(Number(failed ?? 0)),
    });
  },
};

function notesOn(failed: number): string[] {
  return failed === 0 ? [] : ['k6 counts failed requests of all kinds as one: they stand as bad status'];
}
