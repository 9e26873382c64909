/** Which benchmark: a group, a function of it, a value of the function's input. Names are the person's, unsafe for files. */
export interface BenchmarkId {
  readonly group: string;
  readonly function?: string;
  /** The input as text; a number where benchmarks of a group are to be compared by it. */
  readonly value?: string;
  /** `group/function/value`, of which the missing ones are left out. */
  readonly fullId: string;
  /** What is printed: the full id, cut to 100 bytes; ` #2` where another one has the same title. */
  readonly title: string;
}

/** What one iteration processes, as Criterion's `Throughput` names it. Bytes are told by 1024, BytesDecimal by 1000. */
export type ThroughputKind = 'Bytes' | 'BytesDecimal' | 'Elements' | 'Bits';

export interface Throughput {
  readonly kind: ThroughputKind;
  /** A whole number, 0 to 2^53. */
  readonly perIteration: number;
}

/**
 * Linear: sample k takes k times as many iterations as the first, so that a slope can be fitted through them. Flat: all
 * samples take as many.
 */
export type SamplingMode = 'Linear' | 'Flat';

/** One benchmark as measured: sample i took `times[i]` nanoseconds for `iterations[i]` iterations. */
export interface Measurement {
  readonly id: BenchmarkId;
  readonly throughput?: Throughput;
  readonly samplingMode: SamplingMode;
  readonly iterations: Float64Array;
  /** Nanoseconds of a whole sample, not of an iteration. */
  readonly times: Float64Array;
}

const LONGEST_TITLE = 100;

/** The id with the full id and the title that Criterion makes of its parts. */
export function benchmarkId(group: string, functionName?: string, value?: string): BenchmarkId {
  const fullId = [group, functionName, value].filter((part) => part !== undefined).join('/');
  const cut = cutToBytes(fullId, LONGEST_TITLE);
  return {
    group,
    ...(functionName === undefined ? {} : { function: functionName }),
    ...(value === undefined ? {} : { value }),
    fullId,
    title: cut === fullId ? fullId : `${cut}...`,
  };
}

/** As much of the text as fits into so many bytes of UTF-8, no character torn apart. */
export function cutToBytes(text: string, bytes: number): string {
  const encoded = Buffer.from(text);
  if (encoded.length <= bytes) return text;
  let end = bytes;
  while (end > 0 && (encoded[end]! & 0xc0) === 0x80) end--;
  return encoded.toString('utf8', 0, end);
}

/** Nanoseconds an iteration, one number a sample. */
export function averageTimes(measurement: Measurement): Float64Array {
  const { iterations, times } = measurement;
  return times.map((time, i) => time / iterations[i]!);
}
