import { frameLabel, parseFrameLabel } from '../frame-label.ts';
import type { Profile } from '../profile.ts';
import { comparableLabels } from './comparable-labels.ts';
import { matchedName } from './matched-name.ts';

/** By what frames of the two sides are taken for the same: see {@link matchFrames}. */
export const MATCHINGS = ['name', 'name+file', 'exact'] as const;
export type Matching = (typeof MATCHINGS)[number];

/** The frames of several profiles, numbered alike where they match. */
export interface MatchedFrames {
  /** How many there are. */
  readonly length: number;
  /** For each profile, of each of its frames the number. */
  readonly of: readonly Int32Array[];
}

/**
 * Finds out which frames of several profiles are the same function.
 *
 * - `exact`: those with the same label, `name file:line:column`.
 * - `name`: those whose names are equal but for what every build changes ({@link matchedName}), wherever they stand.
 *   Functions without a name match where both sides have one at that place, else by their file.
 * - `name+file`: those whose file is the same too.
 *
 * Marks of collapsers and folders of checkouts are looked through ({@link comparableLabels}), but for `exact`.
 *
 * In all of them frames with equal labels match, so that stacks are never merged differently from how they are drawn.
 * @param before how many of the profiles are the before side
 */
export function matchFrames(profiles: readonly Profile[], before: number, matching: Matching): MatchedFrames {
  const numbers = new Map<string, number>();
  const labels = matching === 'exact' ? exactLabels(profiles) : comparableLabels(profiles, before);
  const placed = nameless(labels.slice(0, before));
  const others = nameless(labels.slice(before));
  for (const label of placed) if (!others.has(label)) placed.delete(label);
  const of = labels.map((list) =>
    Int32Array.from(list, (label) => {
      const key = frameKey(label, matching, placed);
      let number = numbers.get(key);
      if (number === undefined) {
        number = numbers.size;
        numbers.set(key, number);
      }
      return number;
    }),
  );
  return { length: numbers.size, of };
}

function exactLabels(profiles: readonly Profile[]): string[][] {
  return profiles.map((profile) =>
    Array.from({ length: profile.frames.length }, (_, frame) => frameLabel(profile, frame)),
  );
}

/** Of labels those of functions that have a place but no name. */
function nameless(labels: readonly (readonly string[])[]): Set<string> {
  return new Set(labels.flatMap((list) => list.filter((label) => label.startsWith('(anonymous) '))));
}

/** @param placed labels that are names enough */
function frameKey(label: string, matching: Matching, placed: ReadonlySet<string>): string {
  if (matching === 'exact' || placed.has(label)) return label;
  // By the label's parts, as some readers leave the place in the name
  const { name, file = '' } = parseFrameLabel(label);
  const matched = matchedName(name, file);
  return file !== '' && (matching === 'name+file' || name === '') ? `${matched} ${file}` : matched;
}
