import type { CounterColumn, CounterRuns } from '../../profile/counters/counter-runs.ts';
import { derive } from '../../profile/counters/derive.ts';
import { spreadOf } from '../../profile/counters/spread.ts';
import { csvLine } from '../csv-line.ts';

/**
 * Counters, derived numbers and threads for spreadsheets, one row each: RFC 4180 with a line of titles; raw numbers,
 * times in nanoseconds; `error_percent` is the standard error of the mean. What was not counted has a word for a value.
 */
export function* countersCsv(runs: CounterRuns): Iterable<string> {
  yield 'kind,part,name,unit,value,runs,min,max,error_percent,percent_running,source\r\n';
  for (const column of runs.counters) yield counterLine('counter', '', column);
  for (const { name, unit, values } of derive(runs)) {
    const { mean, count, min, max, errorPercent } = spreadOf(values);
    yield csvLine(['derived', '', name, unit, mean, count, min, max, rounded(errorPercent), '', '']);
  }
  for (const { part, counters } of runs.parts) {
    for (const column of counters) yield counterLine(part.kind, part.name, column);
  }
}

function counterLine(kind: string, part: string, column: CounterColumn): string {
  const { name, unit, source, missing, percentRunning, summary } = column;
  if (missing !== undefined) return csvLine([kind, part, name, unit, missing, 0, '', '', '', '', source]);
  const { mean, count, min, max, errorPercent } = spreadOf(column.values);
  const share = percentRunning === undefined ? 100 : spreadOf(percentRunning).mean;
  const error = summary?.variancePercent ?? errorPercent;
  return csvLine([kind, part, name, unit, mean, count, min, max, rounded(error), rounded(share), source]);
}

function rounded(value: number): number {
  return Number(value.toFixed(4));
}
