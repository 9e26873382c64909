import { UserError } from '../errors.ts';
import { holds } from '../statistics/limit.ts';
import { type Budget, matchesName, SUBJECT_KINDS } from './budget-expression.ts';
import type { CheckLimit, CheckRow, CheckVerdict } from './check-report.ts';
import { limitIn, unitsFor } from './limit-units.ts';
import type { Quantity, Subject } from './measurements.ts';

/** What a value is compared with, and where that comes from. */
export interface Base {
  readonly value: number;
  readonly low?: number;
  readonly high?: number;
  readonly source: string;
}

/** What is known of earlier values. */
export interface Past {
  /** @returns the reason, where there is none */
  base(budget: Budget, subject: Subject, quantity: Quantity): Base | string;
  /** Whether what this budget is reckoned from was given by hand: then all of it missing is a mistake. */
  isGiven(budget: Budget): boolean;
  /** Since which commit a value is as bad as it is. @param limit in the unit of the quantity */
  since(budget: Budget, subject: Subject, quantity: Quantity, limit: number | undefined): CheckRow['since'];
}

/**
 * Holds one budget against all that was measured: a row for each subject that it is about, and a failed one where it is
 * about none.
 * @throws {UserError} it asks for a number that its subjects do not have, or in a unit that does not fit
 */
export function judgeBudget(budget: Budget, subjects: readonly Subject[], past: Past): CheckRow[] {
  const ofKind = subjects.filter(({ kind }) => kind === budget.subject);
  const meant = ofKind.filter(({ name }) => matchesName(budget.name, name, budget.subject));
  if (meant.length === 0) return [missing(budget, '', absence(budget, ofKind))];
  const share = budget.limit.kind === 'absolute' && budget.limit.unit === '%';
  const measured = meant.flatMap((subject) => {
    const quantity = subject.quantity(budget.stat, share);
    return quantity === undefined ? [] : [{ subject, quantity }];
  });
  // Of times and instructions of one name a limit in microseconds means the times
  const fitting = measured.filter(({ quantity }) => fits(budget, quantity));
  const rows = (fitting.length > 0 ? fitting : measured).map(({ subject, quantity }) =>
    judged(budget, subject, quantity, past),
  );
  if (rows.length > 0) {
    const isLost = past.isGiven(budget) && rows.every(({ limit }) => limit === undefined);
    return isLost ? rows.map((row) => ({ ...row, verdict: 'fail' })) : rows;
  }
  const [first] = meant;
  if (share && first!.quantity(budget.stat, false) !== undefined) {
    throw new UserError(`budget '${budget.text}': a part of what? ${budget.stat} is no share`, {
      hint: `write +5% of baseline, or a limit in ${unitsFor(first!.quantity(budget.stat, false)!.unit)}`,
    });
  }
  if (budget.stat === 'change') {
    const why = 'it was compared with nothing: bench --against REF measures both states';
    return meant.map(({ name }) => ({ ...missing(budget, name, why), verdict: 'inconclusive' }));
  }
  if (meant.every(({ stats }) => !stats.includes(budget.stat))) {
    const known = [...new Set(meant.flatMap(({ stats }) => stats))].join(', ');
    return [missing(budget, named(meant), `'${budget.stat}' was not measured; known are ${known}`)];
  }
  return [missing(budget, named(meant), `${budget.stat} has no value`)];
}

function named(subjects: readonly Subject[]): string {
  return subjects.length === 1 ? subjects[0]!.name : '';
}

function absence(budget: Budget, ofKind: readonly Subject[]): string {
  // Those that are there are the ones that other budgets have asked for
  if (['file', 'files'].includes(budget.subject)) return 'there is no such file';
  if (ofKind.length === 0) {
    return `no results of this kind were given (${SUBJECT_KINDS.get(budget.subject)!.split(':')[0]})`;
  }
  const names = ofKind.slice(0, 5).map(({ name }) => name);
  return `no name matches; there are ${names.join(', ')}${ofKind.length > names.length ? ', ...' : ''}`;
}

