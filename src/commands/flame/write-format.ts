import type { Profile } from '../../profile/profile.ts';
import { withoutThreads } from '../../profile/threads.ts';
import { type CollapseOptions, changesFrames, collapse, rootMode } from '../inputs/collapse-options.ts';

/** A result that is ready to be written. */
export interface Drawing {
  readonly chunks: Iterable<string | Uint8Array>;
  /** What it leaves out of the profile because its format has no place for it. */
  readonly notes: readonly string[];
}

/**
 * A profile in a format that other tools read. Folded text has no threads of its own: they become root frames; the
 * other formats hold the profile as it is, but for what the options ask. With `--compat` it is the other tool's text.
 * @param format id of a format that can be written
 */
export async function writeFormat(format: string, profile: Profile, options: CollapseOptions): Promise<Drawing> {
  const isFolded = format === 'folded';
  if (isFolded && options.compat !== undefined) {
    const { writeCollapsed } = await import('../../formats/compat/write-collapsed.ts');
    return { chunks: writeCollapsed(collapse(profile, options, undefined)), notes: [] };
  }
  if (isFolded && !changesFrames(options)) {
    const { writeFolded } = await import('../../formats/folded/write.ts');
    const { foldedCannotHold } = await import('../../formats/folded/limits.ts');
    const roots = rootMode(options, 'comm');
    return { chunks: writeFolded(profile, roots), notes: foldedCannotHold(profile, roots) };
  }
  const { formatById } = await import('../../formats/registry.ts');
  const { write, cannotHold } = formatById(format);
  const collapsed = collapse(profile, options, isFolded ? 'comm' : undefined, isFolded ? 'label' : 'name');
  // Threads that the options made root frames would become such once more where the file is read
  const written = !isFolded && (options.pids || options.tids) ? withoutThreads(collapsed) : collapsed;
  return { chunks: write!(written), notes: cannotHold?.(written) ?? [] };
}
