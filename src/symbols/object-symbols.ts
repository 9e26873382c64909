import { join } from 'node:path';
import { cachedBinary, type DebugPlaces, debugFile, debugPlaces, miniDebugInfo, sameBuildId } from './debug-file.ts';
import { type ElfFile, openElf } from './elf-file.ts';
import { KnownNames } from './known-names.ts';
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

const known = new KnownNames();

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
    const places = debugPlaces('', options.debugFolders);
    return { finder: finderOf(() => vdsoFile(options.buildId, places), undefined) };
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
    const debug = symbolSection(binary, 'all') === undefined ? debugFile(binary, path, places) : undefined;
    debug?.close();
    if (debug === undefined && !hasSymbols(binary)) {
      return {
        finder: undefined,
        note: `${path} has no symbols: it is stripped, and no debug information of it is here`,
      };
    }
    return { finder: finderOf(() => openElf(binary.path), debug?.path) };
  } finally {
    binary.close();
  }
}

function hasSymbols(binary: ElfFile): boolean {
  return ['all', 'dynamic'].some((kind) => symbolSection(binary, kind as 'all' | 'dynamic') !== undefined);
}

/**
 * Files are open while names are looked up, not between.
 * @param debugPath the file that has the symbol table, when it is not the binary
 */
function finderOf(open: () => ElfFile | undefined, debugPath: string | undefined): SymbolFinder {
  return {
    names(offsets) {
      const binary = open();
      if (binary === undefined) return Array.from(offsets, () => '');
      const tables = tablesOf(binary, debugPath);
      try {
        const files = [binary, ...tables].map(({ path, identity }) => `${path}\0${identity}`).join('\0');
        return known.names(files, offsets, (left) => namesOfAddresses(binary, tables, left));
      } finally {
        for (const file of [binary, ...tables]) file.close();
      }
    },
  };
}

/** The files whose symbol tables name the functions of a binary; the later for what the earlier does not name. */
function tablesOf(binary: ElfFile, debugPath: string | undefined): ElfFile[] {
  const debug = debugPath === undefined ? undefined : openElf(debugPath);
  if (debug !== undefined) return [debug];
  const mini = symbolSection(binary, 'all') === undefined ? miniDebugInfo(binary) : undefined;
  return mini === undefined ? [binary] : [mini, binary];
}

/**
 * The binary of a mapping, for its unwind tables: the caller closes it.
 * @returns undefined where it is not here, or not the recorded one
 */
export function recordedBinary(
  path: string,
  { buildId, symfs, debugFolders }: ObjectSymbolOptions,
): ElfFile | undefined {
  const places = debugPlaces(symfs, debugFolders);
  if (path === '[vdso]') return vdsoFile(buildId, places);
  if (!path.startsWith('/') || path.startsWith('//')) return undefined;
  const opened = openRecorded(path, buildId, places);
  return 'binary' in opened ? opened.binary : undefined;
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
