import type { FoundObject, HeapFinding } from '../../heap/findings.ts';
import { formatPercent, formatValue, groupDigits } from '../../profile/units.ts';
import { escapeTerminal } from '../../terminal/escape.ts';
import { shortenEnd, shortenMiddle } from '../../terminal/string-width.ts';
import type { Colors } from './look.ts';
import { objectLabel } from './object-label.ts';
import type { AnalysedSnapshot } from './snapshot-report.ts';

/** A finding: what it is, how much, and the largest of it. */
export function findingLines(
  { graph, words }: Pick<AnalysedSnapshot, 'graph' | 'words'>,
  finding: HeapFinding,
  width: number,
  colors: Colors,
): string[] {
  const { kind, count, bytes, share, examples } = finding;
  const percent = formatPercent(share, 1);
  const head = `${TITLES[kind](groupDigits(count))}: ${formatValue(bytes, 'bytes')}, ${percent} of the heap`;
  const lines = [colors.bold(shortenMiddle(head, width))];
  for (const example of examples) {
    const size = formatValue(example.bytes, 'bytes').padStart(10);
    const detail = escapeTerminal(DETAILS[kind](example));
    const label = objectLabel(graph, words, example.node);
    lines.push(shortenEnd(`${size}  ${detail === '' ? '' : `${detail}  `}${label}`, width));
  }
  return lines;
}

const TITLES: Readonly<Record<HeapFinding['kind'], (count: string) => string>> = {
  'detached-dom': (count) => `Detached DOM nodes, ${count} that scripts keep though no page shows them`,
  'duplicate-strings': (count) => `Duplicate strings, ${count} texts that are there more than once`,
  listeners: (count) => `Listeners, ${count} on events with more than 10 of them`,
  timers: (count) => `Timers, ${count} that wait`,
  closures: (count) => `Functions made 100 times and more from one place, ${count} of them`,
  collections: (count) => `Large collections, ${count} with 1,000 parts and more`,
  scopes: (count) => `Scopes, ${count} that hold much through one variable`,
  buffers: (count) => `ArrayBuffers, ${count}`,
};

const times = ({ count }: FoundObject): string => `${groupDigits(count)} x`;

const DETAILS: Readonly<Record<HeapFinding['kind'], (example: FoundObject) => string>> = {
  'detached-dom': () => '',
  'duplicate-strings': times,
  listeners: ({ count, detail = '' }) => `${groupDigits(count)} for '${detail}' on`,
  timers: times,
  closures: times,
  collections: ({ count }) => `${groupDigits(count)} in`,
  scopes: ({ detail = '' }) => `variable ${detail} of`,
  buffers: () => '',
};
