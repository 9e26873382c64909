import type { Profile } from '../profile/profile.ts';
import { type CollapseOptions, collapse } from './collapse-options.ts';

/** A result that is ready to be written. */
export interface Drawing {
  readonly chunks: Iterable<string | Uint8Array>;
  /** What it leaves out of the profile because its format has no place for it. */
  readonly notes: readonly string[];
}

/**
 * A profile in a format that other tools read. Folded text has no threads of its own: they become root frames; the
 * other formats hold the profile as it is, but for what the options ask.
 * @param format id of a format that can be written
 */
export async function writeFormat(format: string, profile: Profile, options: CollapseOptions): Promise<Drawing> {
  const { formatById } = await import('../formats/registry.ts');
  const isFolded = format === 'folded';
  const collapsed = collapse(profile, options, isFolded ? 'comm' : undefined, isFolded ? 'label' : 'name');
  const { write, cannotHold } = formatById(format);
  return { chunks: write!(collapsed), notes: cannotHold?.(collapsed) ?? [] };
}
