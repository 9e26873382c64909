import type { SourcePlace } from '../../console/snapshot.ts';
import { formatValue, groupDigits } from '../../profile/units.ts';

/** As wide as any {@link duration} of less than a hundred days. */
export const DURATION_WIDTH = 7;
/** As wide as any {@link count}, its mark of a guess included. */
export const COUNT_WIDTH = 7;

const SECOND = 1e9;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const STEPS = [
  [SECOND, 's'],
  [1e6, 'ms'],
  [1e3, 'µs'],
] as const;

/**
 * `0`, `1.20 ms`, `12m 34s`, `3d 04h`: at most seven columns. Always three digits, so that a column of them stands still.
 * @param nanoseconds
 */
export function duration(nanoseconds: number): string {
  if (nanoseconds <= 0) return '0';
  if (nanoseconds < 99.95 * SECOND) return short(nanoseconds);
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  if (nanoseconds < HOUR) return `${Math.floor(nanoseconds / MINUTE)}m ${two((nanoseconds % MINUTE) / SECOND)}s`;
  if (nanoseconds < DAY) return `${Math.floor(nanoseconds / HOUR)}h ${two((nanoseconds % HOUR) / MINUTE)}m`;
  return `${Math.floor(nanoseconds / DAY)}d ${two((nanoseconds % DAY) / HOUR)}h`;
}

function short(nanoseconds: number): string {
  for (const [size, unit] of STEPS) {
    // 999.6 µs is 1.00 ms, never 1000 µs
    if (nanoseconds < size * 0.9995) continue;
    const value = nanoseconds / size;
    return `${value.toFixed(value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2)} ${unit}`;
  }
  return `${Math.round(nanoseconds)} ns`;
}

/** `1,204`, `123k`, `1.23M`; `~` before what was guessed from a part. */
export function count(value: number, isEstimate = false): string {
  return (isEstimate && value > 0 ? '~' : '') + shortCount(Math.round(value));
}

function shortCount(value: number): string {
  if (value < 100_000) return groupDigits(value);
  for (const [size, letter] of [
    [1e12, 'T'],
    [1e9, 'G'],
    [1e6, 'M'],
  ] as const) {
    if (value >= size) return `${(value / size).toPrecision(3).slice(0, 4).replace(/\.$/, '')}${letter}`;
  }
  return `${Math.floor(value / 1000)}k`;
}

/** `12 %`, `0.4 %`; a part of a whole. */
export function share(part: number): string {
  const percent = part * 100;
  return `${percent.toFixed(percent < 9.95 && percent > 0 ? 1 : 0)} %`;
}

export function bytes(value: number): string {
  return formatValue(value, 'bytes');
}

/** `routes/user.js:12`: the last two parts of the path, and the line where it is known. */
export function shortPlace(place: SourcePlace | undefined): string {
  if (place === undefined || place.file === '') return '';
  const { file, line } = place;
  const name = file.startsWith('node:') ? file : file.split('/').filter(Boolean).slice(-2).join('/') || file;
  return line > 0 ? `${name}:${line}` : name;
}

/** `/srv/app/server.js:12:5`. */
export function wholePlace({ file, line, column }: SourcePlace): string {
  if (file === '') return '';
  return line > 0 ? `${file}:${line}${column > 0 ? `:${column}` : ''}` : file;
}

/** Minutes and seconds since something: `00:42`, `1:02:03`. @param milliseconds */
export function clock(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const two = (value: number): string => String(value).padStart(2, '0');
  const minutes = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return seconds < 3600 ? minutes : `${Math.floor(seconds / 3600)}:${minutes}`;
}
