import type { CheckReport, CheckRow } from '../../history/check-report.ts';
import { escapeXml } from '../escape.ts';
import { rowSentence, stateOf } from './row-words.ts';

/**
 * The layout of Ant's JUnit task, as Jenkins, GitLab, Azure and others read it: a test case for each budget and what it is
 * about. What cannot be told is `skipped`, which breaks no build. Ends in a newline.
 */
export function* junitXml({ title, suite, rows, notes }: CheckReport): Iterable<string> {
  const failures = rows.filter((row) => stateOf(row) === 'failed').length;
  const skipped = rows.filter((row) => stateOf(row) === 'inconclusive').length;
  const counts = `tests="${rows.length}" failures="${failures}" errors="0"`;
  const name = attribute(suite === '' ? title : `${title}: ${suite}`);
  yield `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name=${name} ${counts}>\n`;
  yield `  <testsuite name=${name} ${counts} skipped="${skipped}">\n`;
  for (const row of rows) yield testCase(row);
  if (notes.length > 0) yield `    <system-out>${escapeXml(notes.join('\n'))}</system-out>\n`;
  yield '  </testsuite>\n</testsuites>\n';
}

function testCase(row: CheckRow): string {
  const { place, budget, metric } = row;
  const file = place === undefined ? '' : ` file=${attribute(place.file)}`;
  const line = place?.line === undefined ? '' : ` line="${place.line}"`;
  const name = row.name === '' ? budget : `${row.name}: ${budget}`;
  const head = `    <testcase classname=${attribute(metric)} name=${attribute(name)}${file}${line}`;
  const sentence = rowSentence(row);
  switch (stateOf(row)) {
    case 'failed':
      return `${head}>\n      <failure message=${attribute(sentence)} type="budget">${escapeXml(`${budget}\n${sentence}`)}</failure>\n    </testcase>\n`;
    case 'inconclusive':
      return `${head}>\n      <skipped message=${attribute(sentence)}/>\n    </testcase>\n`;
    case 'warning':
      return `${head}>\n      <system-err>${escapeXml(`warning: ${sentence}`)}</system-err>\n    </testcase>\n`;
    case 'passed':
      return `${head}>\n      <system-out>${escapeXml(sentence)}</system-out>\n    </testcase>\n`;
  }
}

/** A line break in an attribute is read as a blank, unless it is written as a reference. */
function attribute(text: string): string {
  return `"${escapeXml(text).replaceAll('\n', '&#10;').replaceAll('\t', '&#9;')}"`;
}
