import type { FrameWords } from '../../profile/builder.ts';
import { hex } from './table.ts';

/**
 * Reads one line of the names behind a Java profile: ` 0x0000003 com.example.f (source.java:03)`, ` 0x5 f (/lib/x.so)`,
 * ` 0x4 GC`. Other lines say nothing.
 */
export function javaLocation(line: string, words: Map<bigint, FrameWords>): void {
  const [, id, text] = line.length > 20_000 ? [] : (/^\s*0x([0-9a-f]{1,16})\s+(\S.*?)\s*$/.exec(line) ?? []);
  if (id !== undefined) words.set(hex(id), javaWords(text!));
}

function javaWords(text: string): FrameWords {
  if (text.includes('generated stub/JIT')) return { name: 'STUB', kind: 'jit' };
  const open = text.endsWith(')') ? text.lastIndexOf(' (') : -1;
  if (open < 0)
    return { name: text, kind: text === 'GC' ? 'gc' : /^(?:Compile|VM)$/.test(text) ? 'native' : 'unknown' };
  const place = text.slice(open + 2, -1);
  const name = text.slice(0, open).trimEnd();
  const source = /^(.+):-?\d+$/.exec(place)?.[1];
  if (source !== undefined)
    return { name, file: source, kind: /^(?:java|javax|jdk|sun)\./.test(name) ? 'runtime' : 'app' };
  return { name, module: place, kind: 'native' };
}
