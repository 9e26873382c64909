import type { LeakSuspect } from '../../heap/suspects.ts';
import { formatValue, groupDigits } from '../../profile/units.ts';
import { escapeTerminal } from '../../terminal/escape.ts';
import { shortenEnd } from '../../terminal/string-width.ts';
import { signed } from './comparison-text.ts';
import type { Colors } from './look.ts';
import { shortPlace } from './object-label.ts';
import { pathText } from './path-text.ts';

export interface SuspectsLook {
  readonly width: number;
  readonly colors: Colors;
  /** What lies between two snapshots: `load`, `snapshot`. */
  readonly each: string;
  /** Requests between two snapshots, where they were counted. */
  readonly requests?: readonly number[];
}

/** Other classes that are told of a suspect. */
const MOST_CONTENTS = 4;
const MOST_CALLS = 8;
const INDENT = '   ';

/** What grows, numbered: by how much, who holds it, by which way. */
export function suspectLines(suspects: readonly LeakSuspect[], look: SuspectsLook): string[] {
  return suspects.flatMap((suspect, i) => [...(i === 0 ? [] : ['']), ...oneSuspect(suspect, i + 1, look)]);
}

function oneSuspect(suspect: LeakSuspect, number: number, look: SuspectsLook): string[] {
  const { width, colors } = look;
  const by = `${suspect.holderName} @${suspect.holder}`;
  const more = suspect.sizes.length > 2 ? 'more and more' : 'more';
  const lines = [
    ...wrapped(escapeTerminal(`${number}. ${by} holds ${more} ${suspect.what}`), width, '').map((line) =>
      colors.bold(line),
    ),
    ...wrapped(growthWords(suspect, look), width),
  ];
  const inside = contentWords(suspect);
  if (inside !== '') lines.push(...wrapped(escapeTerminal(inside), width).map((line) => colors.dim(line)));
  const marks = new Map([[suspect.holder, 'grows']]);
  lines.push('', ...pathText(suspect.path, { width, colors, indent: INDENT, marks }));
  if (suspect.allocatedBy.length > 0) {
    lines.push('', `${INDENT}allocated by`);
    for (const { name, place: where } of suspect.allocatedBy.slice(0, MOST_CALLS)) {
      lines.push(shortenEnd(escapeTerminal(`${INDENT}  ${name}  ${shortPlace(where)}`), width));
    }
    const rest = suspect.allocatedBy.length - MOST_CALLS;
    if (rest > 0) lines.push(colors.dim(`${INDENT}  ... ${rest} more callers`));
  }
  return lines;
}

/** `+500, +500 of them; +297 KiB, +297 KiB; 608 B a request` */
function growthWords({ classes, sizes }: LeakSuspect, { each, requests }: SuspectsLook): string {
  const { counts } = classes[0]!;
  const more = steps(counts);
  const counted = more.every((step) => step === 0)
    ? 'one of them, made anew'
    : `${more.map((step) => signed(step, groupDigits)).join(', ')} of them`;
  const bytes = steps(sizes);
  const grown = bytes.map((step) => `+${formatValue(step, 'bytes')}`).join(', ');
  const total = requests?.reduce((sum, one) => sum + one, 0) ?? 0;
  const perRequest = total === 0 ? '' : `: ${perOne(bytes.reduce((sum, one) => sum + one, 0) / total)} a request`;
  return `${counts.length > 2 ? `with each ${each}` : `since the first ${each}`} ${counted}, ${grown}${perRequest}`;
}

function perOne(bytes: number): string {
  return bytes < 10 ? `${bytes.toFixed(1)} B` : formatValue(Math.round(bytes), 'bytes');
}

function contentWords({ classes, contents }: LeakSuspect): string {
  const others = [...classes.slice(1), ...contents];
  if (others.length === 0) return '';
  const told = others.slice(0, MOST_CONTENTS).map(({ className, counts }) => {
    const more = counts.at(-1)! - counts[0]!;
    return `${groupDigits(more)} ${className === 'system / Context' ? 'Context' : className}`;
  });
  const rest = others.length - MOST_CONTENTS;
  return `with them, in all: ${told.join(', ')}${rest > 0 ? `, ${rest} more kinds` : ''}`;
}

function steps(column: readonly number[]): number[] {
  return column.slice(1).map((value, i) => value - column[i]!);
}

/** Words in lines of a width, indented. */
function wrapped(text: string, width: number, indent = INDENT): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && indent.length + line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].map((one) => shortenEnd(`${indent}${one}`, width));
}

/** A suspect, for programs. */
export function suspectJson({ classes, ...suspect }: LeakSuspect): object {
  return { ...suspect, classes: classes.map(({ members, classKey: _, ...one }) => ({ ...one, held: members.length })) };
}
