import { join } from 'node:path';
import { cachedBinary, type DebugPlaces, debugFile, debugPlaces, sameBuildId } from './debug-file.ts';
import { type ElfFile, openElf } from './elf-file.ts';
import { namesOfAddresses } from './object-names.ts';
import { symbolSection } from './symbol-table.ts';
import { vdsoFile } from './vdso.ts';

/** Names of the functions of one binary. */
export interface SymbolFinder {
  /**
   * @param offsets into the binary's file, ascending
   * @returns for each the name of the function there, demangled; '' where none is known
   */
  names(offsets: Float64Array): string[];
}

export interface ObjectSymbolOptions {
  /** What the recording says of the binary, lower-case hex; '' = nothing. */
  readonly buildId: string;
  /** A folder that holds the files of the machine that was recorded. */
  readonly symfs?: string;
  /** Instead of /usr/lib/debug and ~/.debug. */
  readonly debugFolders?: readonly string[];
}

const DELETED = ' (deleted)';

/**
 * Names for the addresses of a binary: out of itself, its file of debug information, or a copy in perf's cache. A binary
 * that is not the recorded one gives no names: they would be wrong.
 * @param path as the recording has it; `[vdso]` too
 * @returns without a finder a note says why, where there is something to say
 */
export function objectSymbols(
  path: string,
  options: ObjectSymbolOptions,
): { finder: SymbolFinder | undefined; note?: string } {
  if (path === '[vdso]') {
    return { finder: finderOf(() => withSymbols(vdsoFile(options.buildId, debugPlaces('', options.debugFolders)))) };
  }
  // [heap], //anon, anon_inode:..., /memfd:..., /SYSV00000000: no files.
  if (!path.startsWith('/') || path.startsWith('//') || /^\/(?:memfd:|SYSV[0-9a-f]{8}|dev\/zero)/.test(path)) {
    return { finder: undefined };
  }
  const places = debugPlaces(options.symfs, options.debugFolders);
  const opened = openRecorded(path, options.buildId, places);
  if ('why' in opened) return { finder: undefined, note: opened.why };
  const { binary } = opened;
  try {
    const source = symbolSource(binary, path, places);
    if (source === undefined) {
      return {
        finder: undefined,
        note: `${path} has no symbols: it is stripped, and no debug information of it is here`,
      };
    }
    if (source !== binary) source.close();
    return { finder: finderOf(() => reopened(binary.path, source.path)) };
  } finally {
    binary.close();
  }
}

interface Opened {
  /** The file whose program headers say which address a byte of the file has. */
  readonly binary: ElfFile;
  /** The one that holds the symbol table; often the same. */
  readonly symbols: ElfFile;
}

/** Files are open while names are looked up, not between. */
function finderOf(open: () => Opened | undefined): SymbolFinder {
  return {
    names(offsets) {
      const files = open();
      if (files === undefined) return Array.from(offsets, () => '');
      try {
        return namesOfAddresses(files.binary, files.symbols, offsets);
      } finally {
        files.binary.close();
        files.symbols.close();
      }
    },
  };
}

function reopened(path: string, symbolPath: string): Opened | undefined {
  const binary = openElf(path);
  if (binary === undefined || path === symbolPath) return withSymbols(binary);
  const symbols = openElf(symbolPath);
  if (symbols === undefined) binary.close();
  return symbols && { binary, symbols };
}

function withSymbols(binary: ElfFile | undefined): Opened | undefined {
  return binary && { binary, symbols: binary };
}

/** The binary as it was when it was recorded. */
function openRecorded(path: string, buildId: string, places: DebugPlaces): { binary: ElfFile } | { why: string } {
  const deleted = path.endsWith(DELETED);
  const name = deleted ? path.slice(0, -DELETED.length) : path;
  const found = openElf(join(places.symfs, name));
  if (found !== undefined && (buildId === '' ? !deleted : sameBuildId(found.buildId, buildId)))
    return { binary: found };
  found?.close();
  const copy = buildId === '' ? undefined : cachedBinary(buildId, places);
  if (copy !== undefined) return { binary: copy };
  if (found === undefined)
    return { why: `${join(places.symfs, name)} is not here, or no program: its functions have no names` };
  if (buildId === '') return { why: `${name} was replaced before the recording ended: its functions have no names` };
  return {
    why: `${name} changed since it was recorded (build-id ${buildId}, now ${found.buildId || 'none'}): its functions have no names`,
  };
}

/** The file with the best symbol table: the whole one of the binary, that of its debug information, the dynamic one. */
function symbolSource(binary: ElfFile, path: string, places: DebugPlaces): ElfFile | undefined {
  if (symbolSection(binary, 'all') !== undefined) return binary;
  return debugFile(binary, path, places) ?? (symbolSection(binary, 'dynamic') === undefined ? undefined : binary);
}
