import { findTool } from '../../processes/executables.ts';
import { runTool } from '../../processes/run-tool.ts';

const TIMEOUT_MS = 60_000;

/**
 * Where symbols start in a module, as nm (binutils) lists them; the first of equal names.
 * @param demangled the wanted names are C++ as people write it
 */
export async function symbolAddresses(
  module: string,
  wanted: ReadonlySet<string>,
  demangled: boolean,
): Promise<Map<string, bigint>> {
  const found = new Map<string, bigint>();
  const nm = findTool('nm');
  if (nm === undefined) return found;
  const { stdout } = await runTool(nm, [...(demangled ? ['-C'] : []), '--', module], TIMEOUT_MS);
  for (const line of stdout.split('\n')) {
    const [, address, name] = /^([0-9a-f]+) . (.*)$/.exec(line) ?? [];
    if (name !== undefined && wanted.has(name) && !found.has(name)) found.set(name, BigInt(`0x${address}`));
  }
  return found;
}
