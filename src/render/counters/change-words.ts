import type { CounterChange, CounterComparison } from '../../profile/counters/compare.ts';
import { quantity } from './counter-values.ts';

/** A change in percent, with a sign: one decimal, two where it is less than one percent. */
export function percentText(part: number): string {
  if (Number.isNaN(part)) return '';
  if (!Number.isFinite(part)) return part > 0 ? 'from 0' : '';
  const percent = part * 100;
  const size = Math.abs(percent);
  const decimals = size >= 100 ? 0 : size >= 0.995 || percent === 0 ? 1 : 2;
  const text = percent.toFixed(decimals);
  // -0.00
  return `${percent > 0 || Number(text) === 0 ? '+' : ''}${Number(text) === 0 ? text.replace('-', '') : text}%`;
}

export function intervalText({ low, high }: Pick<CounterChange, 'low' | 'high'>): string {
  if (!Number.isFinite(low) || !Number.isFinite(high)) return '';
  return `${percentText(low)} .. ${percentText(high)}`;
}

export function valueText(side: CounterChange['before'], unit: string): string {
  if (side === undefined) return '-';
  const { text, unit: shown } = quantity(side.mean, unit);
  return `${text} ${shown}`.trim();
}

export function probabilityText(p: number): string {
  if (Number.isNaN(p)) return '';
  return p < 0.001 ? '<0.001' : p.toFixed(3);
}

const WORDS: readonly (readonly [CounterChange['verdict'], string])[] = [
  ['regressed', 'regressed'],
  ['improved', 'improved'],
  ['changed', 'changed otherwise'],
  ['same', 'the same'],
  ['unclear', 'unclear'],
  ['untested', 'not tested'],
];

/** `1 regressed, 9 the same; 10 were tested together: at most 5% of what is called changed is chance`. */
export function countedVerdicts({ changes, alpha }: CounterComparison): string {
  const parts = WORDS.map(([verdict, words]) => {
    const count = changes.filter((change) => change.verdict === verdict).length;
    return count === 0 ? '' : `${count} ${words}`;
  }).filter(Boolean);
  if (parts.length === 0) return 'no counter that both sides have';
  const tested = changes.filter(({ adjusted }) => !Number.isNaN(adjusted)).length;
  const how =
    tested === 1 ? '' : `; ${tested} were tested together: at most ${alpha * 100}% of what is called changed is chance`;
  return `${parts.join(', ')}${tested > 0 ? how : ''}`;
}
