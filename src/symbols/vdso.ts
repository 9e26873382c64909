import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { type DebugPlaces, sameBuildId } from './debug-file.ts';
import { type ElfFile, elfOfBytes, openElf } from './elf-file.ts';

const MAX_SIZE = 1 << 20;

/**
 * The library that the kernel puts into every process (vdso(7)): perf's copy of the one that was recorded, or the one in
 * our own memory, which is the same while the kernel is.
 * @param buildId of the recorded one; '' = not known, our own is taken
 */
export function vdsoFile(buildId: string, { folders }: DebugPlaces): ElfFile | undefined {
  const own = ownVdso();
  if (own === undefined || buildId === '' || sameBuildId(own.buildId, buildId)) {
    if (own !== undefined || buildId === '') return own;
  }
  for (const folder of folders) {
    const copy = openElf(join(folder, '[vdso]', buildId, 'vdso'));
    if (copy !== undefined && sameBuildId(copy.buildId, buildId)) return copy;
    copy?.close();
  }
  return undefined;
}

function ownVdso(): ElfFile | undefined {
  let memory: number | undefined;
  try {
    const range = /^([0-9a-f]+)-([0-9a-f]+) .*\[vdso\]$/m.exec(readFileSync('/proc/self/maps', 'latin1'));
    if (range === null) return undefined;
    const start = Number.parseInt(range[1]!, 16);
    const bytes = Buffer.alloc(Math.min(Number.parseInt(range[2]!, 16) - start, MAX_SIZE));
    memory = openSync('/proc/self/mem', 'r');
    return elfOfBytes('[vdso]', bytes.subarray(0, readSync(memory, bytes, 0, bytes.length, start)));
  } catch {
    return undefined;
  } finally {
    if (memory !== undefined) closeSync(memory);
  }
}
