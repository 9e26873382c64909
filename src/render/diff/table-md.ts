import type { Changes, Comparison } from '../../profile/diff/comparison.ts';
import { changesByEffect } from '../../profile/diff/order.ts';
import { formatValue, groupDigits } from '../../profile/units.ts';
import { placeOf } from '../frame-words.ts';
import { codeSpan, plainText } from '../markdown-escape.ts';
import {
  afterWords,
  beforeWords,
  changeWords,
  findingWords,
  intervalWords,
  noiseWords,
  rulesWords,
  sideWords,
} from './change-words.ts';
import { byShares, type ChangedRow, changedRow, pathNames, pathsByEffect, worthListing } from './changed-row.ts';
import { verdictWords } from './effect.ts';

export interface DiffMarkdownOptions {
  /** Rows of each table. Default 15. */
  readonly limit?: number;
}

/** Frames of a path that are shown from its root and from its leaf. */
const SHOWN = { first: 2, last: 6 } as const;

/**
 * A comparison as Markdown, for a pull request or a language model: what was compared, what changed, by function and by
 * path. GitHub's dialect; names are inert. Only changes that are significant are listed, unless there are none.
 */
export function* diffMarkdown(comparison: Comparison, { limit = 15 }: DiffMarkdownOptions = {}): Iterable<string> {
  const { before, after, functions, paths, profile, notes } = comparison;
  const side = (name: string, words: string[]): string => `${codeSpan(name)} (${words.map(plainText).join(', ')})`;
  yield '# Comparison of two profiles\n\n';
  yield `**${upper(plainText(findingWords(comparison)))}.**\n\n`;
  yield `- before: ${side(before.name, sideWords(before, comparison))}\n`;
  yield `- after: ${side(after.name, sideWords(after, comparison))}\n`;
  for (const rule of rulesWords(comparison)) yield `- ${plainText(rule)}\n`;
  const noise = noiseWords(comparison);
  if (noise !== undefined) yield `- ${plainText(noise)}\n`;

  yield* section(comparison, limit, {
    title: 'Functions',
    says: 'With what they call.',
    texts: ['function', 'where'],
    changes: functions,
    order: changesByEffect(functions),
    frameOf: functions.frame,
    textsOf: (row) => [codeSpan(row.name), placeOf(row) === '' ? '' : codeSpan(placeOf(row))],
  });
  yield* section(comparison, limit, {
    title: 'Paths',
    says: 'Caller first. Callers whose change is that of one callee are left out.',
    texts: ['path'],
    changes: paths,
    order: pathsByEffect(comparison),
    frameOf: profile.stacks.frame,
    textsOf: (_, path) => [pathSpans(pathNames(comparison, path))],
  });
  if (notes.length > 0) yield '\n## Notes\n\n';
  for (const note of notes) yield `- ${plainText(note)}\n`;
}

/** What a table is made of. */
interface Section {
  readonly title: string;
  readonly says: string;
  /** Titles of the last columns. */
  readonly texts: readonly string[];
  readonly changes: Changes;
  readonly order: readonly number[];
  readonly frameOf: Int32Array;
  readonly textsOf: (row: ChangedRow, index: number) => readonly string[];
}

function* section(comparison: Comparison, limit: number, section: Section): Iterable<string> {
  const { title, says, texts, changes, order, frameOf, textsOf } = section;
  const listed = worthListing(order, changes);
  if (listed.length === 0) return;
  const { unit } = comparison.unit;
  const titles = ['before', 'after', byShares(comparison) ? 'points' : 'change', 'interval', 'verdict'];
  yield `\n## ${title}\n\n${says}\n\n`;
  yield `| ${[...titles, 'weight before', 'weight after', ...texts].join(' | ')} |\n`;
  yield `| ---: | ---: | ---: | --- | --- | ---: | ---: |${' --- |'.repeat(texts.length)}\n`;
  for (const index of listed.slice(0, limit)) {
    const row = changedRow(comparison, changes, index, frameOf[index]!);
    const cells = [
      beforeWords(row, comparison),
      afterWords(row, comparison),
      plainText(changeWords(row, comparison)),
      plainText(intervalWords(row, comparison)),
      verdictWords(row.verdict),
      plainText(formatValue(row.before, unit)),
      plainText(formatValue(row.after, unit)),
      ...textsOf(row, index),
    ];
    yield `| ${cells.join(' | ')} |\n`;
  }
  if (listed.length > limit) yield `\n${groupDigits(listed.length - limit)} more are not in the table.\n`;
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
