import { EXIT, UserError } from '../errors.ts';
import { isStaticProgram } from '../symbols/static-program.ts';

const INSTEAD = 'massif --pages-as-heap sees its pages, massif --rss how large it gets';

/** What is to be said of a program under which no allocator can be put. @param path of the program */
export function staticNotes(path: string, tool: string): string[] {
  return isStaticProgram(path)
    ? [`the program is linked statically, so ${tool} does not see what it allocates: ${INSTEAD}`]
    : [];
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
