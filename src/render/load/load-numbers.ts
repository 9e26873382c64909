import type { Threshold } from '../../load/thresholds.ts';

/** Numbers as wrk prints them: two decimals and the largest unit that leaves at least 1. */

interface Unit {
  readonly size: number;
  readonly name: string;
}

const TIMES: readonly Unit[] = [
  { size: 1, name: 'us' },
  { size: 1e3, name: 'ms' },
  { size: 1e6, name: 's' },
  { size: 60e6, name: 'm' },
  { size: 3600e6, name: 'h' },
];
const COUNTS: readonly Unit[] = [
  { size: 1, name: '' },
  { size: 1e3, name: 'k' },
  { size: 1e6, name: 'M' },
  { size: 1e9, name: 'G' },
];
const BYTES: readonly Unit[] = [
  { size: 1, name: 'B' },
  { size: 1024, name: 'KB' },
  { size: 1024 ** 2, name: 'MB' },
  { size: 1024 ** 3, name: 'GB' },
  { size: 1024 ** 4, name: 'TB' },
];

function scaled(value: number, units: readonly Unit[]): string {
  let unit = units[0]!;
  for (const larger of units) if (value >= larger.size) unit = larger;
  return `${(value / unit.size).toFixed(2)}${unit.name}`;
}

/** Microseconds: `5.27ms`. */
export function wrkTime(micros: number): string {
  return scaled(micros, TIMES);
}

/** `10.70k`. */
export function wrkCount(value: number): string {
  return scaled(value, COUNTS);
}

/** `7.83MB`; units of 1024, as wrk has them. */
export function wrkBytes(bytes: number): string {
  return scaled(bytes, BYTES);
}

/** A time with three digits: `1.23ms`, `12.3ms`, `804us`. */
export function shortTime(micros: number): string {
  let unit = TIMES[0]!;
  for (const larger of TIMES.slice(0, 3)) if (micros >= larger.size) unit = larger;
  const value = micros / unit.size;
  // Other tools' figures may be any
  const digits = Math.min(100, Math.max(3, Math.ceil(Math.log10(value))));
  return `${unit.size === 1 ? Math.round(value) : Number(value.toPrecision(digits))}${unit.name}`;
}

/** What was measured where a threshold looks, in its unit. */
export function measuredText(value: number | undefined, { unit }: Threshold): string {
  if (value === undefined) return 'nothing was measured';
  if (unit === 'time') return shortTime(value);
  if (unit === 'share') return `${(value * 100).toFixed(3)} %`;
  return unit === 'bytes' ? `${wrkBytes(value)}/s` : String(Number(value.toFixed(2)));
}
