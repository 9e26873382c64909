import type { Profile } from '../profile/profile.ts';
import { encodeProfile } from './encode.ts';

/** Id of the element, its version, and what says which side of a comparison it is. */
export const EMBEDDED = { id: 'pforge-prof-profile', version: '1', side: 'data-side' } as const;

/** The sides of a comparison, each of which a differential picture embeds. */
export type EmbeddedSide = 'before' | 'after';

/** Bytes a line: 64 Ki of text. */
const LINE = 48 * 1024;

/**
 * The element of an SVG that holds a whole profile: `<metadata id="pforge-prof-profile" data-version="1">`, base64 in lines.
 * @param profile the profile, or what {@link encodeProfile} or a ProfileEncoder made of one
 */
export function* embeddedElement(profile: Profile | Uint8Array, side?: EmbeddedSide): Iterable<string> {
  const bytes = profile instanceof Uint8Array ? profile : encodeProfile(profile);
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // Two elements of one file must not have one id
  const id = side === undefined ? EMBEDDED.id : `${EMBEDDED.id}-${side}`;
  const sideWord = side === undefined ? '' : ` ${EMBEDDED.side}="${side}"`;
  yield `<metadata id="${id}" data-version="${EMBEDDED.version}"${sideWord}>`;
  for (let at = 0; at < buffer.length; at += LINE) yield `\n${buffer.toString('base64', at, at + LINE)}`;
  yield '</metadata>\n';
}
