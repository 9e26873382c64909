import type { CheckRow } from './check-report.ts';
import type { KeptResult } from './entry.ts';

/** A result of the commit before. */
export interface PreviousResult {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
}

/** Units that are multiples of each other by 1000, largest first, as github-action-benchmark knows them. */
const FAMILIES: readonly (readonly string[])[] = [
  ['s', 'ms', 'us', 'ns'],
  ['s/iter', 'ms/iter', 'us/iter', 'ns/iter'],
  ['ops/ns', 'ops/us', 'ops/ms', 'ops/s'],
];

/** A value in the unit of the commit before, where both are of one family; else it stays as it is. */
export function inPreviousUnit(value: number, unit: string, previous: string): { value: number; unit: string } {
  for (const family of FAMILIES) {
    const [from, to] = [family.indexOf(unit), family.indexOf(previous)];
    if (from >= 0 && to >= 0) return { value: value * 1000 ** (to - from), unit: previous };
  }
  return { value, unit };
}

/** How much worse it is: 1.5 = half as much again, or two thirds where bigger is better. Nothing against nothing is 1. */
export function alertRatio(current: number, previous: number, better: KeptResult['better']): number {
  if (current === 0 && previous === 0) return 1;
  return better === 'bigger' ? previous / current : current / previous;
}

/**
 * The rule of a fixed threshold, with github-action-benchmark's semantics: each result against that of the same name of the
 * last commit that is another one; an alert where it is more than so many times worse; what was not there before has none.
 * @param threshold 1.1 = 110 %; @param failAt the least ratio that fails; what is between them is a warning
 */
export function thresholdRows(
  results: readonly KeptResult[],
  previous: (result: KeptResult) => PreviousResult | undefined,
  threshold: number,
  failAt: number,
  source: string,
): CheckRow[] {
  return results.flatMap((result) => {
    const before = previous(result);
    if (before === undefined) return [];
    const { value, unit } = inPreviousUnit(result.value, result.unit, before.unit);
    const scale = result.value === 0 ? 1 : value / result.value;
    const ratio = alertRatio(value, before.value, result.better);
    const isAlert = ratio > threshold;
    const limit = result.better === 'bigger' ? before.value / threshold : before.value * threshold;
    return [
      {
        budget: `${Number((threshold * 100).toFixed(4))}% of the commit before`,
        name: result.name,
        metric: 'previous commit',
        unit,
        better: result.better,
        value,
        ...(result.low === undefined ? {} : { low: result.low * scale }),
        ...(result.high === undefined ? {} : { high: result.high * scale }),
        limit: {
          operator: result.better === 'bigger' ? ('>=' as const) : ('<=' as const),
          value: limit,
          base: { value: before.value, source },
        },
        verdict: isAlert ? ('fail' as const) : ('pass' as const),
        ...(isAlert && Number.isFinite(ratio) ? { excess: ratio / threshold - 1 } : {}),
        ...(isAlert && !(ratio > failAt) ? { isWarning: true as const } : {}),
      },
    ];
  });
}
