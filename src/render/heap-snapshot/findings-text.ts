import type { FoundObject, HeapFinding } from '../../heap/findings.ts';
import { formatPercent, formatValue, groupDigits } from '../../profile/units.ts';
import { escapeTerminal } from '../../terminal/escape.ts';
import { shortenEnd, stringWidth } from '../../terminal/string-width.ts';
import type { Colors } from './look.ts';
import { objectLabelWithin } from './object-label.ts';
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
  const [name, counted] = TITLES[kind];
  const head = `${name}: ${formatValue(bytes, 'bytes')}, ${percent} of the heap, ${groupDigits(count)} ${counted}`;
  const lines = [colors.bold(shortenEnd(head, width))];
  for (const example of examples) {
    const size = formatValue(example.bytes, 'bytes').padStart(10);
    const detail = escapeTerminal(DETAILS[kind](example));
    const front = `${size}  ${detail === '' ? '' : `${detail}  `}`;
    lines.push(`${front}${objectLabelWithin(graph, words, example.node, width - stringWidth(front))}`);
  }
  return lines;
}

/** Of a finding its name, and what is counted. */
const TITLES: Readonly<Record<HeapFinding['kind'], readonly [name: string, counted: string]>> = {
  'detached-dom': ['Detached DOM nodes', 'that scripts keep'],
  'duplicate-strings': ['Duplicate strings', 'texts'],
  listeners: ['Listeners', 'where an event has more than 10'],
  timers: ['Timers', 'that wait'],
  closures: ['Functions made over and over', 'of them'],
  collections: ['Large collections', 'of 1,000 parts and more'],
  scopes: ['Scopes that hold much', 'of them'],
  buffers: ['ArrayBuffers', 'of them'],
};

const times = ({ count }: FoundObject): string => `${groupDigits(count)} x`;

const DETAILS: Readonly<Record<HeapFinding['kind'], (example: FoundObject) => string>> = {
  'detached-dom': times,
  'duplicate-strings': times,
  listeners: ({ count, detail = '' }) => `${groupDigits(count)} for '${detail}' on`,
  timers: times,
  closures: times,
  collections: ({ count }) => `${groupDigits(count)} in`,
  scopes: ({ detail = '' }) => `variable ${detail} of`,
  buffers: () => '',
};
