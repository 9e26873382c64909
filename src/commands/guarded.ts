import { EXIT } from '../errors.ts';
import { onInterrupts } from '../processes/interrupts.ts';
import { withLostDir } from '../processes/private-dir.ts';
import { type Progress, startProgress } from '../terminal/progress.ts';
import type { Call } from './command.ts';

/** Does a command's work with a progress line; a signal ends it without half a result, and the line is taken away. */
export async function guarded(call: Call, work: (progress: Progress) => Promise<number>): Promise<number> {
  const release = onInterrupts(() => process.exit(EXIT.interrupted));
  const progress = startProgress(call.world, call.shared.quiet);
  try {
    return await work(progress);
  } catch (error) {
    throw withLostDir(error);
  } finally {
    progress.end();
    release();
  }
}
