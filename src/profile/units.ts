import type { ValueType } from './profile.ts';

/** Nanoseconds in one unit of time, by the names that profilers use. */
const TIME: ReadonlyMap<string, number> = new Map([
  ['nanoseconds', 1],
  ['nanosecond', 1],
  ['ns', 1],
  ['microseconds', 1e3],
  ['microsecond', 1e3],
  ['us', 1e3],
  ['milliseconds', 1e6],
  ['millisecond', 1e6],
  ['ms', 1e6],
  ['seconds', 1e9],
  ['second', 1e9],
  ['s', 1e9],
]);

/** Nanoseconds in one unit; undefined where it is no unit of time. */
export function nanosecondsPerUnit(unit: string): number | undefined {
  return TIME.get(unit);
}

/** A unit of which Prometheus and OpenMetrics make their names, and how many of the other one make one of it. */
export interface BaseUnit {
  readonly name: 'seconds' | 'bytes';
  readonly count: number;
}

/** The base unit that a unit is a part of; undefined where it is neither a time nor a size. */
export function baseUnit(unit: string): BaseUnit | undefined {
  const nanoseconds = TIME.get(unit);
  if (nanoseconds !== undefined) return { name: 'seconds', count: 1e9 / nanoseconds };
  return /^(?:bytes?|B)$/.test(unit) ? { name: 'bytes', count: 1 } : undefined;
}

const TIME_STEPS = [
  [1, 'ns'],
  [1e3, 'µs'],
  [1e6, 'ms'],
  [1e9, 's'],
] as const;

const BYTE_STEPS = [
  [1, 'B'],
  [1024, 'KiB'],
  [1024 ** 2, 'MiB'],
  [1024 ** 3, 'GiB'],
  [1024 ** 4, 'TiB'],
] as const;

/** `1234567.5` -> `1,234,567.5`. At most `decimals` digits after the point, no trailing zeros. */
export function groupDigits(value: number, decimals = 0): string {
  const [whole, fraction] = value.toFixed(decimals).split('.');
  const grouped = whole!.replace(/\B(?=(\d{3})+(?!\d))/g, ',');
  const rest = (fraction ?? '').replace(/0+$/, '');
  return rest ? `${grouped}.${rest}` : grouped;
}

/** Three significant digits in the largest step that leaves at least 1. */
function inSteps(value: number, steps: readonly (readonly [number, string])[]): string {
  let [size, name] = steps[0]!;
  for (const [nextSize, nextName] of steps) {
    // Half a unit of rounding: 999.6 µs is shown as 1 ms, never as 1000 µs.
    if (Math.abs(value) < nextSize * 0.9995) break;
    [size, name] = [nextSize, nextName];
  }
  const scaled = value / size;
  const decimals = size === 1 || Math.abs(scaled) >= 99.95 ? 0 : Math.abs(scaled) >= 9.995 ? 1 : 2;
  return `${groupDigits(scaled, decimals)} ${name}`;
}

/**
 * A value for people, three significant digits: time as ns, µs, ms or s; bytes as B, KiB, MiB ...; a count grouped by
 * thousands; any other unit grouped and followed by its name.
 * @param unit as in {@link ValueType}
 */
export function formatValue(value: number, unit: string): string {
  const nanoseconds = TIME.get(unit);
  if (nanoseconds !== undefined) return inSteps(value * nanoseconds, TIME_STEPS);
  if (unit === 'bytes' || unit === 'byte') return inSteps(value, BYTE_STEPS);
  const decimals = Number.isInteger(value) ? 0 : 2;
  return unit === 'count' || unit === '' ? groupDigits(value, decimals) : `${groupDigits(value, decimals)} ${unit}`;
}

/** One unit for every number of a picture, so that any two of them can be compared at a glance. */
export interface DisplayUnit {
  /** What a value is divided by. */
  readonly divisor: number;
  /** `ms`, `bytes`, `samples`, `cycles`. */
  readonly name: string;
}

/** Time is shown in milliseconds, a count by what is counted (`samples`, `cycles`), all else as it is. */
export function displayUnit({ type, unit }: ValueType): DisplayUnit {
  const nanoseconds = TIME.get(unit);
  if (nanoseconds !== undefined) return { divisor: 1e6 / nanoseconds, name: 'ms' };
  return { divisor: 1, name: unit === 'count' || unit === '' ? type || 'samples' : unit };
}

/** A value in its {@link DisplayUnit}, without the unit's name: whole numbers exactly, others to about four digits. */
export function formatInUnit(value: number, unit: DisplayUnit): string {
  const scaled = value / unit.divisor;
  const size = Math.abs(scaled);
  return groupDigits(scaled, Number.isInteger(scaled) || size >= 10_000 ? 0 : size >= 100 ? 1 : size >= 1 ? 2 : 3);
}

/** `part` of `whole` as `12.34%`; `0.00%` where there is no whole. */
export function formatPercent(part: number, whole: number, decimals = 2): string {
  return `${(whole === 0 ? 0 : (part / whole) * 100).toFixed(decimals)}%`;
}
