/** A unit in which times are told. */
export interface TimeUnit {
  /** As hyperfine's `--time-unit` names it. */
  readonly name: 'microsecond' | 'millisecond' | 'second';
  readonly short: string;
  /** Nanoseconds. */
  readonly size: number;
  readonly decimals: number;
}

/** Units and their decimals are those of hyperfine. */
export const TIME_UNITS: readonly TimeUnit[] = [
  { name: 'microsecond', short: 'µs', size: 1e3, decimals: 1 },
  { name: 'millisecond', short: 'ms', size: 1e6, decimals: 1 },
  { name: 'second', short: 's', size: 1e9, decimals: 3 },
];

/** @returns undefined where there is no such unit */
export function timeUnit(name: string): TimeUnit | undefined {
  return TIME_UNITS.find((unit) => unit.name === name);
}

/** The unit in which a time is easily read. @param time nanoseconds */
export function unitFor(time: number): TimeUnit {
  return TIME_UNITS[time < 1e6 ? 0 : time < 1e9 ? 1 : 2]!;
}

/** hyperfine's tables know milliseconds and seconds only, unless they were told. @param time nanoseconds */
export function tableUnit(time: number): TimeUnit {
  return TIME_UNITS[time < 1e9 ? 1 : 2]!;
}

/** @param time nanoseconds @returns the number alone */
export function inUnit(time: number, unit: TimeUnit): string {
  return (time / unit.size).toFixed(unit.decimals);
}

/** @param time nanoseconds @returns `62.1 ms` */
export function withUnit(time: number, unit: TimeUnit): string {
  return `${inUnit(time, unit)} ${unit.short}`;
}
