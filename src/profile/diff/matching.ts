import { frameLabel, parseFrameLabel } from '../frame-label.ts';
import type { Profile } from '../profile.ts';
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
 * In all of them frames with equal labels match, so that stacks are never merged differently from how they are drawn.
 * @param before how many of the profiles are the before side
 */
export function matchFrames(profiles: readonly Profile[], before: number, matching: Matching): MatchedFrames {
  const numbers = new Map<string, number>();
  const placed = nameless(profiles.slice(0, before));
  const others = nameless(profiles.slice(before));
  for (const label of placed) if (!others.has(label)) placed.delete(label);
  const of = profiles.map((profile) => {
    const numberOf = new Int32Array(profile.frames.length);
    for (let frame = 0; frame < numberOf.length; frame++) {
      const key = frameKey(profile, frame, matching, placed);
      let number = numbers.get(key);
      if (number === undefined) {
        number = numbers.size;
        numbers.set(key, number);
      }
      numberOf[frame] = number;
    }
    return numberOf;
  });
  return { length: numbers.size, of };
}

/** The labels of functions that have a place but no name. */
function nameless(profiles: readonly Profile[]): Set<string> {
  const labels = new Set<string>();
  for (const profile of profiles) {
    for (let frame = 0; frame < profile.frames.length; frame++) {
      const label = frameLabel(profile, frame);
      if (label.startsWith('(anonymous) ')) labels.add(label);
    }
  }
  return labels;
}

/** @param placed labels that are names enough */
function frameKey(profile: Profile, frame: number, matching: Matching, placed: ReadonlySet<string>): string {
  const label = frameLabel(profile, frame);
  if (matching === 'exact' || placed.has(label)) return label;
  // By the label's parts, as some readers leave the place in the name
  const { name, file = '' } = parseFrameLabel(label);
  const matched = matchedName(name, file);
  return file !== '' && (matching === 'name+file' || name === '') ? `${matched} ${file}` : matched;
}
