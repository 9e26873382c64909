import { expandFrames } from '../../profile/expand-frames.ts';
import { labelKind } from '../../profile/kind.ts';
import type { Profile } from '../../profile/profile.ts';
import type { DialectChoices, Notes } from '../format.ts';
import { CodePlaces } from '../inline/code-places.ts';
import { ownCopy } from '../text/own-copy.ts';
import { textOfBytes } from './byte-text.ts';
import type { PerlFrameLine } from './perl-frame.ts';

/** Whether stackcollapse-perf.pl asks addr2line about a module. */
export function mayInline(module: string): boolean {
  return !/perf-\d+[^\n]map|kernel\.|\[[^\]]+\]/.test(module);
}

/** Frames of `--inline`: stackcollapse-perf.pl runs addr2line for each, we once a module, when all are known. */
export class PerlInlines {
  private readonly places = new CodePlaces();
  /** What each frame is where addr2line knows nothing. */
  private readonly names: (readonly string[])[] = [];

  /** @returns the number of the frame's placeholder */
  add({ address, symbol, module }: PerlFrameLine, names: readonly string[]): number {
    this.places.add({
      address: ownCopy(address),
      symbol: textOfBytes(ownCopy(symbol)),
      module: textOfBytes(ownCopy(module)),
    });
    return this.names.push(names) - 1;
  }

  /** @param profile with a placeholder for each frame that was added */
  async resolve(profile: Profile, notes: Notes, { context }: DialectChoices): Promise<Profile> {
    if (this.names.length === 0) return profile;
    const found = await this.places.resolve(notes, { baseNames: true, demangled: false });
    const expanded = expandFrames(profile, (frame) => {
      const index = profile.frames.line[frame]! - 1;
      if (index < 0) return undefined;
      const located = found[index]?.map(({ name, source }) => (context ? `${name}:${source}` : name)) ?? [];
      const known = located.length > 1 || (located.length === 1 && !/^\?\?(?::\?\?:0)?$/.test(located[0]!));
      return (known ? located : this.names[index]!).map((name) => ({ name, kind: labelKind(name) }));
    });
    return { ...expanded, meta: { ...expanded.meta, notes: notes.list } };
  }
}
