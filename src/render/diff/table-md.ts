import type { Comparison } from '../../profile/diff/comparison.ts';
import { formatValue, groupDigits } from '../../profile/units.ts';
import { placeOf } from '../frame-words.ts';
import { codeSpan, plainText } from '../markdown-escape.ts';
import {
  changeWords,
  findingWords,
  intervalWords,
  noiseWords,
  scaleWords,
  sideWords,
  verdictWords,
} from './change-words.ts';
import { byEffect, byShares, type ChangedRow, changedRow, isChange, pathNames, pathsByEffect } from './changed-row.ts';

export interface DiffMarkdownOptions {
  /** Rows of each table. Default 15. */
  readonly limit?: number;
}

/** Frames of a path that are shown from its root and from its leaf. */
const SHOWN = { first: 2, last: 6 } as const;

/**
 * A comparison as Markdown, for a pull request or a language model: what was compared, what changed, by function and by
 * stack. GitHub's dialect; names are inert. Only changes that are significant are listed, unless there are none.
 */
export function* diffMarkdown(comparison: Comparison, { limit = 15 }: DiffMarkdownOptions = {}): Iterable<string> {
  const { before, after, functions, paths, profile, notes } = comparison;
  const side = (name: string, words: string[]): string => `${codeSpan(name)} (${words.map(plainText).join(', ')})`;
  yield '# Comparison of two profiles\n\n';
  yield `**${upper(plainText(findingWords(comparison)))}.**\n\n`;
  yield `- before: ${side(before.name, sideWords(before, comparison))}\n`;
  yield `- after: ${side(after.name, sideWords(after, comparison))}\n`;
  yield `- ${plainText(scaleWords(comparison))}\n`;
  const noise = noiseWords(comparison);
  if (noise !== undefined) yield `- ${plainText(noise)}\n`;

  const functionRows = byEffect(functions).map((row) => changedRow(comparison, functions, row, functions.frame[row]!));
  yield* section('Functions', 'With what they call.', functionRows, limit, comparison, 'function | where', (row) => {
    const place = placeOf(row);
    return `${codeSpan(row.name)} | ${place === '' ? '' : codeSpan(place)}`;
  });
  const order = pathsByEffect(comparison);
  const pathRows = order.map((row) => changedRow(comparison, paths, row, profile.stacks.frame[row]!));
  yield* section(
    'Stacks',
    'Caller first. Callers whose change is that of one callee are left out.',
    pathRows,
    limit,
    comparison,
    'stack',
    (_, i) => pathSpans(pathNames(comparison, order[i]!)),
  );
  if (notes.length > 0) yield '\n## Notes\n\n';
  for (const note of notes) yield `- ${plainText(note)}\n`;
}

function* section(
  title: string,
  says: string,
  all: readonly ChangedRow[],
  limit: number,
  comparison: Comparison,
  texts: string,
  textsOf: (row: ChangedRow, i: number) => string,
): Iterable<string> {
  const changed = all.filter(({ verdict }) => isChange(verdict));
  const rows = (changed.length > 0 ? changed : all).slice(0, limit);
  if (rows.length === 0) return;
  const { unit } = comparison.unit;
  const change = byShares(comparison) ? 'points' : 'change';
  yield `\n## ${title}\n\n${says}\n\n`;
  yield `| before | after | ${change} | interval | verdict | weight before | after | ${texts} |\n`;
  yield `| ---: | ---: | ---: | --- | --- | ---: | ---: |${' --- |'.repeat(texts.split('|').length)}\n`;
  for (const [i, row] of rows.entries()) {
    const cells = [
      `${row.beforePercent.toFixed(2)}%`,
      `${row.afterPercent.toFixed(2)}%`,
      changeWords(row, comparison),
      intervalWords(row, comparison),
      verdictWords(row.verdict),
      plainText(formatValue(row.before, unit)),
      plainText(formatValue(row.after, unit)),
      textsOf(row, i),
    ];
    yield `| ${cells.join(' | ')} |\n`;
  }
  const hidden = (changed.length > 0 ? changed.length : all.length) - rows.length;
  if (hidden > 0) yield `\n${groupDigits(hidden)} more are not in the table.\n`;
}

function pathSpans(names: readonly string[]): string {
  const spans =
    names.length <= SHOWN.first + SHOWN.last + 1
      ? names
      : [...names.slice(0, SHOWN.first), ...names.slice(-SHOWN.last)];
  const words = spans.map(codeSpan);
  if (spans.length < names.length) words.splice(SHOWN.first, 0, `(${names.length - spans.length} more)`);
  return words.join(' > ');
}

function upper(text: string): string {
  return text[0]!.toUpperCase() + text.slice(1);
}
