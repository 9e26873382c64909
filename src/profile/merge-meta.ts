import type { Meta } from './profile.ts';

/**
 * What several recordings say together: that on which all agree, from the first start to the last end, all notes.
 * Where a start is unknown the duration is kept only if all agree on it.
 */
export function mergeMeta(metas: readonly Meta[]): Meta {
  const starts = metas.map((meta) => meta.startTime);
  const startTime = starts.every((start) => start !== undefined) ? minimum(starts) : undefined;
  const duration = startTime === undefined ? agreed(metas, 'duration') : span(metas, startTime);
  return {
    ...part('tool', agreed(metas, 'tool')),
    ...part('format', agreed(metas, 'format')),
    ...part('command', agreed(metas, 'command')),
    ...part('startTime', startTime),
    ...part('duration', duration),
    ...part('sampleInterval', agreed(metas, 'sampleInterval')),
    ...part('host', agreed(metas, 'host')),
    notes: metas.flatMap((meta) => meta.notes),
  };
}

/** Nanoseconds from the first start to the last end; undefined where a duration is unknown. */
function span(metas: readonly Meta[], startTime: number): number | undefined {
  let longest = 0;
  for (const { startTime: start, duration } of metas) {
    if (start === undefined || duration === undefined) return undefined;
    // Differences first: nanoseconds since the epoch are beyond 2^53.
    longest = Math.max(longest, (start - startTime) * 1e6 + duration);
  }
  return longest;
}

function minimum(numbers: readonly number[]): number {
  return numbers.reduce((least, number) => Math.min(least, number));
}

function agreed<Key extends keyof Meta>(metas: readonly Meta[], key: Key): Meta[Key] | undefined {
  const text = JSON.stringify(metas[0]![key]);
  return metas.every((meta) => JSON.stringify(meta[key]) === text) ? metas[0]![key] : undefined;
}

function part<Key extends keyof Meta>(key: Key, value: Meta[Key] | undefined): Partial<Meta> {
  return value === undefined ? {} : { [key]: value };
}
