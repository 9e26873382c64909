import { duplicateStrings } from '../../heap/duplicate-strings.ts';
import { pathLines } from '../../heap/path-words.ts';
import { retainingPath } from '../../heap/retaining-path.ts';
import { formatPercent, formatValue, groupDigits } from '../../profile/units.ts';
import { escapeTerminal } from '../../terminal/escape.ts';
import { shortenEnd } from '../../terminal/string-width.ts';
import { layOutColumns } from '../dhat/columns-text.ts';
import { fullLook, type HeapLook } from './look.ts';
import type { AnalysedSnapshot } from './snapshot-report.ts';

/** Characters of a text that are shown: a line is not longer. */
const SHOWN = 200;

/** Texts that are there several times, with one that each hangs on. */
export function stringsText(snapshot: AnalysedSnapshot, look: HeapLook): string {
  const { width, limit, colors } = fullLook(look);
  const { graph, analysis, words } = snapshot;
  const { texts, distinct, wasted } = duplicateStrings(graph, analysis, limit);
  const share = formatPercent(wasted, analysis.retainedSize[graph.root]!);
  const head =
    distinct === 0
      ? 'No string is there more than once'
      : `${groupDigits(distinct)} texts are there more than once: ${formatValue(wasted, 'bytes')}, ${share} of the heap, wasted`;
  const lines = [colors.bold(shortenEnd(head, width))];
  if (distinct === 0) return `${lines[0]}\n`;
  const rows = texts.map(({ text, count, size, wasted: bytes, node }) => {
    const path = pathLines(graph, words, retainingPath(graph, analysis, node));
    const holder = path.at(-2);
    const held = holder === undefined ? '' : `  in ${holder.name} @${holder.id}${path.at(-1)!.reference}`;
    const shown = JSON.stringify(text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text);
    return {
      cells: [formatValue(bytes, 'bytes'), groupDigits(count), formatValue(size, 'bytes')],
      label: escapeTerminal(`${shown}${held}`),
    };
  });
  const [titles, ...table] = layOutColumns(
    ['Wasted', 'Count', 'Each'],
    'Text, and what holds one of them',
    rows,
    width,
  );
  lines.push('', colors.dim(titles!), ...table);
  if (distinct > texts.length) lines.push(colors.dim(`... ${groupDigits(distinct - texts.length)} more`));
  return `${lines.join('\n')}\n`;
}
