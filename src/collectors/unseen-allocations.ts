import { EXIT, UserError } from '../errors.ts';
import type { ProgramKind } from '../processes/executables.ts';
import { isStaticProgram } from '../symbols/static-program.ts';

const INSTEAD = 'massif --pages-as-heap sees its pages, massif --rss how large it gets';

/** What is to be said of a program under which no allocator can be put. @param path of the program */
export function staticNotes(path: string, tool: string): string[] {
  return isStaticProgram(path)
    ? [`the program is linked statically, so ${tool} does not see what it allocates: ${INSTEAD}`]
    : [];
}

/**
 * What is to be said of node programs: V8 maps the memory of JavaScript itself.
 * @param rest what sees that
 */
export function nodeNotes(kind: ProgramKind, tool: string, rest?: string): string[] {
  if (kind !== 'node' && kind !== 'node-script') return [];
  const note = `node: the JavaScript heap is mapped, not allocated, so ${tool} sees buffers and native code only`;
  return [rest === undefined ? note : `${note} (${rest})`];
}

/**
 * Before a program runs in vain.
 * @param program as the person calls it
 * @throws {UserError} 125: no allocator can be put under it
 */
export function refuseStatic(path: string, tool: string, program: string): void {
  if (!isStaticProgram(path)) return;
  throw new UserError(`${tool} does not see what ${program} allocates: it is linked statically`, {
    hint: INSTEAD,
    exitCode: EXIT.cannotCollect,
  });
}
