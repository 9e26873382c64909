import { basename, dirname, join, resolve } from 'node:path';
import { type DebugPlaces, debugFile, sameBuildId } from '../debug-file.ts';
import { type ElfFile, openElf } from '../elf-file.ts';
import { DebugData, type OtherFiles } from './debug-data.ts';
import { partsOf } from './package-index.ts';

/**
 * The debug information of a binary: its own, or that of its separate file.
 * @param binary is closed with what is returned, or by the caller where that is undefined
 * @param path of it on the machine that was recorded
 */
export function debugDataOf(binary: ElfFile, path: string, places: DebugPlaces): DebugData | undefined {
  if (hasDebugInfo(binary)) return new DebugData(binary, otherFiles(binary, path, places));
  const separate = debugFile(binary, path, places, hasDebugInfo);
  if (separate === undefined) return undefined;
  binary.close();
  return new DebugData(separate, otherFiles(separate, separate.path, places));
}

function otherFiles(file: ElfFile, path: string, places: DebugPlaces): OtherFiles {
  const shared = sharedData(file, path, places);
  let packed: ElfFile | undefined | 'not opened' = 'not opened';
  return {
    ...(shared === undefined ? {} : { shared }),
    openSplit(name, folder, id) {
      const own =
        openElf(join(places.symfs, resolve(folder, name))) ?? openElf(join(dirname(file.path), basename(name)));
      if (own !== undefined) return new DebugData(own, {}, { parts: new Map() });
      if (packed === 'not opened') packed = openElf(`${file.path}.dwp`) ?? openElf(join(places.symfs, `${path}.dwp`));
      const parts = packed && partsOf(packed, id);
      // The package stays open for other units
      return parts && new DebugData({ ...packed!, close() {} }, {}, { parts });
    },
    close() {
      shared?.close();
      if (packed !== 'not opened') packed?.close();
    },
  };
}

function hasDebugInfo({ sections }: ElfFile): boolean {
  const info = sections.get('.debug_info') ?? sections.get('.zdebug_info');
  return info !== undefined && info.type !== SECTION_NOBITS && info.size > 0;
}

const SECTION_NOBITS = 8;

/** The file that dwz moved to what several files have in common: named in `.gnu_debugaltlink`, with its build-id. */
function sharedData(file: ElfFile, path: string, { symfs, folders }: DebugPlaces): DebugData | undefined {
  const link = file.section('.gnu_debugaltlink');
  const end = link?.indexOf(0) ?? -1;
  if (link === undefined || end < 1) return undefined;
  const name = link.toString('utf8', 0, end);
  const buildId = link.toString('hex', end + 1);
  const paths = [
    name.startsWith('/') ? join(symfs, name) : join(dirname(path), name),
    ...folders.map((folder) => join(folder, '.build-id', buildId.slice(0, 2), `${buildId.slice(2)}.debug`)),
    ...folders.map((folder) => join(folder, '.dwz', name.slice(name.lastIndexOf('/') + 1))),
  ];
  for (const one of paths) {
    const shared = openElf(one);
    if (shared !== undefined && sameBuildId(shared.buildId, buildId)) return new DebugData(shared);
    shared?.close();
  }
  return undefined;
}
