import { UserError } from '../../errors.ts';
import { thresholdRows } from '../../history/alert-threshold.ts';
import type { CheckRow } from '../../history/check-report.ts';
import { previousEntry, previousIn, suitesOf } from '../../history/data-js.ts';
import type { KeptCommit, KeptResult } from '../../history/entry.ts';
import type { HistoryLevels } from '../../history/reference-level.ts';
import { readDataJs } from './ci-outputs.ts';
import type { CheckOptions } from './options.ts';

/**
 * Rows of `--alert-threshold`: all results against those of the commit before, in data.js where one is given, else in the history.
 * @throws {UserError} --fail-threshold is less than --alert-threshold, or without it
 */
export function alertRows(
  results: readonly KeptResult[],
  { alertThreshold, failThreshold, dataJs, suite }: CheckOptions,
  levels: HistoryLevels,
  commit: KeptCommit,
  machine: string,
): { readonly rows: readonly CheckRow[]; readonly notes: readonly string[] } {
  if (alertThreshold === undefined) {
    if (failThreshold === undefined) return { rows: [], notes: [] };
    throw new UserError('--fail-threshold is for --alert-threshold', { hint: 'give both' });
  }
  const failAt = failThreshold ?? alertThreshold;
  if (failAt < alertThreshold) {
    throw new UserError('--fail-threshold must not be less than --alert-threshold');
  }
  const rows: CheckRow[] = [];
  if (dataJs === undefined) {
    for (const result of results) {
      const key = { suite, machine, name: result.name, unit: result.unit };
      const before = levels.previous(key);
      if (before === undefined) continue;
      const found = { name: result.name, unit: result.unit, value: before.value };
      rows.push(...thresholdRows([result], () => found, alertThreshold, failAt, before.source));
    }
  } else {
    const data = readDataJs(dataJs);
    for (const one of suitesOf(suite)) {
      const entry = previousEntry(data, one.suite, commit.id);
      const own = results.filter(({ better }) => better === one.better);
      const source = entry?.commit.id.slice(0, 9) ?? '';
      rows.push(...thresholdRows(own, previousIn(entry), alertThreshold, failAt, source));
    }
  }
  const missing = results.length - rows.length;
  const notes =
    missing === 0 ? [] : [`${missing} of ${results.length} results have no commit before to be compared with`];
  const told = rows.map((row) => {
    if (row.verdict !== 'fail') return row;
    const key = { suite, machine, name: row.name, unit: row.unit };
    const since = levels.since(key, row.value!, row.better, row.limit!.value);
    return since === undefined ? row : { ...row, since };
  });
  return { rows: told, notes };
}
