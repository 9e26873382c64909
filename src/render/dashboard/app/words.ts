import { changeVerb } from '../../../history/change-words.ts';
import { formatValue } from '../../../profile/units.ts';
import { visibleText } from '../../escape.ts';
import type { Commit, ShownSeries } from './history.ts';

const SHORT_ID = 9;

export function shortId({ id, dirty }: Commit): string {
  return visibleText(id === '' ? 'no commit' : `${id.slice(0, SHORT_ID)}${dirty ? '+' : ''}`);
}

export function valueWords(value: number, unit: string): string {
  // Of a few nanoseconds the parts count
  if (unit === 'ns' && Math.abs(value) < 100) return `${Number(value.toPrecision(3))} ns`;
  return visibleText(formatValue(Math.abs(value) < 100 ? Number(value.toPrecision(4)) : value, unit));
}

/** `+4.2 %` */
export function changeWords(change: number | null): string {
  return change === null ? 'from 0' : `${change > 0 ? '+' : ''}${(change * 100).toFixed(1)} %`;
}

/** One value in a line: `a1b2c3d4e, 2026-01-02: 120 ns (118 ns to 123 ns), outlier. Subject`. */
export function pointWords(series: ShownSeries, at: number, commits: readonly Commit[]): string {
  const { unit, outliers, changes } = series.about;
  const commit = commits[series.commits[at]!]!;
  const [low, high] = [series.low[at]!, series.high[at]!];
  const bounds = Number.isNaN(low + high) ? '' : ` (${valueWords(low, unit)} to ${valueWords(high, unit)})`;
  const change = changes.find((one) => one.at === at);
  const marks = [
    outliers.includes(at) ? 'outlier' : '',
    change ? `${changeVerb(change)} ${changeWords(change.change)}` : '',
  ].filter(Boolean);
  const date = commit.time?.slice(0, 10) ?? '';
  const subject = commit.subject ? ` – ${visibleText(commit.subject)}` : '';
  return `${shortId(commit)} ${date}: ${[valueWords(series.values[at]!, unit) + bounds, ...marks].join(', ')}${subject}`;
}
