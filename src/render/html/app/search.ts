import { frameLabel } from '../../../profile/frame-label.ts';
import type { Profile } from '../../../profile/profile.ts';
import { safeRegexp } from '../../compact/browser/safe-regexp.ts';

const BUDGET_MS = 250;

/** What a search found. */
export interface Hits {
  /** 1 for each frame that matches. */
  readonly frames: Uint8Array;
  /** What went otherwise than asked; '' = nothing. */
  readonly note: string;
}

/** What pictures ask of a search; undefined = nothing is searched for. */
export function isHitOf(hits: Hits | undefined): ((frame: number) => boolean) | undefined {
  return hits === undefined ? undefined : (frame) => hits.frames[frame] === 1;
}

/**
 * Frames whose label holds a text, or matches a regular expression that stands between slashes. Small letters match both
 * cases, a capital letter makes it exact.
 */
export function searchFrames(profile: Pick<Profile, 'frames' | 'strings'>, term: string): Hits {
  const { matches, note } = matcher(term);
  const frames = new Uint8Array(profile.frames.length);
  const end = performance.now() + BUDGET_MS;
  for (let frame = 0; frame < frames.length; frame++) {
    if (matches(frameLabel(profile, frame))) frames[frame] = 1;
    if (frame % 64 === 0 && performance.now() > end) return { frames, note: 'too slow: not all names were searched' };
  }
  return { frames, note };
}

function matcher(term: string): { matches: (label: string) => boolean; note: string } {
  const pattern = /^\/(.+)\/$/s.exec(term)?.[1];
  if (pattern === undefined) return { matches: literal(term), note: '' };
  try {
    return { matches: safeRegexp(pattern, isSmall(pattern.replace(/\\./g, ''))), note: '' };
  } catch {
    return { matches: literal(pattern), note: 'not a regexp: searched as plain text' };
  }
}

function literal(text: string): (label: string) => boolean {
  return isSmall(text) ? (label) => label.toLowerCase().includes(text) : (label) => label.includes(text);
}

function isSmall(text: string): boolean {
  return text === text.toLowerCase();
}
