import type { HeapGraph } from '../../heap/graph.ts';
import type { ObjectWords } from '../../heap/object-words.ts';
import { escapeTerminal } from '../../terminal/escape.ts';
import { shortenEnd, shortenMiddle, stringWidth } from '../../terminal/string-width.ts';
import { placeOf } from '../frame-words.ts';

/** `cache: Map @9123`, `refreshPage() @11 (/app/page.js:12)`; safe to print. */
export function objectLabel(graph: HeapGraph, words: ObjectWords, node: number, heldAs = ''): string {
  const place = shortPlace(words.place(node));
  const held = heldAs === '' ? '' : `${heldAs}: `;
  return escapeTerminal(`${held}${words.name(node)} @${graph.nodeId[node]}${place === '' ? '' : ` (${place})`}`);
}

/** As {@link objectLabel}, in so many columns: the place gives way first. */
export function objectLabelWithin(graph: HeapGraph, words: ObjectWords, node: number, columns: number): string {
  const whole = objectLabel(graph, words, node);
  if (stringWidth(whole) <= columns) return whole;
  const name = escapeTerminal(`${words.name(node)} @${graph.nodeId[node]}`);
  const left = columns - stringWidth(name) - 3;
  const place = escapeTerminal(shortPlace(words.place(node)));
  return left < 12 || place === '' ? shortenEnd(name, Math.max(8, columns)) : `${name} (${placeWithin(place, left)})`;
}

/** A place without what every file has in front; raw. */
export function shortPlace(place: string): string {
  return place === '' ? '' : placeOf({ file: place, line: 0, module: '' });
}

/** A place in so many columns: the end tells most, so folders in front are left out. */
export function placeWithin(place: string, columns: number): string {
  if (stringWidth(place) <= columns) return place;
  const parts = place.split('/');
  for (let i = 1; i < parts.length; i++) {
    const tail = `…/${parts.slice(i).join('/')}`;
    if (stringWidth(tail) <= columns) return tail;
  }
  return shortenMiddle(parts.at(-1)!, columns);
}
