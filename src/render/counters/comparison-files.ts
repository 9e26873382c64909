import type { CounterChange, CounterComparison } from '../../profile/counters/compare.ts';
import type { SideSpread } from '../../profile/counters/compare-columns.ts';
import type { CounterRuns } from '../../profile/counters/counter-runs.ts';
import { csvLine } from '../csv-line.ts';
import { codeSpan, plainText } from '../markdown-escape.ts';
import { countedVerdicts, intervalText, percentText, probabilityText, valueText } from './change-words.ts';
import { subjectTitle } from './subject-title.ts';

interface SideJson {
  readonly mean: number;
  readonly deviation: number | null;
  readonly runs: number | null;
}

/** What `perf-stat diff --json` prints. Fields may be added; these stay. Numbers that are unknown are null. */
export interface ComparisonJson {
  readonly version: 1;
  readonly kind: 'perf-stat-diff';
  readonly pairing: CounterComparison['pairing'];
  readonly alpha: number;
  readonly before: Pick<CounterRuns, 'command' | 'subject' | 'runs'>;
  readonly after: Pick<CounterRuns, 'command' | 'subject' | 'runs'>;
  readonly changes: readonly {
    readonly name: string;
    readonly unit: string;
    readonly before: SideJson | null;
    readonly after: SideJson | null;
    /** As parts of `before`: 0.05 is five percent more. */
    readonly change: number | null;
    readonly low: number | null;
    readonly high: number | null;
    readonly p: number | null;
    readonly adjusted: number | null;
    readonly verdict: CounterChange['verdict'];
  }[];
  readonly notes: readonly string[];
}

export function comparisonJson(before: CounterRuns, after: CounterRuns, comparison: CounterComparison): ComparisonJson {
  const { pairing, alpha, changes, notes } = comparison;
  return {
    version: 1,
    kind: 'perf-stat-diff',
    pairing,
    alpha,
    before: about(before),
    after: about(after),
    changes: changes.map(({ before: old, after: now, change, low, high, p, adjusted, ...rest }) => ({
      ...rest,
      before: side(old),
      after: side(now),
      change: known(change),
      low: known(low),
      high: known(high),
      p: known(p),
      adjusted: known(adjusted),
    })),
    notes,
  };
}

function about({ command, subject, runs }: CounterRuns): Pick<CounterRuns, 'command' | 'subject' | 'runs'> {
  return { ...(command === undefined ? {} : { command }), ...(subject === undefined ? {} : { subject }), runs };
}

function side(spread: SideSpread | undefined): SideJson | null {
  if (spread === undefined) return null;
  return { mean: spread.mean, deviation: known(spread.deviation), runs: spread.runs ?? null };
}

function known(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/** The table in Markdown, for a pull request: what changed first, all else folded away. */
export function* comparisonMarkdown(
  before: CounterRuns,
  after: CounterRuns,
  comparison: CounterComparison,
): Iterable<string> {
  const title = (runs: CounterRuns): string =>
    `${codeSpan(subjectTitle(runs).replace(/^'|'$/g, ''))} (${runs.runs} ${runs.runs === 1 ? 'run' : 'runs'})`;
  const turns = comparison.pairing === 'interleaved' ? ', in turns' : '';
  yield `# Counters compared\n\nBefore: ${title(before)}. After: ${title(after)}${turns}.\n\n`;
  yield `${countedVerdicts(comparison)}.\n`;
  const stands = ({ verdict }: CounterChange): boolean => /^(?:regressed|improved|changed)$/.test(verdict);
  const moved = comparison.changes.filter(stands);
  const others = comparison.changes.filter((change) => !stands(change));
  if (moved.length > 0) yield* rows(moved);
  if (others.length > 0) {
    yield `\n<details><summary>${others.length} without a change</summary>\n`;
    yield* rows(others);
    yield '\n</details>\n';
  }
  if (comparison.notes.length > 0) yield '\n## Notes\n\n';
  for (const note of comparison.notes) yield `- ${plainText(note)}\n`;
}

function* rows(changes: readonly CounterChange[]): Iterable<string> {
  yield '\n| counter | before | after | change | 95 % interval | p | verdict |\n';
  yield '| --- | ---: | ---: | ---: | ---: | ---: | --- |\n';
  for (const change of changes) {
    const { name, unit, verdict } = change;
    const mark = verdict === 'regressed' || verdict === 'improved' ? `**${verdict}**` : verdict;
    const cells = [
      codeSpan(name),
      plainText(valueText(change.before, unit)),
      plainText(valueText(change.after, unit)),
      percentText(change.change),
      intervalText(change),
      plainText(probabilityText(change.adjusted)),
      mark,
    ];
    yield `| ${cells.join(' | ')} |\n`;
  }
}

/** One row a counter, for spreadsheets: RFC 4180 with a line of titles; raw numbers, unknown ones empty. */
export function* comparisonCsv(comparison: CounterComparison): Iterable<string> {
  yield 'name,unit,before,before_deviation,before_runs,after,after_deviation,after_runs,change,low,high,p,adjusted,verdict\r\n';
  const cell = (value: number | undefined): number | string =>
    value === undefined || !Number.isFinite(value) ? '' : value;
  for (const { name, unit, before, after, change, low, high, p, adjusted, verdict } of comparison.changes) {
    const sides = [before, after].flatMap((one) => [cell(one?.mean), cell(one?.deviation), cell(one?.runs)]);
    yield csvLine([name, unit, ...sides, cell(change), cell(low), cell(high), cell(p), cell(adjusted), verdict]);
  }
}
