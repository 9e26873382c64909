import type { HeapGraph } from '../../heap/graph.ts';
import type { ObjectWords } from '../../heap/object-words.ts';
import { escapeTerminal } from '../../terminal/escape.ts';
import { placeOf } from '../frame-words.ts';

/** `cache: Map @9123`, `refreshPage() @11 (/app/page.js:12)`; safe to print. */
export function objectLabel(graph: HeapGraph, words: ObjectWords, node: number, heldAs = ''): string {
  const place = shortPlace(words.place(node));
  const held = heldAs === '' ? '' : `${heldAs}: `;
  return escapeTerminal(`${held}${words.name(node)} @${graph.nodeId[node]}${place === '' ? '' : ` (${place})`}`);
}

/** A place without what every file has in front. */
export function shortPlace(place: string): string {
  return place === '' ? '' : placeOf({ file: place, line: 0, module: '' });
}
