import { statSync } from 'node:fs';
import type { FrameWords } from '../../profile/builder.ts';
import { objectSource } from '../../symbols/object-source.ts';
import { objectSymbols } from '../../symbols/object-symbols.ts';
import type { Notes } from '../format.ts';
import { placeFrames } from '../perf-binary/place-frames.ts';

/** A part of a file that a program had mapped, by `/proc/PID/maps`. */
export interface MappedFile {
  readonly start: bigint;
  /** Of the start, within the file. */
  readonly offset: bigint;
  readonly file: string;
  /** 0 = not told. */
  readonly inode: number;
}

/** By file, inode and offset: dumps of one program name the same addresses again and again. */
const known = new Map<string, readonly FrameWords[]>();
const MOST_KNOWN = 1 << 16;

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
    const key = `${mapping.file}\0${mapping.inode}`;
    const places = byFile.get(key);
    if (places === undefined) byFile.set(key, [place]);
    else places.push(place);
  }
  const named = new Map<bigint, readonly FrameWords[]>();
  if (known.size > MOST_KNOWN) known.clear();
  for (const [key, all] of byFile) {
    const file = key.slice(0, key.indexOf('\0'));
    const keyOf = (offset: number): string => `${key}\0${offset}`;
    for (const { address, offset } of all) {
      const frames = known.get(keyOf(offset));
      if (frames !== undefined && frames.length > 0) named.set(address, frames);
    }
    const places = all.filter(({ offset }) => !known.has(keyOf(offset)));
    if (places.length === 0) continue;
    places.sort((a, b) => a.offset - b.offset);
    const offsets = Float64Array.from(places, ({ offset }) => offset);
    const { finder, note } = objectSymbols(file, { buildId: '' });
    if (note !== undefined) notes.add(note);
    const names = finder?.names(offsets);
    const { frames } = objectSource(file, { buildId: '' }, offsets);
    places.forEach(({ address, offset }, i) => {
      const symbol = names?.[i] ?? '';
      const source = frames[i]!;
      const isKnown = symbol !== '' || source.length > 0;
      const place = { symbol, module: file, ...(source.length > 0 ? { source } : {}) };
      const words = isKnown ? placeFrames(place, '', true) : [];
      known.set(keyOf(offset), words);
      if (isKnown) named.set(address, words);
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
