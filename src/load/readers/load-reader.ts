import { UserError } from '../../errors.ts';
import { type ErrorKind, type Latency, type LoadErrors, type LoadResult, noErrors } from '../result.ts';

/** What another load tool printed, as a result of ours. */
export interface LoadReader {
  /** As `--engine` and reports name the tool. */
  readonly id: string;
  readonly title: string;
  detect(text: string): boolean;
  /** @throws {UserError} it is broken: what is missing */
  read(text: string, name: string): LoadResult;
}

/** What a tool may tell; the rest is filled with what nothing is known of. */
export interface Told {
  readonly engine: string;
  readonly url?: string | undefined;
  readonly connections?: number | undefined;
  readonly threads?: number | undefined;
  readonly seconds: number;
  readonly requests: number;
  readonly bytes?: number | undefined;
  readonly errors?: Partial<LoadErrors>;
  readonly examples?: ReadonlyMap<ErrorKind, string>;
  readonly statuses?: ReadonlyMap<number, number>;
  readonly latency: Latency;
  readonly threadRates?: Latency | undefined;
  readonly unanswered?: number | undefined;
  readonly notes?: readonly string[];
}

export function resultOf(told: Told): LoadResult {
  const { engine, url = '', connections, threads, seconds, requests, threadRates } = told;
  return {
    engine,
    url,
    ...(connections === undefined ? {} : { connections }),
    ...(threads === undefined ? {} : { threads }),
    // A figure beyond all numbers is none
    seconds: Number.isFinite(seconds) ? seconds : 0,
    requests,
    bytes: Number.isFinite(told.bytes) ? told.bytes! : 0,
    errors: { ...noErrors(), ...told.errors },
    examples: told.examples ?? new Map(),
    statuses: told.statuses ?? new Map(),
    latency: told.latency,
    ...(threadRates === undefined ? {} : { threadRates }),
    windows: [],
    unanswered: told.unanswered ?? 0,
    unsent: 0,
    stopped: false,
    notes: told.notes ?? [],
  };
}

/** How many answers had a status of 400 and above. */
export function failedIn(statuses: ReadonlyMap<number, number>): number {
  return [...statuses].reduce((sum, [code, count]) => sum + (code >= 400 ? count : 0), 0);
}

/** A latency of which single figures are known: undefined ones are left out. */
export function latencyFrom(
  figures: { readonly [Key in 'count' | 'mean' | 'stdev' | 'min' | 'max' | 'withinStdev']?: number | undefined },
  percentiles: readonly (readonly [percent: number, micros: number | undefined])[],
): Latency {
  const known = Object.entries(figures).filter(([, value]) => value !== undefined && Number.isFinite(value));
  return {
    ...(Object.fromEntries(known) as Omit<Latency, 'percentiles'>),
    percentiles: percentiles
      .flatMap(([percent, value]) => (value === undefined || !Number.isFinite(value) ? [] : { percent, value }))
      .sort((a, b) => a.percent - b.percent),
  };
}

/**
 * The number that a pattern finds.
 * @throws {UserError} it finds none, and there is no `fallback`
 */
export function numberIn(text: string, pattern: RegExp, what: string, name: string, fallback?: number): number {
  const found = pattern.exec(text)?.[1]?.replaceAll(',', '');
  const value = found === undefined ? Number.NaN : Number(found);
  if (Number.isFinite(value)) return value;
  if (fallback !== undefined) return fallback;
  throw missing(name, what);
}

export function missing(name: string, what: string): UserError {
  return new UserError(`${name}: ${what} is missing`, { hint: 'is the output complete?' });
}

const TIMES = new Map([
  ['us', 1],
  ['µs', 1],
  ['ms', 1e3],
  ['s', 1e6],
  ['m', 60e6],
  ['h', 3600e6],
]);
const SIZES = ['B', 'K', 'M', 'G', 'T'];

/** Microseconds of `5.27ms`; undefined where it is none. */
export function microsOf(text: string | undefined): number | undefined {
  const [, value, unit] = /^(\d+(?:\.\d+)?)\s*(us|µs|ms|s|m|h)$/.exec(text?.trim() ?? '') ?? [];
  return value === undefined ? undefined : Number(value) * TIMES.get(unit!)!;
}

/** `10.70k` of counts, by thousands. */
export function countOf(text: string | undefined): number | undefined {
  const [, value, unit] = /^(\d+(?:\.\d+)?)([kMG]?)$/.exec(text?.trim() ?? '') ?? [];
  return value === undefined ? undefined : Number(value) * 1000 ** ['', 'k', 'M', 'G'].indexOf(unit!);
}

/** `7.83MB`, `222.13KB`, by 1024. */
export function bytesOf(text: string | undefined): number | undefined {
  const [, value, unit] = /^(\d+(?:\.\d+)?)\s*([KMGT]?)B?$/.exec(text?.trim() ?? '') ?? [];
  return value === undefined ? undefined : Number(value) * 1024 ** Math.max(0, SIZES.indexOf(unit || 'B'));
}
