import { groupDigits } from '../../../profile/units.ts';

const UNITS = [
  [1e9, 's'],
  [1e6, 'ms'],
  [1e3, 'µs'],
  [1, 'ns'],
] as const;

/** Marks of an axis of time between two nanoseconds: at round numbers, at least so far (ns) from each other. */
export function ticks(from: number, to: number, least: number): { readonly at: number; readonly text: string }[] {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, least)));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= least) ?? 10 * power;
  const marks: { at: number; text: string }[] = [];
  for (let i = Math.ceil(from / step); i * step <= to; i++)
    marks.push({ at: i * step, text: tickText(i * step, step) });
  return marks;
}

/** A time with as many digits as tell it from the marks beside it. */
function tickText(nanoseconds: number, step: number): string {
  if (nanoseconds === 0) return '0';
  const [size, name] = UNITS.find(([unit]) => nanoseconds >= unit) ?? UNITS[3];
  const decimals = Math.max(0, Math.ceil(Math.log10(size / step) - 1e-9));
  return `${groupDigits(nanoseconds / size, decimals)} ${name}`;
}
