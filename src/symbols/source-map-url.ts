import type { ByteSource } from './byte-source.ts';

/** A comment that names a map stands at the end of its script: other comments may follow it, code may not. */
const TAIL = 8192;
const comment = /\/\/[#@][ \t]+sourceMappingURL=([^\s'"`]*)[ \t]*$/gm;
/** What no address holds: where the tail has any of it, a comment that began before has ended. */
const noAddress = /[\s'"`]/;

/**
 * The address of a script's source map: of its last comment `//# sourceMappingURL=` (ECMA-426; `//@` of old tools).
 * Reads the last 8 KiB only, unless they are the end of one long address (`data:`).
 * @param most bytes; a larger script is not read whole
 * @returns undefined: it names none
 */
export function sourceMapUrl(script: ByteSource, most: number): string | undefined {
  const tail = script.read(Math.max(0, script.size - TAIL), TAIL).toString('utf8');
  const found = lastAddress(tail);
  if (found !== undefined || script.size <= TAIL || script.size > most || noAddress.test(tail.trimEnd())) return found;
  return lastAddress(script.read(0, script.size).toString('utf8'));
}

function lastAddress(text: string): string | undefined {
  const from = text.lastIndexOf('sourceMappingURL=');
  if (from < 0) return undefined;
  let last: string | undefined;
  // From the line in which the last one stands, or from the start where that is none of the script's own
  const lineStart = text.lastIndexOf('\n', from) + 1;
  for (const [, address] of text.slice(lineStart).matchAll(comment)) last = address;
  if (last === undefined) for (const [, address] of text.slice(0, lineStart).matchAll(comment)) last = address;
  return last === '' ? undefined : last;
}
