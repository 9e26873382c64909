import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { openRegularFile } from './byte-source.ts';
import { fileCrc } from './crc.ts';
import { type ElfFile, elfOfBytes, openElf } from './elf-file.ts';
import { symbolSection } from './symbol-table.ts';
import { unxz } from './unxz.ts';

/** Where files of debug information and copies of binaries are looked for. */
export interface DebugPlaces {
  /** Put before all paths of the machine that was recorded. */
  readonly symfs: string;
  /** Folders that hold `.build-id/`: those of distributions, perf's and debuginfod's cache. */
  readonly folders: readonly string[];
}

/** The folders of this machine, and those below `symfs`. */
export function debugPlaces(symfs = '', folders?: readonly string[]): DebugPlaces {
  const own = ['/usr/lib/debug', join(homedir(), '.debug')];
  return { symfs, folders: folders ?? (symfs === '' ? own : [join(symfs, 'usr/lib/debug'), ...own]) };
}

/** Build-ids in perf.data are 20 bytes, shorter ones with zeros behind. */
export function sameBuildId(one: string, other: string): boolean {
  const end = /(?:00)+$/;
  return one.replace(end, '') === other.replace(end, '');
}

/**
 * A copy of a binary by its build-id: perf's cache (`~/.debug/.build-id/xx/rest/elf`, filled by `perf record`) or
 * debuginfod's.
 */
export function cachedBinary(buildId: string, places: DebugPlaces): ElfFile | undefined {
  const paths = [...byBuildId(buildId, places, '/elf'), ...debuginfodCache(buildId, 'executable')];
  return firstThat(paths, (file) => sameBuildId(file.buildId, buildId));
}

/**
 * The file that holds what a stripped binary lacks: by its build-id, or by the name and the checksum that
 * `.gnu_debuglink` gives (GDB manual, "Separate Debug Files").
 * @param path of the binary on the machine that was recorded
 * @param holds whether a file has what is looked for: the whole symbol table, where nothing else is said
 */
export function debugFile(
  binary: ElfFile,
  path: string,
  places: DebugPlaces,
  holds = (file: ElfFile): boolean => symbolSection(file, 'all') !== undefined,
): ElfFile | undefined {
  const fits = (file: ElfFile): boolean => file.machine === binary.machine && holds(file);
  const { buildId } = binary;
  const link = debugLink(binary);
  if (buildId !== '') {
    const paths = [
      ...byBuildId(buildId, places, '.debug'),
      ...byBuildId(buildId, places, '/debug'),
      ...byBuildId(buildId, places, '/elf'),
      ...debuginfodCache(buildId, 'debuginfo'),
      ...(link ? linkedPaths(link.name, path, places) : []),
      ...places.folders.flatMap((folder) => [`${join(folder, path)}.debug`, join(folder, path)]),
    ];
    return firstThat(paths, (file) => fits(file) && sameBuildId(file.buildId, buildId));
  }
  if (link === undefined) return undefined;
  return firstThat(linkedPaths(link.name, path, places), (file) => fits(file) && crcOf(file.path) === link.crc);
}

/** The small symbol table that Fedora's binaries carry for those functions that the dynamic one does not name. */
export function miniDebugInfo(binary: ElfFile): ElfFile | undefined {
  const packed = binary.section('.gnu_debugdata');
  const bytes = packed && unxz(packed);
  return bytes && elfOfBytes(binary.path, bytes);
}

function byBuildId(buildId: string, { folders }: DebugPlaces, ending: string): string[] {
  if (!/^[0-9a-f]{6,}$/.test(buildId)) return [];
  return folders.map((folder) => `${join(folder, '.build-id', buildId.slice(0, 2), buildId.slice(2))}${ending}`);
}

function debuginfodCache(buildId: string, kind: string): string[] {
  if (!/^[0-9a-f]{6,}$/.test(buildId)) return [];
  const folder = process.env.DEBUGINFOD_CACHE_PATH ?? join(homedir(), '.cache', 'debuginfod_client');
  return [join(folder, buildId, kind)];
}

function debugLink(binary: ElfFile): { name: string; crc: number } | undefined {
  const link = binary.section('.gnu_debuglink');
  const end = link?.indexOf(0) ?? -1;
  if (link === undefined || end < 1) return undefined;
  const name = link.toString('utf8', 0, end);
  const crcAt = Math.ceil((end + 1) / 4) * 4;
  if (name.includes('/') || crcAt + 4 > link.length) return undefined;
  return { name, crc: binary.littleEndian ? link.readUInt32LE(crcAt) : link.readUInt32BE(crcAt) };
}

function linkedPaths(name: string, path: string, { symfs, folders }: DebugPlaces): string[] {
  const folder = dirname(path);
  return [
    join(symfs, folder, name),
    join(symfs, folder, '.debug', name),
    ...folders.map((debug) => join(debug, folder, name)),
  ];
}

function crcOf(path: string): number | undefined {
  const source = openRegularFile(path);
  try {
    return source && fileCrc(source);
  } finally {
    source?.close();
  }
}

function firstThat(paths: readonly string[], fits: (file: ElfFile) => boolean): ElfFile | undefined {
  for (const path of paths) {
    const file = openElf(path);
    if (file === undefined) continue;
    if (fits(file)) return file;
    file.close();
  }
  return undefined;
}
