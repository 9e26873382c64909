import type { NotCounted } from '../../profile/counters/counter-row.ts';

/**
 * A count as perf's machine layouts print it.
 * @returns undefined where it is neither a number nor one of perf's two words for none
 */
export function rowValue(text: string): number | NotCounted | undefined {
  const trimmed = text.trim().replace('<not-', '<not ');
  if (trimmed === '<not supported>') return 'not supported';
  if (trimmed === '<not counted>') return 'not counted';
  return rowNumber(trimmed);
}

/** Counts have 64 bits, and are scaled: what is beyond is broken, and a few of it make a sum that is no number. */
const MOST = 1e30;

/** A decimal number, with the point or the comma of the locale in which perf ran; undefined where it is none, or beyond all counts. */
export function rowNumber(text: string): number | undefined {
  if (!/^[-+]?\d+(?:[.,]\d+)?(?:[eE][-+]?\d+)?$/.test(text)) return undefined;
  const value = Number(text.replace(',', '.'));
  return Math.abs(value) <= MOST ? value : undefined;
}
