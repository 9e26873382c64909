import type { Budget, Reference } from '../../history/budget-expression.ts';
import type { HistoryEntry, KeptCommit } from '../../history/entry.ts';
import type { Base, Past } from '../../history/judge-budget.ts';
import type { Quantity, Subject } from '../../history/measurements.ts';
import { HistoryLevels, type SeriesKey } from '../../history/reference-level.ts';

/** What earlier values are looked for in. */
export interface PastSources {
  /** Files that were given as the baseline; undefined: none was, and the history is it. */
  readonly baseline: { readonly names: string; readonly subjects: readonly Subject[] } | undefined;
  readonly entries: readonly HistoryEntry[];
  readonly commit: KeptCommit;
  readonly suite: string;
  readonly machine: string;
}

/** Earlier values: of a baseline file, else of the history. */
export function pastOf({
  baseline,
  entries,
  commit,
  suite,
  machine,
}: PastSources): Past & { readonly levels: HistoryLevels } {
  const levels = new HistoryLevels(entries, commit);
  const keyOf = (subject: Subject, stat: string, unit: string): SeriesKey | undefined => {
    const name = subject.keptName(stat);
    return name === undefined ? undefined : { suite, machine, name, unit };
  };
  const fromFile = (budget: Budget, subject: Subject, unit: string): Base | string => {
    const found = baseline!.subjects
      .filter(({ kind, name }) => kind === subject.kind && (name === subject.name || kind === 'load'))
      // Functions of one name, such as those without any, are told apart by where they are
      .sort((a, b) => distance(subject, a) - distance(subject, b))
      .flatMap((one) => one.quantity(budget.stat, false) ?? []);
    const same = found.find((one) => one.unit === unit);
    if (same === undefined)
      return found.length > 0
        ? `${baseline!.names} has it in ${found[0]!.unit}`
        : `${baseline!.names} does not have it`;
    return { ...boundsOf(same), value: same.value, source: baseline!.names };
  };
  return {
    levels,
    isGiven: ({ limit }) => isRelative(limit) && limit.reference === 'baseline' && baseline !== undefined,
    base(budget, subject, { unit }) {
      const { limit, stat } = budget;
      const reference: Reference = isRelative(limit) ? limit.reference : 'baseline';
      if (reference === 'baseline' && baseline !== undefined) return fromFile(budget, subject, unit);
      const key = keyOf(subject, stat, unit);
      if (key === undefined) {
        return `the history keeps no ${subject.kind}.${stat}: give --baseline FILE, or use another number`;
      }
      const base = reference === 'previous' ? levels.previous(key) : levels.level(key);
      return base ?? 'the history has no earlier value of it on this machine';
    },
    since(budget, subject, quantity, limit) {
      const key = keyOf(subject, budget.stat, quantity.unit);
      return key === undefined ? undefined : levels.since(key, quantity.value, quantity.better, limit);
    },
  };
}

/** How far apart two of one name are written: lines move from commit to commit, files seldom. */
function distance({ place }: Subject, { place: other }: Subject): number {
  if (place?.file !== other?.file) return Number.MAX_VALUE;
  return Math.abs((place?.line ?? 0) - (other?.line ?? 0));
}

function isRelative(limit: Budget['limit']): limit is Exclude<Budget['limit'], { kind: 'absolute' }> {
  return limit.kind !== 'absolute';
}

function boundsOf({ low, high }: Quantity): Pick<Base, 'low' | 'high'> {
  return { ...(low === undefined ? {} : { low }), ...(high === undefined ? {} : { high }) };
}
