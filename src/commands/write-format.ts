import type { Profile } from '../profile/profile.ts';
import { type CollapseOptions, collapse } from './collapse-options.ts';

/**
 * A profile in a format that other tools read. Folded text has no threads of its own: they become root frames; the
 * other formats hold the profile as it is, but for what the options ask.
 * @param format id of a format that can be written
 */
export async function writeFormat(
  format: string,
  profile: Profile,
  options: CollapseOptions,
): Promise<Iterable<string | Uint8Array>> {
  const { formatById } = await import('../formats/registry.ts');
  const isFolded = format === 'folded';
  return formatById(format).write!(
    collapse(profile, options, isFolded ? 'comm' : undefined, isFolded ? 'label' : 'name'),
  );
}
