import { Command as CommanderCommand } from 'commander';
import type { Call } from '../command.ts';
import { configureDiff, DIFF_FORMATS, type DiffOptions } from '../diff/options.ts';
import { diff } from '../diff.ts';

/** What a comparison of two heaps as a flame graph can be written as. */
export const HEAP_DIFF_FORMATS = DIFF_FORMATS;

/** What of a comparison's options makes sense where bytes were counted. */
export type HeapDiffOptions = Pick<
  DiffOptions,
  'output' | 'format' | 'color' | 'title' | 'snapshot' | 'eventFilter'
> & { readonly top?: number };

/**
 * Two recordings of heaps as one flame graph: what both allocated, and by how many bytes each caller differs.
 * @throws {UserError} as `pforge-prof diff`
 */
export function diffHeapFlame(call: Call, before: string, after: string, options: HeapDiffOptions): Promise<number> {
  const parser = new CommanderCommand();
  configureDiff(parser);
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  // Bytes as they are: shares of wholes that differ would call the same memory changed
  return diff.run(call, [before, after], { ...parser.opts(), normalize: false, ...given });
}
