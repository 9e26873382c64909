import { formatValue } from '../../profile/units.ts';

const STEPS = [
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
] as const;

/** A rate for people, three significant digits: `1.98 CPUs`, `12.3 k/s`, `41.2 MiB`. */
export function rateText(value: number, unit: string): string {
  if (unit === 'bytes') return formatValue(value, unit);
  const [size, letter] = unit.endsWith('/s') ? (STEPS.find(([step]) => Math.abs(value) >= step) ?? [1, '']) : [1, ''];
  const scaled = value / size;
  const digits = Math.abs(scaled);
  const number = scaled.toFixed(digits === 0 || digits >= 100 ? 0 : digits >= 10 ? 1 : 2);
  return `${number} ${letter}${unit}`;
}
