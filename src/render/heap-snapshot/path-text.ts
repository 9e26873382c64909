import type { PathLine } from '../../heap/path-words.ts';
import { groupDigits } from '../../profile/units.ts';
import { escapeTerminal } from '../../terminal/escape.ts';
import { padColumns, shortenEnd, stringWidth } from '../../terminal/string-width.ts';
import type { Colors } from './look.ts';
import { placeWithin, shortPlace } from './object-label.ts';

/** References are given this much room at most. */
const WIDEST_REFERENCE = 32;

export interface PathTextOptions {
  readonly width: number;
  readonly colors: Colors;
  /** In front of each line. */
  readonly indent: string;
  /** What is said of the object with an id. */
  readonly marks?: ReadonlyMap<number, string>;
}

/**
 * A retaining path, one object a line, from the root down: how the one above refers to it, what it is, where its function or
 * constructor stands.
 */
export function pathText(lines: readonly PathLine[], { width, colors, indent, marks }: PathTextOptions): string[] {
  const references = lines.map(({ reference }) => escapeTerminal(reference));
  const room = Math.max(0, width - indent.length);
  const column = Math.min(WIDEST_REFERENCE, Math.floor(room / 2), Math.max(...references.map(stringWidth)));
  return lines.flatMap((line, i) => {
    const mark = marks?.get(line.id) ?? (line.scope === undefined ? undefined : marks?.get(line.scope));
    const reference = padColumns(shortenEnd(references[i]!, column), column);
    const name = escapeTerminal(`${line.name} @${line.id}`);
    const place = escapeTerminal(shortPlace(line.place));
    const behind = Math.max(8, room - column - 2);
    const marked = mark === undefined ? '' : `  <- ${mark}`;
    const whole = place === '' ? `${name}${marked}` : `${name}${marked}  ${place}`;
    const fitted = stringWidth(whole) <= behind ? whole : withShortPlace(`${name}${marked}`, place, behind);
    const text = `${indent}${colors.dim(reference)}  ${mark === undefined ? fitted : colors.bold(fitted)}`;
    if (line.skipped === 0) return [text.trimEnd()];
    return [text.trimEnd(), colors.dim(`${indent}... ${groupDigits(line.skipped)} more like this`)];
  });
}

/** Of a place the end tells most: the file, the line. */
function withShortPlace(name: string, place: string, room: number): string {
  const left = room - stringWidth(name) - 2;
  return left < 12 || place === '' ? shortenEnd(name, room) : `${name}  ${placeWithin(place, left)}`;
}
