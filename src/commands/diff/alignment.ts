import type { Profile } from '../../profile/profile.ts';
import { scriptFrames, scriptsOf } from '../../profile/script-frames.ts';
import type { ThreadMode } from '../../profile/threads.ts';
import type { ReadSide } from './inputs.ts';

/** Both sides with frames that can be found in each other. */
export interface Aligned {
  readonly before: ReadSide;
  readonly after: ReadSide;
  readonly notes: readonly string[];
}

/**
 * Where one side was recorded by V8, which sees JavaScript alone, and the other one by perf, which sees native code and
 * the kernel too, no path of one would be in the other: then both are reduced to what V8 sees.
 */
export function alignScripts(before: ReadSide, after: ReadSide): Aligned {
  const kindOf = ({ runs }: ReadSide) => new Set(runs.map((run) => scriptsOf(run).are));
  const kinds = [kindOf(before), kindOf(after)] as const;
  const isAll = (side: 0 | 1, are: 'only' | 'among'): boolean => kinds[side].size === 1 && kinds[side].has(are);
  const mixed =
    isAll(0, 'only') && isAll(1, 'among') ? after : isAll(1, 'only') && isAll(0, 'among') ? before : undefined;
  if (mixed === undefined) return { before, after, notes: [] };
  const other = mixed === after ? before : after;
  const reduced = (side: ReadSide): ReadSide => ({
    ...side,
    runs: side.runs.map((run) => scriptFrames(run, scriptsOf(run))),
  });
  const note =
    `${mixed.files.join(', ')} also holds native and kernel code, which the profiler of ${other.files.join(', ')} does ` +
    'not see: its time is counted to the JavaScript that called it (--no-align: compare as recorded)';
  return { before: reduced(before), after: reduced(after), notes: [note] };
}

/** Formats in which the thread is the first frame of the stack, where they know it. */
const ROOT_IN_STACK: ReadonlySet<string> = new Set(['folded', 'flame-svg']);

/**
 * How threads become root frames: as `mode` says, but not at all where a side has none that its stacks could start with.
 */
export function commonRoots(before: ReadSide, after: ReadSide, mode: ThreadMode): ThreadMode | undefined {
  const isBare = ({ samples, meta }: Profile): boolean =>
    samples.thread === undefined && !ROOT_IN_STACK.has(meta.format ?? '');
  return [...before.runs, ...after.runs].some(isBare) ? undefined : mode;
}
