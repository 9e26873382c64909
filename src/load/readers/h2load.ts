import { bytesOf, type LoadReader, latencyFrom, microsOf, missing, resultOf } from './load-reader.ts';

/** h2load of nghttp2. */
export const h2load: LoadReader = {
  id: 'h2load',
  title: 'h2load',
  detect: (text) => /^time for request:/m.test(text) && /^requests: \d+ total, \d+ started/m.test(text),
  read(text, name) {
    const finished = microsOf(/^finished in ([\d.]+(?:us|ms|s|m|h)), /m.exec(text)?.[1]);
    const counts =
      /^requests: (\d+) total, (\d+) started, (\d+) done, (\d+) succeeded, (\d+) failed, (\d+) errored, (\d+) timeout/m
        .exec(text)
        ?.slice(1)
        .map(Number);
    const codes = /^status codes: (\d+) 2xx, (\d+) 3xx, (\d+) 4xx, (\d+) 5xx/m.exec(text)?.slice(1).map(Number);
    const times = /^time for request:\s+(\S+)\s+(\S+)\s+(\S+)\s+(\S+)\s+([\d.]+)%/m.exec(text);
    if (finished === undefined || counts === undefined) throw missing(name, '`finished in` or `requests:`');
    const [, , done, , , errored, timeout] = counts as [number, number, number, number, number, number, number];
    return resultOf({
      engine: 'h2load',
      connections: Number(/(\d+) total client\(s\)/.exec(text)?.[1] ?? 0) || undefined,
      seconds: finished / 1e6,
      requests: done,
      bytes:
        Number(/^traffic: \S+ \((\d+)\) total/m.exec(text)?.[1] ?? 0) || bytesOf(/^traffic: (\S+)/m.exec(text)?.[1]),
      errors: { reset: Math.max(0, errored - timeout), timeout, status: (codes?.[2] ?? 0) + (codes?.[3] ?? 0) },
      latency: latencyFrom(
        {
          min: microsOf(times?.[1]),
          max: microsOf(times?.[2]),
          mean: microsOf(times?.[3]),
          stdev: microsOf(times?.[4]),
          withinStdev: times === null ? undefined : Number(times[5]) / 100,
        },
        [],
      ),
      notes: ['h2load prints no percentiles'],
    });
  },
};
