import type { Throughput } from '../measurement.ts';
import { fixed } from './rust-numbers.ts';

/** Six characters where that is possible: the larger the number, the fewer digits behind the point. */
function shortNumber(value: number): string {
  return fixed(value, digitsBehindPoint(value));
}

function digitsBehindPoint(size: number): number {
  if (size < 10) return 4;
  if (size < 100) return 3;
  if (size < 1000) return 2;
  return size < 10_000 ? 1 : 0;
}

/** A relative change as a signed percentage: 0.05 becomes `+5.0000%`. */
export function changeText(change: number): string {
  const percent = change * 100;
  const size = Math.abs(percent);
  const sign = percent >= 0 ? '+' : '-';
  const digits = digitsBehindPoint(size);
  return `${(sign + fixed(size, digits)).padStart(6)}%`;
}

/** Factors as Criterion multiplies by them, which is not the same as dividing. */
const TIME_SCALES = [
  [1, 1e3, 'ps'],
  [1e3, 1, 'ns'],
  [1e6, 1e-3, 'µs'],
  [1e9, 1e-6, 'ms'],
  [Number.POSITIVE_INFINITY, 1e-9, 's'],
] as const;

/** A time an iteration takes, in the unit of its size. @param nanoseconds at least 0 */
export function timeText(nanoseconds: number): string {
  const [, factor, unit] = TIME_SCALES.find(([below]) => nanoseconds < below) ?? TIME_SCALES[4];
  return `${shortNumber(nanoseconds * factor).padStart(6)} ${unit}`;
}

/** {@link timeText} without padding, also of bounds that lie below 0, as those of wide intervals do. */
export function signedTimeText(nanoseconds: number): string {
  return `${nanoseconds < 0 ? '-' : ''}${timeText(Math.abs(nanoseconds)).trim()}`;
}

const SPAN_SCALES = [
  [1e3, 1, 'ns'],
  [1e6, 1e3, 'µs'],
  [1e9, 1e6, 'ms'],
  [Number.POSITIVE_INFINITY, 1e9, 's'],
] as const;

/** A span of time that progress tells of: divided, where {@link timeText} multiplies. @param nanoseconds at least 0 */
export function spanText(nanoseconds: number): string {
  if (nanoseconds < 1) return `${shortNumber(nanoseconds * 1e3).padStart(6)} ps`;
  const [, divisor, unit] = SPAN_SCALES.find(([below]) => nanoseconds < below) ?? SPAN_SCALES[3];
  return `${shortNumber(nanoseconds / divisor).padStart(6)} ${unit}`;
}

const THROUGHPUT_UNITS = {
  Bytes: { step: 1024, units: ['  B/s', 'KiB/s', 'MiB/s', 'GiB/s'] },
  BytesDecimal: { step: 1000, units: ['  B/s', 'KB/s', 'MB/s', 'GB/s'] },
  Elements: { step: 1000, units: [' elem/s', 'Kelem/s', 'Melem/s', 'Gelem/s'] },
  Bits: { step: 1000, units: ['  b/s', 'Kb/s', 'Mb/s', 'Gb/s'] },
} as const;

/** What is processed in a second when an iteration takes so many nanoseconds. */
export function throughputText(throughput: Throughput, nanoseconds: number): string {
  const { step, units } = THROUGHPUT_UNITS[throughput.kind];
  const perSecond = throughput.perIteration * (1e9 / nanoseconds);
  let power = 0;
  while (power < 3 && perSecond >= step ** (power + 1)) power++;
  return `${shortNumber(perSecond / step ** power).padStart(6)} ${units[power]}`;
}

/** `293M iterations` */
export function iterationsText(iterations: number): string {
  if (iterations < 1e4) return `${iterations} iterations`;
  if (iterations < 1e6) return `${fixed(iterations / 1e3, 0)}k iterations`;
  if (iterations < 1e9) return `${fixed(iterations / 1e6, iterations < 1e7 ? 1 : 0)}M iterations`;
  return `${fixed(iterations / 1e9, iterations < 1e10 ? 1 : 0)}B iterations`;
}

/** A number cut to a whole one, thousands set apart as libtest does, up to the billions. */
export function integerText(value: number): string {
  const whole = BigInt(Math.trunc(Math.max(0, Number.isNaN(value) ? 0 : Math.min(value, Number.MAX_VALUE))));
  const most = 2n ** 64n - 1n;
  return splitThousands(whole > most ? most : whole).join(',');
}

/** Groups of three digits, the first of any length: libtest sets nothing apart above the billions. */
function splitThousands(whole: bigint): string[] {
  const groups: string[] = [];
  let left = whole;
  while (left >= 1000n && groups.length < 3) {
    groups.unshift(String(left % 1000n).padStart(3, '0'));
    left /= 1000n;
  }
  return [String(left), ...groups];
}
