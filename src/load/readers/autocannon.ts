import { plural } from '../../plural.ts';
import { JsonFigures, statusesOf } from './json-figures.ts';
import { type LoadReader, latencyFrom, microsOf, missing, resultOf } from './load-reader.ts';

const WHOLE_MS = 'autocannon measures whole milliseconds, and leaves requests that timed out out of its latency';

export const autocannonJson: LoadReader = {
  id: 'autocannon',
  title: 'autocannon --json',
  detect: (text) =>
    /^\s*\{"(?:title|url)":/.test(text) && text.includes('"sampleInt"') && text.includes('"mismatches"'),
  read(text, name) {
    // With a warm-up two documents are printed: the last one counts
    const lines = text.split('\n').filter((line) => line.startsWith('{'));
    const result = JsonFigures.parse(lines.at(-1) ?? '', name);
    const total = result.required('requests', 'total');
    const timeout = result.number('timeouts') ?? 0;
    const connections = result.number('connections');
    const sent = result.number('requests', 'sent') ?? total;
    const lost = Math.max(0, sent - total - timeout - (connections ?? 0));
    const notes = [WHOLE_MS];
    if (lost > 0) {
      const what = `${lost} ${plural(lost, 'request was', 'requests were')} sent and never counted`;
      notes.push(`${what}: autocannon reconnects without a word after a reset`);
    }
    const micros = (key: string): number | undefined => {
      const value = result.number('latency', key);
      return total === 0 || value === undefined ? undefined : value * 1000;
    };
    return resultOf({
      engine: 'autocannon',
      url: result.text('url'),
      connections,
      threads: Math.max(1, result.number('workers') ?? 1),
      seconds: result.required('duration'),
      requests: total,
      bytes: result.number('throughput', 'total'),
      errors: {
        // Time-outs are errors too there
        connect: Math.max(0, (result.number('errors') ?? 0) - timeout),
        reset: (result.number('resets') ?? 0) + lost,
        timeout,
        status: (result.number('4xx') ?? 0) + (result.number('5xx') ?? 0),
        mismatch: result.number('mismatches') ?? 0,
      },
      statuses: statusesOf(result.entries('statusCodeStats'), 'count'),
      latency: latencyFrom(
        {
          count: total === 0 ? 0 : undefined,
          mean: micros('mean'),
          stdev: micros('stddev'),
          min: micros('min'),
          max: micros('max'),
        },
        result.entries('latency').flatMap(([key]): [number, number | undefined][] => {
          // p2_5 is 2.5
          const percent = /^p(\d+(?:_\d+)?)$/.exec(key)?.[1];
          return percent === undefined ? [] : [[Number(percent.replace('_', '.')), micros(key)]];
        }),
      ),
      notes,
    });
  },
};

/** autocannon's tables, which it prints to standard error. */
export const autocannonText: LoadReader = {
  id: 'autocannon-text',
  title: "autocannon's tables",
  detect: (text) => /^Running .+ test @ /m.test(text) && /│ Stat\s+│/.test(text),
  read(text, name) {
    const cells = (row: string): string[] =>
      (new RegExp(`^│ ${row}\\s*│(.*)│\\s*$`, 'm').exec(text)?.[1] ?? '').split('│').map((cell) => cell.trim());
    const heads = cells('Stat');
    const values = cells('Latency');
    if (heads.length !== values.length) throw missing(name, 'the table of latencies');
    const at = (head: string): number | undefined => microsOf(values[heads.indexOf(head)]);
    const total = /^(\d+(?:\.\d+)?)(k?) requests in ([\d.]+)s, ([\d.]+) ([kMG]?)B read/m.exec(text);
    if (total === null) throw missing(name, 'the line `N requests in TIME`');
    const scale = (unit: string): number => 1000 ** ['', 'k', 'M', 'G'].indexOf(unit);
    const failed = /^(\d+)(k?) errors \((\d+)(k?) timeouts\)/m.exec(text);
    const timeouts = failed === null ? 0 : Number(failed[3]) * scale(failed[4]!);
    const detailed = [...text.matchAll(/^│ (\d+(?:\.\d+)?)\s*│ (\d+(?:\.\d+)?)\s*│\s*$/gm)];
    const statuses = new Map(
      [...text.matchAll(/^│ (\d{3}) │ (\d+)\s*│\s*$/gm)].map(([, code, count]) => [Number(code), Number(count)]),
    );
    const bad = [...statuses].reduce((sum, [status, count]) => sum + (status >= 400 ? count : 0), 0);
    return resultOf({
      engine: 'autocannon',
      url: /test @ (\S+)/.exec(text)?.[1],
      connections: Number(/^(\d+) connections/m.exec(text)?.[1] ?? 0) || undefined,
      seconds: Number(total[3]),
      requests: Number(total[1]) * scale(total[2]!),
      bytes: Number(total[4]) * scale(total[5]!),
      errors: {
        connect: failed === null ? 0 : Math.max(0, Number(failed[1]) * scale(failed[2]!) - timeouts),
        timeout: timeouts,
        status: bad || Number(/(\d+) non 2xx/.exec(text)?.[1] ?? 0),
      },
      statuses,
      latency: latencyFrom({ mean: at('Avg'), stdev: at('Stdev'), max: at('Max') }, [
        ...heads.flatMap((head): [number, number | undefined][] =>
          /^[\d.]+%$/.test(head) ? [[Number(head.slice(0, -1)), at(head)]] : [],
        ),
        ...detailed
          .filter(([, percent]) => !statuses.has(Number(percent)))
          .map(([, percent, ms]): [number, number] => [Number(percent), Number(ms) * 1000])
          .filter(([percent]) => !heads.includes(`${percent}%`)),
      ]),
      notes: [WHOLE_MS, 'the tables round: autocannon --json tells more'],
    });
  },
};
