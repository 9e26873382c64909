import { hasSides, profileOfData, readPictureData } from '../../embedded/data-profile.ts';
import { decodeProfile } from '../../embedded/decode.ts';
import { EMBEDDED, type EmbeddedSide } from '../../embedded/element.ts';
import type { Profile } from '../../profile/profile.ts';
import { totalWeight } from '../../profile/total.ts';
import { FormatError, type Input, NoSides, type Notes } from '../format.ts';
import { weighsForCallers } from './cut.ts';
import type { EmbeddedTexts } from './embedded-texts.ts';
import { AFTER_IS_READ } from './read-frames.ts';

/**
 * The profile that a picture or page of ours holds.
 * @param side of a comparison; undefined = the after side, with a note
 * @returns undefined where it holds none
 * @throws {FormatError} it is broken, of a version to come, or has no such side
 */
export function embeddedProfile(
  input: Input,
  { profiles }: EmbeddedTexts,
  side: EmbeddedSide | undefined,
  notes: Notes,
): Profile | undefined {
  if (profiles.size === 0) return undefined;
  const two = profiles.has('after') || profiles.has('before');
  if (!two && side !== undefined) throw oneSided(input);
  const chosen = two ? (side ?? 'after') : '';
  const block = profiles.get(chosen);
  if (block === undefined) {
    throw new FormatError(input, '', `the ${chosen} side is not in this picture`, 'was it changed? draw it again');
  }
  if (block.version !== EMBEDDED.version) {
    throw new FormatError(
      input,
      '',
      `the profile in it is of version ${JSON.stringify(block.version.slice(0, 20))}`,
      'read it with a newer pforge-prof',
    );
  }
  if (two && side === undefined) {
    notes.add(AFTER_IS_READ);
  }
  return broken(input, 'the profile in it is broken', () => decodeProfile(block.text));
}

/**
 * What a compact picture without its profile shows: that holds frames as text, from which its script draws.
 * @throws {FormatError} that is broken, or has no such side
 */
export function dataProfile(input: Input, text: string, side: EmbeddedSide | undefined, notes: Notes): Profile {
  const { profile, hidden, least, cut } = broken(input, 'what it is drawn from is broken', () => {
    const data = readPictureData(text);
    const isTwo = hasSides(data);
    if (!isTwo && side !== undefined) throw oneSided(input);
    if (isTwo && side === undefined) notes.add(AFTER_IS_READ);
    const chosen = side ?? 'after';
    return { ...profileOfData(data, chosen), cut: isTwo ? data.sides[chosen === 'before' ? 0 : 1].cut : 0 };
  });
  if (hidden > 0) notes.add(weighsForCallers('frames', hidden, totalWeight(profile)));
  const missing = Math.max(cut, hidden > 0 ? least : 0);
  return missing > 0 ? { ...profile, meta: { ...profile.meta, cut: missing } } : profile;
}

function broken<Result>(input: Input, what: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new FormatError(input, '', `${what}: ${error.message}`, 'copy or draw it again');
  }
}

/** One of its sides was asked for, and it has none. */
export function oneSided(input: Input): NoSides {
  return new NoSides(`${input.name}: this is no differential graph: it has no sides`, 'leave --side out');
}
