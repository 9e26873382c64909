import { axisTicks } from '../axis-ticks.ts';

/** Numbers along the axes of the chart; also used inside of the picture. */

/** A tick in px from the axis' start. */
export interface Tick {
  readonly at: number;
  readonly label: string;
}

const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
const COUNT_UNITS = ['', 'k', 'M', 'G', 'T', 'P'];

interface Scale {
  readonly unit: number;
  readonly name: string;
}

function scaleOf(most: number, base: number, names: readonly string[]): Scale {
  let power = 0;
  while (power < names.length - 1 && most >= base ** (power + 1)) power++;
  return { unit: base ** power, name: names[power]! };
}

function timeScale(most: number, timeUnit: string): Scale {
  if (timeUnit === 'B') return scaleOf(most, 1024, BYTE_UNITS);
  if (timeUnit === 'i') {
    const { unit, name } = scaleOf(most, 1000, COUNT_UNITS);
    return { unit, name: `${name} instructions`.trim() };
  }
  const second = timeUnit === 'ms' ? 1000 : 1;
  if (timeUnit === 'ms' && most < 1000) return { unit: 1, name: 'ms' };
  if (most < 600 * second) return { unit: second, name: 's' };
  return most < 7200 * second ? { unit: 60 * second, name: 'min' } : { unit: 3600 * second, name: 'h' };
}

/** Ticks of bytes from 0 up; the last may be above `most`. */
export function byteTicks(most: number, length: number): { readonly top: number; readonly ticks: readonly Tick[] } {
  const { unit, name } = scaleOf(most, 1024, BYTE_UNITS);
  // There are no parts of a byte
  const steps = axisTicks(most / unit, unit === 1 ? Math.min(5, Math.max(1, most)) : 5);
  const last = steps.at(-1)!;
  const ticks = steps.map((step, i) => ({
    at: (step / last) * length,
    label: i === 0 ? '0' : `${trimmed(step)} ${name}`,
  }));
  return { top: last * unit, ticks };
}

/** Ticks of massif's time from 0 to `end`. */
export function timeTicks(
  end: number,
  timeUnit: string,
  length: number,
): { readonly unit: string; readonly ticks: readonly Tick[] } {
  const { unit, name } = timeScale(end, timeUnit);
  const ticks = axisTicks(end / unit, 8)
    .filter((step) => step * unit <= end * (1 + 1e-9))
    .map((step) => ({ at: ((step * unit) / end) * length, label: trimmed(step) }));
  return { unit: name, ticks };
}

/** One moment in words: `12.3 M instructions`. */
export function timeLabel(time: number, timeUnit: string): string {
  const { unit, name } = timeScale(time, timeUnit);
  const words = timeUnit === 'B' ? `${name} allocated and freed` : name;
  return `${trimmed(Number((time / unit).toPrecision(4)))} ${words}`;
}

function trimmed(value: number): string {
  return String(Number(value.toFixed(3)));
}
