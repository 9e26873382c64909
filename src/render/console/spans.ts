import pc from 'picocolors';
import { toAscii } from '../../terminal/ascii.ts';
import { escapeTerminal } from '../../terminal/escape.ts';
import { shortenEnd, stringWidth } from '../../terminal/string-width.ts';
import type { TextLook } from '../../terminal/text-look.ts';

/** What a piece of a line means; the terminal's own sixteen colours make it visible, and nothing depends on them. */
export type Tone = 'plain' | 'dim' | 'bold' | 'accent' | 'good' | 'warn' | 'bad';

export interface Span {
  readonly text: string;
  readonly tone: Tone;
}

/** One line of the screen: pieces of text that is not escaped yet. */
export type Line = readonly Span[];

export const EMPTY: Line = [];

export function span(text: string, tone: Tone = 'plain'): Span {
  return { text, tone };
}

/** `label value`, the label in the background. */
export function labelled(label: string, value: string, tone: Tone = 'plain'): Line {
  return [span(`${label} `, 'dim'), span(value, tone)];
}

/** Lines side by side. */
export function joined(parts: readonly Line[], gap = '  '): Line {
  return parts.flatMap((part, i) => (i === 0 ? part : [span(gap), ...part]));
}

export function lineWidth(line: Line): number {
  return line.reduce((sum, { text }) => sum + stringWidth(escapeTerminal(text)), 0);
}

/** Fills a line with blanks up to `width` columns. */
export function padLine(line: Line, width: number): Line {
  const missing = width - lineWidth(line);
  return missing > 0 ? [...line, span(' '.repeat(missing))] : line;
}

/** Parts from left to right in as many lines as they need. */
export function wrapped(parts: readonly Line[], width: number, gap = '  '): Line[] {
  const lines: Line[] = [];
  let current: Line[] = [];
  let used = 0;
  for (const part of parts) {
    const columns = lineWidth(part);
    if (current.length > 0 && used + gap.length + columns > width) {
      lines.push(joined(current, gap));
      current = [];
      used = 0;
    }
    used += (current.length > 0 ? gap.length : 0) + columns;
    current.push(part);
  }
  if (current.length > 0) lines.push(joined(current, gap));
  return lines;
}

/** Words of a sentence in lines of at most `width` columns. */
export function wrappedText(text: string, width: number, tone: Tone = 'plain'): Line[] {
  const words = text.split(' ').map((word): Line => [span(word, tone)]);
  return wrapped(words, width, ' ');
}

/**
 * A line as the terminal gets it: escaped, at most `look.width` columns.
 * @param selected the whole line is marked
 */
export function paint(line: Line, look: TextLook, selected = false): string {
  const colors = pc.createColors(look.color);
  let room = look.width;
  let painted = '';
  for (const { text, tone } of line) {
    if (room <= 0) break;
    const cut = shortenEnd(escapeTerminal(text), room);
    room -= stringWidth(cut);
    const shown = look.ascii ? toAscii(cut) : cut;
    painted += selected ? shown : painter(colors, tone)(shown);
  }
  if (!selected) return painted.trimEnd();
  const full = painted + ' '.repeat(Math.max(0, room));
  return look.color ? colors.inverse(full) : full;
}

function painter(colors: ReturnType<typeof pc.createColors>, tone: Tone): (text: string) => string {
  switch (tone) {
    case 'dim':
      return colors.dim;
    case 'bold':
      return colors.bold;
    case 'accent':
      return colors.cyan;
    case 'good':
      return colors.green;
    case 'warn':
      return colors.yellow;
    case 'bad':
      return colors.red;
    default:
      return String;
  }
}
