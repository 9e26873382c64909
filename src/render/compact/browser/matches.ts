import type { Matcher } from './linear-regexp.ts';
import { groupOf, model } from './model.ts';
import { picture } from './picture.ts';
import { safeRegexp } from './safe-regexp.ts';
import { state } from './state.ts';

/** Milliseconds that a search may take. */
const BUDGET = 700;
const NAMES_PER_LOOK = 64;

/** What a search has found. */
export interface Matches {
  /** Of each function: 1 = it matches. */
  readonly functions: Uint8Array;
  /** What the person should know of the search; '' = nothing. */
  readonly note: string;
}

/** The functions that the search term and the chosen kinds select; undefined where nothing is asked for. */
export function findMatches(): Matches | undefined {
  if (state.term === '') return undefined;
  const { functions: count, rows, words } = model();
  const { matches, note } = matcher();
  const functions = new Uint8Array(count);
  const asked = new Uint8Array(count);
  const started = performance.now();
  let looked = 0;
  // Any frame of a function stands for it
  for (let i = 1; i < rows.frame.length && looked < count; i++) {
    const frame = rows.frame[i]!;
    if (asked[frame] === 1) continue;
    asked[frame] = 1;
    if (looked++ % NAMES_PER_LOOK === 0 && performance.now() - started > BUDGET) {
      return { functions, note: 'too slow: stopped, not all names were searched' };
    }
    const chosen = state.kinds.size === 0 || state.kinds.has(groupOf(i));
    functions[frame] = chosen && matches(words.label(i)) ? 1 : 0;
  }
  return { functions, note };
}

function matcher(): { readonly matches: Matcher; readonly note: string } {
  const { term, regexp, matchCase } = state;
  if (regexp) {
    try {
      return { matches: safeRegexp(term, !matchCase), note: '' };
    } catch {
      return { matches: literal(term, matchCase), note: 'not a regexp: searched as plain text' };
    }
  }
  return { matches: literal(term, matchCase), note: '' };
}

function literal(term: string, matchCase: boolean): Matcher {
  if (matchCase) return (text) => text.includes(term);
  const wanted = term.toLowerCase();
  return (text) => text.toLowerCase().includes(wanted);
}

/** Weight of the matching frames within a frame; a match on a match counts once. */
export function matchedWeight(top: number, { functions }: Matches): number {
  const { rows } = model();
  const { start, weight, frame, parent } = rows;
  const from = start[top]!;
  const to = from + weight[top]!;
  const covered = new Uint8Array(frame.length);
  let sum = 0;
  for (let i = top; i < frame.length; i++) {
    if (i !== top && (start[i]! < from || start[i]! >= to)) continue;
    if (i !== top && covered[parent[i]!] === 1) covered[i] = 1;
    else if (frame[i]! >= 0 && functions[frame[i]!] === 1) {
      covered[i] = 1;
      sum += weight[i]!;
    }
  }
  return sum;
}

/** The frames in a view that match, the most important first. */
export function matchingFrames(top: number, { functions }: Matches): readonly number[] {
  const { rows } = model();
  const from = rows.start[top]!;
  const to = from + rows.weight[top]!;
  const found: number[] = [];
  for (let i = Math.max(1, top); i < rows.frame.length; i++) {
    if (functions[rows.frame[i]!] !== 1 || rows.weight[i] === 0) continue;
    if (i === top || (rows.start[i]! >= from && rows.start[i]! < to)) found.push(i);
  }
  return byImportance(found);
}

export function byImportance(found: number[]): readonly number[] {
  const { importance } = picture();
  return found.sort((a, b) => importance(b) - importance(a) || a - b);
}
