import type { CheckReport, CheckRow, CheckVerdict } from '../../history/check-report.ts';
import type { KeptCommit } from '../../history/entry.ts';
import { formatValue } from '../../profile/units.ts';

const SHORT_ID = 9;

/** A value for people; raw text, for whoever shows it to escape. */
export function quantityWords(value: number | undefined, unit: string): string {
  if (value === undefined) return '-';
  if (unit === 'ratio') return `${trimmed(value * 100)} %`;
  if (unit === '%') return `${trimmed(value)} %`;
  // Of a few nanoseconds the parts count
  if (unit === 'ns' && Math.abs(value) < 100) return `${trimmed(value)} ns`;
  if (['ns', 'bytes'].includes(unit) || Math.abs(value) < 1e5) return formatValue(value, unit);
  const [size, letter] = STEPS.find(([least]) => Math.abs(value) >= least)!;
  return `${trimmed(value / size)}${letter}${unit === 'count' || unit === '' ? '' : ` ${unit}`}`;
}

/** Of large counts and rates three digits tell enough. */
const STEPS = [
  [1e12, ' T'],
  [1e9, ' G'],
  [1e6, ' M'],
  [1e3, ' k'],
] as const;

function trimmed(value: number): string {
  return String(Number(value.toPrecision(3)));
}

/** `12.1 ms .. 12.9 ms`; '' where no interval is known. */
export function intervalWords({ low, high, unit }: CheckRow): string {
  if (low === undefined && high === undefined) return '';
  return `${quantityWords(low, unit)} .. ${quantityWords(high, unit)}`;
}

/** `< 10 ms`, `< 105 ns (100 ns of the last 9 runs)`. */
export function limitWords({ limit, unit }: CheckRow): string {
  if (limit === undefined) return '';
  const at = `${limit.operator} ${quantityWords(limit.value, unit)}`;
  return limit.base === undefined ? at : `${at} (${quantityWords(limit.base.value, unit)} of ${limit.base.source})`;
}

/** `+4.2 %` beyond what is allowed, of shares `+4.2 points`; '' where nobody can tell how much that is. */
export function excessWords({ excess, unit, value, limit }: CheckRow): string {
  if (excess === undefined) return '';
  if (value !== undefined && limit !== undefined && (unit === 'ratio' || unit === '%')) {
    return `+${trimmed(Math.abs(value - limit.value) * (unit === '%' ? 1 : 100))} points`;
  }
  return `+${trimmed(excess * 100)} %`;
}

/** `42207d1d1 Read options once more (+20.4 %)` */
export function sinceWords({ since }: CheckRow): string {
  if (since === undefined) return '';
  const { commit, change } = since;
  const percent = `${change > 0 ? '+' : ''}${(change * 100).toFixed(1)} %`;
  return `${commitWords(commit)}${commit.subject === undefined ? '' : ` ${commit.subject}`} (${percent})`;
}

export function commitWords({ id, dirty }: KeptCommit): string {
  return id === '' ? '(no commit)' : `${id.slice(0, SHORT_ID)}${dirty ? '+' : ''}`;
}

/** What a row is about: `parse: bench.median`. */
export function subjectWords({ name, metric }: CheckRow): string {
  return name === '' ? metric : `${name}: ${metric}`;
}

/** The whole row in one line. */
export function rowSentence(row: CheckRow): string {
  const interval = intervalWords(row);
  const beyond = excessWords(row);
  const parts = [
    row.value === undefined ? '' : `${quantityWords(row.value, row.unit)}${interval === '' ? '' : ` [${interval}]`}`,
    row.limit === undefined ? '' : `must be ${limitWords(row)}`,
    beyond === '' ? '' : `${beyond} beyond it`,
    row.verdict === 'inconclusive' && row.limit !== undefined ? 'the interval crosses the limit' : '',
    row.why ?? '',
    row.since === undefined ? '' : `since ${sinceWords(row)}`,
  ];
  return `${subjectWords(row)}: ${parts.filter((part) => part !== '').join(', ')}`;
}

/** What a row means for the build. */
export type RowState = 'failed' | 'warning' | 'inconclusive' | 'passed';

export function stateOf({ verdict, isWarning }: CheckRow): RowState {
  const states: Record<CheckVerdict, RowState> = { fail: 'failed', inconclusive: 'inconclusive', pass: 'passed' };
  return verdict === 'fail' && isWarning ? 'warning' : states[verdict];
}

const ORDER: readonly RowState[] = ['failed', 'warning', 'inconclusive', 'passed'];

/** Those that want something of a person first; else as they are. */
export function urgentFirst(rows: readonly CheckRow[]): CheckRow[] {
  return [...rows].sort((a, b) => ORDER.indexOf(stateOf(a)) - ORDER.indexOf(stateOf(b)));
}

/** `2 failed, 1 inconclusive, 7 passed` */
export function totalsWords({ rows }: CheckReport): string {
  const counts = ORDER.map((state) => [state, rows.filter((row) => stateOf(row) === state).length] as const);
  const words = counts.filter(([, count]) => count > 0).map(([state, count]) => `${count} ${wordFor(state, count)}`);
  return words.length === 0 ? 'nothing was checked' : words.join(', ');
}

function wordFor(state: RowState, count: number): string {
  return state === 'warning' && count > 1 ? 'warnings' : state;
}
