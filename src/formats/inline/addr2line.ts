import { runTool } from '../../processes/run-tool.ts';
import type { Notes } from '../format.ts';
import type { LocateOptions, Location } from './code-places.ts';

/** A module's debug information may have gigabytes. */
const TIMEOUT_MS = 120_000;

/**
 * What addr2line (binutils) says of addresses of one module, which it reads from its standard input: for each one a line
 * `0x...`, then two lines a function, innermost first.
 * @returns of each address its functions, outermost first; undefined where addr2line ended before
 */
export async function locate(
  addr2line: string,
  module: string,
  addresses: readonly string[],
  notes: Notes,
  { baseNames }: LocateOptions,
): Promise<(readonly Location[] | undefined)[]> {
  if (addresses.length === 0) return [];
  const args = ['-a', '-e', module, '-i', '-f', '-C', ...(baseNames ? ['-s'] : [])];
  const { code, stdout } = await runTool(addr2line, args, TIMEOUT_MS, {
    input: `${addresses.join('\n')}\n`,
  });
  if (code !== 0) notes.add(`addr2line failed on ${module}: not all its inlined functions are found`);
  const lines = stdout.split('\n');
  const found: (readonly Location[] | undefined)[] = [];
  let at = 0;
  for (let n = 0; n < addresses.length; n++) {
    if (at >= lines.length - 1) {
      found.push(undefined);
      continue;
    }
    const functions: Location[] = [];
    for (at++; at + 1 < lines.length && !/^0x[0-9a-f]{8,16}$/.test(lines[at]!); at += 2) {
      functions.push({ name: lines[at]!, source: lines[at + 1]!.replace(/ \(discriminator \S+\)/, '') });
    }
    found.push(functions.reverse());
  }
  return found;
}
