import { statSync } from 'node:fs';
import type { FrameWords } from '../profile/builder.ts';
import { objectSource } from '../symbols/object-source.ts';
import { objectSymbols } from '../symbols/object-symbols.ts';
import type { Notes } from './format.ts';
import { placeFrames } from './perf-binary/place-frames.ts';

/** A part of a file that a program had mapped, by `/proc/PID/maps`. */
export interface MappedFile {
  readonly start: bigint;
  /** Of the start, within the file. */
  readonly offset: bigint;
  readonly file: string;
  /** 0 = not told. */
  readonly inode: number;
}

/**
 * Names addresses by the binaries of this machine. A list of mappings tells no build-id, so a binary is taken for the
 * recorded one only where it is still the same file: inode and path.
 * @param mappingOf undefined for addresses that are in no file
 * @returns frames of those that have names, caller first: the function, and what was inlined there
 */
export function namedAddresses(
  addresses: Iterable<bigint>,
  mappingOf: (address: bigint) => MappedFile | undefined,
  notes: Notes,
): Map<bigint, readonly FrameWords[]> {
  const byFile = new Map<string, { readonly address: bigint; readonly offset: number }[]>();
  const others = new Set<string>();
  for (const address of addresses) {
    const mapping = mappingOf(address);
    if (mapping === undefined || !(mapping.file.startsWith('/') || mapping.file === '[vdso]')) continue;
    if (mapping.file.startsWith('/') && !isSameFile(mapping)) {
      others.add(mapping.file);
      continue;
    }
    const place = { address, offset: Number(address - mapping.start + mapping.offset) };
    const places = byFile.get(mapping.file);
    if (places === undefined) byFile.set(mapping.file, [place]);
    else places.push(place);
  }
  const named = new Map<bigint, readonly FrameWords[]>();
  for (const [file, places] of byFile) {
    places.sort((a, b) => a.offset - b.offset);
    const offsets = Float64Array.from(places, ({ offset }) => offset);
    const { finder, note } = objectSymbols(file, { buildId: '' });
    if (note !== undefined) notes.add(note);
    const names = finder?.names(offsets);
    const { frames } = objectSource(file, { buildId: '' }, offsets);
    places.forEach(({ address }, i) => {
      const symbol = names?.[i] ?? '';
      const source = frames[i]!;
      if (symbol === '' && source.length === 0) return;
      named.set(address, placeFrames({ symbol, module: file, ...(source.length > 0 ? { source } : {}) }, '', true));
    });
  }
  if (others.size > 0) {
    const [first] = others;
    const which = others.size === 1 ? first : `${first} and ${others.size - 1} more files`;
    notes.add(`addresses in ${which} have no names: the files of this machine are not those that were recorded`);
  }
  return named;
}

function isSameFile({ file, inode }: MappedFile): boolean {
  if (inode === 0) return false;
  try {
    return statSync(file).ino === inode;
  } catch {
    return false;
  }
}