/** Nothing to judge is a failure: a budget that is about nothing guards nothing. */
function missing({ text, selector, subject, stat }: Budget, name: string, why: string): CheckRow {
  return {
    budget: text,
    name,
    metric: name === '' ? selector : `${subject}.${stat}`,
    unit: '',
    better: 'smaller',
    value: undefined,
    verdict: 'fail',
    why,
  };
}

function judged(budget: Budget, subject: Subject, quantity: Quantity, past: Past): CheckRow {
  const { operator, limit, text, stat } = budget;
  const row = {
    budget: text,
    name: subject.name,
    metric: `${budget.subject}.${stat}`,
    unit: quantity.unit,
    better: quantity.better,
    value: quantity.value,
    ...(subject.place === undefined ? {} : { place: subject.place }),
  };
  const told = (at: Quantity, bar: CheckLimit): CheckRow => {
    const verdict = against(at, operator, bar);
    const since = verdict.verdict === 'fail' ? past.since(budget, subject, quantity, bar.value) : undefined;
    return { ...row, ...bounds(at), ...verdict, ...(since === undefined ? {} : { since }) };
  };
  if (limit.kind === 'absolute') return told(quantity, { operator, value: inUnit(budget, quantity) });
  const base = past.base(budget, subject, quantity);
  // A benchmark that is new has nothing to be compared with: that is told, and breaks nothing
  if (typeof base === 'string') return { ...row, ...bounds(quantity), verdict: 'inconclusive', why: base };
  const value = limit.kind === 'relative' ? base.value * (1 + limit.share) : base.value + inUnit(budget, quantity);
  return told(withBase(quantity, base), { operator, value, base });
}

function fits({ limit }: Budget, { unit }: Quantity): boolean {
  return limit.kind === 'relative' || limitIn(limit.amount, limit.unit, unit) !== undefined;
}

function inUnit({ text, limit }: Budget, { unit }: Quantity): number {
  if (limit.kind === 'relative') throw new Error('growth has no unit');
  const value = limitIn(limit.amount, limit.unit, unit);
  if (value !== undefined) return value;
  throw new UserError(`budget '${text}': ${limit.unit === '' ? 'a plain number' : `'${limit.unit}'`} does not fit`, {
    hint: `it is measured in ${unit}; units that fit: ${unitsFor(unit)}`,
  });
}

interface Bounds {
  readonly low?: number;
  readonly high?: number;
}

function bounds({ low, high }: Bounds): Bounds {
  return { ...(low === undefined ? {} : { low }), ...(high === undefined ? {} : { high }) };
}

/**
 * The value with the uncertainty of what it is compared with added to its own: errors of independent measurements add by
 * their squares, relative to what they are errors of.
 */
function withBase(quantity: Quantity, base: Base): Quantity {
  const { value } = quantity;
  if (value <= 0 || base.value <= 0) return quantity;
  const part = (bound: number | undefined, of: number): number => (bound === undefined ? 0 : (bound - of) / of);
  const up = Math.hypot(part(quantity.high, value), part(base.low, base.value));
  const down = Math.hypot(part(quantity.low, value), part(base.high, base.value));
  if (up === 0 && down === 0) return quantity;
  return { ...quantity, low: Math.max(0, value * (1 - down)), high: value * (1 + up) };
}

/** Fails only where the whole interval is beyond the limit; where it crosses nobody can tell. */
function against(
  { value, low = value, high = value }: Quantity,
  operator: CheckLimit['operator'],
  limit: CheckLimit,
): { readonly limit: CheckLimit; readonly verdict: CheckVerdict; readonly excess?: number } {
  const at = limit.value;
  const keeps = (one: number): boolean => holds(one, operator, at);
  const isExact = operator === '==' || operator === '!=';
  const ends = isExact ? [value] : [low, value, high];
  const kept = ends.filter(keeps).length;
  const verdict = kept === ends.length ? 'pass' : kept === 0 ? 'fail' : 'inconclusive';
  const beyond = operator.startsWith('>') ? (at - value) / at : (value - at) / at;
  return { limit, verdict, ...(verdict === 'fail' && Number.isFinite(beyond) && !isExact ? { excess: beyond } : {}) };
}
