import type { CounterColumn } from '../../profile/counters/counter-runs.ts';
import type { Derived } from '../../profile/counters/derive.ts';
import { groupDigits } from '../../profile/units.ts';

/** A number and what stands behind it. */
export interface Quantity {
  readonly text: string;
  readonly unit: string;
}

const BINARY = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** A counter's value as perf stat prints it: times in milliseconds, counts whole and grouped. */
export function quantity(value: number, unit: string): Quantity {
  if (unit === 'ns') return { text: groupDigits(value / 1e6, 2), unit: 'msec' };
  if (unit === 'bytes') {
    let step = 0;
    let scaled = value;
    while (scaled >= 1024 && step < BINARY.length - 1) {
      scaled /= 1024;
      step++;
    }
    return { text: step === 0 ? groupDigits(scaled) : scaled.toFixed(1), unit: BINARY[step]! };
  }
  const counted = unit === 'count' || unit === 'blocks';
  // The mean of a few: 0.2 migrations are not none
  const decimals = counted ? (value < 10 ? 1 : 0) : 2;
  return { text: groupDigits(value, decimals), unit: counted ? '' : unit };
}

const RATES = [
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'K'],
] as const;

/** A derived number as perf stat prints it: three decimals; rates of a thousand and more as `K/sec`, `M/sec`. */
export function derivedQuantity({ value, unit }: Pick<Derived, 'value' | 'unit'>): Quantity {
  if (unit !== '/sec') return { text: value.toFixed(unit.startsWith('%') ? 2 : 3), unit };
  const [size, letter] = RATES.find(([step]) => value >= step) ?? [1, ''];
  return { text: (value / size).toFixed(3), unit: `${letter}${unit}` };
}

/**
 * `( +-  0.12% )` of several runs, the share of the time where the event took turns; '' where neither is.
 * @param narrow `+- 0.12%`: there is little room
 */
export function uncertainty(column: CounterColumn, errorPercent: number, runs: number, narrow: boolean): string {
  const error = column.summary?.variancePercent ?? errorPercent;
  const number = `+-${error.toFixed(2).padStart(6)}%`;
  const spread = runs === 1 && column.summary === undefined ? '' : narrow ? number : `( ${number} )`;
  const shares = [...(column.percentRunning ?? [])].filter((share) => share > 0);
  const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
  const turns = shares.length === 0 ? '' : `(${mean.toFixed(2)}%)`;
  return [spread, turns].filter(Boolean).join(' ');
}
