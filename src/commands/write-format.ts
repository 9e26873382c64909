import type { Profile } from '../profile/profile.ts';
import { type CollapseOptions, changesFrames, collapse, rootMode } from './collapse-options.ts';

/**
 * A profile in a format that other tools read. Folded text has no threads of its own: they become root frames; the
 * other formats hold the profile as it is, but for what the options ask. With `--compat` it is the other tool's text.
 * @param format id of a format that can be written
 */
export async function writeFormat(
  format: string,
  profile: Profile,
  options: CollapseOptions,
): Promise<Iterable<string | Uint8Array>> {
  const isFolded = format === 'folded';
  if (isFolded && options.compat !== undefined) {
    const { writeCollapsed } = await import('../formats/compat/write-collapsed.ts');
    return writeCollapsed(profile);
  }
  if (isFolded && !changesFrames(options)) {
    const { writeFolded } = await import('../formats/folded-write.ts');
    return writeFolded(profile, rootMode(options, 'comm'));
  }
  const { formatById } = await import('../formats/registry.ts');
  return formatById(format).write!(
    collapse(profile, options, isFolded ? 'comm' : undefined, isFolded ? 'label' : 'name'),
  );
}
