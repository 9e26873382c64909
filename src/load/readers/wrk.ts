import { JsonFigures } from './json-figures.ts';
import {
  bytesOf,
  countOf,
  type LoadReader,
  latencyFrom,
  microsOf,
  missing,
  numberIn,
  resultOf,
} from './load-reader.ts';

/** wrk 4 and wrk2: `print_stats` of their wrk.c. */
export const wrk: LoadReader = {
  id: 'wrk',
  title: 'wrk, wrk2',
  detect: (text) => /^Running .+ test @ /m.test(text) && /^ {2}Thread Stats /m.test(text),
  read(text, name) {
    const url = /^Running .+ test @ (\S+)/m.exec(text)?.[1];
    const setting = /^ {2}(\d+) threads and (\d+) connections/m.exec(text);
    const total = /^ {2}(\d+) requests in (\S+), (\S+) read/m.exec(text);
    if (total === null) throw missing(name, 'the line `N requests in TIME`');
    const errors = /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(text);
    const status = Number(/Non-2xx or 3xx responses: (\d+)/.exec(text)?.[1] ?? 0);
    const requests = Number(total[1]);
    const exact = summaryIn(text);
    const notes: string[] = [];
    if (requests === 0) notes.push('wrk measured nothing: no request was answered completely (an event stream?)');
    const timeout = Number(errors?.[4] ?? 0);
    if (timeout > 0) notes.push('wrk leaves requests that timed out out of its latency: percentiles are too good');
    const own = /^ {4}Latency +(\S+) +(\S+) +(\S+) +(\S+)%/m.exec(text);
    const rates = /^ {4}Req\/Sec +(\S+) +(\S+) +(\S+) +(\S+)%/m.exec(text);
    const share = (words: RegExpExecArray | null): number => Number(words?.[4]) / 100;
    const nothing = requests === 0;
    const latency = latencyFrom(
      {
        count: nothing ? 0 : undefined,
        mean: nothing ? undefined : (exact?.number('latency_us', 'mean') ?? microsOf(own?.[1])),
        stdev: nothing ? undefined : (exact?.number('latency_us', 'stdev') ?? microsOf(own?.[2])),
        min: nothing ? undefined : exact?.number('latency_us', 'min'),
        max: nothing ? undefined : (exact?.number('latency_us', 'max') ?? microsOf(own?.[3])),
        withinStdev: nothing ? undefined : share(own),
      },
      nothing ? [] : percentilesOf(text, exact),
    );
    return resultOf({
      engine: /Recorded Latency/.test(text) ? 'wrk2' : 'wrk',
      url,
      threads: setting === null ? undefined : Number(setting[1]),
      connections: setting === null ? undefined : Number(setting[2]),
      seconds: (exact?.number('duration_us') ?? microsOf(total[2]) ?? numberIn(text, /^$/, 'the time', name)) / 1e6,
      requests,
      bytes: exact?.number('bytes') ?? bytesOf(total[3]),
      errors: {
        connect: Number(errors?.[1] ?? 0),
        reset: Number(errors?.[2] ?? 0) + Number(errors?.[3] ?? 0),
        timeout,
        status,
      },
      latency,
      threadRates:
        rates === null
          ? undefined
          : latencyFrom(
              { mean: countOf(rates[1]), stdev: countOf(rates[2]), max: countOf(rates[3]), withinStdev: share(rates) },
              [],
            ),
      notes,
    });
  },
};

function percentilesOf(text: string, exact: JsonFigures | undefined): [number, number | undefined][] {
  const found = new Map<number, number | undefined>();
  for (const [, percent, time] of text.matchAll(/^ *(\d+(?:\.\d+)?)% +([\d.]+(?:us|ms|s|m|h))\s*$/gm)) {
    found.set(Number(percent), microsOf(time));
  }
  for (const [name, micros] of exact?.entries('latency_us') ?? []) {
    const percent = /^p(\d+(?:\.\d+)?)$/.exec(name)?.[1];
    if (percent !== undefined) found.set(Number(percent), micros.number());
  }
  return [...found];
}

/** What the script of `--engine wrk` prints: exact numbers, where wrk's own text rounds. Latencies in microseconds. */
function summaryIn(text: string): JsonFigures | undefined {
  const line = /^\{"duration_us":.*\}$/m.exec(text)?.[0];
  try {
    return line === undefined ? undefined : JsonFigures.parse(line, 'wrk');
  } catch {
    return undefined;
  }
}
