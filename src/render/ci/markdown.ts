import type { CheckReport, CheckRow } from '../../history/check-report.ts';
import { codeSpan, plainText } from '../markdown-escape.ts';
import {
  commitWords,
  excessWords,
  intervalWords,
  limitWords,
  quantityWords,
  type RowState,
  sinceWords,
  stateOf,
  totalsWords,
  urgentFirst,
} from './row-words.ts';

const SIGNS: Record<RowState, string> = {
  failed: ':x: failed',
  warning: ':warning: warning',
  inconclusive: ':grey_question: inconclusive',
  passed: ':white_check_mark: passed',
};
/** GitHub refuses comments of more than 65,536 characters. */
const LONGEST_COMMENT = 65_000;
/** Rows that pass are folded away when there are more. */
const SHOWN_PASSED = 10;

/** A report in GitHub's Markdown, those that want something of a person first. Ends in a newline. */
export function checkMarkdown(report: CheckReport, longest = Number.POSITIVE_INFINITY): string {
  const rows = urgentFirst(report.rows);
  const suite = report.suite === '' ? '' : ` (${plainText(report.suite)})`;
  const head = [
    `### ${plainText(report.title)}${suite}: ${totalsWords(report)}`,
    '',
    `Commit ${codeSpan(commitWords(report.commit))}${report.commit.subject === undefined ? '' : ` ${plainText(report.commit.subject)}`}`,
    '',
  ];
  const told = rows.filter((row) => stateOf(row) !== 'passed');
  const passed = rows.filter((row) => stateOf(row) === 'passed');
  let room = longest - head.join('\n').length - 400;
  const pieces: string[] = [];
  for (const [part, isFolded] of [
    [told, false],
    [passed, passed.length > SHOWN_PASSED],
  ] as const) {
    if (part.length === 0) continue;
    const lines: string[] = [];
    let left = part.length;
    for (const line of part.map(tableRow)) {
      // What has no room is counted, never lost in silence
      room -= line.length + 1;
      if (room < 0) break;
      lines.push(line);
      left--;
    }
    if (isFolded) pieces.push('<details>', `<summary>${part.length} passed</summary>`, '');
    if (lines.length > 0) pieces.push(...TABLE_HEAD, ...lines, '');
    if (left > 0) pieces.push(`${left} more of these have no room here.`, '');
    if (isFolded) pieces.push('</details>', '');
  }
  for (const note of report.notes.map((text) => `- ${plainText(text)}`)) {
    room -= note.length + 1;
    if (room >= 0) pieces.push(note);
  }
  return `${[...head, ...pieces].join('\n').trimEnd()}\n`;
}

const TABLE_HEAD = [
  '| | measured | value | limit | beyond | since |',
  '| --- | --- | ---: | --- | ---: | --- |',
] as const;

function tableRow(row: CheckRow): string {
  const interval = intervalWords(row);
  const measured = row.name === '' ? codeSpan(row.metric) : `${codeSpan(row.name)} ${plainText(row.metric)}`;
  const value = `${plainText(quantityWords(row.value, row.unit))}${interval === '' ? '' : `<br>${plainText(interval)}`}`;
  const limit = row.why === undefined ? plainText(limitWords(row)) : `${codeSpan(row.budget)}<br>${plainText(row.why)}`;
  const cells = [SIGNS[stateOf(row)], measured, value, limit, excessWords(row), plainText(sinceWords(row))];
  return `| ${cells.join(' | ')} |`;
}

/**
 * The body of a comment on a pull request. Its first line is always the same for one title and suite, so that whoever posts it
 * finds the one of the run before and replaces it.
 */
export function checkComment(report: CheckReport): string {
  return `${commentMarker(report)}\n${checkMarkdown(report, LONGEST_COMMENT)}`;
}

/** What the first line of a comment is. No name can end it, as `--` and `>` would. */
export function commentMarker({ title, suite }: Pick<CheckReport, 'title' | 'suite'>): string {
  const words = [title, suite].map((text) =>
    // Half a character has no code
    encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd'))
      .replaceAll('--', '%2D%2D')
      .replaceAll('%20', ' '),
  );
  return `${`<!-- ${words.join(' ')}`.trimEnd()} -->`;
}
