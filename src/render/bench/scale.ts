/** Numbers along one axis of a plot. */
export interface Scale {
  /** px from the axis' start. */
  readonly at: (value: number) => number;
  readonly ticks: readonly { readonly at: number; readonly label: string }[];
}

/**
 * A linear scale, ticks at 1, 2 or 5 times a power of ten.
 * @param low, high what is at the axis' ends; where they are equal there is a little room around
 * @param length px
 * @param about how many ticks there may be
 * @param divisor of the ticks' numbers: 1e6 shows nanoseconds as milliseconds
 */
export function linearScale(low: number, high: number, length: number, about: number, divisor = 1): Scale {
  const [from, to] =
    high > low ? [low, high] : [low - (Math.abs(low) * 0.01 || 1), high + (Math.abs(high) * 0.01 || 1)];
  const at = (value: number): number => ((value - from) / (to - from)) * length;
  const rough = (to - from) / divisor / about;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= rough * 0.999) ?? 10);
  const first = Math.ceil(from / divisor / step - 1e-9);
  const last = Math.floor(to / divisor / step + 1e-9);
  const decimals = Math.max(0, Math.min(12, -Math.floor(Math.log10(step) + 1e-9)));
  const ticks = Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => {
    const value = (first + i) * step;
    return { at: at(value * divisor), label: tickLabel(value, decimals) };
  });
  return { at, ticks };
}

/** A logarithmic scale, ticks at powers of ten, between them at 2 and 5 times those where there are few. Both ends above 0. */
export function logScale(low: number, high: number, length: number, label: (value: number) => string): Scale {
  const from = Math.log10(low);
  const to = high > low ? Math.log10(high) : from + 1;
  const at = (value: number): number => ((Math.log10(value) - from) / (to - from)) * length;
  const factors = to - from > 4 ? [1] : to - from > 1.5 ? [1, 5] : [1, 2, 5];
  const every = Math.max(1, Math.ceil((to - from) / 10));
  const ticks = [];
  for (let power = Math.floor(from); power <= Math.ceil(to); power++) {
    if (power % every !== 0) continue;
    for (const factor of factors) {
      const value = Number(`${factor}e${power}`);
      if (value >= low * 0.999 && value <= high * 1.001) ticks.push({ at: at(value), label: label(value) });
    }
  }
  return { at, ticks };
}

function tickLabel(value: number, decimals: number): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 1e7 || size < 1e-6) return value.toExponential(1).replace('.0e', 'e').replace('e+', 'e');
  return value.toFixed(decimals);
}

const TIME_UNITS = [
  [1, 1e-3, 'ps'],
  [1e3, 1, 'ns'],
  [1e6, 1e3, 'µs'],
  [1e9, 1e6, 'ms'],
  [Number.POSITIVE_INFINITY, 1e9, 's'],
] as const;

/** The unit in which times up to `most` nanoseconds are told. */
export function timeUnit(most: number): { readonly divisor: number; readonly name: string } {
  const [, divisor, name] = TIME_UNITS.find(([below]) => most < below) ?? TIME_UNITS[4];
  return { divisor, name };
}

/** A round time at a tick: `5 µs`. */
export function tickTime(nanoseconds: number): string {
  const { divisor, name } = timeUnit(nanoseconds);
  return `${Number((nanoseconds / divisor).toPrecision(3))} ${name}`;
}

const COUNT_UNITS = [
  [1e4, 1, ''],
  [1e7, 1e3, '×10³'],
  [1e10, 1e6, '×10⁶'],
  [Number.POSITIVE_INFINITY, 1e9, '×10⁹'],
] as const;

/** By what counts up to `most` are divided so that their ticks stay short. */
export function countUnit(most: number): { readonly divisor: number; readonly name: string } {
  const [, divisor, name] = COUNT_UNITS.find(([below]) => most < below) ?? COUNT_UNITS[3];
  return { divisor, name };
}
