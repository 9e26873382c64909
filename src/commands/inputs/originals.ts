import type { FindOriginals } from '../../profile/originals.ts';
import { withOriginals } from '../../profile/originals.ts';
import type { Profile } from '../../profile/profile.ts';
import type { CollapseOptions } from './collapse-options.ts';

/** Where functions were written, as the options want it; loaded when something is asked. */
export interface Originals {
  readonly find: FindOriginals;
  /** What could not be read, known once all was asked. */
  notes(): readonly string[];
}

/** @returns undefined where compiled names are wanted: with `--no-source-maps`, and as another tool has them */
export function originalsFor({ sourceMaps, compat }: CollapseOptions): Originals | undefined {
  if (sourceMaps === false || compat !== undefined) return undefined;
  let maps: { find: FindOriginals; notes(): string[] } | undefined;
  return {
    async find(functions) {
      const { SourceMaps } = await import('../../symbols/source-maps.ts');
      maps = new SourceMaps();
      return maps.find(functions);
    },
    notes: () => maps?.notes() ?? [],
  };
}

/** JavaScript frames as they were written, where their scripts have source maps; a note on those that were not read. */
export async function asWritten(profile: Profile, options: CollapseOptions): Promise<Profile> {
  const originals = originalsFor(options);
  if (originals === undefined) return profile;
  const mapped = await withOriginals(profile, originals.find);
  const notes = originals.notes();
  return notes.length === 0 ? mapped : { ...mapped, meta: { ...mapped.meta, notes: [...mapped.meta.notes, ...notes] } };
}
