import { type LoadReader, latencyFrom, numberIn, resultOf } from './load-reader.ts';

/** ApacheBench 2.3. */
export const ab: LoadReader = {
  id: 'ab',
  title: 'ab (ApacheBench)',
  detect: (text) => /^This is ApacheBench, Version /m.test(text),
  read(text, name) {
    const field = (label: string, fallback?: number): number =>
      numberIn(text, new RegExp(`^${label}:\\s+([\\d.]+)`, 'm'), label, name, fallback);
    const requests = field('Complete requests');
    const failures = /\(Connect: (\d+), Receive: (\d+), Length: (\d+), Exceptions: (\d+)\)/
      .exec(text)
      ?.slice(1)
      .map(Number);
    const [, min, mean, stdev, , max] = /^Total:\s+(\d+)\s+(\d+)\s+([\d.]+)\s+(\d+)\s+(\d+)/m.exec(text) ?? [];
    const server = /^Server Hostname:\s+(\S+)/m.exec(text)?.[1];
    const path = /^Document Path:\s+(\S+)/m.exec(text)?.[1] ?? '/';
    const ms = (value: string | undefined): number | undefined =>
      value === undefined ? undefined : Number(value) * 1000;
    return resultOf({
      engine: 'ab',
      url: server === undefined ? '' : `http://${server}:${field('Server Port', 80)}${path}`,
      connections: field('Concurrency Level'),
      threads: 1,
      seconds: field('Time taken for tests'),
      requests,
      bytes: field('Total transferred', 0),
      errors: {
        connect: failures?.[0] ?? 0,
        reset: (failures?.[1] ?? 0) + (failures?.[3] ?? 0),
        mismatch: failures?.[2] ?? 0,
        status: field('Non-2xx responses', 0),
      },
      latency: latencyFrom(
        { mean: ms(mean), stdev: ms(stdev), min: ms(min), max: ms(max) },
        [...text.matchAll(/^\s+(\d+)%\s+(\d+)(?: \(longest request\))?$/gm)].map(([, percent, value]) => [
          Number(percent),
          Number(value) * 1000,
        ]),
      ),
      notes: ['ab measures whole milliseconds'],
    });
  },
};
