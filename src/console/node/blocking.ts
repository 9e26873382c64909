import { isDoubtful } from '../../preload/console/doubtful.ts';
import type { BlockReport, RawPlace, SampledPath } from '../../preload/console/messages.ts';
import { pathOf } from './places.ts';

/** What a thread was doing while it was held. */
export interface HeldStack {
  /** Innermost call first. */
  readonly stack: RawPlace[];
  /** The line of the program's own innermost call is right; else it is where the function begins, or is a little late. */
  readonly isExact: boolean;
}

/**
 * A thread's own word for what it was doing is exact where it came at once; where it came late, the engine was in native code
 * that cannot be interrupted, and the program may have gone on by some statements since: then CPU samples tell the
 * function, and its line.
 * @returns undefined: nobody can tell
 */
export function stackOfBlock(report: BlockReport): HeldStack | undefined {
  const { stack: told = [], samples = [] } = report;
  if (!isDoubtful(report)) return { stack: [...told], isExact: true };
  const [path] = samples;
  if (path !== undefined) return joined(path, told);
  if (told.length === 0) return undefined;
  return { stack: [['(native code, before this line)', '', 0, 0], ...told], isExact: false };
}

/** Samples know the line of the innermost call alone, the stack those of the callers. */
function joined({ stack }: SampledPath, told: readonly RawPlace[]): HeldStack {
  const own = stack.findIndex(isWritten);
  if (own < 0) {
    const collecting = stack[0]![0] === '(garbage collector)';
    return collecting || !told.some(isWritten)
      ? { stack: [...stack], isExact: true }
      : { stack: [...told], isExact: false };
  }
  const same = told.findIndex((place) => isWritten(place) && sameFunction(place, stack[own]!));
  if (same < 0) return { stack: [...stack], isExact: own === 0 };
  // Below calls of node, and of what has no file, the line that was sampled is not the program's own
  if (own === 0) return { stack: [stack[0]!, ...told.slice(same + 1)], isExact: true };
  return { stack: [...stack.slice(0, own), ...told.slice(same)], isExact: true };
}

function isWritten([, file]: RawPlace): boolean {
  return file !== '' && !file.startsWith('node:');
}

/** V8 calls a method `Type.name` in stacks, `name` in samples. */
function sameFunction(a: RawPlace, b: RawPlace): boolean {
  const last = (name: string): string => name.slice(name.lastIndexOf('.') + 1);
  return pathOf(a[1]) === pathOf(b[1]) && last(a[0]) === last(b[0]);
}
