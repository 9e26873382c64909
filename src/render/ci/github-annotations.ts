import type { CheckReport, CheckRow } from '../../history/check-report.ts';
import { rowSentence, stateOf, urgentFirst } from './row-words.ts';

/** GitHub shows so many annotations of each level of a step, and drops the others without a word. */
const SHOWN = 10;

const LEVELS = { failed: 'error', warning: 'warning', inconclusive: 'notice' } as const;

/**
 * Workflow commands that become annotations, beside the line that they are about where that is known, one a line:
 * `::error file=src/parse.ts,line=3,title=...::...`. Those that have no place in GitHub's limit are counted in one more.
 */
export function githubAnnotations(report: CheckReport): string[] {
  const told = { error: 0, warning: 0, notice: 0 };
  const left = { error: 0, warning: 0, notice: 0 };
  const lines: string[] = [];
  for (const row of urgentFirst(report.rows)) {
    const state = stateOf(row);
    if (state === 'passed') continue;
    const level = LEVELS[state];
    // The last one says how many more there are
    if (told[level] >= SHOWN - 1) left[level]++;
    else {
      told[level]++;
      lines.push(annotation(level, row, report.title));
    }
  }
  for (const level of ['error', 'warning', 'notice'] as const) {
    if (left[level] > 0) {
      lines.push(
        `::${level} title=${property(report.title)}::${data(`${left[level]} more: see the summary of the job`)}`,
      );
    }
  }
  return lines;
}

function annotation(level: string, row: CheckRow, title: string): string {
  const { place } = row;
  const properties = [
    ...(place === undefined ? [] : [`file=${property(place.file)}`]),
    ...(place?.line === undefined ? [] : [`line=${place.line}`]),
    `title=${property(`${title}: ${row.budget}`)}`,
  ];
  return `::${level} ${properties.join(',')}::${data(rowSentence(row))}`;
}

/** GitHub's own escapes (`@actions/core`): without them text of others could be another command. */
function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
