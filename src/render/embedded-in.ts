import { embeddedElement } from '../embedded/element.ts';
import type { Profile } from '../profile/profile.ts';
import type { FlameSvgOptions } from './flame-svg.ts';

/** The element with the profile that a picture holds, as its options have it; nothing where it holds none. */
export function embeddedIn(drawn: Profile, options: Pick<FlameSvgOptions, 'embed' | 'drawn'>): Iterable<string> {
  const embed = options.embed ?? (options.drawn === undefined && drawn);
  return embed ? embeddedElement(embed) : [];
}
